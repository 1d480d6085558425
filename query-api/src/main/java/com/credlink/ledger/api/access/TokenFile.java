package com.credlink.ledger.api.access;

import com.credlink.ledger.keys.PrivateFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The file of tokens: hashes only, for its owner alone, replaced as a whole.
 *
 * <p>It is read strictly, because what is passed over in it is a right: a token whose {@code
 * tenant} or {@code expires_at} cannot be read would be one of all shops, or for ever, and a file
 * that is cut off would be written again without the tokens that it lost.
 */
final class TokenFile {

  private static final String TOKENS = "tokens";
  private static final String ID = "id";
  private static final String SHA_256 = "sha256";
  private static final String ROLE = "role";
  private static final String TENANT = "tenant";
  private static final String EXPIRES_AT = "expires_at";
  private static final Set<String> FIELDS = Set.of(ID, SHA_256, ROLE, TENANT, EXPIRES_AT);
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private byte[] known = {};

  TokenFile(Path file) {
    this.file = file;
  }

  /**
   * A token without itself.
   *
   * @param id its public id
   * @param role of its holder
   * @param tenant the only tenant that its holder may see, if there is one
   * @param expiresAt from when on it lets nobody in, if ever
   */
  record Entry(String id, Role role, Optional<String> tenant, Optional<Instant> expiresAt) {}

  /**
   * The tokens by their hashes, if the file exists and is not what was last read or written here.
   * The bytes are compared: two changes within one tick of the file system's clock look alike.
   *
   * @throws IllegalStateException when it cannot be read or is damaged; it is then left alone
   */
  Optional<Map<String, Entry>> changed() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      if (known.length > 0 && Arrays.equals(bytes, known)) {
        return Optional.empty();
      }
      Map<String, Entry> entries = read(bytes);
      known = bytes;
      return Optional.of(entries);
    } catch (IOException e) {
      throw new IllegalStateException("The token file " + file + " cannot be read", e);
    }
  }

  /**
   * Puts {@code entries} in place of what the file holds; durable when this returns.
   *
   * @throws IllegalStateException when it cannot be written; it is then what it was
   */
  void replace(Map<String, Entry> entries) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray(TOKENS);
    entries.forEach(
        (hash, entry) -> {
          ObjectNode node = list.addObject();
          node.put(ID, entry.id());
          node.put(SHA_256, hash);
          node.put(ROLE, entry.role().label());
          entry.tenant().ifPresent(tenant -> node.put(TENANT, tenant));
          entry.expiresAt().ifPresent(at -> node.put(EXPIRES_AT, at.toString()));
        });
    byte[] bytes = root.toPrettyString().getBytes(StandardCharsets.UTF_8);
    try {
      PrivateFile.replace(file, bytes);
    } catch (IOException e) {
      throw new IllegalStateException("The token file " + file + " cannot be written", e);
    }
    known = bytes;
  }

  private Map<String, Entry> read(byte[] bytes) {
    JsonNode root = json(bytes);
    JsonNode list = root.path(TOKENS);
    if (!list.isArray() || root.size() != 1) {
      throw damaged("it is not an object with the list 'tokens' alone");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (JsonNode node : list) {
      String what = "token " + (entries.size() + 1);
      String hash =
          text(node, SHA_256)
              .filter(hex -> HASH.matcher(hex).matches())
              .orElseThrow(() -> damaged(what + " has no 'sha256'"));
      if (entries.put(hash, entry(node, what)) != null) {
        throw damaged(what + " is there twice");
      }
    }
    return entries;
  }

  private JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw damaged("it is not JSON"); // its message would show what the file holds
    } catch (IOException e) {
      throw damaged("it is not text");
    }
  }

  private Entry entry(JsonNode node, String what) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                throw damaged(what + " has a field that is not known");
              }
            });
    return new Entry(
        text(node, ID).orElseThrow(() -> damaged(what + " has no 'id'")),
        text(node, ROLE).flatMap(Role::of).orElseThrow(() -> damaged(what + " has no 'role'")),
        optional(node, TENANT, what),
        optional(node, EXPIRES_AT, what).map(at -> time(at, what)));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).textValue()).filter(text -> !text.isBlank());
  }

  private Optional<String> optional(JsonNode node, String field, String what) {
    Optional<String> text = text(node, field);
    if (node.has(field) && text.isEmpty()) {
      throw damaged("the '" + field + "' of " + what + " is not a text");
    }
    return text;
  }

  private Instant time(String text, String what) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw damaged("the 'expires_at' of " + what + " is not a time");
    }
  }

  private IllegalStateException damaged(String how) {
    return new IllegalStateException(
        "The token file " + file + " is damaged: " + how + "; mend it or restore it from a backup");
  }
}
