package com.credlink.ledger.note;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose signatures make a checkpoint valid (c2sp.org/tlog-policy): one of the logs has signed it,
 * and enough witnesses have cosigned it.
 *
 * <p>Who wants both algorithms of a log lists its Ed25519 key as {@code log} and its ML-DSA-44 key
 * as a {@code witness} that the quorum needs.
 *
 * @param logs any of them may sign; may be empty if the caller knows its logs otherwise.
 * @param witnesses all that are known.
 * @param groups each after its members.
 * @param quorum a witness, a group or {@link #NONE}.
 */
public record Policy(List<Log> logs, List<Witness> witnesses, List<Group> groups, String quorum) {

  /** The quorum that demands no witness. */
  public static final String NONE = "none";

  /** Bytes in the longest file that is read. */
  public static final int MAX_BYTES = 1 << 20;

  /** Logs, witnesses and groups, of each, in the largest policy; the specification advises 32. */
  public static final int MAX_OF_EACH = 128;

  /**
   * A log.
   *
   * @param key its name is the log's origin.
   */
  public record Log(VerifierKey key, Optional<String> url) {}

  /**
   * A witness.
   *
   * @param name what this policy calls it: octets, each as the character of its number.
   */
  public record Witness(String name, VerifierKey key, Optional<String> url) {}

  /**
   * A group: it has witnessed what {@code threshold} of its members have.
   *
   * @param members names of witnesses and groups.
   */
  public record Group(String name, int threshold, List<String> members) {
    /** Copies the members. */
    public Group {
      members = List.copyOf(members);
    }
  }

  /**
   * A checkpoint that fulfils a policy.
   *
   * @param logs the known keys of the log that have signed, each once or more.
   * @param cosignatures of known witnesses, whether the quorum needs them or not.
   */
  public record Accepted(
      Checkpoint checkpoint,
      List<SignedNote.Verified> logs,
      List<SignedNote.Verified> cosignatures) {}

  /** Copies the lists. */
  public Policy {
    logs = List.copyOf(logs);
    witnesses = List.copyOf(witnesses);
    groups = List.copyOf(groups);
  }

  /**
   * Reads a policy file.
   *
   * @throws NoteException when it is not one; the message names the line.
   */
  public static Policy parse(byte[] file) {
    return PolicyReader.read(file);
  }

  /**
   * The checkpoint of a note that fulfils this policy.
   *
   * @throws NoteException.Malformed when the note is no checkpoint.
   * @throws NoteException.BadSignature when a signature of a known key is not its signature.
   * @throws NoteException.NotSigned when no log has signed.
   * @throws NoteException.WrongOrigin when a log has signed, and the checkpoint is another log's.
   * @throws NoteException.QuorumMissed when too few witnesses have cosigned.
   */
  public Accepted accept(SignedNote note) {
    return accept(note, List.of());
  }

  /** As {@link #accept(SignedNote)}, where these keys of logs are known as well. */
  public Accepted accept(SignedNote note, Collection<VerifierKey> furtherLogs) {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    List<SignedNote.Verified> signed =
        note.verifyAny(Stream.concat(logs.stream().map(Log::key), furtherLogs.stream()).toList());
    if (signed.isEmpty()) {
      throw new NoteException.NotSigned("a log of the policy");
    }
    List<SignedNote.Verified> ofOrigin =
        signed.stream()
            .filter(verified -> verified.key().name().equals(checkpoint.origin()))
            .toList();
    if (ofOrigin.isEmpty()) {
      throw new NoteException.WrongOrigin(signed.getFirst().key().name(), checkpoint.origin());
    }
    List<SignedNote.Verified> cosigned =
        note.verifyAny(witnesses.stream().map(Witness::key).toList());
    requireQuorum(
        cosigned.stream().map(SignedNote.Verified::key).collect(Collectors.toUnmodifiableSet()));
    return new Accepted(checkpoint, ofOrigin, cosigned);
  }

  private void requireQuorum(Set<VerifierKey> cosigned) {
    if (quorum.equals(NONE)) {
      return;
    }
    Set<String> witnessed = new HashSet<>();
    for (Witness witness : witnesses) {
      if (cosigned.contains(witness.key())) {
        witnessed.add(witness.name());
      }
    }
    // Members stand before their groups, so one pass knows about all.
    for (Group group : groups) {
      if (group.members().stream().filter(witnessed::contains).count() >= group.threshold()) {
        witnessed.add(group.name());
      }
    }
    if (!witnessed.contains(quorum)) {
      throw new NoteException.QuorumMissed(
          shown(quorum),
          cosigned.size(),
          witnesses.stream()
              .filter(witness -> !cosigned.contains(witness.key()))
              .map(witness -> shown(witness.name()))
              .toList());
    }
  }

  /** A name's octets as the UTF-8 that they most likely are. */
  private static String shown(String octets) {
    return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
