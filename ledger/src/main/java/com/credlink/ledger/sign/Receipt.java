package com.credlink.ledger.sign;

import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.merkle.Hash;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;

/**
 * What the ledger promises when it accepts a fact: this record stands at this place, and the log
 * will show it by then. Whoever keeps it can prove later that something was accepted and is
 * missing.
 *
 * <p>As text it is a compact JWS (RFC 7515) with the header {@code
 * {"alg":"EdDSA","kid":…,"typ":"ledger-receipt"}} and the payload {@code
 * {"ledger":…,"event_id":…,"record_sha256":…,"partition":…,"offset":…,"time":…,"include_by":…}},
 * without blanks and in this order: a receipt has one written form.
 *
 * @param ledger name of the ledger; the log is {@code ledger/partition}.
 * @param eventId id of the event.
 * @param record the record's entry in the log: a digest of key, schema and value.
 * @param position where the record stands.
 * @param time when the ledger took the event.
 * @param includeBy from then on a checkpoint that covers the record is there.
 */
public record Receipt(
    String ledger,
    String eventId,
    Hash record,
    Position position,
    Instant time,
    Instant includeBy) {

  /** Characters in the longest receipt that is read. */
  public static final int MAX_LENGTH = 4096;

  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The origin of the log that must have the record. */
  public String log() {
    return ledger + "/" + position.partition();
  }

  /** The receipt as text, signed. */
  public String sign(Signer signer) {
    String input = header(signer) + '.' + base64(payload());
    return input
        + '.'
        + BASE64_URL.encodeToString(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Reads a receipt that one of {@code keys} has signed.
   *
   * @throws ReceiptException when it is none, or none of them has
   */
  public static Receipt verify(String compact, Collection<Verifier> keys) {
    String[] parts = compact.length() > MAX_LENGTH ? new String[0] : compact.split("\\.", -1);
    if (parts.length != 3) {
      throw new ReceiptException.Malformed("it is not three parts with points between");
    }
    Receipt receipt = parse(decoded(parts[1]));
    if (!base64(receipt.payload()).equals(parts[1])) {
      throw new ReceiptException.Malformed("its payload is not in its one written form");
    }
    Verifier key =
        keys.stream()
            .filter(one -> header(one).equals(parts[0]))
            .findFirst()
            .orElseThrow(ReceiptException.UnknownKey::new);
    byte[] signed = (parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII);
    if (!key.verify(signed, decoded(parts[2]))) {
      throw new ReceiptException.BadSignature(key.key().keyId());
    }
    return receipt;
  }

  /** What a text says without regard to who signed it. */
  private static Receipt parse(byte[] payload) {
    try {
      JsonNode said = JSON.readTree(payload);
      return new Receipt(
          said.path("ledger").asText(),
          said.path("event_id").asText(),
          Hash.ofHex(said.path("record_sha256").asText()),
          new Position(said.path("partition").asInt(), said.path("offset").asLong()),
          Instant.parse(said.path("time").asText()),
          Instant.parse(said.path("include_by").asText()));
    } catch (IOException e) {
      throw new ReceiptException.Malformed("its payload is not JSON");
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ReceiptException.Malformed("a value in its payload is not of its kind");
    }
  }

  private String payload() {
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    said.put("ledger", ledger);
    said.put("event_id", eventId);
    said.put("record_sha256", record.hex());
    said.put("partition", position.partition());
    said.put("offset", position.offset());
    said.put("time", time.toString());
    said.put("include_by", includeBy.toString());
    return said.toString();
  }

  /** A key id is base64url: nothing in it needs escaping. */
  private static String header(Verifier key) {
    return base64(
        "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"ledger-receipt\"}"
            .formatted(key.algorithm().jose(), key.key().keyId()));
  }

  private static String base64(String text) {
    return BASE64_URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] decoded(String part) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      // The decoder takes padding and spare bits; one value has one text.
      if (BASE64_URL.encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new ReceiptException.Malformed("a part is not base64url");
    }
    throw new ReceiptException.Malformed("a part is not base64url in its one written form");
  }
}
