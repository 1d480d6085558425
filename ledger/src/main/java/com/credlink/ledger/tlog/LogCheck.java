package com.credlink.ledger.tlog;

import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.MerkleFormatException;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Recomputes a whole log from its entries: every leaf, every tile of every level, the root, its
 * signatures, and that it continues an older checkpoint. In constant memory.
 *
 * <p>It proves that what is published is one history and that the keys vouch for it. It does not
 * prove that this is the history that others are shown; for that, compare checkpoints with them or
 * ask for witnesses.
 */
public final class LogCheck {

  private final Optional<Checkpoint> older;
  private final TreeHasher hasher = new TreeHasher();
  private final PublishedTiles tiles;
  private final TileWriter tree;

  private LogCheck(TiledLog log, Optional<Checkpoint> older) {
    this.older = older;
    this.tiles = new PublishedTiles(log);
    this.tree = new TileWriter(tiles::compare);
  }

  /**
   * What was verified.
   *
   * @param checkpoint the newest one
   * @param signatures those of the keys, all of which have signed
   */
  public record Verified(Checkpoint checkpoint, List<SignedNote.Verified> signatures) {}

  /**
   * Reads a checkpoint and checks that each of {@code keys} has signed it, and that one of them is
   * the log's own.
   *
   * @throws LogTampered when it is not so
   */
  public static Verified checkpoint(byte[] note, List<VerifierKey> keys) {
    try {
      SignedNote signed = SignedNote.parse(note);
      Checkpoint checkpoint = Checkpoint.parse(signed.text());
      List<SignedNote.Verified> signatures = signed.verify(keys);
      for (VerifierKey key : keys) {
        if (signatures.stream().noneMatch(signature -> signature.key().equals(key))) {
          throw new LogTampered(
              "the checkpoint of size %d is not signed by key '%s' (%s)"
                  .formatted(checkpoint.size(), key.name(), key.type().algorithm()));
        }
      }
      if (keys.stream().noneMatch(key -> key.name().equals(checkpoint.origin()))) {
        throw new LogTampered(
            "the checkpoint is of the log '%s', and none of the keys is that log's"
                .formatted(checkpoint.origin()));
      }
      return new Verified(checkpoint, signatures);
    } catch (NoteException e) {
      throw new LogTampered("the checkpoint: " + e.getMessage());
    }
  }

  /**
   * Checks the log against its newest checkpoint.
   *
   * @param keys each must have signed
   * @param older a checkpoint of the same log from before, verified already
   * @param progress told how many entries are done
   * @throws LogTampered at the first thing that does not hold
   * @throws LogUnreachable when the log cannot be asked
   */
  public static Verified run(
      TiledLog log, List<VerifierKey> keys, Optional<Checkpoint> older, LongConsumer progress) {
    Verified newest = checkpoint(log.checkpoint(), keys);
    new LogCheck(log, older).entries(newest.checkpoint(), progress);
    return newest;
  }

  private void entries(Checkpoint newest, LongConsumer progress) {
    older.ifPresent(before -> requireOlder(before, newest));
    requireContinued();
    while (tree.size() < newest.size()) {
      bundle(Tile.entriesAt(tree.size() >>> Tile.HEIGHT, newest.size()));
      progress.accept(tree.size());
    }
    tree.flush();
    if (!tree.root().equals(newest.root())) {
      throw new LogTampered(
          "the %d entries have the root %s, and the checkpoint says %s"
              .formatted(newest.size(), tree.root().base64(), newest.root().base64()));
    }
  }

  private void requireOlder(Checkpoint before, Checkpoint newest) {
    if (!before.origin().equals(newest.origin())) {
      throw new LogTampered(
          "the older checkpoint is of the log '%s', not of '%s'"
              .formatted(before.origin(), newest.origin()));
    }
    if (before.size() > newest.size()) {
      throw new LogTampered(
          newest.size(),
          "it and all up to %d are missing: the older checkpoint has %d entries"
              .formatted(before.size() - 1, before.size()));
    }
  }

  private void bundle(Tile bundle) {
    long first = tree.size();
    for (byte[] entry : parse(bundle, tiles.read(bundle), first)) {
      tree.append(hasher.leaf(entry));
      requireContinued();
    }
  }

  private static List<byte[]> parse(Tile bundle, byte[] bytes, long first) {
    try {
      return EntryBundle.parse(bytes, bundle.width());
    } catch (MerkleFormatException e) {
      throw new LogTampered(first, "'%s' is %s".formatted(bundle.path(), e.getMessage()));
    }
  }

  /** The tree at the size of the older checkpoint must have its root. */
  private void requireContinued() {
    older
        .filter(before -> before.size() == tree.size())
        .filter(before -> !before.root().equals(tree.root()))
        .ifPresent(
            before -> {
              throw new LogTampered(
                  "the log does not continue the older checkpoint: its first %d entries have the root %s, not %s"
                      .formatted(before.size(), tree.root().base64(), before.root().base64()));
            });
  }
}
