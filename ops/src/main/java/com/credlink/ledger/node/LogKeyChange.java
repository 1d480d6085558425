package com.credlink.ledger.node;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyActivated;
import com.credlink.ledger.event.KeyCreated;
import com.credlink.ledger.event.KeyDestroyed;
import com.credlink.ledger.event.KeyRetired;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.LogKeys.Pair;
import com.credlink.ledger.keys.LogKeys.PublicPair;
import com.credlink.ledger.keys.Password;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * Replaces the keys that sign the logs of a node that does not run. Each step is stated in the log,
 * so that whoever verifies with the old keys is told of the new ones under them.
 */
public final class LogKeyChange {

  private static final String PURPOSE = "log-checkpoint";

  private final StoredLog log;
  private final Path keys;
  private final SecureRandom random;
  private final InstantSource clock;

  /** Of the node of {@code data}, whose log is {@code log}. */
  public LogKeyChange(StoredLog log, Path data, SecureRandom random, InstantSource clock) {
    this.log = log;
    this.keys = data.resolve("keys");
    this.random = random;
    this.clock = clock;
  }

  /**
   * Makes a new pair, which signs beside the old one from the next start on.
   *
   * @throws NodeStartException if two pairs sign already
   */
  public LogKeys rotate() throws NodeStartException {
    LogKeys changed;
    try {
      changed = LogKeys.rotate(keys.resolve("log.p12"), password(), random);
    } catch (IllegalStateException tooMany) {
      throw new NodeStartException(
          "%s; retire the older one first (ledger keys retire --log)"
              .formatted(tooMany.getMessage()),
          tooMany);
    }
    try (OperatorFacts facts = facts("ledger keys rotate")) {
      Pair made = changed.signing().getFirst();
      for (Named key : named(made.publicHalf())) {
        facts.state(
            new KeyCreated(facts.header(), key.id(), key.algorithm(), PURPOSE, key.publicKey()));
        facts.state(new KeyActivated(facts.header(), key.id()));
      }
    }
    return changed;
  }

  /**
   * Ends the older of two pairs: its private half is removed.
   *
   * @throws NodeStartException if only one pair signs
   */
  public LogKeys retire() throws NodeStartException {
    LogKeys changed;
    try {
      changed = LogKeys.retire(keys.resolve("log.p12"), password(), random);
    } catch (IllegalStateException tooFew) {
      throw new NodeStartException(
          "%s; make another first (ledger keys rotate --log)".formatted(tooFew.getMessage()),
          tooFew);
    }
    try (OperatorFacts facts = facts("ledger keys retire")) {
      for (Named key : named(changed.retired().getFirst())) {
        facts.state(new KeyRetired(facts.header(), key.id(), "replaced"));
        facts.state(new KeyDestroyed(facts.header(), key.id(), "replaced"));
      }
    }
    return changed;
  }

  private OperatorFacts facts(String command) {
    return new OperatorFacts(log, command, random, clock);
  }

  private Password password() {
    return new Password.FromFile(keys.resolve("log.password"));
  }

  /** A key as events name it. */
  private record Named(String id, SignatureAlgorithm algorithm, Bytes publicKey) {}

  /** Both of a pair. */
  private static List<Named> named(PublicPair pair) {
    return List.of(
        new Named(
            "log-%d-ed25519".formatted(pair.version()), SignatureAlgorithm.EDDSA, pair.spki()),
        new Named(
            "log-%d-ml-dsa-44".formatted(pair.version()),
            SignatureAlgorithm.ML_DSA_44,
            Bytes.wrap(pair.mlDsa44().getEncoded())));
  }
}
