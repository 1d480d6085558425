package com.credlink.ledger.worker;

import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.registry.RegistryException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongConsumer;

/**
 * Finds the newest stored checkpoint of a log that its records still have. Reads each once, in
 * constant memory. For one thread.
 */
public final class SealScan {

  private static final int AT_ONCE = 1_000;

  private final int partition;
  private final String origin;
  private final LedgerReader signed;
  private final long end;
  private final Queue<Published> next = new ArrayDeque<>();
  private final Frontier tree = new Frontier();
  private long read;
  private Optional<Published> kept = Optional.empty();
  private boolean differs;

  /**
   * A scan that has not begun.
   *
   * @param origin of the log; those of a log that was ended before are passed over
   * @param signed a reader of {@link com.credlink.ledger.log.Topics#CHECKPOINTS}
   */
  public SealScan(int partition, String origin, LedgerReader signed) {
    this.partition = partition;
    this.origin = origin;
    this.signed = signed;
    this.read = signed.start(partition);
    this.end = signed.end(partition);
    refill();
  }

  /**
   * Reads the records up to, not including, {@code size}.
   *
   * @throws IntegrityFault if one cannot be read, or be a leaf
   */
  public void read(LedgerReader records, EntryHasher entries, long size, LongConsumer progress) {
    meet();
    records.replay(
        partition,
        0,
        size,
        record -> {
          tree.appendEntry(entry(entries, record));
          meet();
          progress.accept(tree.size());
        });
  }

  private static byte[] entry(EntryHasher entries, LogRecord record) {
    try {
      return entries.entry(record.key(), record.value());
    } catch (RegistryException.SchemaNotFound e) {
      throw new IntegrityFault.UnknownSchema(record.position());
    }
  }

  private void meet() {
    while (!differs && !next.isEmpty() && next.peek().checkpoint().size() <= tree.size()) {
      Published head = next.remove();
      Checkpoint checkpoint = head.checkpoint();
      if (checkpoint.size() == tree.size() && checkpoint.root().equals(tree.root())) {
        kept = Optional.of(head);
      } else {
        differs = true; // and so does every larger tree
      }
      if (next.isEmpty()) {
        refill();
      }
    }
  }

  private void refill() {
    while (next.isEmpty() && read < end) {
      long to = Math.min(end, read + AT_ONCE);
      signed.replay(partition, read, to, this::take);
      read = to;
    }
  }

  private void take(LogRecord stored) {
    SignedNote note = SignedNote.parse(stored.value());
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (checkpoint.origin().equals(origin)) {
      next.add(new Published(checkpoint, note));
    }
  }

  /** The newest checkpoint that the records have; empty if they have none. */
  public Optional<Published> kept() {
    return kept;
  }

  /** The tree of all records that were read. */
  public Frontier tree() {
    return tree;
  }
}
