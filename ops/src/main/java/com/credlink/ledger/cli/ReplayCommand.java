package com.credlink.ledger.cli;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.verify.RecordRow;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger replay}. */
@Command(
    name = "replay",
    description = "Write the records of the log to stdout, each partition in its order.",
    footer = {
      "",
      "Ends at the end that the log had at the start. Nothing is decrypted. Formats:",
      "  ndjson  the event, with record_sha256 (its entry in the transparency log), record_key and"
          + " record_value (the exact bytes), record_timestamp, record_headers and schema_id;"
          + " 'ledger verify --rows' checks such rows",
      "  raw     for each record: length of the key, key, length of the value, value; lengths of 4"
          + " bytes, big-endian",
      "  avro    one object container file of the same fields; 'event' is a union of all types,"
          + " read with this version's schemas",
      "Exit code 1 when the log has a gap, has lost records, or cannot be read where it should."
    })
final class ReplayCommand implements Callable<Integer> {

  private static final int BUFFER = 1 << 16;

  private final Console console;
  @Mixin private LogOptions place = new LogOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of a node, running or stopped (default: ./data).")
  private Path data = Path.of("data");

  @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
  private Optional<Integer> partition = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "N",
      description = "From this offset of each partition (default: 0).")
  private Optional<Long> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "N",
      description = "Up to, not including, this offset of each partition (default: the end).")
  private Optional<Long> to = Optional.empty();

  @Option(
      names = "--tenant",
      paramLabel = "SHOP",
      description = "Only events of this shop: its domain (with --data), or its tenant id.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--type",
      paramLabel = "T",
      description = "Only events of this type, such as AssetSigned.")
  private Optional<String> type = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "ndjson|avro|raw",
      description = "How records are written (default: ${DEFAULT-VALUE}).")
  private ReplayFormat.Name format = ReplayFormat.Name.NDJSON;

  ReplayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, NodeStartException, IOException {
    requireRange();
    place.logAside(data);
    EventCatalogue catalogue = EventCatalogue.load();
    type.ifPresent(name -> requireType(name, catalogue));
    try (StoredLog log = place.open(data, console);
        OutputStream out = new BufferedOutputStream(new PipeStream(console.out()), BUFFER)) {
      ReplayFormat records = format(out, catalogue, log);
      for (Span span : spans(log)) {
        replay(span, log, filter(log, catalogue), records);
      }
      records.finish();
      return ExitCode.DONE;
    } catch (IntegrityFault e) {
      console.err().println("ledger: " + e.getMessage());
      return ExitCode.NO;
    } catch (PipeStream.Closed enough) {
      return ExitCode.DONE;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof PipeStream.Closed) {
        return ExitCode.DONE;
      }
      throw e;
    }
  }

  private void requireRange() {
    if (from.orElse(0L) < 0 || to.orElse(0L) < 0 || to.orElse(Long.MAX_VALUE) < from.orElse(0L)) {
      throw place.wrong("--from and --to are offsets, the first not above the second");
    }
  }

  /** A type that is written wrongly would give an empty answer that looks like a true one. */
  private void requireType(String name, EventCatalogue catalogue) {
    if (catalogue.types().stream().noneMatch(known -> known.getSimpleName().equals(name))) {
      throw place.wrong("there is no event type '" + name + "'");
    }
  }

  private ReplayFormat format(OutputStream out, EventCatalogue catalogue, StoredLog log)
      throws IOException {
    return switch (format) {
      case NDJSON ->
          new NdjsonFormat(
              out,
              new EntryHasher(log.registry()),
              new RecordRow(
                  new EventSerde(catalogue, log.registry(), Registration.LOOKUP, Topics.EVENTS)));
      case RAW -> new RawFormat(out);
      case AVRO -> new AvroFormat(out, catalogue, log.registry());
    };
  }

  /** Offsets of a partition, the second not included. */
  private record Span(int partition, long from, long to) {}

  /** What is asked for, as far as the log goes now. */
  private List<Span> spans(StoredLog log) throws CommandException {
    if (partition.orElse(0) < 0 || partition.orElse(0) >= log.partitions()) {
      throw new CommandException(
          "there is no partition %d: the log has %d, from 0 on"
              .formatted(partition.get(), log.partitions()));
    }
    List<Span> spans = new ArrayList<>();
    try (LedgerReader reader = new LedgerReader(log.connection())) {
      for (int each = 0; each < log.partitions(); each++) {
        long end = reader.end(each);
        if (partition.orElse(each) == each) {
          long last = Math.min(to.orElse(end), end);
          spans.add(new Span(each, Math.min(from.orElse(0L), last), last));
        }
      }
    }
    return spans;
  }

  private Predicate<LogRecord> filter(StoredLog log, EventCatalogue catalogue)
      throws CommandException {
    Predicate<LogRecord> all = record -> true;
    Optional<String> key =
        tenant.isPresent()
            ? Optional.of(place.tenant(tenant.get(), log, console))
            : Optional.empty();
    return all.and(RecordFilters.tenant(key)).and(RecordFilters.type(type, catalogue, log));
  }

  private void replay(Span span, StoredLog log, Predicate<LogRecord> wanted, ReplayFormat records) {
    Meter meter = new Meter(console, "replay: partition " + span.partition());
    try (LedgerReader reader = new LedgerReader(log.connection())) {
      reader.replay(
          span.partition(),
          span.from(),
          span.to(),
          record -> {
            if (wanted.test(record)) {
              write(record, records);
            }
            meter.at(record.position().offset() + 1, span.to());
          });
    } finally {
      meter.done();
    }
  }

  private static void write(LogRecord record, ReplayFormat records) {
    try {
      records.write(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
