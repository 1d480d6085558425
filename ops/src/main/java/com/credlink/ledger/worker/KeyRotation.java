package com.credlink.ledger.worker;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyChange.Cause;
import com.credlink.ledger.keys.KeyState;
import com.credlink.ledger.keys.RingKey;
import com.credlink.ledger.trust.SigningKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces signing keys that are old or have signed much, renews their certificates before they
 * end, and tells the log of changes that it could not be told of at once. A new key is active only
 * when its canary has succeeded; until then the old one stays, and the next look tries again.
 */
public final class KeyRotation implements AutoCloseable {

  /** From the end of one look at the keys to the next. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(KeyRotation.class);
  private static final Cause POLICY =
      new Cause(new Actor(ActorType.SYSTEM, "key-rotation"), "signer", Optional.empty());

  private final SigningKeys keys;
  private final Limits limits;
  private final Supplier<Map<String, Long>> uses;
  private final Consumer<LedgerEvent> log;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("key-rotation").daemon().factory());

  /**
   * When a key is replaced.
   *
   * @param maxAge from its activation on
   * @param maxUses signatures that are in the log; empty for no limit
   */
  public record Limits(Duration maxAge, Optional<Integer> maxUses) {}

  /**
   * A rotation that has not begun.
   *
   * @param uses signatures of each key; asked only where there is a limit
   * @param log returns when it has the fact
   */
  KeyRotation(
      SigningKeys keys,
      Limits limits,
      Supplier<Map<String, Long>> uses,
      Consumer<LedgerEvent> log,
      InstantSource clock) {
    this.keys = keys;
    this.limits = limits;
    this.uses = uses;
    this.log = log;
    this.clock = clock;
  }

  /** Looks at the keys from now on. */
  KeyRotation start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::lookOrSay, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  private void lookOrSay() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log("The signing keys could not be looked after; the active ones stay");
    }
  }

  /** Does what is due. */
  void look() {
    keys.tell(log);
    keys.certifyAll(POLICY);
    Map<String, Long> counted = limits.maxUses().isPresent() ? uses.get() : Map.of();
    for (Algorithm algorithm : keys.ring().algorithms()) {
      due(algorithm, counted).ifPresent(reason -> rotate(algorithm, reason));
    }
    keys.tell(log);
  }

  private void rotate(Algorithm algorithm, String reason) {
    if (waits(algorithm)) {
      return;
    }
    RingKey made = keys.rotate(algorithm, reason, POLICY);
    LOG.atInfo()
        .addKeyValue("algorithm", algorithm.label())
        .addKeyValue("key", made.keyId())
        .addKeyValue("reason", reason)
        .log(
            made.key().state() == KeyState.ACTIVE
                ? "A signing key was replaced"
                : "A signing key waits for its certificate before it replaces the active one");
  }

  /** A key whose authority is elsewhere is made once; the rest is up to an administrator. */
  private boolean waits(Algorithm algorithm) {
    return keys.ring().entries().stream()
        .anyMatch(
            entry ->
                entry.key().algorithm() == algorithm
                    && entry.key().state() == KeyState.CREATED
                    && entry.leaf().isEmpty()
                    && algorithm.signsContentCredentials());
  }

  private Optional<String> due(Algorithm algorithm, Map<String, Long> counted) {
    Optional<RingKey> active =
        keys.ring().entries().stream()
            .filter(
                entry ->
                    entry.key().algorithm() == algorithm && entry.key().state() == KeyState.ACTIVE)
            .findFirst();
    if (active.isEmpty()) {
      return Optional.empty();
    }
    Instant since = active.get().activatedAt().orElse(active.get().key().createdAt());
    if (!clock.instant().isBefore(since.plus(limits.maxAge()))) {
      return Optional.of("age");
    }
    long used = counted.getOrDefault(active.get().keyId(), 0L);
    return limits.maxUses().filter(limit -> used >= limit).map(_ -> "uses");
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
