package com.credlink.ledger.tlog.witness;

import com.credlink.ledger.merkle.ConsistencyProof;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The body of a request to cosign (c2sp.org/tlog-witness, add-checkpoint).
 *
 * @param oldSize how many leaves the tree has that the witness cosigned last, as the log believes
 * @param path the consistency proof from there
 * @param note the signed checkpoint
 * @param checkpoint what it says
 */
public record AddCheckpoint(long oldSize, List<Hash> path, SignedNote note, Checkpoint checkpoint) {

  /** Bytes in the longest body that is read: 63 hashes of 45 bytes and a note. */
  public static final int MAX_BYTES = SignedNote.MAX_BYTES + 4096;

  private static final Pattern OLD = Pattern.compile("old (0|[1-9][0-9]{0,18})");

  /** The body is not in its form; the message says where. */
  public static final class MalformedException extends RuntimeException {
    MalformedException(String message) {
      super(message);
    }

    MalformedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Copies the path. */
  public AddCheckpoint {
    path = List.copyOf(path);
  }

  /**
   * A request for this note.
   *
   * @throws NoteException when it is no checkpoint
   */
  public AddCheckpoint(long oldSize, List<Hash> path, SignedNote note) {
    this(oldSize, path, note, Checkpoint.parse(note.text()));
  }

  /**
   * Reads a body.
   *
   * @throws MalformedException when it is not one
   */
  public static AddCheckpoint parse(byte[] body) {
    int empty = emptyLine(body);
    List<String> lines =
        List.of(new String(body, 0, empty, StandardCharsets.ISO_8859_1).split("\n", -1));
    if (lines.size() - 1 > ConsistencyProof.MAX_PATH) {
      throw new MalformedException(
          "there are more than %d lines of proof".formatted(ConsistencyProof.MAX_PATH));
    }
    long oldSize = oldSize(lines.getFirst());
    List<Hash> path = new ArrayList<>();
    lines.stream().skip(1).forEach(line -> path.add(hash(line)));
    try {
      return new AddCheckpoint(
          oldSize, path, SignedNote.parse(Arrays.copyOfRange(body, empty + 2, body.length)));
    } catch (NoteException e) {
      throw new MalformedException(e.getMessage(), e);
    }
  }

  /** Where the first empty line's newline and the one before it stand. */
  private static int emptyLine(byte[] body) {
    for (int i = 0; i + 1 < body.length; i++) {
      if (body[i] == '\n' && body[i + 1] == '\n') {
        return i;
      }
    }
    throw new MalformedException("no empty line stands before the checkpoint");
  }

  private static long oldSize(String line) {
    var matcher = OLD.matcher(line);
    if (!matcher.matches()) {
      throw new MalformedException("the first line is not 'old' and a decimal number");
    }
    try {
      return Long.parseLong(matcher.group(1));
    } catch (NumberFormatException e) {
      throw new MalformedException("the old size is too large", e);
    }
  }

  private static Hash hash(String line) {
    try {
      byte[] bytes = Base64.getDecoder().decode(line);
      if (bytes.length == Hash.LENGTH && Base64.getEncoder().encodeToString(bytes).equals(line)) {
        return Hash.of(bytes);
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a line of the proof is not base64", e);
    }
    throw new MalformedException("a line of the proof is not the base64 of a hash");
  }

  /** The body. */
  public byte[] toByteArray() {
    StringBuilder text = new StringBuilder("old ").append(oldSize).append('\n');
    path.forEach(hash -> text.append(hash.base64()).append('\n'));
    return text.append('\n').append(note.format()).toString().getBytes(StandardCharsets.UTF_8);
  }
}
