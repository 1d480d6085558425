package com.credlink.ledger.tlog.witness;

import com.credlink.ledger.keys.PrivateFile;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * The newest checkpoint that was cosigned for each origin, a file for each: whole and flushed, or
 * as it was before. A file that cannot be believed is never taken for "nothing was cosigned".
 */
public final class CosignedHeads {

  private final Path directory;
  private final List<VerifierKey> own;

  /**
   * Heads in {@code directory}.
   *
   * @param own the witness' keys: each of them has signed what it kept
   */
  public CosignedHeads(Path directory, List<VerifierKey> own) {
    this.directory = directory;
    this.own = List.copyOf(own);
  }

  /** A file is not as it was written. */
  public static final class DamagedException extends RuntimeException {
    DamagedException(Path file, String what) {
      super(
          "'%s' is damaged (%s); put the newest copy back, for without it this witness could vouch for two histories"
              .formatted(file, what));
    }
  }

  /** Lower-case hexadecimal SHA-256 of an origin, which names it in files and URLs. */
  public static String name(String origin) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
      return Hash.of(digest).hex();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /**
   * What was cosigned last for an origin.
   *
   * @throws DamagedException when the file is not what {@link #keep} wrote
   * @throws IOException when it cannot be read
   */
  public Optional<SignedNote> newest(String origin) throws IOException {
    Path file = file(origin);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      SignedNote note = SignedNote.parse(bytes);
      if (!Checkpoint.parse(note.text()).origin().equals(origin)) {
        throw new DamagedException(file, "it is of another log");
      }
      note.verify(own);
      return Optional.of(note);
    } catch (NoteException e) {
      throw new DamagedException(file, e.getMessage());
    }
  }

  /** Keeps a note; it survives the loss of power when this returns. */
  public void keep(SignedNote note) throws IOException {
    PrivateFile.replace(file(Checkpoint.parse(note.text()).origin()), note.toByteArray());
  }

  private Path file(String origin) {
    return directory.resolve(name(origin));
  }
}
