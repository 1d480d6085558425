package com.credlink.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parts joined with their lengths, held to the JDK's own writer. */
class LengthPrefixedTest {

  @Test
  void shouldWriteEachPartBehindItsLengthWhateverTheSizes() throws IOException {
    // Given
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<byte[]> parts = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        byte[] part = new byte[random.nextInt(random.nextBoolean() ? 20 : 2_000)];
        random.nextBytes(part);
        parts.add(part);
      }

      // When
      LengthPrefixed joined = new LengthPrefixed();
      parts.forEach(joined::add);
      byte[] behindOthers = new LengthPrefixed().add("first").addAll(joined).toByteArray();

      // Then
      assertThat(joined.toByteArray()).isEqualTo(expected(parts));
      parts.addFirst("first".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(behindOthers).isEqualTo(expected(parts));
    }
  }

  private static byte[] expected(List<byte[]> parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (byte[] part : parts) {
      out.writeInt(part.length);
      out.write(part);
    }
    return bytes.toByteArray();
  }
}
