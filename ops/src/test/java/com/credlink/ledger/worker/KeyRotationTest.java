package com.credlink.ledger.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.KeyActivated;
import com.credlink.ledger.event.KeyCertified;
import com.credlink.ledger.event.KeyCreated;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyChange.Cause;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeySource;
import com.credlink.ledger.keys.KeyState;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.RingKey;
import com.credlink.ledger.trust.Authority;
import com.credlink.ledger.trust.DevelopmentAuthority;
import com.credlink.ledger.trust.ExternalAuthority;
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.trust.Validity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRotationTest {

  private static final Duration MAX_AGE = Duration.ofDays(180);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Cause START =
      new Cause(new Actor(ActorType.SYSTEM, "test"), "test", Optional.empty());

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-11-01T00:00:00Z");
  private final Map<String, Long> uses = new HashMap<>();
  private final List<LedgerEvent> log = new ArrayList<>();

  @Test
  void shouldReplaceAKeyThatIsTooOldAndTellTheLog() {
    SigningKeys keys = keys(development());
    KeyRotation rotation = rotation(keys, Optional.empty());
    rotation.look();
    log.clear();
    RingKey first = active(keys);

    now = now.plus(MAX_AGE).minusSeconds(1);
    rotation.look();
    assertThat(active(keys).keyId()).isEqualTo(first.keyId());

    now = now.plusSeconds(1);
    rotation.look();

    RingKey second = active(keys);
    assertThat(second.keyId()).isNotEqualTo(first.keyId());
    assertThat(second.leaf()).isPresent();
    assertThat(keys.ring().entry(first.keyId()).orElseThrow().key().state())
        .isEqualTo(KeyState.VERIFY_ONLY);
    assertThat(log)
        .extracting(Object::getClass)
        .contains(KeyCreated.class, KeyCertified.class, KeyActivated.class);
    assertThat(keys.ring().signer(first.keyId())).as("signs what it was promised to").isNotNull();
  }

  @Test
  void shouldReplaceAKeyThatHasSignedEnough() {
    SigningKeys keys = keys(development());
    KeyRotation rotation = rotation(keys, Optional.of(1_000));
    RingKey first = active(keys);

    uses.put(first.keyId(), 999L);
    rotation.look();
    assertThat(active(keys).keyId()).isEqualTo(first.keyId());

    uses.put(first.keyId(), 1_000L);
    rotation.look();
    rotation.look();

    assertThat(active(keys).keyId()).isNotEqualTo(first.keyId());
    assertThat(keys.ring().entries()).as("replaced once").hasSize(2);
  }

  @Test
  void shouldRenewACertificateThatEndsSoonAndKeepTheKey() {
    SigningKeys keys = keys(development());
    KeyRotation rotation = rotation(keys, Optional.empty());
    RingKey before = active(keys);
    Instant end = Validity.of(before.leaf().orElseThrow()).until();

    now = end.minus(SigningKeys.RENEWED_BEFORE);
    rotationOfNeverTooOld(keys).look();

    RingKey after = active(keys);
    assertThat(after.keyId()).isEqualTo(before.keyId());
    assertThat(Validity.of(after.leaf().orElseThrow()).until()).isAfter(end);
    rotation.close();
  }

  @Test
  void shouldMakeOneKeyAndWaitForItsCertificateWhereTheAuthorityIsElsewhere() {
    SigningKeys keys = keys(new ExternalAuthority(development().roots(), "CredLink"));
    KeyRotation rotation = rotation(keys, Optional.empty());
    RingKey first = active(keys);
    now = now.plus(MAX_AGE);

    rotation.look();
    rotation.look();

    assertThat(active(keys).keyId()).isEqualTo(first.keyId());
    assertThat(keys.ring().entries()).hasSize(2);
    assertThat(keys.ring().entries().getLast().key().state()).isEqualTo(KeyState.CREATED);
  }

  @Test
  void shouldKeepTheOldKeyAndTellTheLogLaterWhenTheLogCannotBeWritten() {
    SigningKeys keys = keys(development());
    KeyRotation broken =
        new KeyRotation(
            keys,
            new KeyRotation.Limits(MAX_AGE, Optional.empty()),
            () -> uses,
            event -> {
              throw new IllegalStateException("the log cannot be written");
            },
            () -> now);
    RingKey first = active(keys);
    now = now.plus(MAX_AGE);

    assertThatThrownBy(broken::look).hasMessageContaining("cannot be written");
    assertThat(active(keys).keyId()).isEqualTo(first.keyId());

    rotation(keys, Optional.empty()).look();

    String told =
        log.stream()
            .filter(KeyCreated.class::isInstance)
            .map(event -> ((KeyCreated) event).keyId())
            .findFirst()
            .orElseThrow();
    assertThat(told).isEqualTo(first.keyId());
    assertThat(active(keys).keyId()).isNotEqualTo(first.keyId());
  }

  private KeyRotation rotation(SigningKeys keys, Optional<Integer> maxUses) {
    return new KeyRotation(
        keys, new KeyRotation.Limits(MAX_AGE, maxUses), () -> uses, log::add, () -> now);
  }

  private KeyRotation rotationOfNeverTooOld(SigningKeys keys) {
    return new KeyRotation(
        keys,
        new KeyRotation.Limits(Duration.ofDays(100_000), Optional.empty()),
        () -> uses,
        log::add,
        () -> now);
  }

  private static RingKey active(SigningKeys keys) {
    return keys.ring().entries().stream()
        .filter(entry -> entry.key().state() == KeyState.ACTIVE)
        .findFirst()
        .orElseThrow();
  }

  private DevelopmentAuthority development() {
    return DevelopmentAuthority.open(
        directory.resolve("authority.p12"),
        new Password.Given("secret"),
        new DevelopmentAuthority.Settings("CredLink", Duration.ofDays(365), false),
        RANDOM,
        () -> now);
  }

  private SigningKeys keys(Authority authority) {
    KeyRing ring =
        KeyRing.open(
            directory.resolve("ring.p12"),
            new Password.Given("secret"),
            List.of(Algorithm.ES256),
            KeySource.ofThisProcess(RANDOM),
            RANDOM,
            () -> now);
    SigningKeys keys = new SigningKeys(ring, authority, () -> now);
    keys.certifyAll(START);
    return keys;
  }
}
