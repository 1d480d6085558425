package com.credlink.ledger.c2pa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.credlink.ledger.c2pa.C2paException.Reason;
import com.credlink.ledger.keys.Algorithm;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that nobody should have made. */
class HostileCredentialsTest {

  @TempDir private static Path directory;
  private static ClaimSigner key;
  private static Inspector inspector;

  @BeforeAll
  static void start() {
    Credentials credentials = Credentials.in(directory, false);
    key = credentials.key(Algorithm.ES256);
    inspector = new Inspector(credentials.roots(), StampCheck.NONE, InstantSource.system());
  }

  private static byte[] signed(String format) {
    return ContentCredentials.sign(Credentials.image(format, 32, 1), Credentials.terms(1), key)
        .toByteArray();
  }

  private static void shouldBeRefused(byte[] image, Reason reason) {
    assertThatThrownBy(() -> inspector.inspect(image))
        .asInstanceOf(type(C2paException.class))
        .extracting(C2paException::reason)
        .isEqualTo(reason);
    assertThatThrownBy(() -> ContentCredentials.sign(image, Credentials.terms(2), key))
        .asInstanceOf(type(C2paException.class))
        .extracting(C2paException::reason)
        .isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldRefuseEveryTruncation(String format) {
    byte[] image = signed(format);
    for (int length = 0; length < image.length; length += 97) {
      byte[] cut = Arrays.copyOf(image, length);
      assertThatThrownBy(() -> inspector.inspect(cut)).isInstanceOf(C2paException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldRefuseTwoStores(String format) {
    byte[] image = Credentials.image(format, 32, 1);
    Carrier carrier = Carrier.of(image, Optional.empty());
    byte[] store = Inspector.store(signed(format)).orElseThrow();
    byte[] second = format.equals("png") ? new Png().wrap(store) : new Jpeg(2).wrap(store);
    shouldBeRefused(
        joined(carrier.with(new byte[0]), carrier.place(), carrier.format().wrap(store), second),
        Reason.SEVERAL_STORES);
  }

  private static byte[] joined(List<ByteBuffer> pieces, int place, byte[]... insertions) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (var piece : pieces) {
      byte[] bytes = new byte[piece.remaining()];
      piece.duplicate().get(bytes);
      plain.writeBytes(bytes);
    }
    byte[] all = plain.toByteArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(all, 0, place);
    for (byte[] insertion : insertions) {
      out.writeBytes(insertion);
    }
    out.write(all, place, all.length - place);
    return out.toByteArray();
  }

  @Test
  void shouldRefuseSegmentsThatAreMissingOrOutOfOrder() {
    byte[] image = Credentials.image("jpeg", 32, 1);
    byte[] large = image;
    for (int i = 1; i < 18; i++) {
      large = ContentCredentials.sign(large, Credentials.terms(i), key).toByteArray();
    }
    byte[] wrapped = new Jpeg(1).wrap(Inspector.store(large).orElseThrow());
    int first = 2 + Short.toUnsignedInt(ByteBuffer.wrap(wrapped).getShort(2));
    byte[] one = Arrays.copyOf(wrapped, first);
    byte[] rest = Arrays.copyOfRange(wrapped, first, wrapped.length);
    Carrier carrier = Carrier.of(image, Optional.empty());
    List<ByteBuffer> pieces = carrier.with(new byte[0]);

    assertThat(inspector.inspect(joined(pieces, carrier.place(), one, rest)).manifests())
        .hasSize(17);
    shouldBeRefused(joined(pieces, carrier.place(), one), Reason.MALFORMED);
    shouldBeRefused(joined(pieces, carrier.place(), one, one, rest), Reason.MALFORMED);
  }

  @Test
  void shouldRefuseBoxesWithoutEndOrNumber() {
    byte[] deep = Boxes.cbor(BoxType.CLAIM, "claim", new byte[] {0});
    for (int i = 0; i < 20; i++) {
      deep = Boxes.superbox(BoxType.STORE, "c2pa", List.of(deep));
    }
    byte[] nested = deep;
    byte[] many =
        Boxes.superbox(
            BoxType.STORE,
            "c2pa",
            Collections.nCopies(20_000, Boxes.cbor(BoxType.CLAIM, "x", new byte[] {0})));

    assertThatThrownBy(() -> Box.read(nested)).hasMessageContaining("nested");
    assertThatThrownBy(() -> Box.read(many)).hasMessageContaining("boxes");
    assertThatThrownBy(() -> Box.read(new byte[Box.MAX_STORE + 1])).hasMessageContaining("bytes");
  }

  /** Whatever a store is changed to, the answer is a finding or a refusal, and soon. */
  @Test
  void shouldFindOrRefuseWhateverTheStoreIsChangedTo() {
    byte[] image = Credentials.image("png", 32, 1);
    byte[] store = Inspector.store(signed("png")).orElseThrow();
    int used = store.length - ClaimSignature.RESERVED;
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] changed = store.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        changed[random.nextInt(used)] = (byte) random.nextInt();
      }
      try {
        assertThat(inspector.inspectBeside(image, changed).isTrusted()).isFalse();
      } catch (C2paException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(10, 3_990);
  }

  /** Half a mebibyte of spaces, which a careless pattern would try from each of them. */
  @Test
  @Timeout(10)
  void shouldNotTakeForEverOverAnXmpPacketOfSpaces() {
    String packet =
        "<x:xmpmeta><rdf:Description"
            + " ".repeat(512 * 1024)
            + "/><dcterms:provenance"
            + " ".repeat(256 * 1024);

    byte[] changed = Xmp.refer(packet.getBytes(StandardCharsets.UTF_8), "https://example.com/m");

    assertThat(new String(changed, StandardCharsets.UTF_8)).contains("https://example.com/m");
    assertThatThrownBy(() -> Xmp.refer(new byte[2 * 1024 * 1024], "https://example.com/m"))
        .isInstanceOf(C2paException.class);
  }

  /** A stranger's claim over a file of ours is the stranger's, whatever it is made of. */
  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldNotTakeTheTrustInAParentForTrustInTheSigner(String format) throws Exception {
    ClaimSigner stranger =
        Credentials.in(Files.createDirectories(directory.resolve("stranger")), false)
            .key(Algorithm.ES256);
    byte[] ours = signed(format);
    assertThat(inspector.inspect(ours).isTrusted()).isTrue();

    byte[] theirs = ContentCredentials.sign(ours, Credentials.terms(2), stranger).toByteArray();

    Inspection inspection = inspector.inspect(theirs);
    assertThat(inspection.isValid()).as(inspection.toString()).isTrue();
    assertThat(inspection.has(Status.CREDENTIAL_TRUSTED)).as("the parent's").isTrue();
    assertThat(inspection.isTrusted()).isFalse();
  }

  @Test
  void shouldRefuseTwoOfOneName() {
    byte[] one = Boxes.cbor(BoxType.CLAIM, "c2pa.claim.v2", new byte[] {0});
    byte[] twice = Boxes.superbox(BoxType.STORE, "c2pa", List.of(one, one));
    byte[] ours = signed("png");

    assertThatThrownBy(() -> Box.read(twice)).hasMessageContaining("one name");
    assertThatThrownBy(() -> ContentCredentials.sign(ours, Credentials.terms(1), key))
        .isInstanceOf(C2paException.class)
        .hasMessageContaining("of that id already");
  }

  @Test
  void shouldStampInTheReservedZerosAndMoveNothing() {
    byte[] image = signed("jpeg");
    byte[] token = new byte[3_000];
    new Random(5).nextBytes(token);

    SignedImage stamped = ContentCredentials.stamp(image, token);

    byte[] now = stamped.toByteArray();
    assertThat(now).hasSameSizeAs(image);
    assertThat(stamped.sha256()).isNotEqualTo(stamped.contentSha256());
    Inspection inspection = inspector.inspect(now);
    assertThat(inspection.isTrusted()).isTrue();
    assertThat(inspection.has(Status.TIMESTAMP_UNTRUSTED)).isTrue();
    assertThat(ContentCredentials.toBeStamped(now))
        .isEqualTo(ContentCredentials.toBeStamped(image));
    assertThatThrownBy(() -> ContentCredentials.stamp(now, token)).hasMessageContaining("already");
    assertThatThrownBy(() -> ContentCredentials.stamp(image, new byte[9_000]))
        .hasMessageContaining("room");
  }
}
