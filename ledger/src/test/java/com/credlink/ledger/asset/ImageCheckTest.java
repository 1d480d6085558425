package com.credlink.ledger.asset;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.asset.ImageCheck.Accepted;
import com.credlink.ledger.asset.ImageCheck.Reason;
import com.credlink.ledger.asset.ImageCheck.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImageCheckTest {

  private static final String SOF = "ffc0000b08%04x%04x01011100";
  private static final String SOS = "ffda0008010100003f00";

  static List<byte[]> images() {
    return List.of(
        TestImages.jpeg(40, 30),
        TestImages.jpeg(40, 30, true),
        TestImages.png(40, 30),
        TestImages.indexedPng(40, 30));
  }

  @ParameterizedTest
  @MethodSource("images")
  void shouldAcceptRealImagesWithTheirSize(byte[] image) {
    ImageType type = image[0] == (byte) 0xFF ? ImageType.JPEG : ImageType.PNG;

    assertThat(ImageCheck.inspect(image)).isEqualTo(new Accepted(type, 40, 30));
    assertThat(ImageType.sniff(image)).contains(type);
  }

  @ParameterizedTest
  @MethodSource("images")
  void shouldRefuseEveryTruncation(byte[] image) {
    for (int length = 8; length < image.length; length++) {
      assertThat(reason(Arrays.copyOf(image, length)))
          .as("%d bytes", length)
          .isEqualTo(Reason.TRUNCATED);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void shouldRefuseASingleByteAfterTheEnd(byte[] image) {
    assertThat(reason(Arrays.copyOf(image, image.length + 1))).isEqualTo(Reason.TRAILING_GARBAGE);
    assertThat(reason(concat(image, image))).isEqualTo(Reason.TRAILING_GARBAGE);
  }

  static Stream<Arguments> jpegs() {
    String frame = SOF.formatted(30, 40);
    String entropy = "1234ff0056ffd078";
    return Stream.of(
        Arguments.of(
            "50 megapixels", SOF.formatted(5000, 10_000) + SOS + entropy + "ffd9", "accepted"),
        Arguments.of(
            "one line more",
            SOF.formatted(5001, 10_000) + SOS + entropy + "ffd9",
            "TOO_MANY_PIXELS"),
        Arguments.of(
            "the largest claim",
            SOF.formatted(65535, 65535) + SOS + entropy + "ffd9",
            "TOO_MANY_PIXELS"),
        Arguments.of("no width", SOF.formatted(30, 0) + SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of("no height", SOF.formatted(0, 40) + SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of("two scans", frame + SOS + entropy + SOS + entropy + "ffd9", "accepted"),
        Arguments.of("fill bytes", "ffff" + frame + SOS + entropy + "ffffd9", "accepted"),
        Arguments.of("two frames", frame + frame + SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of("no frame", SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of("no scan", frame + "ffd9", "MALFORMED"),
        Arguments.of("nothing", "ffd9", "MALFORMED"),
        Arguments.of("a second start", "ffd8" + frame + SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of(
            "a restart outside a scan", "ffd0" + frame + SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of("a reserved marker", "ff02" + frame + SOS + entropy + "ffd9", "MALFORMED"),
        Arguments.of("a segment shorter than its length", "ffe00001" + frame, "MALFORMED"),
        Arguments.of("an empty segment", "ffe00002" + frame + SOS + entropy + "ffd9", "accepted"),
        Arguments.of("a segment beyond the end", "ffe0ffff" + frame, "TRUNCATED"),
        Arguments.of("no marker after a segment", "ffe00002" + "00" + frame, "MALFORMED"),
        Arguments.of(
            "a frame header of a wrong length", "ffc0000a08001e00280101" + SOS, "MALFORMED"),
        Arguments.of(
            "a scan header of a wrong length", frame + "ffda0007010100003f" + "ffd9", "MALFORMED"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jpegs")
  void shouldHoldJpegsToTheirRules(String what, String body, String expected) {
    assertThat(verdict(HexFormat.of().parseHex("ffd8" + body))).as(what).isEqualTo(expected);
  }

  static Stream<Arguments> pngs() {
    byte[] data = TestImages.chunk("IDAT", new byte[] {1, 2, 3});
    byte[] end = TestImages.chunk("IEND", new byte[0]);
    byte[] palette = TestImages.chunk("PLTE", new byte[3]);
    byte[] note = TestImages.chunk("tEXt", "a\0b".getBytes(StandardCharsets.US_ASCII));
    byte[] rgb = header(40, 30, 8, 2, 0, 0, 0);
    return Stream.of(
        Arguments.of(
            "50 megapixels", concat(header(10_000, 5000, 8, 2, 0, 0, 0), data, end), "accepted"),
        Arguments.of(
            "one line more",
            concat(header(10_000, 5001, 8, 2, 0, 0, 0), data, end),
            "TOO_MANY_PIXELS"),
        Arguments.of(
            "the largest claim",
            concat(header(Integer.MAX_VALUE, Integer.MAX_VALUE, 8, 2, 0, 0, 0), data, end),
            "TOO_MANY_PIXELS"),
        Arguments.of("no width", concat(header(0, 30, 8, 2, 0, 0, 0), data, end), "MALFORMED"),
        Arguments.of(
            "a negative height", concat(header(40, -1, 8, 2, 0, 0, 0), data, end), "MALFORMED"),
        Arguments.of(
            "a depth that its colours do not have",
            concat(header(40, 30, 4, 2, 0, 0, 0), data, end),
            "MALFORMED"),
        Arguments.of(
            "an unknown colour type",
            concat(header(40, 30, 8, 5, 0, 0, 0), data, end),
            "MALFORMED"),
        Arguments.of(
            "an unknown compression",
            concat(header(40, 30, 8, 2, 1, 0, 0), data, end),
            "MALFORMED"),
        Arguments.of(
            "an unknown filter", concat(header(40, 30, 8, 2, 0, 1, 0), data, end), "MALFORMED"),
        Arguments.of("interlaced", concat(header(40, 30, 8, 2, 0, 0, 1), data, end), "accepted"),
        Arguments.of(
            "an unknown interlace", concat(header(40, 30, 8, 2, 0, 0, 2), data, end), "MALFORMED"),
        Arguments.of("two data chunks", concat(rgb, note, data, data, note, end), "accepted"),
        Arguments.of("data in two pieces", concat(rgb, data, note, data, end), "MALFORMED"),
        Arguments.of("no data", concat(rgb, end), "MALFORMED"),
        Arguments.of(
            "an end with a body",
            concat(rgb, data, TestImages.chunk("IEND", new byte[1])),
            "MALFORMED"),
        Arguments.of("two headers", concat(rgb, rgb, data, end), "MALFORMED"),
        Arguments.of("no header", concat(data, end), "MALFORMED"),
        Arguments.of(
            "an unknown critical chunk",
            concat(rgb, TestImages.chunk("ABCD", new byte[0]), data, end),
            "MALFORMED"),
        Arguments.of(
            "a reserved type",
            concat(rgb, TestImages.chunk("abcd", new byte[0]), data, end),
            "MALFORMED"),
        Arguments.of(
            "a type that is not letters",
            concat(rgb, TestImages.chunk("a1CD", new byte[0]), data, end),
            "MALFORMED"),
        Arguments.of(
            "indexed with a palette",
            concat(header(40, 30, 8, 3, 0, 0, 0), palette, data, end),
            "accepted"),
        Arguments.of(
            "indexed without a palette",
            concat(header(40, 30, 8, 3, 0, 0, 0), data, end),
            "MALFORMED"),
        Arguments.of(
            "a palette of 256",
            concat(rgb, TestImages.chunk("PLTE", new byte[768]), data, end),
            "accepted"),
        Arguments.of(
            "a palette of 257",
            concat(rgb, TestImages.chunk("PLTE", new byte[771]), data, end),
            "MALFORMED"),
        Arguments.of(
            "a palette of a half",
            concat(rgb, TestImages.chunk("PLTE", new byte[4]), data, end),
            "MALFORMED"),
        Arguments.of(
            "a palette for greys",
            concat(header(40, 30, 8, 0, 0, 0, 0), palette, data, end),
            "MALFORMED"),
        Arguments.of("a palette after the data", concat(rgb, data, palette, end), "MALFORMED"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pngs")
  void shouldHoldPngsToTheirRules(String what, byte[] chunks, String expected) {
    byte[] file = concat(HexFormat.of().parseHex("89504e470d0a1a0a"), chunks);

    assertThat(verdict(file)).as(what).isEqualTo(expected);
  }

  @Test
  void shouldRefuseAPngWithAnyFlippedBit() {
    byte[] png = TestImages.png(4, 3);

    for (int bit = 0; bit < png.length * 8; bit++) {
      byte[] flipped = png.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(ImageCheck.inspect(flipped)).as("bit %d", bit).isInstanceOf(Refused.class);
    }
  }

  @Test
  void shouldRefuseWhatIsNoImage() {
    for (String other : List.of("", "GIF89a", "RIFF....WEBP", "<svg/>", "%PDF-1.7")) {
      assertThat(reason(other.getBytes(StandardCharsets.US_ASCII))).isEqualTo(Reason.NOT_AN_IMAGE);
    }
  }

  @Property(tries = 500)
  void shouldAnswerForAnyBytes(@ForAll boolean jpeg, @ForAll @Size(max = 200) byte[] anything) {
    byte[] start = HexFormat.of().parseHex(jpeg ? "ffd8ff" : "89504e470d0a1a0a0000000d49484452");

    assertThat(ImageCheck.inspect(anything)).isNotNull();
    assertThat(ImageCheck.inspect(concat(start, anything))).isNotNull();
  }

  private static byte[] header(
      int width, int height, int depth, int colour, int compression, int filter, int interlace) {
    return TestImages.chunk(
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .put((byte) compression)
            .put((byte) filter)
            .put((byte) interlace)
            .array());
  }

  private static String verdict(byte[] file) {
    return switch (ImageCheck.inspect(file)) {
      case Accepted _ -> "accepted";
      case Refused refused -> refused.reason().name();
    };
  }

  private static Reason reason(byte[] file) {
    return ImageCheck.inspect(file) instanceof Refused refused ? refused.reason() : null;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
