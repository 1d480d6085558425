package com.credlink.ledger.cli;

import com.credlink.ledger.cli.LogSubjects.Subject;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.Policy;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.LogUnreachable;
import com.credlink.ledger.tlog.TiledLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What {@code verify --policy} demands of a checkpoint (c2sp.org/tlog-policy). */
final class PolicyDemand {

  private final Policy policy;

  private PolicyDemand(Policy policy) {
    this.policy = policy;
  }

  /** A log at a checkpoint that the policy accepts, and who has cosigned it. */
  record Accepted(Subject subject, List<String> cosigners) {}

  /** Reads a policy file. */
  static PolicyDemand read(Path file) throws CommandException {
    try {
      return new PolicyDemand(Policy.parse(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(file), e);
    } catch (NoteException e) {
      throw new CommandException("'%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The keys of the logs that the policy names. */
  List<String> logKeys() {
    return policy.logs().stream().map(log -> log.key().format()).toList();
  }

  /**
   * The log as its newest checkpoint that fulfils the policy has it. A log that grows has newer
   * ones, which its witnesses have not seen yet; a ledger then gives the newest that they have.
   *
   * @param demanded keys that must have signed whatever the policy says
   * @throws NoteException when the policy accepts none; the sentence names the quorum
   */
  Accepted accept(Subject subject, Collection<VerifierKey> demanded) {
    byte[] newest = subject.log().checkpoint();
    try {
      return accept(subject, newest, demanded);
    } catch (NoteException.QuorumMissed missed) {
      for (int witnesses = policy.witnesses().size(); witnesses > 0; witnesses--) {
        Optional<byte[]> cosigned = cosigned(subject.log(), witnesses);
        if (cosigned.isPresent() && fulfils(subject, cosigned.get())) {
          return accept(subject, cosigned.get(), demanded);
        }
      }
      throw missed;
    }
  }

  private Accepted accept(Subject subject, byte[] note, Collection<VerifierKey> demanded) {
    Policy.Accepted accepted = policy.accept(SignedNote.parse(note), subject.keys());
    Set<VerifierKey> keys = new LinkedHashSet<>();
    accepted.logs().forEach(signed -> keys.add(signed.key()));
    subject.keys().stream().filter(demanded::contains).forEach(keys::add);
    List<String> cosigners =
        accepted.cosignatures().stream()
            .map(SignedNote.Verified::key)
            .map(key -> "%s (%s)".formatted(key.name(), key.type().algorithm()))
            .distinct()
            .toList();
    return new Accepted(
        new Subject(new AtCheckpoint(subject.log(), note), List.copyOf(keys)), cosigners);
  }

  private boolean fulfils(Subject subject, byte[] note) {
    try {
      var _ = policy.accept(SignedNote.parse(note), subject.keys());
      return true;
    } catch (NoteException.QuorumMissed e) {
      return false;
    }
  }

  /** Logs of others may not know the parameter: some ignore it, some refuse. */
  private static Optional<byte[]> cosigned(TiledLog log, int witnesses) {
    try {
      return log instanceof HttpLog http
          ? http.get("checkpoint?witnesses=" + witnesses)
          : Optional.empty();
    } catch (LogUnreachable refused) {
      return Optional.empty();
    }
  }

  /** A log as it was at one of its checkpoints. */
  private record AtCheckpoint(TiledLog log, byte[] checkpoint) implements TiledLog {
    @Override
    public Optional<byte[]> read(Tile tile) {
      return log.read(tile);
    }

    @Override
    public String place() {
      return log.place();
    }
  }
}
