package com.credlink.ledger.worker;

import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongFunction;

/**
 * Every checkpoint that was stored for one log, met one after the other while its tree grows again.
 * For one thread, in constant memory.
 */
final class StoredCheckpoints {

  private static final int AT_ONCE = 1_000;

  private final LedgerReader reader;
  private final int partition;
  private final String origin;
  private final LongFunction<Hash> smaller;
  private final long end;
  private final Queue<Checkpoint> next = new ArrayDeque<>();
  private long read;
  private long met;
  private long good;

  /**
   * The checkpoints of a log.
   *
   * @param reader of {@link com.credlink.ledger.log.Topics#CHECKPOINTS}
   * @param origin of the log; those of a log that was ended before are passed over
   * @param smaller roots of the tree at sizes that it has had
   */
  StoredCheckpoints(LedgerReader reader, int partition, String origin, LongFunction<Hash> smaller) {
    this.reader = reader;
    this.partition = partition;
    this.origin = origin;
    this.smaller = smaller;
    this.read = reader.start(partition);
    this.end = reader.end(partition);
    refill();
  }

  /** How many the tree has met. */
  long met() {
    return met;
  }

  /**
   * The tree has grown.
   *
   * @throws IntegrityFault.Forked where another root was signed
   */
  void grown(Frontier tree) {
    while (!next.isEmpty() && next.peek().size() <= tree.size()) {
      Checkpoint signed = next.remove();
      Hash root = signed.size() == tree.size() ? tree.root() : smaller.apply(signed.size());
      if (!root.equals(signed.root())) {
        throw new IntegrityFault.Forked(
            partition,
            Math.min(good, Math.max(0, signed.size() - 1)),
            signed.size(),
            root.base64(),
            signed.root().base64());
      }
      good = Math.max(good, signed.size());
      met++;
      if (next.isEmpty()) {
        refill();
      }
    }
  }

  private void refill() {
    while (next.isEmpty() && read < end) {
      long to = Math.min(end, read + AT_ONCE);
      reader.replay(partition, read, to, this::take);
      read = to;
    }
  }

  private void take(LogRecord stored) {
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(stored.value()).text());
    if (checkpoint.origin().equals(origin)) {
      next.add(checkpoint);
    }
  }
}
