package com.credlink.ledger.tlog;

import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.MerkleFormatException;
import com.credlink.ledger.merkle.ProofException;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileException;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.sign.Receipt;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Holds a receipt against the log that it is about. Reads a checkpoint, one bundle and the tiles of
 * one proof: what the log shows at that place must be what it signed.
 */
public final class ReceiptCheck {

  private ReceiptCheck() {}

  /** What became of a promise. */
  public sealed interface Outcome {
    /** The log's newest checkpoint. */
    Checkpoint checkpoint();
  }

  /** The record is in the log, at its place. */
  public record Kept(Checkpoint checkpoint) implements Outcome {}

  /** The log does not reach as far yet, and need not. */
  public record NotDue(Checkpoint checkpoint) implements Outcome {}

  /** The log does not reach as far, and should. */
  public record Missing(Checkpoint checkpoint) implements Outcome {}

  /**
   * Another record stands in its place.
   *
   * @param found that record's entry
   */
  public record Replaced(Checkpoint checkpoint, Hash found) implements Outcome {}

  /**
   * Checks a receipt whose signature was verified.
   *
   * @param log the log that the receipt names
   * @param keys each must have signed its checkpoint
   * @throws LogTampered when the log contradicts itself
   * @throws LogUnreachable when it cannot be asked
   */
  public static Outcome run(Receipt receipt, TiledLog log, List<VerifierKey> keys, Instant now) {
    Checkpoint checkpoint = LogCheck.checkpoint(log.checkpoint(), keys).checkpoint();
    long index = receipt.position().offset();
    if (index >= checkpoint.size()) {
      return now.isBefore(receipt.includeBy()) ? new NotDue(checkpoint) : new Missing(checkpoint);
    }
    byte[] entry = entry(log, index, checkpoint.size());
    requireSigned(log, index, entry, checkpoint);
    // An entry of another log may have any length.
    return Arrays.equals(entry, receipt.record().toArray())
        ? new Kept(checkpoint)
        : new Replaced(checkpoint, found(index, entry));
  }

  private static Hash found(long index, byte[] entry) {
    if (entry.length != Hash.LENGTH) {
      throw new LogTampered(index, "it has %d bytes, not %d".formatted(entry.length, Hash.LENGTH));
    }
    return Hash.of(entry);
  }

  private static byte[] entry(TiledLog log, long index, long size) {
    Tile bundle = Tile.entriesAt(index >>> Tile.HEIGHT, size);
    try {
      Optional<byte[]> partial = log.read(bundle);
      int width = partial.isPresent() ? bundle.width() : Tile.FULL;
      byte[] bytes =
          partial
              .or(() -> log.read(bundle.full()))
              .orElseThrow(
                  () -> new LogTampered(index, "'%s' is missing".formatted(bundle.path())));
      return EntryBundle.parse(bytes, width).get((int) (index & (Tile.FULL - 1)));
    } catch (MerkleFormatException e) {
      throw new LogTampered(index, "'%s' is %s".formatted(bundle.path(), e.getMessage()));
    }
  }

  private static void requireSigned(TiledLog log, long index, byte[] entry, Checkpoint checkpoint) {
    try {
      new TileTree(tile -> log.read(tile).or(() -> log.read(tile.full())))
          .inclusion(index, checkpoint.size())
          .verify(new TreeHasher().leaf(entry), checkpoint.root());
    } catch (TileException | ProofException e) {
      throw new LogTampered(
          index, "it is not what the checkpoint was signed for: " + e.getMessage());
    }
  }
}
