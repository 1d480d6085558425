package com.credlink.ledger.trust;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyChange;
import com.credlink.ledger.keys.KeyChange.Cause;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeyState;
import com.credlink.ledger.keys.RingKey;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The asset-signing keys with the authority that vouches for them: what somebody, or a policy, may
 * do with a key. Safe for use by many threads at once.
 */
public final class SigningKeys {

  /** A certificate is renewed this long before its end, or at three quarters of its time. */
  public static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private static final int RENEWED_IN_LAST = 4;
  private static final String RENEWED = "renewed";
  private static final String IMPORTED = "imported";

  private final KeyRing ring;
  private final Authority authority;
  private final InstantSource clock;

  /** Over a ring and who vouches for its keys. */
  public SigningKeys(KeyRing ring, Authority authority, InstantSource clock) {
    this.ring = ring;
    this.authority = authority;
    this.clock = clock;
  }

  /** The keys. */
  public KeyRing ring() {
    return ring;
  }

  /** Who vouches for them. */
  public Authority authority() {
    return authority;
  }

  /**
   * Gives a certificate to each key that may sign, where it has none, one that ends soon, or one
   * under another root. Its id stays the same. Nothing happens where the authority is elsewhere.
   */
  public synchronized void certifyAll(Cause cause) {
    if (!(authority instanceof DevelopmentAuthority development)) {
      return;
    }
    for (RingKey entry : ring.entries()) {
      boolean maySign = entry.key().state().maySign() || entry.key().state() == KeyState.CREATED;
      if (maySign
          && entry.key().algorithm().signsContentCredentials()
          && needsCertificate(entry, development)) {
        var _ = ring.certify(entry.keyId(), development.issue(entry.key()), RENEWED, cause);
      }
    }
  }

  private boolean needsCertificate(RingKey entry, DevelopmentAuthority development) {
    return entry.leaf().isEmpty()
        || endsSoon(entry.leaf().get())
        || !isUnder(entry.certificateChain().getLast(), development.root());
  }

  private boolean endsSoon(X509Certificate leaf) {
    Validity validity = Validity.of(leaf);
    Duration part = Duration.between(validity.from(), validity.until()).dividedBy(RENEWED_IN_LAST);
    Duration before = part.compareTo(RENEWED_BEFORE) < 0 ? part : RENEWED_BEFORE;
    return !clock.instant().isBefore(validity.until().minus(before));
  }

  private static boolean isUnder(X509Certificate last, X509Certificate root) {
    try {
      last.verify(root.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * Puts a new key in the place of the active one of its algorithm: it is made, certified, proves
   * itself by a canary and is activated. A key that was made before and is not active yet is taken.
   * With an authority elsewhere it stays {@link KeyState#CREATED} until it has a certificate.
   *
   * @throws KeyException when the key cannot be made or does not sign; the old one stays active.
   */
  public synchronized RingKey rotate(Algorithm algorithm, String reason, Cause cause) {
    RingKey made =
        ring.entries().stream()
            .filter(
                entry ->
                    entry.key().algorithm() == algorithm
                        && entry.key().state() == KeyState.CREATED
                        && entry.inSource())
            .findFirst()
            .orElseGet(() -> ring.create(algorithm, reason, cause));
    certifyAll(cause);
    return isReady(made.keyId()) ? ring.activate(made.keyId(), reason, cause) : made;
  }

  private boolean isReady(String keyId) {
    RingKey entry = required(keyId);
    return entry.leaf().isPresent() || !entry.key().algorithm().signsContentCredentials();
  }

  private RingKey required(String keyId) {
    return ring.entry(keyId).orElseThrow(() -> KeyException.unknown(keyId));
  }

  /**
   * Lets a key that has its certificate sign new requests.
   *
   * @throws TrustException.NoCertificate when it has none.
   * @throws KeyException when it does not exist, is not new or does not sign.
   */
  public synchronized RingKey activate(String keyId, String reason, Cause cause) {
    if (!isReady(keyId)) {
      throw new TrustException.NoCertificate(keyId);
    }
    return ring.activate(keyId, reason, cause);
  }

  /**
   * A request for a certificate, in PEM.
   *
   * @throws KeyException when the key does not exist or may not sign any more.
   */
  public String request(String keyId) {
    return CertificateRequests.pem(
        required(keyId).key(), ring.requester(keyId), authority.organization());
  }

  /**
   * Takes a chain that an authority gave for a key.
   *
   * @param pem leaf first, then each intermediate; the root may follow.
   * @throws TrustException when it is not one that signatures may rest on.
   * @throws KeyException.Unknown when there is no such key.
   */
  public synchronized RingKey importChain(String keyId, byte[] pem, Cause cause) {
    RingKey entry = required(keyId);
    List<X509Certificate> chain =
        ChainCheck.check(entry.key(), Pem.certificates(pem), authority.roots(), clock.instant());
    return ring.certify(keyId, chain, IMPORTED, cause);
  }

  /** See {@link KeyRing#retire}. */
  public RingKey retire(String keyId, String reason, Cause cause) {
    return ring.retire(keyId, reason, cause);
  }

  /** See {@link KeyRing#destroy}. */
  public RingKey destroy(String keyId, String reason, Cause cause) {
    return ring.destroy(keyId, reason, cause);
  }

  /**
   * Tells the log of all that it does not know yet, in order. A crash in between tells some of it
   * again, under the same event ids.
   *
   * @param log returns when it has the fact; throws when it has not, and the rest waits.
   */
  public synchronized void tell(Consumer<LedgerEvent> log) {
    List<KeyChange> told = new ArrayList<>();
    try {
      for (KeyChange change : ring.pending()) {
        Optional<RingKey> key = ring.entry(change.keyId());
        key.ifPresent(entry -> log.accept(KeyFacts.of(change, entry, clock.instant())));
        told.add(change);
      }
    } finally {
      if (!told.isEmpty()) {
        ring.stated(told);
      }
    }
  }
}
