package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Inputs that a parser has not been written for. */
public final class Fuzz {

  private static final List<String> PIECES =
      List.of(
          "\n",
          "\n\n",
          "\u2014 ",
          " ",
          "+",
          "=",
          "A",
          "\0",
          "\t",
          "\u00a0",
          "\ud83d\ude00",
          "0",
          "-1",
          "9223372036854775808",
          "index ",
          "extra ",
          "log ",
          "witness ",
          "group ",
          "quorum ",
          "none",
          "any",
          "#");

  private Fuzz() {}

  /** The valid input with some damage: bits, bytes, pieces, cuts, doubled and swapped parts. */
  public static byte[] damaged(byte[] valid, Random random) {
    byte[] bytes = valid;
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes = damagedOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] damagedOnce(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int from = random.nextInt(bytes.length);
    int to = from + random.nextInt(Math.min(bytes.length - from, 40) + 1);
    byte[] part = Arrays.copyOfRange(bytes, from, to);
    byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(6)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[from] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 1 -> spliced(bytes, from, to, new byte[0]);
      case 2 -> spliced(bytes, from, from, piece);
      case 3 -> spliced(bytes, from, to, piece);
      case 4 -> spliced(bytes, to, to, part);
      default -> Arrays.copyOf(bytes, from);
    };
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(piece);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  /**
   * Either the typed error or the same bytes again.
   *
   * @param readAndWrite parses and formats.
   * @return whether it was accepted.
   */
  static boolean refusedOrSame(byte[] input, UnaryOperator<byte[]> readAndWrite) {
    byte[][] written = new byte[1][];
    Throwable thrown = catchThrowable(() -> written[0] = readAndWrite.apply(input));
    if (thrown == null) {
      assertThat(written[0]).isEqualTo(input);
      return true;
    }
    assertThat(thrown).isInstanceOf(NoteException.class);
    return false;
  }
}
