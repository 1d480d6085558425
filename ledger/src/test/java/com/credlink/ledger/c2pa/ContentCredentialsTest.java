package com.credlink.ledger.c2pa;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.c2pa.ReferenceVerifier.Verdict;
import com.credlink.ledger.cbor.CborItem;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.timestamp.DevelopmentTsa;
import com.credlink.ledger.timestamp.Timestamp;
import com.credlink.ledger.trust.Pem;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reference implementation says of our files. */
class ContentCredentialsTest {

  @TempDir private static Path directory;
  private static Credentials credentials;
  private static ReferenceVerifier reference;

  @BeforeAll
  static void start() throws Exception {
    credentials = Credentials.in(directory, true);
    reference = ReferenceVerifier.start(directory, Pem.of(credentials.roots()));
  }

  @AfterAll
  static void stop() throws Exception {
    if (reference != null) {
      reference.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"jpeg, ES256", "png, ES256", "jpeg, ES384", "jpeg, PS256", "png, ED25519"})
  void shouldBeTrusted(String format, Algorithm algorithm) {
    byte[] image = Credentials.image(format, 120, 1);

    SignedImage signed =
        ContentCredentials.sign(image, Credentials.terms(1), credentials.key(algorithm));

    Verdict verdict = reference.verify("image/" + format, signed.toByteArray());
    assertThat(verdict.state()).as(verdict.json().toPrettyString()).isEqualTo("Trusted");
    assertThat(verdict.failure()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldKeepTheManifestsOfAnImageThatHasSome(String format) {
    byte[] image = Credentials.image(format, 64, 2);
    ClaimSigner key = credentials.key(Algorithm.ES256);
    byte[] once = ContentCredentials.sign(image, Credentials.terms(1), key).toByteArray();
    byte[] twice = ContentCredentials.sign(once, Credentials.terms(2), key).toByteArray();

    SignedImage thrice = ContentCredentials.sign(twice, Credentials.terms(3), key);

    Verdict verdict = reference.verify("image/" + format, thrice.toByteArray());
    assertThat(verdict.state()).as(verdict.json().toPrettyString()).isEqualTo("Trusted");
    assertThat(verdict.json().path("manifests")).hasSize(3);
    assertThat(verdict.json().at("/validation_results/ingredientDeltas").findValues("failure"))
        .allMatch(JsonNode::isEmpty);
    assertThat(thrice.contentSha256()).isEqualTo(HexFormat.of().formatHex(Sha256.of(image)));
    assertTrusted(thrice.toByteArray());
  }

  /** Twenty manifests, each with its reserve, take several segments. */
  @Test
  void shouldCutLargeCredentialsIntoSegments() {
    byte[] image = Credentials.image("jpeg", 64, 3);
    ClaimSigner key = credentials.key(Algorithm.ES256);
    for (int i = 1; i <= 20; i++) {
      image = ContentCredentials.sign(image, Credentials.terms(i), key).toByteArray();
    }

    Verdict verdict = reference.verify("image/jpeg", image);

    assertThat(Inspector.store(image).orElseThrow().length).isGreaterThan(2 * 64_000);
    assertThat(verdict.state()).as(verdict.json().toPrettyString()).isEqualTo("Trusted");
    assertTrusted(image);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldReferToRemoteCredentialsInTheXmp(String format) {
    byte[] image = Credentials.image(format, 64, 4);
    ClaimTerms terms =
        withReference(Credentials.terms(1), "https://example.com/v1/manifests/a?b&c");
    ClaimSigner key = credentials.key(Algorithm.ES256);
    byte[] signed = ContentCredentials.sign(image, terms, key).toByteArray();

    byte[] again =
        ContentCredentials.sign(
                signed, withReference(Credentials.terms(2), "https://example.com/other"), key)
            .toByteArray();

    assertThat(reference.verify("image/" + format, signed).state()).isEqualTo("Trusted");
    assertThat(reference.verify("image/" + format, again).state()).isEqualTo("Trusted");
    assertThat(new String(signed, StandardCharsets.ISO_8859_1))
        .containsOnlyOnce("dcterms:provenance=\"https://example.com/v1/manifests/a?b&amp;c\"");
    assertThat(new String(again, StandardCharsets.ISO_8859_1))
        .containsOnlyOnce("dcterms:provenance=\"https://example.com/other\"")
        .doesNotContain("manifests/a?b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldPutCredentialsBesideAnImageThatStaysAsItIs(String format) {
    byte[] image = Credentials.image(format, 64, 5);

    SignedImage beside =
        ContentCredentials.beside(image, Credentials.terms(1), credentials.key(Algorithm.ES256));

    assertThat(beside.toByteArray()).isEqualTo(image);
    byte[] store = beside.store().toArray();
    assertThat(inspector().inspectBeside(image, store).isTrusted()).isTrue();
    byte[] other = image.clone();
    other[other.length / 2] ^= 1;
    assertThat(inspector().inspectBeside(other, store).has(Status.DATA_HASH_MISMATCH)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldBeTimeStampedAfterwards(String format) {
    byte[] signed =
        ContentCredentials.sign(
                Credentials.image(format, 64, 11),
                Credentials.terms(1),
                credentials.key(Algorithm.ES256))
            .toByteArray();
    var tsa =
        new DevelopmentTsa(credentials.authority(), new SecureRandom(), InstantSource.system());
    Timestamp stamp = tsa.stamp(Sha256.of(ContentCredentials.toBeStamped(signed)));

    byte[] stamped = ContentCredentials.stamp(signed, stamp.token().toArray()).toByteArray();

    Verdict verdict = reference.verify("image/" + format, stamped);
    assertThat(verdict.state()).as(verdict.json().toPrettyString()).isEqualTo("Trusted");
    assertThat(verdict.success()).contains("timeStamp.validated", "timeStamp.trusted");
    assertThat(stamped).hasSameSizeAs(signed);
    Inspector inspector =
        new Inspector(
            credentials.roots(),
            StampCheck.trusting(credentials.roots()),
            // The certificate has ended by now, and the time-stamp proves that it had not.
            InstantSource.fixed(stamp.time().plus(Duration.ofDays(400))));
    assertThat(inspector.inspect(stamped).isTrusted()).isTrue();
    assertThat(inspector.inspect(stamped).stampedAt()).contains(stamp.time());
    assertThat(inspector.inspect(signed).has(Status.CREDENTIAL_EXPIRED)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldFindEveryChangedByte(String format) {
    byte[] image = Credentials.image(format, 32, 6);
    byte[] signed =
        ContentCredentials.sign(image, Credentials.terms(1), credentials.key(Algorithm.ES256))
            .toByteArray();
    Random random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      byte[] changed = signed.clone();
      int at = random.nextInt(changed.length - 40) + 20;
      changed[at] ^= (byte) (1 << random.nextInt(8));
      // The number of the box instance carries no meaning.
      boolean isInstance = format.equals("jpeg") && (at == 26 || at == 27);
      if (isInstance || isPad(signed, at)) {
        continue;
      }
      assertThat(isTrusted(changed))
          .as("byte %d: %s", at, new String(signed, at - 20, 40, StandardCharsets.ISO_8859_1))
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jpeg, c2pa.opened",
    "jpeg, claim_generator_info",
    "jpeg, jumbf manifest",
    "png, parentOf",
    "png, instanceID",
    "png, IDAT"
  })
  void shouldBeInvalidWhenItWasTamperedWith(String format, String near) {
    byte[] signed =
        ContentCredentials.sign(
                Credentials.image(format, 64, 12),
                Credentials.terms(1),
                credentials.key(Algorithm.ES256))
            .toByteArray();
    int at = new String(signed, StandardCharsets.ISO_8859_1).indexOf(near) + near.length() - 1;
    byte[] changed = signed.clone();
    changed[at] ^= 1;

    assertThat(reference.verify("image/" + format, signed).state()).isEqualTo("Trusted");
    assertThat(reference.verify("image/" + format, changed).state()).isNotEqualTo("Trusted");
    assertThat(isTrusted(changed)).isFalse();
  }

  /**
   * The reserved zeros are neither signed nor hashed, so that a time-stamp can take their place.
   */
  private static boolean isPad(byte[] signed, int at) {
    byte[] pad = {'c', 'p', 'a', 'd', 0x59};
    for (int from = 0; from + pad.length < signed.length; from++) {
      if (Arrays.equals(signed, from, from + pad.length, pad, 0, pad.length)) {
        return at >= from - 1 && at < from + pad.length + 2 + ClaimSignature.RESERVED;
      }
    }
    throw new AssertionError("no pad");
  }

  @Test
  void shouldMakeTheSameFileOfTheSameTerms() {
    byte[] image = Credentials.image("jpeg", 64, 8);

    for (Algorithm algorithm : List.of(Algorithm.ES256, Algorithm.PS256, Algorithm.ED25519)) {
      ClaimSigner key = credentials.key(algorithm);
      SignedImage one = ContentCredentials.sign(image, Credentials.terms(1), key);
      SignedImage two = ContentCredentials.sign(image.clone(), Credentials.terms(1), key);

      assertThat(two.toByteArray()).isEqualTo(one.toByteArray());
      assertThat(one.sha256()).isEqualTo(HexFormat.of().formatHex(Sha256.of(one.toByteArray())));
      assertThat(one.size()).isEqualTo(one.toByteArray().length);
    }
  }

  /** What the reference implementation does not notice. */
  @Test
  void shouldClaimInDeterministicFormWithADetachedPayload() {
    byte[] signed =
        ContentCredentials.sign(
                Credentials.image("png", 32, 9),
                Credentials.terms(1),
                credentials.key(Algorithm.ES256))
            .toByteArray();
    Box manifest = Box.read(Inspector.store(signed).orElseThrow()).boxes().getLast();

    assertThat(CborItem.isDeterministic(manifest.child("c2pa.claim.v2").orElseThrow().cbor()))
        .isTrue();
    CborItem.Tagged signature =
        (CborItem.Tagged) CborItem.decode(manifest.child("c2pa.signature").orElseThrow().cbor());
    assertThat(signature.tag()).isEqualTo(18);
    assertThat(signature.item().elements().get(2)).isEqualTo(CborItem.nil());
    manifest
        .child("c2pa.assertions")
        .orElseThrow()
        .boxes()
        .forEach(box -> assertThat(CborItem.isDeterministic(box.cbor())).isTrue());
  }

  /** Fifty mebibytes are the most that is taken; the image itself is the one copy. */
  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldTakeNoMemoryForTheImageItself(String format) throws Exception {
    byte[] image = large(format);
    ClaimSigner key = credentials.key(Algorithm.ES256);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SignedImage warm = ContentCredentials.sign(image, Credentials.terms(1), key);
    assertThat(warm.size()).isGreaterThan(40 * 1024 * 1024);

    long before = threads.getCurrentThreadAllocatedBytes();
    SignedImage signed = ContentCredentials.sign(image, Credentials.terms(1), key);
    signed.writeTo(OutputStream.nullOutputStream());
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(4 * 1024 * 1024);
    assertThat(signed.sha256()).isEqualTo(warm.sha256());
  }

  /** A small image with forty mebibytes of something that readers pass over. */
  private static byte[] large(String format) throws IOException {
    byte[] image = Credentials.image(format, 32, 13);
    int place = format.equals("jpeg") ? 20 : 33;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(image, 0, place);
    for (int i = 0; i < 40 * 16 + 1; i++) {
      byte[] filling = new byte[64 * 1024 - 16];
      if (format.equals("jpeg")) {
        out.write(new byte[] {(byte) 0xFF, (byte) 0xFE});
        out.write((filling.length + 2) >>> 8);
        out.write(filling.length + 2);
        out.write(filling);
      } else {
        out.write(chunk(filling));
      }
    }
    out.write(image, place, image.length - place);
    return out.toByteArray();
  }

  /** Private, so that no reader looks for a meaning. */
  private static byte[] chunk(byte[] body) {
    ByteBuffer all = ByteBuffer.allocate(12 + body.length);
    all.putInt(body.length).put("fiLl".getBytes(StandardCharsets.US_ASCII)).put(body);
    CRC32 crc = new CRC32();
    crc.update(all.array(), 4, 4 + body.length);
    return all.putInt((int) crc.getValue()).array();
  }

  @Test
  void shouldInsertAndChangeNothingElse() {
    byte[] image = Credentials.image("jpeg", 64, 10);

    byte[] signed =
        ContentCredentials.sign(image, Credentials.terms(1), credentials.key(Algorithm.ES256))
            .toByteArray();

    int place = 20; // behind SOI and APP0
    int inserted = signed.length - image.length;
    assertThat(Arrays.copyOf(signed, place)).isEqualTo(Arrays.copyOf(image, place));
    assertThat(Arrays.copyOfRange(signed, place + inserted, signed.length))
        .isEqualTo(Arrays.copyOfRange(image, place, image.length));
  }

  private static boolean isTrusted(byte[] image) {
    try {
      return inspector().inspect(image).isTrusted();
    } catch (C2paException e) {
      return false;
    }
  }

  private static void assertTrusted(byte[] image) {
    Inspection inspection = inspector().inspect(image);
    assertThat(inspection.isTrusted()).as(inspection.toString()).isTrue();
  }

  private static Inspector inspector() {
    return new Inspector(credentials.roots(), StampCheck.NONE, InstantSource.system());
  }

  private static ClaimTerms withReference(ClaimTerms terms, String url) {
    return new ClaimTerms(
        terms.manifestId(),
        terms.instanceId(),
        terms.claimedAt(),
        terms.title(),
        Optional.of(url),
        terms.generator());
  }
}
