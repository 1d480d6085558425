package com.credlink.ledger.sign;

import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.Verifier;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Compact JWS (RFC 7515) over the 32 bytes of a digest: header {@code {"alg":…,"kid":…}}, payload
 * the raw digest.
 */
public final class Jws {

  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();

  private Jws() {}

  /**
   * Signs a digest.
   *
   * @throws IllegalArgumentException when {@code digest} has not 32 bytes.
   */
  public static String compact(Signer signer, byte[] digest) {
    String input = signingInput(signer, digest);
    return input
        + '.'
        + BASE64_URL.encodeToString(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Whether {@code compact} is the signature of this key over {@code digest}.
   *
   * <p>The expected header and payload are written again and compared as text, so neither another
   * algorithm nor another header, order or padding is ever interpreted.
   */
  public static boolean verify(Verifier verifier, byte[] digest, String compact) {
    String input = signingInput(verifier, digest);
    if (!compact.startsWith(input + '.')) {
      return false;
    }
    String encoded = compact.substring(input.length() + 1);
    byte[] signature;
    try {
      signature = Base64.getUrlDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      return false;
    }
    // The decoder takes spare bits and padding; one signature has one text.
    return BASE64_URL.encodeToString(signature).equals(encoded)
        && verifier.verify(input.getBytes(StandardCharsets.US_ASCII), signature);
  }

  /** The {@code kid} that {@code compact} claims, to find its key by; empty if it claims none. */
  public static Optional<String> keyId(String compact) {
    int dot = compact.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      JsonNode header =
          new ObjectMapper()
              .readTree(
                  new String(
                      Base64.getUrlDecoder().decode(compact.substring(0, dot)),
                      StandardCharsets.UTF_8));
      return Optional.of(header.path("kid")).filter(JsonNode::isTextual).map(JsonNode::textValue);
    } catch (IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }

  private static String signingInput(Verifier key, byte[] digest) {
    // A key id is base64url: nothing in it needs escaping.
    String header =
        "{\"alg\":\"" + key.algorithm().jose() + "\",\"kid\":\"" + key.key().keyId() + "\"}";
    return BASE64_URL.encodeToString(header.getBytes(StandardCharsets.US_ASCII))
        + '.'
        + BASE64_URL.encodeToString(Digest.require(digest));
  }
}
