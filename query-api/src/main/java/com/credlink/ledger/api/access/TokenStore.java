package com.credlink.ledger.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bearer tokens of this node, kept as SHA-256 hashes only. A token has 256 random bits, so its hash
 * needs neither salt nor stretching. A file that another process changes (`ledger token create`) is
 * read again.
 */
public final class TokenStore {

  /** Longest token looked at. */
  static final int MAX_TOKEN_LENGTH = 200;

  private static final int TOKEN_BYTES = 32;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final InstantSource clock;
  private final SecureRandom random;
  private Map<String, Entry> byHash = Map.of();
  private Optional<FileTime> readAt = Optional.empty();
  private Instant nextLook = Instant.EPOCH;

  private record Entry(
      String id, Role role, Optional<String> tenant, Optional<Instant> expiresAt) {}

  /**
   * A new token.
   *
   * @param id its public id
   * @param token the token itself, shown once
   */
  public record Created(String id, String token) {}

  /** Tokens in {@code file}, which need not exist yet. */
  public TokenStore(Path file, InstantSource clock, SecureRandom random) {
    this.file = file;
    this.clock = clock;
    this.random = random;
  }

  /** Who holds {@code token}, if it is known and has not expired. */
  public synchronized Optional<Principal> principal(String token) {
    if (token.length() > MAX_TOKEN_LENGTH) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (!now.isBefore(nextLook)) {
      readIfChanged();
      nextLook = now.plus(Duration.ofSeconds(1));
    }
    return Optional.ofNullable(byHash.get(hash(token)))
        .filter(entry -> entry.expiresAt().map(now::isBefore).orElse(true))
        .map(TokenStore::principal);
  }

  /** Draws a token that lets nobody in until it is kept. */
  public Created draw() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return new Created(
        HexFormat.of().formatHex(randomId()),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** From here on {@code token} lets its holder in. */
  public synchronized void keep(
      Created token, Role role, Optional<String> tenant, Optional<Instant> expiresAt) {
    readIfChanged();
    Map<String, Entry> next = new LinkedHashMap<>(byHash);
    next.put(hash(token.token()), new Entry(token.id(), role, tenant, expiresAt));
    write(next);
  }

  /** Who holds the token with this public id. */
  public synchronized Optional<Principal> holder(String id) {
    readIfChanged();
    return byHash.values().stream()
        .filter(entry -> entry.id().equals(id))
        .findFirst()
        .map(TokenStore::principal);
  }

  /** Whether nobody can be let in. */
  public synchronized boolean isEmpty() {
    readIfChanged();
    return byHash.isEmpty();
  }

  private static Principal principal(Entry entry) {
    return new Principal("token:" + entry.id(), entry.role(), entry.tenant());
  }

  /** Takes a token that was made elsewhere; one that is known already keeps its id. */
  public synchronized String add(
      String token, Role role, Optional<String> tenant, Optional<Duration> lifetime) {
    readIfChanged();
    String hash = hash(token);
    Entry known = byHash.get(hash);
    if (known != null && known.role() == role && known.tenant().equals(tenant)) {
      return known.id();
    }
    String id = HexFormat.of().formatHex(randomId());
    Map<String, Entry> next = new LinkedHashMap<>(byHash);
    next.put(hash, new Entry(id, role, tenant, lifetime.map(clock.instant()::plus)));
    write(next);
    return id;
  }

  /** Takes a token back by its public id; false if there is none. */
  public synchronized boolean revoke(String id) {
    readIfChanged();
    Map<String, Entry> next = new LinkedHashMap<>(byHash);
    boolean removed = next.values().removeIf(entry -> entry.id().equals(id));
    if (removed) {
      write(next);
    }
    return removed;
  }

  private byte[] randomId() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return id;
  }

  private void readIfChanged() {
    try {
      if (!Files.exists(file)) {
        return;
      }
      FileTime changed = Files.getLastModifiedTime(file);
      if (readAt.filter(changed::equals).isEmpty()) {
        byHash = read();
        readAt = Optional.of(changed);
      }
    } catch (IOException e) {
      throw new IllegalStateException("The token file " + file + " cannot be read", e);
    }
  }

  private Map<String, Entry> read() throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (JsonNode node : JSON.readTree(Files.readAllBytes(file)).path("tokens")) {
      Role role =
          Role.of(node.path("role").asText())
              .orElseThrow(() -> new IOException("unknown role in " + file));
      entries.put(
          node.path("sha256").asText(),
          new Entry(
              node.path("id").asText(),
              role,
              Optional.ofNullable(node.path("tenant").textValue()),
              Optional.ofNullable(node.path("expires_at").textValue()).map(Instant::parse)));
    }
    return entries;
  }

  private void write(Map<String, Entry> entries) {
    ObjectNode root = JSON.createObjectNode();
    var list = root.putArray("tokens");
    entries.forEach(
        (hash, entry) -> {
          ObjectNode node = list.addObject();
          node.put("id", entry.id());
          node.put("sha256", hash);
          node.put("role", entry.role().label());
          entry.tenant().ifPresent(tenant -> node.put("tenant", tenant));
          entry.expiresAt().ifPresent(at -> node.put("expires_at", at.toString()));
        });
    try {
      Path temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(temporary);
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        channel.write(
            java.nio.ByteBuffer.wrap(root.toPrettyString().getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      byHash = Map.copyOf(entries);
      readAt = Optional.of(Files.getLastModifiedTime(file));
    } catch (IOException e) {
      throw new IllegalStateException("The token file " + file + " cannot be written", e);
    }
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
