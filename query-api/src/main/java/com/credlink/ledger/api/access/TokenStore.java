package com.credlink.ledger.api.access;

import com.credlink.ledger.api.access.TokenFile.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

/**
 * Bearer tokens of this node, kept as SHA-256 hashes only. A token has 256 random bits, so its hash
 * needs neither salt nor stretching. A file that another process changes is read again within a
 * second; one that is damaged lets nobody in and is not written, so that nothing in it is lost.
 */
public final class TokenStore {

  /** Longest token looked at. */
  static final int MAX_TOKEN_LENGTH = 200;

  /** End of a token that was taken back. */
  private static final Optional<Instant> REVOKED = Optional.of(Instant.EPOCH);

  private static final int TOKEN_BYTES = 32;

  private final TokenFile file;
  private final InstantSource clock;
  private final SecureRandom random;
  private Map<String, Entry> byHash = Map.of();
  private Instant nextLook = Instant.EPOCH;

  /**
   * A new token.
   *
   * @param id its public id
   * @param token the token itself, shown once
   */
  public record Created(String id, String token) {}

  /** Tokens in {@code file}, which need not exist yet. */
  public TokenStore(Path file, InstantSource clock, SecureRandom random) {
    this.file = new TokenFile(file);
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
        .filter(entry -> entry.id().equals(id) && !isRevoked(entry))
        .findFirst()
        .map(TokenStore::principal);
  }

  /** Whether nobody can be let in. */
  public synchronized boolean isEmpty() {
    readIfChanged();
    return byHash.values().stream().allMatch(TokenStore::isRevoked);
  }

  private static boolean isRevoked(Entry entry) {
    return entry.expiresAt().equals(REVOKED);
  }

  private static Principal principal(Entry entry) {
    return new Principal("token:" + entry.id(), entry.role(), entry.tenant());
  }

  /** Takes a token that was made elsewhere; one that is known or was revoked keeps its id. */
  public synchronized String add(
      String token, Role role, Optional<String> tenant, Optional<Duration> lifetime) {
    readIfChanged();
    String hash = hash(token);
    Entry known = byHash.get(hash);
    if (known != null
        && (isRevoked(known) || (known.role() == role && known.tenant().equals(tenant)))) {
      return known.id();
    }
    String id = HexFormat.of().formatHex(randomId());
    Map<String, Entry> next = new LinkedHashMap<>(byHash);
    next.put(hash, new Entry(id, role, tenant, lifetime.map(clock.instant()::plus)));
    write(next);
    return id;
  }

  /**
   * Takes a token back by its public id; false if there is none that lets anybody in. It stays in
   * the file as one that ended long ago: whoever adds it again, as each start does with the
   * development tokens, does not bring it back.
   */
  public synchronized boolean revoke(String id) {
    readIfChanged();
    Map<String, Entry> next = new LinkedHashMap<>(byHash);
    boolean revoked = false;
    for (Map.Entry<String, Entry> each : next.entrySet()) {
      Entry entry = each.getValue();
      if (entry.id().equals(id) && !isRevoked(entry)) {
        each.setValue(new Entry(id, entry.role(), entry.tenant(), REVOKED));
        revoked = true;
      }
    }
    if (revoked) {
      write(next);
    }
    return revoked;
  }

  private byte[] randomId() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return id;
  }

  private void readIfChanged() {
    file.changed().ifPresent(entries -> byHash = entries);
  }

  private void write(Map<String, Entry> entries) {
    file.replace(entries);
    byHash = entries;
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
