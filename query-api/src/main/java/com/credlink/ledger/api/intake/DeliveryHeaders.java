package com.credlink.ledger.api.intake;

import com.credlink.ledger.event.HeaderFamily;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a delivery's headers claim. The HMAC does not cover them: everything here is to be checked
 * against the body and the installed shops. With both families, what the classic one lacks is taken
 * from the other, so that no claim escapes those checks.
 *
 * @param family which header family carried it
 * @param hmac the signature header; with both families, the classic one
 * @param otherHmac with both families, the signature header of the other
 * @param topic the topic, such as {@code products/update}
 * @param shop the shop's domain, lower case
 * @param webhookId unique for one delivery
 * @param eventId shared by all deliveries of one merchant action
 * @param triggeredAt when Shopify triggered it, as written
 * @param apiVersion version of the payload
 * @param subscription the subscription's name
 * @param test whether it is a test delivery
 * @param disagree both families are present and name different shops, topics or ids
 */
record DeliveryHeaders(
    HeaderFamily family,
    Optional<String> hmac,
    Optional<String> otherHmac,
    Optional<String> topic,
    Optional<String> shop,
    Optional<String> webhookId,
    Optional<String> eventId,
    Optional<String> triggeredAt,
    Optional<String> apiVersion,
    Optional<String> subscription,
    boolean test,
    boolean disagree) {

  /** Reads both families from a request's headers. */
  static DeliveryHeaders read(Function<String, String> header) {
    Family classic = Family.read("X-Shopify-", header);
    Family events = Family.read("Shopify-", header);
    if (classic.hmac().isPresent() && events.hmac().isPresent()) {
      boolean disagree =
          differ(classic.topic(), events.topic())
              || differ(classic.shop(), events.shop())
              || differ(classic.webhookId(), events.webhookId());
      return of(HeaderFamily.BOTH, classic.completedBy(events), events.hmac(), disagree);
    }
    return events.hmac().isPresent()
        ? of(HeaderFamily.EVENTS, events, Optional.empty(), false)
        : of(HeaderFamily.CLASSIC, classic, Optional.empty(), false);
  }

  private static boolean differ(Optional<String> one, Optional<String> other) {
    return one.isPresent() && other.isPresent() && !one.equals(other);
  }

  private static DeliveryHeaders of(
      HeaderFamily family, Family from, Optional<String> otherHmac, boolean disagree) {
    return new DeliveryHeaders(
        family,
        from.hmac(),
        otherHmac,
        from.topic(),
        from.shop(),
        from.webhookId(),
        from.eventId(),
        from.triggeredAt(),
        from.apiVersion(),
        from.subscription(),
        from.test(),
        disagree);
  }

  private record Family(
      Optional<String> hmac,
      Optional<String> topic,
      Optional<String> shop,
      Optional<String> webhookId,
      Optional<String> eventId,
      Optional<String> triggeredAt,
      Optional<String> apiVersion,
      Optional<String> subscription,
      boolean test) {

    static Family read(String prefix, Function<String, String> header) {
      Function<String, Optional<String>> get =
          name ->
              Optional.ofNullable(header.apply(prefix + name)).filter(value -> !value.isBlank());
      return new Family(
          get.apply("Hmac-Sha256"),
          get.apply("Topic"),
          get.apply("Shop-Domain").map(domain -> domain.toLowerCase(Locale.ROOT)),
          get.apply("Webhook-Id"),
          get.apply("Event-Id"),
          get.apply("Triggered-At"),
          get.apply("API-Version"),
          get.apply("Name"),
          get.apply("Test").map(Boolean::parseBoolean).orElse(false));
    }

    Family completedBy(Family other) {
      return new Family(
          hmac,
          topic.or(other::topic),
          shop.or(other::shop),
          webhookId.or(other::webhookId),
          eventId.or(other::eventId),
          triggeredAt.or(other::triggeredAt),
          apiVersion.or(other::apiVersion),
          subscription.or(other::subscription),
          test);
    }
  }
}
