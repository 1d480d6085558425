package com.credlink.ledger.keys;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;

/** The JSON Web Key Set of our public keys (RFC 7517, RFC 8037). */
public final class Jwks {

  /** What the ring's keys are for; no key serves two purposes. */
  private static final String ASSET_SIGNING = "asset-signing";

  private Jwks() {}

  /**
   * The set, in the order of {@code keys}; members in a fixed order, so equal sets are equal text.
   */
  public static ObjectNode of(Collection<PublicKeyInfo> keys) {
    ObjectNode set = JsonNodeFactory.instance.objectNode();
    ArrayNode list = set.putArray("keys");
    keys.forEach(key -> list.add(of(key)));
    return set;
  }

  /**
   * The same set for those who decide what to trust: each key with its one purpose, its state and
   * the time from which it is valid. A key that was replaced stays in the set, because what it
   * signed stays valid.
   */
  public static ObjectNode withValidity(Collection<PublicKeyInfo> keys) {
    ObjectNode set = JsonNodeFactory.instance.objectNode();
    ArrayNode list = set.putArray("keys");
    keys.forEach(
        key ->
            list.add(
                of(key)
                    .put("purpose", ASSET_SIGNING)
                    .put("state", key.state().name().toLowerCase(Locale.ROOT))
                    .put("not_before", DateTimeFormatter.ISO_INSTANT.format(key.createdAt()))));
    return set;
  }

  private static ObjectNode of(PublicKeyInfo key) {
    ObjectNode jwk = JsonNodeFactory.instance.objectNode();
    switch (PublicHalf.decode(key.publicKey().toArray())) {
      case PublicHalf.P256 ec ->
          jwk.put("kty", "EC")
              .put("crv", Algorithm.ES256.curve())
              .put("x", ec.x())
              .put("y", ec.y());
      case PublicHalf.Edwards ed ->
          jwk.put("kty", "OKP").put("crv", Algorithm.ED25519.curve()).put("x", ed.x());
    }
    return jwk.put("kid", key.keyId()).put("alg", key.algorithm().jose()).put("use", "sig");
  }
}
