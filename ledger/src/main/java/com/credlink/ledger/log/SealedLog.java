package com.credlink.ledger.log;

import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A log that was ended. It stands beside the first checkpoint of its successor, in the same record,
 * so that a log is ended and the next begun in one step.
 *
 * @param seal what was stated
 * @param statement the signed note that states it
 * @param last the newest checkpoint that the records still have; empty if there is none
 */
public record SealedLog(LogSeal seal, SignedNote statement, Optional<Published> last) {

  private static final String STATEMENT = "ledger-seal";
  private static final String LAST = "ledger-sealed-checkpoint";

  /** The headers of the record with the successor's first checkpoint. */
  List<Header> headers() {
    List<Header> headers = new ArrayList<>();
    headers.add(new RecordHeader(STATEMENT, statement.toByteArray()));
    last.ifPresent(head -> headers.add(new RecordHeader(LAST, head.note().toByteArray())));
    return headers;
  }

  /**
   * The logs of a partition that were ended, oldest first.
   *
   * @param checkpoints a reader of {@link Topics#CHECKPOINTS}
   * @param now the log that grows now
   */
  static List<SealedLog> of(LedgerReader checkpoints, LogOrigin now) {
    int partition = now.partition();
    List<SealedLog> sealed = new ArrayList<>();
    long from = checkpoints.start(partition);
    long end = checkpoints.end(partition);
    for (int generation = 2; generation <= now.generation(); generation++) {
      from = first(checkpoints, partition, generation, from, end);
      read(one(checkpoints, partition, from)).ifPresent(sealed::add);
    }
    return List.copyOf(sealed);
  }

  /** Where the checkpoints of a generation begin: generations never fall. */
  private static long first(
      LedgerReader checkpoints, int partition, int generation, long from, long end) {
    long low = from;
    long high = end - 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (origin(one(checkpoints, partition, middle)).generation() < generation) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static LogOrigin origin(LogRecord record) {
    return LogOrigin.parse(
        Checkpoint.parse(SignedNote.parse(record.value()).text()).origin(),
        record.position().partition());
  }

  private static LogRecord one(LedgerReader checkpoints, int partition, long offset) {
    List<LogRecord> found = new ArrayList<>(1);
    checkpoints.replay(partition, offset, offset + 1, found::add);
    return found.getFirst();
  }

  private static Optional<SealedLog> read(LogRecord record) {
    return header(record, STATEMENT)
        .map(
            statement ->
                new SealedLog(
                    LogSeal.parse(statement.text(), record.position().partition()),
                    statement,
                    header(record, LAST).map(SealedLog::published)));
  }

  private static Published published(SignedNote note) {
    return new Published(Checkpoint.parse(note.text()), note);
  }

  private static Optional<SignedNote> header(LogRecord record, String name) {
    return record.headers().stream()
        .filter(header -> header.name().equals(name))
        .findFirst()
        .map(header -> SignedNote.parse(header.value().toArray()));
  }
}
