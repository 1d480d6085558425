package com.credlink.ledger.note;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.InclusionProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that proves by itself that an entry is in a log (c2sp.org/tlog-proof@v1).
 *
 * @param extra anything; never to be believed, for nothing signs it.
 * @param index the leaf's, from 0 on.
 * @param path its siblings on the way up, its own first.
 * @param checkpoint the note with the root that the path leads to.
 */
public record TlogProof(Optional<Bytes> extra, long index, List<Hash> path, SignedNote checkpoint) {

  /** What the names of such files end in. */
  public static final String EXTENSION = ".tlog-proof";

  private static final String KIND = "proof file";
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  /** Bytes in the longest file that is read: a note, a path and as much again for what is extra. */
  public static final int MAX_BYTES = 2 * SignedNote.MAX_BYTES;

  /**
   * Checks the parts.
   *
   * @throws NoteException when the index is negative, the path too long, or the note no checkpoint.
   */
  public TlogProof {
    path = List.copyOf(path);
    if (index < 0) {
      throw new NoteException.Malformed(KIND, "its index is negative");
    }
    if (path.size() > InclusionProof.MAX_PATH) {
      throw new NoteException.TooLarge(KIND, InclusionProof.MAX_PATH, "hashes");
    }
    Checkpoint _ = Checkpoint.parse(checkpoint.text());
  }

  /** The file for a proof, with nothing extra. */
  public static TlogProof of(InclusionProof proof, SignedNote checkpoint) {
    return new TlogProof(Optional.empty(), proof.index(), proof.path(), checkpoint);
  }

  /**
   * Reads a file.
   *
   * @throws NoteException when it is not one.
   */
  public static TlogProof parse(byte[] file) {
    if (file.length > MAX_BYTES) {
      throw new NoteException.TooLarge(KIND, MAX_BYTES, "bytes");
    }
    String text = Text.utf8(KIND, file);
    int empty = text.indexOf("\n\n");
    if (empty < 0) {
      throw new NoteException.Malformed(KIND, "no empty line follows the path");
    }
    List<String> lines = new ArrayList<>(List.of(text.substring(0, empty).split("\n", -1)));
    if (!lines.removeFirst().equals(HEADER)) {
      throw new NoteException.Malformed(KIND, "it does not begin with '%s'".formatted(HEADER));
    }
    Optional<Bytes> extra = Optional.empty();
    if (!lines.isEmpty() && lines.getFirst().startsWith(EXTRA)) {
      String base64 = lines.removeFirst().substring(EXTRA.length());
      extra = Optional.of(Bytes.wrap(Text.base64(KIND, "what is extra", base64)));
    }
    if (lines.isEmpty() || !lines.getFirst().startsWith(INDEX)) {
      throw new NoteException.Malformed(KIND, "it has no index line");
    }
    long index = Text.decimal(KIND, "its index", lines.removeFirst().substring(INDEX.length()));
    byte[] note = text.substring(empty + 2).getBytes(StandardCharsets.UTF_8);
    return new TlogProof(extra, index, path(lines), SignedNote.parse(note));
  }

  private static List<Hash> path(List<String> lines) {
    if (lines.size() > InclusionProof.MAX_PATH) {
      throw new NoteException.TooLarge(KIND, InclusionProof.MAX_PATH, "hashes");
    }
    List<Hash> path = new ArrayList<>(lines.size());
    for (String line : lines) {
      byte[] hash = Text.base64(KIND, "a line of its path", line);
      if (hash.length != Hash.LENGTH) {
        throw new NoteException.Malformed(
            KIND, "a line of its path has %d bytes, not %d".formatted(hash.length, Hash.LENGTH));
      }
      path.add(Hash.of(hash));
    }
    return path;
  }

  /** The file. */
  public byte[] toByteArray() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    extra.ifPresent(bytes -> text.append(EXTRA).append(Text.base64(bytes.toArray())).append('\n'));
    text.append(INDEX).append(index).append('\n');
    path.forEach(hash -> text.append(hash.base64()).append('\n'));
    return text.append('\n')
        .append(checkpoint.format())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The checkpoint that has this leaf, as the policy accepts it.
   *
   * @param leaf the hash of the leaf that the caller expects; the file cannot say it.
   * @throws NoteException when the policy does not accept the checkpoint.
   * @throws com.credlink.ledger.merkle.ProofException when the leaf is not proven to be in it.
   */
  public Policy.Accepted verify(Hash leaf, Policy policy) {
    Policy.Accepted accepted = policy.accept(checkpoint);
    new InclusionProof(index, accepted.checkpoint().size(), path)
        .verify(leaf, accepted.checkpoint().root());
    return accepted;
  }
}
