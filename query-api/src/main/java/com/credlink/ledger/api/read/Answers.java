package com.credlink.ledger.api.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Writes a JSON answer with its entity tag and answers 304 when the caller has it already. */
public final class Answers {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TAG_BYTES = 16;

  private Answers() {}

  /**
   * Answers with {@code body}.
   *
   * @param tagged the part of it that the entity tag follows: for a list its items, so that reading
   *     does not change the tag
   */
  public static void json(Context ctx, JsonNode body, JsonNode tagged) {
    bytes(ctx, "application/json", write(body), tag(write(tagged)));
  }

  /** Answers with {@code body}, tagged as a whole. */
  public static void json(Context ctx, JsonNode body) {
    json(ctx, body, body);
  }

  /** Answers with bytes under a strong entity tag. */
  public static void bytes(Context ctx, String contentType, byte[] body, String tag) {
    ctx.header("ETag", tag);
    ctx.header("Cache-Control", "private, no-cache");
    if (matches(ctx.header("If-None-Match"), tag)) {
      ctx.status(304);
      return;
    }
    ctx.contentType(contentType);
    ctx.result(body);
  }

  /** A strong entity tag over {@code content}. */
  public static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private static boolean matches(String header, String tag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(String::strip)
            .map(one -> one.startsWith("W/") ? one.substring(2) : one)
            .anyMatch(one -> one.equals("*") || one.equals(tag));
  }

  private static byte[] write(JsonNode body) {
    try {
      return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }
}
