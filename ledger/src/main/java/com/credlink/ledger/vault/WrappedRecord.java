package com.credlink.ledger.vault;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.LengthPrefixed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * A record of {@code privacy.keys}: bytes sealed under an epoch key and bound to the record's key
 * and to what stands beside them.
 *
 * @param purpose what the bytes are for.
 * @param createdAt when they were made, in milliseconds' precision.
 * @param epoch the epoch key that seals them.
 * @param nonce 96-bit nonce.
 * @param sealed AES-256-GCM of the bytes.
 */
record WrappedRecord(String purpose, Instant createdAt, String epoch, Bytes nonce, Bytes sealed) {

  private static final int VERSION = 1;

  static WrappedRecord seal(
      String recordKey,
      String purpose,
      Instant now,
      byte[] plain,
      EpochKeys epochs,
      AesGcm cipher,
      SecureRandom random) {
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    Instant createdAt = now.truncatedTo(ChronoUnit.MILLIS);
    String epoch = epochs.current();
    byte[] sealed =
        cipher.seal(
            epochs.key(epoch).orElseThrow(),
            nonce,
            context(recordKey, purpose, createdAt, epoch),
            plain);
    return new WrappedRecord(purpose, createdAt, epoch, Bytes.wrap(nonce), Bytes.wrap(sealed));
  }

  /**
   * The bytes; empty when their epoch key was destroyed.
   *
   * @throws VaultException.Tampered when the record was altered or stands under another key.
   */
  Optional<byte[]> open(String recordKey, EpochKeys epochs, AesGcm cipher) {
    Optional<SecretKey> key = epochs.key(epoch);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cipher.open(
              key.get(),
              nonce.toArray(),
              context(recordKey, purpose, createdAt, epoch),
              sealed.toArray()));
    } catch (AEADBadTagException e) {
      throw new VaultException.Tampered(
          "wrapped key record '%s' was altered".formatted(recordKey), e);
    }
  }

  /** JSON, so that the topic can be looked at with any tool. */
  Bytes encode() {
    return Bytes.wrap(
        JsonNodeFactory.instance
            .objectNode()
            .put("v", VERSION)
            .put("purpose", purpose)
            .put("created_at", createdAt.toString())
            .put("epoch", epoch)
            .put("nonce", nonce.toArray())
            .put("sealed", sealed.toArray())
            .toString()
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Reads {@link #encode}; empty for anything else. */
  static Optional<WrappedRecord> decode(Bytes encoded) {
    try {
      JsonNode json = new ObjectMapper().readTree(encoded.toArray());
      if (json.path("v").asInt() != VERSION) {
        return Optional.empty();
      }
      byte[] nonce = json.required("nonce").binaryValue();
      byte[] sealed = json.required("sealed").binaryValue();
      if (nonce == null || sealed == null || nonce.length != AesGcm.NONCE_BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          new WrappedRecord(
              json.required("purpose").asText(),
              Instant.parse(json.required("created_at").asText()),
              json.required("epoch").asText(),
              Bytes.wrap(nonce),
              Bytes.wrap(sealed)));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static byte[] context(String recordKey, String purpose, Instant createdAt, String epoch) {
    return LengthPrefixed.of(
        "ledger.privacy.keys.v1", recordKey, purpose, createdAt.toString(), epoch);
  }
}
