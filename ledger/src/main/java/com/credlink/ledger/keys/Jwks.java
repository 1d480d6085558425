package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The JSON Web Key Set of our public keys (RFC 7517, RFC 8037, RFC 9964). */
public final class Jwks {

  /** The {@code crv} of an Ed25519 key (RFC 8037 section 2). */
  static final String ED25519 = "Ed25519";

  private static final String KEYS = "keys";

  private Jwks() {}

  /**
   * The set, in the order of {@code keys}; members in a fixed order, so equal sets are equal text.
   */
  public static ObjectNode of(Collection<PublicKeyInfo> keys) {
    ObjectNode set = JsonNodeFactory.instance.objectNode();
    ArrayNode list = set.putArray(KEYS);
    keys.forEach(key -> list.add(of(key)));
    return set;
  }

  /**
   * Keys of every purpose for those who decide what to trust: each with its one purpose, its state
   * and the time from which it is valid. A key that was replaced stays in the set, because what it
   * signed stays valid.
   */
  public static ObjectNode withValidity(Map<KeyPurpose, List<PublicKeyInfo>> keys) {
    ObjectNode set = JsonNodeFactory.instance.objectNode();
    ArrayNode list = set.putArray(KEYS);
    keys.forEach(
        (purpose, ofPurpose) ->
            ofPurpose.forEach(
                key ->
                    list.add(
                        of(key)
                            .put("purpose", purpose.label())
                            .put("state", key.state().name().toLowerCase(Locale.ROOT))
                            .put(
                                "not_before",
                                DateTimeFormatter.ISO_INSTANT.format(key.createdAt())))));
    return set;
  }

  /**
   * What checks signatures of the Ed25519 keys of one purpose in a published set. Keys of other
   * kinds, and what is no key, are passed over, as RFC 7517 section 5 has it.
   *
   * @param set what {@link #withValidity} wrote, or one key of it
   */
  public static List<Verifier> ed25519(JsonNode set, KeyPurpose purpose) {
    List<Verifier> found = new ArrayList<>();
    for (JsonNode key : set.has(KEYS) ? set.path(KEYS) : List.of(set)) {
      if (key.path("crv").asText().equals(ED25519)
          && key.path("purpose").asText().equals(purpose.label())) {
        point(key.path("x").asText()).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Verifier> point(String x) {
    try {
      return Optional.of(Ed25519Keys.verifier(Bytes.wrap(Base64.getUrlDecoder().decode(x))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode of(PublicKeyInfo key) {
    ObjectNode jwk = JsonNodeFactory.instance.objectNode();
    SortedMap<String, String> members = PublicHalf.decode(key.publicKey().toArray()).jwk();
    jwk.put("kty", members.get("kty"));
    members.forEach(jwk::put);
    return jwk.put("kid", key.keyId()).put("alg", key.algorithm().jose()).put("use", "sig");
  }
}
