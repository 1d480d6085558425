package com.credlink.ledger.keys;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a key ring keeps beside its private keys, as JSON in an entry of the same file: each key's
 * state, times and certificates, and the changes that the log must still be told of. The chains
 * stand here because PKCS#12 has no chains: a reader puts them together from subjects and issuers,
 * and two authorities of one name would be mixed up.
 */
record RingState(List<Entry> keys, List<KeyChange> pending) {

  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  RingState {
    keys = List.copyOf(keys);
    pending = List.copyOf(pending);
  }

  /** One key. */
  record Entry(
      String keyId,
      KeyState state,
      Instant createdAt,
      Optional<Instant> activatedAt,
      List<X509Certificate> chain) {}

  byte[] encoded() {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    ArrayNode list = root.putArray("keys");
    for (Entry key : keys) {
      ObjectNode json = list.addObject().put("id", key.keyId()).put("state", key.state().name());
      json.put("created_at", key.createdAt().toString());
      key.activatedAt().ifPresent(at -> json.put("activated_at", at.toString()));
      ArrayNode chain = json.putArray("chain");
      key.chain().forEach(certificate -> chain.add(encoded(certificate)));
    }
    ArrayNode changes = root.putArray("pending");
    for (KeyChange change : pending) {
      ObjectNode json =
          changes
              .addObject()
              .put("kind", change.kind().name())
              .put("id", change.keyId())
              .put("reason", change.reason())
              .put("at", change.at().toString())
              .put("actor_type", change.cause().actor().type().name())
              .put("actor", change.cause().actor().id())
              .put("source", change.cause().source());
      change.cause().causationId().ifPresent(id -> json.put("causation", id));
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate in memory always has an encoding", e);
    }
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws IllegalArgumentException when it is something else.
   */
  static RingState decode(byte[] encoded) {
    try {
      JsonNode root = JSON.readTree(encoded);
      if (root.path("version").asInt() != VERSION) {
        throw new IllegalArgumentException("the ring's state has another version");
      }
      List<Entry> keys = new ArrayList<>();
      for (JsonNode json : root.path("keys")) {
        keys.add(
            new Entry(
                json.path("id").asText(),
                KeyState.valueOf(json.path("state").asText()),
                Instant.parse(json.path("created_at").asText()),
                text(json, "activated_at").map(Instant::parse),
                chain(json.path("chain"))));
      }
      List<KeyChange> pending = new ArrayList<>();
      for (JsonNode json : root.path("pending")) {
        pending.add(change(json));
      }
      return new RingState(keys, pending);
    } catch (IOException | CertificateException | DateTimeException e) {
      throw new IllegalArgumentException("the ring's state cannot be read", e);
    }
  }

  private static KeyChange change(JsonNode json) {
    return new KeyChange(
        KeyChange.Kind.valueOf(json.path("kind").asText()),
        json.path("id").asText(),
        json.path("reason").asText(),
        Instant.parse(json.path("at").asText()),
        new KeyChange.Cause(
            new Actor(
                ActorType.valueOf(json.path("actor_type").asText()), json.path("actor").asText()),
            json.path("source").asText(),
            text(json, "causation")));
  }

  private static Optional<String> text(JsonNode json, String name) {
    return Optional.of(json.path(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  private static List<X509Certificate> chain(JsonNode json) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (JsonNode certificate : json) {
      byte[] der = Base64.getDecoder().decode(certificate.asText());
      chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return chain;
  }
}
