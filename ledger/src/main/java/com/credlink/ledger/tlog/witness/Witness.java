package com.credlink.ledger.tlog.witness;

import com.credlink.ledger.merkle.ConsistencyProof;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.ProofException;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.NoteSignature;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cosigns trees of the logs that it watches as long as each continues the one before
 * (c2sp.org/tlog-witness). Safe for many threads: the requests of one origin are decided one after
 * the other.
 */
public final class Witness {

  private final Map<String, Watched> logs = new HashMap<>();
  private final List<NoteSigner> signers;
  private final CosignedHeads heads;
  private final InstantSource clock;

  /**
   * A witness that goes on where {@code heads} stand.
   *
   * @param logKeys of the logs that are watched; a key's name is its log's origin
   * @param signers all of them cosign
   * @throws CosignedHeads.DamagedException when it is not certain what was cosigned last
   * @throws IOException when that cannot be read
   */
  public Witness(
      List<VerifierKey> logKeys, List<NoteSigner> signers, CosignedHeads heads, InstantSource clock)
      throws IOException {
    this.signers = List.copyOf(signers);
    this.heads = heads;
    this.clock = clock;
    for (VerifierKey key : logKeys) {
      Watched log = logs.get(key.name());
      if (log == null) {
        log = new Watched(heads.newest(key.name()));
        logs.put(key.name(), log);
      }
      log.keys.add(key);
    }
  }

  /** A log and what was cosigned for it last; its monitor guards the latter. */
  private static final class Watched {
    private final List<VerifierKey> keys = new ArrayList<>();
    private Optional<SignedNote> newest;

    private Watched(Optional<SignedNote> newest) {
      this.newest = newest;
    }
  }

  /** The keys that its cosignatures are verified with. */
  public List<VerifierKey> keys() {
    return signers.stream().map(NoteSigner::key).toList();
  }

  /** The origins of the logs that are watched. */
  public List<String> origins() {
    return logs.keySet().stream().sorted().toList();
  }

  /** What was cosigned last for an origin. */
  public Optional<SignedNote> newest(String origin) {
    Watched log = logs.get(origin);
    if (log == null) {
      return Optional.empty();
    }
    synchronized (log) {
      return log.newest;
    }
  }

  /**
   * Decides on a request, in the order of the specification.
   *
   * @throws IOException when the decision could not be kept; then nothing was said
   */
  public Verdict decide(byte[] body) throws IOException {
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(body);
    } catch (AddCheckpoint.MalformedException e) {
      return new Verdict.Malformed(e.getMessage());
    }
    Checkpoint checkpoint = request.checkpoint();
    Watched log = logs.get(checkpoint.origin());
    if (log == null) {
      return new Verdict.UnknownOrigin(checkpoint.origin());
    }
    List<NoteSignature> trusted;
    try {
      trusted = request.note().linesOf(log.keys);
    } catch (NoteException.NotSigned | NoteException.BadSignature e) {
      return new Verdict.Untrusted(e.getMessage());
    }
    if (request.oldSize() > checkpoint.size()) {
      return new Verdict.Malformed("the old size is larger than the checkpoint's");
    }
    synchronized (log) {
      return decide(log, request, trusted);
    }
  }

  private Verdict decide(Watched log, AddCheckpoint request, List<NoteSignature> trusted)
      throws IOException {
    Optional<Checkpoint> before = log.newest.map(note -> Checkpoint.parse(note.text()));
    long size = before.map(Checkpoint::size).orElse(0L);
    if (request.oldSize() != size) {
      return new Verdict.AnotherSize(size);
    }
    Checkpoint checkpoint = request.checkpoint();
    if (checkpoint.size() == 0 && !checkpoint.root().equals(Hash.EMPTY_ROOT)) {
      return new Verdict.Inconsistent("a tree without leaves has another root");
    }
    try {
      new ConsistencyProof(size, checkpoint.size(), request.path())
          .verify(before.map(Checkpoint::root).orElse(Hash.EMPTY_ROOT), checkpoint.root());
    } catch (ProofException e) {
      return new Verdict.Inconsistent(e.getMessage());
    }
    return cosign(log, request.note().text(), trusted);
  }

  private Verdict cosign(Watched log, String text, List<NoteSignature> trusted) throws IOException {
    List<NoteSignature> lines;
    SignedNote cosigned;
    try {
      lines = SignedNote.sign(text, clock.instant(), signers).signatures();
      cosigned = new SignedNote(text, trusted).with(lines);
    } catch (NoteException e) { // an origin or a note that is too long for another line
      return new Verdict.Malformed(e.getMessage());
    }
    heads.keep(cosigned);
    log.newest = Optional.of(cosigned);
    return new Verdict.Cosigned(lines);
  }
}
