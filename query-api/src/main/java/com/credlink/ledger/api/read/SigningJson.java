package com.credlink.ledger.api.read;

import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.signing.Failure;
import com.credlink.ledger.projections.signing.HistoryEntry;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.topology.query.SigningView.OpenStart;
import com.credlink.ledger.wire.EventJson;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** A signing request as the API shows it. */
public final class SigningJson {

  private SigningJson() {}

  /** The status, the same in a list and alone. */
  public static ObjectNode status(SigningState state) {
    ObjectNode json = summary(state);
    ArrayNode signatures = json.putArray("signatures");
    state.signatures().forEach(signature -> signatures.add(signature(signature)));
    if (state.signatures().isEmpty()) {
      json.putNull("signature");
    } else {
      json.set("signature", signature(state.signatures().getFirst()));
    }
    ArrayNode events = json.putArray("events");
    state.course().history().forEach(entry -> events.add(entry.eventId()));
    return json;
  }

  private static ObjectNode summary(SigningState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("request_id", state.request().requestId());
    json.put("status", state.status());
    json.put("attempt", state.attempt());
    json.put(
        "next_attempt_at",
        state instanceof SigningState.RetryScheduled s ? EventJson.time(s.dueAt()) : null);
    json.put("lane", lane(state.request().lane()));
    json.put("asset_sha256", state.request().digest());
    json.put("signed_sha256", state.signedSha256().orElse(null));
    json.put("timestamped_sha256", state.stampedFile().orElse(null));
    if (state instanceof SigningState.Timestamped stamped) {
      ObjectNode stamp = json.putObject("timestamp");
      stamp.put("at", EventJson.time(stamped.stampedAt()));
      stamp.put("tsa", stamped.tsa());
      stamp.put("trust", stamped.tsa().equals("development") ? "development" : "public");
    } else {
      json.putNull("timestamp");
    }
    json.put("created_at", EventJson.time(state.request().createdAt()));
    json.put("updated_at", EventJson.time(state.course().last().at()));
    state.sameAs().ifPresent(first -> json.put("same_as", first));
    if (state instanceof SigningState.AwaitingApproval waiting) {
      ObjectNode approvals = json.putObject("approvals");
      approvals.put("required", state.request().approvals());
      approvals.put("given", waiting.approvers().size());
    }
    failure(state)
        .ifPresent(
            why -> {
              ObjectNode failure = json.putObject("failure");
              failure.put("class", why.errorClass());
              failure.put("reason", why.reason());
            });
    state
        .request()
        .origin()
        .ifPresent(
            origin -> {
              ObjectNode node = json.putObject("origin");
              node.put("webhook_event_id", origin.webhookEventId());
              node.put("image_id", origin.imageId());
              node.put("source", origin.source());
            });
    return json;
  }

  private static java.util.Optional<Failure> failure(SigningState state) {
    return switch (state) {
      case SigningState.RetryScheduled s -> java.util.Optional.of(s.failure());
      case SigningState.DeadLettered s -> java.util.Optional.of(s.failure());
      case SigningState.Signing s -> s.failure();
      default -> java.util.Optional.empty();
    };
  }

  private static ObjectNode signature(Signature signature) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", signature.format().name().toLowerCase(Locale.ROOT));
    json.put("alg", algorithm(signature.algorithm()));
    json.put("key_id", signature.keyId());
    byte[] value = signature.value().toArray();
    json.put(
        "value",
        signature.format() == SignatureFormat.JWS
            ? new String(value, StandardCharsets.US_ASCII)
            : Base64.getEncoder().encodeToString(value));
    return json;
  }

  /** JOSE name of an algorithm. */
  public static String algorithm(SignatureAlgorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "ES256";
      case ES384 -> "ES384";
      case PS256 -> "PS256";
      case EDDSA -> "EdDSA";
      case ML_DSA_44 -> "ML-DSA-44";
      case ML_DSA_65 -> "ML-DSA-65";
      case UNKNOWN -> "unknown";
    };
  }

  /** Name of a lane. */
  public static String lane(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }

  /** Answer to a create whose verdict is known. */
  public static ObjectNode created(SigningState state, Position position) {
    ObjectNode json = status(state);
    json.put("position", position.toString());
    return json;
  }

  /** Answer to a create whose verdict is not known in time. */
  public static ObjectNode pending(SigningRequested event, Position position) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("request_id", event.requestId());
    json.put("status", "REQUESTED");
    json.put("verdict", "pending");
    json.put("lane", lane(event.lane()));
    json.put("asset_sha256", event.digest());
    json.put("created_at", EventJson.time(event.header().recordedAt()));
    json.put("position", position.toString());
    return json;
  }

  /** A start without an outcome. */
  static ObjectNode openStart(OpenStart open, boolean underWay) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("request_id", open.requestId());
    json.put("attempt", open.start().attempt());
    json.put("started_event_id", open.start().eventId());
    json.put("started_at", EventJson.time(open.start().at()));
    json.put("worker", open.start().detail());
    json.put("under_way", underWay);
    return json;
  }

  /** Every transition, oldest first. */
  public static ObjectNode history(SigningState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode items = json.putArray("items");
    for (HistoryEntry entry : state.course().history()) {
      ObjectNode item = items.addObject();
      item.put("status", entry.status());
      item.put("at", EventJson.time(entry.at()));
      item.put("event_id", entry.eventId());
      item.put("type", entry.type());
      item.put("attempt", entry.attempt());
      item.put("detail", entry.detail());
    }
    return json;
  }
}
