package com.credlink.ledger.verify;

import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignatureType;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogCheck;
import com.credlink.ledger.tlog.LogTampered;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys of the logs of one partition, no witnesses. A log that was ended was signed with the
 * same keys under its own name, and the checkpoints from before a change of keys with those that
 * were replaced.
 *
 * @param demanded each must have signed the newest checkpoint; where there is none, one key of each
 *     algorithm must have, as with every other checkpoint
 * @param known others that sign or have signed
 */
public record CheckpointKeys(List<VerifierKey> demanded, List<VerifierKey> known) {

  /** Copies the lists. */
  public CheckpointKeys {
    demanded = List.copyOf(demanded);
    known = List.copyOf(known);
  }

  /** Keys that have never been changed. */
  public static CheckpointKeys of(List<VerifierKey> keys) {
    return new CheckpointKeys(keys, List.of());
  }

  /** The algorithms with which every checkpoint must be signed. */
  public List<SignatureType> algorithms() {
    return all().map(VerifierKey::type).distinct().sorted().toList();
  }

  /**
   * Reads the newest checkpoint.
   *
   * @throws LogTampered if a key that is demanded has not signed it
   */
  Checkpoint newest(byte[] note) {
    return demanded.isEmpty() ? any(note) : LogCheck.checkpoint(note, demanded).checkpoint();
  }

  /**
   * Reads any checkpoint of one of the partition's logs.
   *
   * @throws LogTampered unless one key of each algorithm has signed it, or if a line is no
   *     signature
   */
  public Checkpoint any(byte[] note) {
    try {
      SignedNote signed = SignedNote.parse(note);
      Checkpoint checkpoint = Checkpoint.parse(signed.text());
      List<SignedNote.Verified> signatures = signed.verify(named(checkpoint.origin()));
      for (SignatureType algorithm : algorithms()) {
        if (signatures.stream().noneMatch(line -> line.key().type() == algorithm)) {
          throw new LogTampered(
              "the checkpoint of size %d is not signed with %s by a known key of the log"
                  .formatted(checkpoint.size(), algorithm.algorithm()));
        }
      }
      return checkpoint;
    } catch (NoteException e) {
      throw new LogTampered("the checkpoint: " + e.getMessage());
    }
  }

  /**
   * Checks a statement about the log {@code origin}.
   *
   * @throws LogTampered unless an Ed25519 key of the log has signed it
   */
  void requireStated(SignedNote statement, String origin) {
    try {
      var _ =
          statement.verify(
              named(origin).stream().filter(key -> key.type() == SignatureType.ED25519).toList());
    } catch (NoteException e) {
      throw new LogTampered(
          "the statement that '%s' was ended: %s".formatted(origin, e.getMessage()));
    }
  }

  private List<VerifierKey> named(String origin) {
    return all().map(key -> key.named(origin)).distinct().toList();
  }

  private Stream<VerifierKey> all() {
    return Stream.concat(demanded.stream(), known.stream());
  }
}
