package com.credlink.ledger.api.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON object as RFC 8259 wants it between systems: in UTF-8, no field twice, nothing
 * behind it. What two readers could take for two different objects is none.
 */
final class JsonObjects {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonObjects() {}

  /** What is no such object. The message ends a sentence: {@code "is not a JSON object"}. */
  static final class NoJsonObjectException extends Exception {
    NoJsonObjectException(String message) {
      super(message);
    }
  }

  /** The object that {@code raw} spells. */
  static ObjectNode read(byte[] raw) throws NoJsonObjectException {
    try {
      // As text, because Jackson guesses the encoding of bytes and takes loose UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw new NoJsonObjectException("is not a JSON object");
    } catch (CharacterCodingException e) {
      throw new NoJsonObjectException("is not UTF-8");
    } catch (StreamConstraintsException e) {
      // This one knows no location.
      throw new NoJsonObjectException(
          "is nested too deeply, or has a name or a number that is too long");
    } catch (JsonProcessingException e) {
      throw new NoJsonObjectException(
          "is not valid JSON (line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ")");
    }
  }
}
