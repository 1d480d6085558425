package com.credlink.ledger.api.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client secrets that Shopify may sign with. During a rotation it signs with the oldest one
 * that is not revoked, so several are accepted, each within its own window.
 *
 * <p>Signature: {@code base64(HMAC-SHA256(client secret, raw body))}, Shopify "Deliver webhooks
 * through HTTPS".
 */
public final class WebhookSecrets {

  private static final String HMAC = "HmacSHA256";
  private static final int HMAC_BYTES = 32;

  private final List<Secret> secrets;

  /** Secrets in the order in which they are tried. */
  public WebhookSecrets(List<Secret> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("shopify.client_secrets names no secret");
    }
    this.secrets = List.copyOf(secrets);
  }

  /**
   * One client secret.
   *
   * @param id what is recorded when it matches
   * @param key the secret's UTF-8 bytes as a key
   * @param notBefore valid from, inclusive
   * @param notAfter valid until, exclusive
   */
  public record Secret(
      String id, SecretKeySpec key, Optional<Instant> notBefore, Optional<Instant> notAfter) {

    /** A secret from its text; an empty one is refused because its HMAC proves nothing. */
    public static Secret of(
        String id, String text, Optional<Instant> notBefore, Optional<Instant> notAfter) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("The Shopify client secret '" + id + "' is empty");
      }
      return new Secret(
          id, new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), HMAC), notBefore, notAfter);
    }

    boolean validAt(Instant now) {
      return notBefore.map(from -> !now.isBefore(from)).orElse(true)
          && notAfter.map(now::isBefore).orElse(true);
    }
  }

  /**
   * Id of the secret whose HMAC over {@code body} equals {@code header}, compared in constant time.
   */
  public Optional<String> matching(byte[] body, String header, Instant now) {
    Optional<byte[]> claimed = canonicalBase64(header);
    if (claimed.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> match = Optional.empty();
    for (Secret secret : secrets) {
      boolean equal = MessageDigest.isEqual(hmac(secret.key(), body), claimed.get());
      if (equal && secret.validAt(now) && match.isEmpty()) {
        match = Optional.of(secret.id());
      }
    }
    return match;
  }

  /**
   * The 32 bytes that {@code header} spells, if it is canonical base64 with padding. Java's decoder
   * also takes missing padding and loose trailing bits; two spellings of one signature must not
   * both pass.
   */
  private static Optional<byte[]> canonicalBase64(String header) {
    try {
      byte[] bytes = Base64.getDecoder().decode(header);
      return bytes.length == HMAC_BYTES && Base64.getEncoder().encodeToString(bytes).equals(header)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static byte[] hmac(SecretKeySpec key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }
}
