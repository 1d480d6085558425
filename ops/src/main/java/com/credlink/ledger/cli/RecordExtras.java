package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.TenantDigest;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.verify.RecordCheck;
import com.credlink.ledger.verify.RecordRow;
import com.credlink.ledger.verify.RowCheck;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What {@code verify} compares while it reads the records: rows, and a tenant's digest. */
final class RecordExtras implements RecordCheck.Listener, AutoCloseable {

  private final Optional<String> tenant;
  private final byte[] key;
  private final TenantDigest digest = new TenantDigest();
  private final Optional<BufferedReader> file;
  private Optional<RowCheck> rows = Optional.empty();
  private Optional<LogTampered> fault = Optional.empty();

  private RecordExtras(Optional<String> tenant, Optional<BufferedReader> file) {
    this.tenant = tenant;
    this.key = tenant.orElse("").getBytes(UTF_8);
    this.file = file;
  }

  /**
   * What is asked for.
   *
   * @param rows file of rows
   * @param tenant id of the tenant
   */
  static RecordExtras open(
      Optional<Path> rows, Optional<String> tenant, StoredLog log, EventCatalogue catalogue)
      throws CommandException {
    Optional<BufferedReader> file =
        rows.isPresent() ? Optional.of(read(rows.get())) : Optional.empty();
    RecordExtras extras = new RecordExtras(tenant, file);
    EventSerde serde =
        new EventSerde(catalogue, log.registry(), Registration.LOOKUP, Topics.EVENTS);
    file.ifPresent(
        lines ->
            extras.rows =
                extras.guarded(
                    () ->
                        new RowCheck(
                            lines, new EntryHasher(log.registry()), new RecordRow(serde))));
    return extras;
  }

  /** Bytes that are no UTF-8 become others than any row has. */
  private static BufferedReader read(Path rows) throws CommandException {
    try {
      return new BufferedReader(new InputStreamReader(Files.newInputStream(rows), UTF_8));
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(rows), e);
    }
  }

  @Override
  public void record(LogRecord record, byte[] entry) {
    if (tenant.isPresent() && Arrays.equals(record.key(), key)) {
      digest.add(record.position().offset(), entry);
    }
    if (rows.isPresent() && fault.isEmpty()) {
      var _ =
          guarded(
              () -> {
                rows.get().record(record, entry);
                return rows;
              });
    }
  }

  /** A row that is wrong says nothing of the log: the pass goes on. */
  private <T> Optional<T> guarded(Supplier<T> step) {
    try {
      return Optional.of(step.get());
    } catch (LogTampered e) {
      fault = Optional.of(e);
      return Optional.empty();
    }
  }

  /**
   * Says what holds.
   *
   * @param complete whether all records were seen
   * @return the exit code
   */
  int report(boolean complete, Consumer<ObjectNode> say) {
    if (!complete) {
      // What was read up to the fault is not all there is.
      return ExitCode.NO;
    }
    int exitCode = ExitCode.DONE;
    if (tenant.isPresent()) {
      say.accept(tenantLine(tenant.get()));
    }
    if (file.isPresent()) {
      if (fault.isEmpty()) {
        var _ =
            guarded(
                () -> {
                  rows.orElseThrow().finish();
                  return rows;
                });
      }
      ObjectNode line = rowsLine();
      say.accept(line);
      exitCode = line.path("intact").asBoolean() ? ExitCode.DONE : ExitCode.NO;
    }
    return exitCode;
  }

  private ObjectNode tenantLine(String id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("tenant", id)
        .put("records", digest.count())
        .put("digest", digest.hash().hex())
        .put(
            "sentence",
            "tenant %s: %d records, running digest %s"
                .formatted(id, digest.count(), digest.hash().hex()));
  }

  private ObjectNode rowsLine() {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    if (fault.isPresent()) {
      return line.put("intact", false)
          .put("fault", fault.get().reason())
          .put("sentence", "rows: NOT AS THE LOG, " + fault.get().reason());
    }
    RowCheck check = rows.orElseThrow();
    line.put("rows", check.count());
    if (tenant.isPresent() && !check.digest().hash().equals(digest.hash())) {
      return line.put("intact", false)
          .put(
              "sentence",
              "rows: NOT COMPLETE, %d rows follow from the log, and they are not the %d records of the tenant"
                  .formatted(check.count(), digest.count()));
    }
    return line.put("intact", true)
        .put(
            "sentence",
            "rows: all %d follow from their bytes, which stand in the log where they say%s"
                .formatted(
                    check.count(),
                    tenant.isPresent() ? "; they are all records of the tenant" : ""));
  }

  @Override
  public void close() throws CommandException {
    try {
      if (file.isPresent()) {
        file.get().close();
      }
    } catch (IOException e) {
      throw new CommandException("the rows cannot be read", e);
    }
  }
}
