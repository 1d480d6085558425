package com.credlink.ledger.log;

import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
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
   * @param checkpoints gives the record at an offset of the partition of {@link Topics#CHECKPOINTS}
   * @param start its first offset
   * @param end the offset behind its last record
   * @param now the log that grows now
   * @throws com.credlink.ledger.note.NoteException if a record is no checkpoint
   * @throws IllegalArgumentException if a log was begun without a statement that another was ended
   */
  public static List<SealedLog> of(
      LongFunction<LogRecord> checkpoints, long start, long end, LogOrigin now) {
    List<SealedLog> sealed = new ArrayList<>();
    long from = start;
    for (int generation = 2; generation <= now.generation(); generation++) {
      from = first(checkpoints, generation, from, end);
      sealed.add(read(checkpoints.apply(from)));
    }
    return List.copyOf(sealed);
  }

  /** Where the checkpoints of a generation begin: generations never fall. */
  private static long first(
      LongFunction<LogRecord> checkpoints, int generation, long from, long end) {
    long low = from;
    long high = end - 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (origin(checkpoints.apply(middle)).generation() < generation) {
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

  private static SealedLog read(LogRecord record) {
    SignedNote statement =
        header(record, STATEMENT)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the log '%s' begins without a statement that another was ended"
                            .formatted(origin(record))));
    return new SealedLog(
        LogSeal.parse(statement.text(), record.position().partition()),
        statement,
        header(record, LAST).map(SealedLog::published));
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
