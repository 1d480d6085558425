package com.credlink.ledger.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Where event ids come from: injected, so that tests and replays know them beforehand. */
@FunctionalInterface
public interface Ids {

  /** A new id, never given before. */
  String next();

  /**
   * UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, a 12-bit counter and
   * 62 random bits. Ids of one instance are strictly increasing, also when the clock stands still
   * or goes back; then they run ahead of it by as little as possible. Safe for many threads.
   */
  static Ids uuidV7(InstantSource clock, RandomGenerator random) {
    return new UuidV7(clock, random);
  }

  /**
   * The id that follows from {@code parts}: a UUID of version 8 made of the first 16 bytes of a
   * SHA-256 over the parts, each preceded by its length as four bytes, so that {@code ("ab", "c")}
   * and {@code ("a", "bc")} differ. The same parts give the same id for ever: a fact that is
   * proposed twice is one fact.
   */
  static String derived(String... parts) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (String part : parts) {
      byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
      sha256.update(utf8);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
    return UuidV7.uuid(digest.getLong(), digest.getLong(), 8);
  }
}
