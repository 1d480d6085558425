package com.credlink.ledger.topology.intake;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.topology.streams.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Keys of the intake store. */
public final class IntakeKeys {

  private static final String DELIVERY = "d";
  private static final String SAME_BODY = "b";
  private static final String SHOP = "s";
  private static final String BODY_ANYWHERE = "~body";
  private static final String RESOURCE_ANYWHERE = "~resource";

  private static final String VERDICT = "~verdict";

  private IntakeKeys() {}

  /** A delivery, by the key of deduplication; one without a webhook id is known by its body. */
  public static byte[] delivery(WebhookReceived event) {
    String id = event.webhookId().isEmpty() ? "body:" + event.bodyHash().hex() : event.webhookId();
    return Keys.of(event.tenant(), DELIVERY + test(event), event.topic(), id);
  }

  /** A body within a shop and topic. */
  public static byte[] sameBody(WebhookReceived event) {
    return Keys.of(event.tenant(), SAME_BODY + test(event), event.topic(), event.bodyHash().hex());
  }

  /** A copy that somebody marked as a test must not stand for the delivery that comes after it. */
  private static String test(WebhookReceived event) {
    return event.test() ? "t" : "";
  }

  /** Whether a shop is installed. */
  public static byte[] shop(String tenant) {
    return Keys.of(tenant, SHOP);
  }

  /** A body in any shop of the partition. */
  public static byte[] bodyAnywhere(Bytes bodyHash) {
    return Keys.of(BODY_ANYWHERE, bodyHash.hex());
  }

  /** A resource in any shop of the partition. */
  public static byte[] resourceAnywhere(Bytes resourceHash) {
    return Keys.of(RESOURCE_ANYWHERE, resourceHash.hex());
  }

  /** How the keys of all resources begin. */
  static byte[] resourcesAnywhere() {
    return Keys.of(RESOURCE_ANYWHERE);
  }

  /** The hash of the resource that a key of {@link #resourceAnywhere} is of. */
  static Bytes resourceOf(byte[] key) {
    int from = resourcesAnywhere().length;
    return Bytes.ofHex(new String(key, from, key.length - from - 1, StandardCharsets.UTF_8));
  }

  /** What was found out about the delivery at {@code offset}; kept as long as the log. */
  public static byte[] verdict(long offset) {
    return Keys.of(offset, VERDICT);
  }

  /** Whether {@code key} begins with that of a kind of rows. */
  private static boolean isOf(String kind, byte[] key) {
    byte[] prefix = Keys.of(kind);
    return key.length > prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** How long a row is remembered; empty for one that stays. */
  public static Optional<Duration> memory(byte[] key, byte[] value) {
    boolean shop = value.length == 1;
    if (shop || isOf(VERDICT, key)) {
      return Optional.empty();
    }
    return Optional.of(isOf(RESOURCE_ANYWHERE, key) ? FirstSeen.BINDING : FirstSeen.MEMORY);
  }
}
