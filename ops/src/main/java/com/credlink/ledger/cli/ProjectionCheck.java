package com.credlink.ledger.cli;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.tlog.LogUnreachable;
import com.credlink.ledger.topology.digest.DigestedTable;
import com.credlink.ledger.topology.digest.FreshFold;
import com.credlink.ledger.topology.digest.ProjectionDigest;
import com.credlink.ledger.topology.digest.ProjectionDigest.Rows;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.verify.CheckpointKeys;
import com.credlink.ledger.verify.RecordCheck;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Folds the records of one partition afresh while they are verified, and compares what comes out
 * with what the node says that its projections hold.
 */
final class ProjectionCheck implements RecordCheck.Listener, AutoCloseable {

  /** How the digests are made that this version knows. */
  private static final int FORMAT = 1;

  /** A node that has much to digest asks to be asked again. */
  private static final int TRIES = 60;

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final int partition;
  private final JsonNode published;
  private final Checkpoint checkpoint;
  private final Path directory;
  private final FreshFold fold;

  private ProjectionCheck(
      int partition, JsonNode published, Checkpoint checkpoint, Path directory, FreshFold fold) {
    this.partition = partition;
    this.published = published;
    this.checkpoint = checkpoint;
    this.directory = directory;
    this.fold = fold;
  }

  /**
   * Asks the node at {@code url} what its projections hold.
   *
   * @throws CommandException if it does not say, or in another way than this version knows
   * @throws com.credlink.ledger.note.NoteException if the checkpoint beside it is not signed
   */
  static ProjectionCheck of(int partition, String url, CheckpointKeys keys, StoredLog log)
      throws CommandException {
    JsonNode published = published(url.replaceAll("/+$", "") + "/tlog/" + partition);
    if (published.path("format").asInt() != FORMAT) {
      throw new CommandException(
          "%s publishes its projections in the format %s, and this version knows %d"
              .formatted(url, published.path("format"), FORMAT));
    }
    Checkpoint checkpoint =
        keys.any(published.path("checkpoint").asText().getBytes(StandardCharsets.UTF_8));
    if (checkpoint.size() != published.path("size").asLong()) {
      throw new LogTampered(
          "the digests of the projections are of %s records and the checkpoint beside them of %d"
              .formatted(published.path("size"), checkpoint.size()));
    }
    EventCatalogue catalogue = EventCatalogue.load();
    try {
      Path directory = Files.createTempDirectory("ledger-fold-");
      FreshFold fold =
          new FreshFold(
              new EventSerde(catalogue, log.registry(), Registration.LOOKUP, Topics.EVENTS),
              log.registry(),
              new StoreCodecs(catalogue, log.registry(), Registration.LOOKUP),
              directory);
      return new ProjectionCheck(partition, published, checkpoint, directory, fold);
    } catch (IOException e) {
      throw new CommandException("there is no room for a fresh fold", e);
    }
  }

  private static JsonNode published(String log) throws CommandException {
    for (int i = 1; true; i++) {
      try {
        byte[] answer =
            new HttpLog(log)
                .get("projections")
                .orElseThrow(
                    () ->
                        new CommandException(log + " does not publish what its projections hold"));
        return new ObjectMapper().readTree(answer);
      } catch (LogUnreachable notYet) {
        if (i == TRIES) {
          throw new CommandException(notYet.getMessage(), notYet);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      } catch (IOException e) {
        throw new CommandException(log + " does not answer in JSON", e);
      }
    }
  }

  /** The checkpoint that the node's digests are bound to; the records must give its root. */
  Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public void record(LogRecord record, byte[] entry) {
    if (fold.size() < checkpoint.size()) {
      fold.apply(record);
    }
  }

  /** What the comparison says, after all records were read. */
  ObjectNode result() {
    ProjectionDigest fresh = fold.digest(rows -> {});
    List<String> differences = new ArrayList<>();
    long rows = 0;
    for (DigestedTable table : DigestedTable.values()) {
      Rows ours = fresh.tables().get(table);
      rows += ours.count();
      difference(table, ours).ifPresent(differences::add);
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("partition", partition);
    result.put("size", checkpoint.size());
    result.put("projections", differences.isEmpty());
    differences.forEach(result.withArray("differences")::add);
    return result.put(
        "sentence",
        differences.isEmpty()
            ? "partition %d: the projections are the fold of the first %d records, %d tables with %d rows"
                .formatted(partition, checkpoint.size(), fresh.tables().size(), rows)
            : "partition %d: THE PROJECTIONS ARE NOT THE FOLD of the first %d records: %s"
                .formatted(partition, checkpoint.size(), String.join("; ", differences)));
  }

  private Optional<String> difference(DigestedTable table, Rows ours) {
    JsonNode theirs = published.path("tables").path(table.label());
    boolean isSame =
        theirs.path("rows").asLong(-1) == ours.count()
            && theirs.path("sha256").asText().equals(ours.sha256());
    return isSame
        ? Optional.empty()
        : Optional.of(
            "table '%s' has %s rows with the digest %s, and the log gives %d with %s"
                .formatted(
                    table.label(),
                    theirs.path("rows").asText("no"),
                    theirs.path("sha256").asText("none"),
                    ours.count(),
                    ours.sha256()));
  }

  @Override
  public void close() {
    fold.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
