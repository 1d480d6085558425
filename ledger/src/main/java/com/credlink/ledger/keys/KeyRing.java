package com.credlink.ledger.keys;

import com.credlink.ledger.event.KeyVersion;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The asset-signing keys: one active key per algorithm, and the earlier ones that still verify.
 * Safe for use by many threads at once.
 *
 * <p>A change is in the file before it is in effect, together with the fact that the log must be
 * told ({@link #pending}); whoever tells the log says so by {@link #stated}. A key that was
 * activated signs new requests only after that, so that no request names a key before the log does.
 */
public final class KeyRing implements AutoCloseable {

  /** What is made when nothing is configured; the first is the default. */
  public static final List<Algorithm> DEFAULT_ALGORITHMS =
      List.of(Algorithm.ES256, Algorithm.ED25519);

  private static final String ROTATED = "rotated";

  private final RingFile file;
  private final List<Algorithm> algorithms;
  private final KeySteps steps;
  private volatile RingContent content;

  private KeyRing(RingFile file, List<Algorithm> algorithms, KeySteps steps, RingContent content) {
    this.file = file;
    this.algorithms = List.copyOf(algorithms);
    this.steps = steps;
    this.content = content;
  }

  /**
   * Opens a ring of {@link #DEFAULT_ALGORITHMS} with keys of this process.
   *
   * @throws KeyException when the file cannot be opened or made; the type says why.
   */
  public static KeyRing open(
      Path path, Password password, SecureRandom random, InstantSource clock) {
    return open(path, password, DEFAULT_ALGORITHMS, KeySource.ofThisProcess(random), random, clock);
  }

  /**
   * Opens the ring, or makes it when there is no file; then it has an active key for each of {@code
   * algorithms}.
   *
   * @param algorithms what new requests are signed with, the default first.
   * @param source where keys are made from now on; those of another source stay and sign what they
   *     may.
   * @throws KeyException when the file cannot be opened or made, or the source does not make a key;
   *     the type says why.
   */
  public static KeyRing open(
      Path path,
      Password password,
      List<Algorithm> algorithms,
      KeySource source,
      SecureRandom random,
      InstantSource clock) {
    for (Algorithm algorithm : algorithms) {
      if (!source.makes(algorithm)) {
        throw new KeyException.NotMade(algorithm, source.name());
      }
    }
    KeySteps steps = new KeySteps(source, random, clock);
    RingFile file =
        RingFile.open(path, password, random, () -> steps.completed(RingContent.EMPTY, algorithms));
    KeyRing ring = new KeyRing(file, algorithms, steps, file.read(source));
    ring.complete();
    return ring;
  }

  /** What the configuration asks for and the source does not have. */
  private synchronized void complete() {
    RingContent complete = steps.completed(content, algorithms);
    if (!complete.equals(content)) {
      keep(complete);
    }
  }

  /** Ends the connection to where keys are made; those that are there do not sign any more. */
  @Override
  public void close() {
    steps.source().close();
  }

  /** The algorithms of new requests, the default first. */
  public List<Algorithm> algorithms() {
    return algorithms;
  }

  /** The keys that a new request fixes, one per algorithm, the default first. */
  public List<KeyVersion> active() {
    RingContent now = content;
    return algorithms.stream()
        .flatMap(algorithm -> forNewRequests(now, algorithm).stream())
        .map(held -> held.half().key())
        .toList();
  }

  /** The active key, or, until the log knows of that, the one before it. */
  private static Optional<Held> forNewRequests(RingContent now, Algorithm algorithm) {
    List<Held> ofAlgorithm =
        now.keys().values().stream().filter(held -> held.half().algorithm() == algorithm).toList();
    Optional<Held> active =
        ofAlgorithm.stream().filter(held -> held.state().isForNewRequests()).findFirst();
    boolean told =
        now.pending().stream()
            .noneMatch(
                change ->
                    change.kind() == KeyChange.Kind.ACTIVATED
                        && active.filter(held -> held.id().equals(change.keyId())).isPresent());
    return told
        ? active
        : ofAlgorithm.stream()
            .filter(held -> held.state() == KeyState.VERIFY_ONLY)
            .max(Comparator.comparing(held -> held.activatedAt().orElse(Instant.MIN)))
            .or(() -> active);
  }

  /**
   * The signer of a key, be it active or promised to an earlier request.
   *
   * @throws KeyException.Unknown when the ring does not have it.
   * @throws KeyException.MayNotSign when its state forbids signing.
   * @throws KeyException.Unavailable when its private half is elsewhere and not to be found.
   */
  public Signer signer(String keyId) {
    Held held = content.required(keyId);
    if (!held.state().maySign()) {
      throw new KeyException.MayNotSign(keyId, held.state());
    }
    return held.signer()
        .orElseThrow(() -> new KeyException.Unavailable(keyId, steps.source().name()));
  }

  /** Checks signatures of a key, whatever its state; empty when the ring does not know it. */
  public Optional<Verifier> verifier(String keyId) {
    return Optional.ofNullable(content.keys().get(keyId)).map(Held::half);
  }

  /** Every public key, oldest first: what the JWKS lists. */
  public List<PublicKeyInfo> all() {
    return content.keys().values().stream().map(Held::info).toList();
  }

  /** Every key with its times and certificates, oldest first. */
  public List<RingKey> entries() {
    return content.keys().values().stream().map(this::entry).toList();
  }

  /** One of them; empty when the ring does not know it. */
  public Optional<RingKey> entry(String keyId) {
    return Optional.ofNullable(content.keys().get(keyId)).map(this::entry);
  }

  private RingKey entry(Held held) {
    return new RingKey(
        held.info(), held.activatedAt(), held.certificates(), steps.isInSource(held));
  }

  /**
   * Signs with a key that is not active yet: what asks an authority for its certificate.
   *
   * @throws KeyException.MayNotSign when its private half is gone or retired.
   */
  public Signer requester(String keyId) {
    Held held = content.required(keyId);
    if (held.state() == KeyState.CREATED && held.signer().isPresent()) {
      return held.signer().get();
    }
    return signer(keyId);
  }

  /**
   * Makes a key that signs nothing yet.
   *
   * @throws KeyException.NotMade when the source has no keys of this algorithm.
   * @throws KeyException.Unavailable when the source cannot be reached.
   * @throws KeyException.Unwritable when the file cannot be written; nothing has changed then.
   */
  public synchronized RingKey create(Algorithm algorithm, String reason, KeyChange.Cause cause) {
    RingContent next = steps.created(content, algorithm, reason, cause);
    return keep(next, next.pending().getLast().keyId());
  }

  /**
   * Puts a certificate chain in the place of the one that the key has. The chain must have been
   * checked; here only its leaf is compared with the key.
   *
   * @param chain leaf first, without the root.
   * @throws KeyException.Unknown when the ring does not have the key.
   * @throws IllegalArgumentException when the leaf is another key's.
   */
  public synchronized RingKey certify(
      String keyId, List<X509Certificate> chain, String reason, KeyChange.Cause cause) {
    return keep(steps.certified(content, keyId, chain, reason, cause), keyId);
  }

  /**
   * Lets a key sign new requests, after it signed a canary that its certificate's public key
   * verifies; the one that was active only verifies from then on, and signs what was promised to
   * it.
   *
   * @throws KeyException.CanaryFailed when the key does not sign as it should; nothing has changed.
   * @throws KeyException.WrongState when it is not a new key.
   */
  public synchronized RingKey activate(String keyId, String reason, KeyChange.Cause cause) {
    return keep(steps.activated(content, keyId, reason, cause), keyId);
  }

  /**
   * Ends a key's signing: what it signed stays valid.
   *
   * @throws KeyException.WrongState when it is active, or ended already.
   */
  public synchronized RingKey retire(String keyId, String reason, KeyChange.Cause cause) {
    return keep(steps.retired(content, keyId, reason, cause), keyId);
  }

  /**
   * Deletes the private half of a retired key; the public half and the certificates stay.
   *
   * @throws KeyException.WrongState when it is not retired.
   */
  public synchronized RingKey destroy(String keyId, String reason, KeyChange.Cause cause) {
    return keep(steps.destroyed(content, keyId, reason, cause), keyId);
  }

  /**
   * Makes a new active key in the place of the one that is active now.
   *
   * @throws KeyException.Unwritable when the file cannot be written; nothing has changed then.
   */
  public synchronized PublicKeyInfo rotate(Algorithm algorithm) {
    String made = create(algorithm, ROTATED, KeySteps.THE_START).keyId();
    return activate(made, ROTATED, KeySteps.THE_START).key();
  }

  /** What the log must still be told, in the order in which it happened. */
  public List<KeyChange> pending() {
    return content.pending();
  }

  /** The log has this change. */
  public void stated(KeyChange change) {
    stated(List.of(change));
  }

  /** The same for several, written at once. */
  public synchronized void stated(List<KeyChange> changes) {
    List<KeyChange> left = new ArrayList<>(content.pending());
    if (left.removeAll(changes)) {
      keep(new RingContent(content.keys(), left));
    }
  }

  private RingKey keep(RingContent next, String keyId) {
    keep(next);
    return entry(keyId).orElseThrow();
  }

  private void keep(RingContent next) {
    file.write(next, content);
    content = next;
  }
}
