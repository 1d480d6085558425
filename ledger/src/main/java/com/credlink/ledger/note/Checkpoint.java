package com.credlink.ledger.note;

import com.credlink.ledger.merkle.Hash;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The head of a log's tree (c2sp.org/tlog-checkpoint). Only what it says: whether it is true is a
 * matter of the signatures on the note around it.
 *
 * @param origin names the log.
 * @param size how many leaves.
 * @param root the root over them.
 * @param extensions further lines. This product writes none, and ML-DSA-44 signatures do not cover
 *     them.
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {

  private static final String KIND = "checkpoint";

  /**
   * Checks the parts.
   *
   * @throws NoteException.Malformed when a line is empty or cannot stand in a note, or the size is
   *     negative.
   */
  public Checkpoint {
    extensions = List.copyOf(extensions);
    if (!Text.isLine(origin)) {
      throw new NoteException.Malformed(KIND, "its origin is empty or not a line of plain text");
    }
    if (size < 0) {
      throw new NoteException.Malformed(KIND, "its size is negative");
    }
    if (!extensions.stream().allMatch(Text::isLine)) {
      throw new NoteException.Malformed(KIND, "a further line is empty or not plain text");
    }
  }

  /** A checkpoint without further lines. */
  public Checkpoint(String origin, long size, Hash root) {
    this(origin, size, root, List.of());
  }

  /**
   * Reads a note's text.
   *
   * @throws NoteException.Malformed when it is not the text of a checkpoint.
   */
  public static Checkpoint parse(String text) {
    if (!text.endsWith("\n")) {
      throw new NoteException.Malformed(KIND, "it does not end in a newline");
    }
    List<String> lines = Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1));
    if (lines.size() < 3) {
      throw new NoteException.Malformed(KIND, "it has fewer than three lines");
    }
    byte[] root = Text.base64(KIND, "its root", lines.get(2));
    if (root.length != Hash.LENGTH) {
      throw new NoteException.Malformed(
          KIND, "its root has %d bytes, not %d".formatted(root.length, Hash.LENGTH));
    }
    return new Checkpoint(
        lines.get(0),
        Text.decimal(KIND, "its size", lines.get(1)),
        Hash.of(root),
        lines.subList(3, lines.size()));
  }

  /** The note's text: origin, size, root and further lines, each ended by a newline. */
  public String text() {
    StringBuilder text = new StringBuilder(origin + "\n" + size + "\n" + root.base64() + "\n");
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** Signs it; see {@link SignedNote#sign}. */
  public SignedNote sign(Instant time, List<NoteSigner> signers) {
    return SignedNote.sign(text(), time, signers);
  }
}
