package com.credlink.ledger.keys;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.keys.KeyChange.Cause;
import com.credlink.ledger.keys.KeyChange.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The steps in a key's life, each from what a ring has to what it has then, with the change that
 * the log is to be told of last in {@link RingContent#pending}. What happens in the source of keys
 * happens here; the file is the ring's.
 */
record KeySteps(KeySource source, SecureRandom random, InstantSource clock) {

  private static final int CANARY_BYTES = 32;

  private static final String CONFIGURED = "configured";

  /** The cause of what the configuration asks for. */
  static final Cause THE_START =
      new Cause(new Actor(ActorType.SYSTEM, "key-ring"), "keys", Optional.empty());

  /** With an active key in the source for each algorithm. */
  RingContent completed(RingContent now, List<Algorithm> algorithms) {
    RingContent next = now;
    for (Algorithm algorithm : algorithms) {
      boolean has =
          now.keys().values().stream()
              .anyMatch(
                  held ->
                      held.half().algorithm() == algorithm
                          && held.state() == KeyState.ACTIVE
                          && isInSource(held));
      if (!has) {
        next = created(next, algorithm, CONFIGURED, THE_START);
        next = activated(next, next.pending().getLast().keyId(), CONFIGURED, THE_START);
      }
    }
    return next;
  }

  /** Whether the private half is where new keys are made. */
  boolean isInSource(Held held) {
    boolean ofThisProcess = source instanceof KeySource.ThisProcess;
    return held.signer()
        .filter(signer -> signer instanceof LocalSigner == ofThisProcess)
        .isPresent();
  }

  RingContent created(RingContent now, Algorithm algorithm, String reason, Cause cause) {
    if (!source.makes(algorithm)) {
      throw new KeyException.NotMade(algorithm, source.name());
    }
    KeySource.Made made = source.make(algorithm);
    // A certificate counts in seconds.
    Instant createdAt = instant().truncatedTo(ChronoUnit.SECONDS);
    Held held =
        new Held(
            PublicHalf.decode(made.publicKey().toArray()),
            Optional.of(made.signer()),
            KeyState.CREATED,
            createdAt,
            Optional.empty(),
            List.of(placeholder(made, createdAt)));
    return now.with(held, change(Kind.CREATED, held, reason, cause));
  }

  private X509Certificate placeholder(KeySource.Made made, Instant createdAt) {
    try {
      return SelfSigned.of(
          made.signer(), made.publicKey(), KeyPurpose.ASSET_SIGNING, createdAt, random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK does not read a certificate made here", e);
    }
  }

  RingContent certified(
      RingContent now, String keyId, List<X509Certificate> chain, String reason, Cause cause) {
    Held held = now.required(keyId);
    PublicHalf leaf = PublicHalf.decode(chain.getFirst().getPublicKey().getEncoded());
    if (!leaf.key().equals(held.half().key())) {
      throw new IllegalArgumentException("the certificate is not that of key '" + keyId + "'");
    }
    if (isInSource(held)) {
      source.certify(keyId, chain);
    }
    return now.with(held.with(List.copyOf(chain)), change(Kind.CERTIFIED, held, reason, cause));
  }

  RingContent activated(RingContent now, String keyId, String reason, Cause cause) {
    Held active = now.required(keyId).in(KeyState.ACTIVE).activatedAt(instant());
    canary(active);
    RingContent next = now;
    for (Held held : now.keys().values()) {
      if (held.half().algorithm() == active.half().algorithm() && held.state() == KeyState.ACTIVE) {
        next = next.with(held.in(KeyState.VERIFY_ONLY));
      }
    }
    return next.with(active, change(Kind.ACTIVATED, active, reason, cause));
  }

  /** A key that has a certificate must fit it: it is what others will verify with. */
  private void canary(Held held) {
    Signer signer =
        held.signer().orElseThrow(() -> new KeyException.Unavailable(held.id(), source.name()));
    PublicHalf half = PublicHalf.decode(held.chain().getFirst().getPublicKey().getEncoded());
    byte[] chance = new byte[CANARY_BYTES];
    random.nextBytes(chance);
    byte[] message =
        ("canary of " + held.id() + "\n" + PublicHalf.base64Url(chance))
            .getBytes(StandardCharsets.US_ASCII);
    byte[] signature;
    try {
      signature = signer.sign(message);
    } catch (KeyException.Unavailable e) {
      throw e;
    } catch (RuntimeException e) {
      throw new KeyException.CanaryFailed(held.id(), e);
    }
    message[message.length - 1] ^= 1;
    boolean acceptsAnother = half.verify(message, signature);
    message[message.length - 1] ^= 1;
    if (acceptsAnother || !half.verify(message, signature)) {
      throw new KeyException.CanaryFailed(held.id());
    }
  }

  RingContent retired(RingContent now, String keyId, String reason, Cause cause) {
    Held retired = now.required(keyId).in(KeyState.RETIRED);
    return now.with(retired, change(Kind.RETIRED, retired, reason, cause));
  }

  RingContent destroyed(RingContent now, String keyId, String reason, Cause cause) {
    Held held = now.required(keyId);
    Held destroyed = held.in(KeyState.DESTROYED).withoutPrivateHalf();
    if (isInSource(held)) {
      source.destroy(keyId);
    }
    return now.with(destroyed, change(Kind.DESTROYED, destroyed, reason, cause));
  }

  private KeyChange change(Kind kind, Held held, String reason, Cause cause) {
    return new KeyChange(kind, held.id(), reason, instant(), cause);
  }

  private Instant instant() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
