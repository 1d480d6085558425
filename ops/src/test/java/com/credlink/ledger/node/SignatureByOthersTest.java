package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import COSE.CoseException;
import COSE.HeaderKeys;
import COSE.KeyKeys;
import COSE.MessageTag;
import COSE.OneKey;
import COSE.Sign1Message;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.upokecenter.cbor.CBORException;
import com.upokecenter.cbor.CBORObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.i2p.crypto.eddsa.EdDSASecurityProvider;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.CompactSerializer;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signatures as the REST interface hands them out, checked by two libraries that the product does
 * not use: cose-java and jose4j. Keys come from the JWKS, found by the {@code kid} that was signed.
 */
class SignatureByOthersTest {

  private static final String PATH = "/v1/shops/" + ACME + "/signing-requests";
  private static final Base64.Decoder BASE64_URL = Base64.getUrlDecoder();
  private static final Base64.Encoder TO_BASE64_URL = Base64.getUrlEncoder().withoutPadding();

  /** Ed25519 by the I2P project; the product's is Bouncy Castle's. */
  private static final Provider ED25519 = new EdDSASecurityProvider();

  @TempDir private static Path directory;
  private static final AtomicInteger IMAGES = new AtomicInteger(300);
  private static TestNode node;
  private static LedgerClient client;
  private static Caller merchant;
  private static JsonWebKeySet keys;

  @BeforeAll
  static void start() throws Exception {
    Security.addProvider(ED25519); // cose-java asks for it by name
    node = TestNode.start(directory, "");
    client = node.client();
    merchant = client.merchant(ACME);
    keys =
        new JsonWebKeySet(client.get("/.well-known/jwks.json", Caller.NOBODY).expect(200).text());
  }

  @AfterAll
  static void stop() {
    node.close();
    Security.removeProvider(ED25519.getName());
  }

  /** A signed image: where its request is, and the digest as the test computed it. */
  private record SignedImage(String location, byte[] digest) {

    static SignedImage in(String format) {
      byte[] image = TestNode.image("jpeg", IMAGES.incrementAndGet());
      var request = Part.request(json(Map.of("signature_format", format)));
      var file = Part.file("front.jpg", "image/jpeg", image);
      var location =
          client.postForm(PATH, merchant, List.of(request, file)).expect(202).required("Location");
      client.awaitSigned(location, merchant);
      return new SignedImage(location, TestNode.sha256(image));
    }

    byte[] signature(String query, String mediaType) {
      var answer = client.get(location + "/signature" + query, merchant, "Accept", mediaType);
      assertThat(answer.expect(200).required("Content-Type")).startsWith(mediaType);
      return answer.body();
    }

    byte[] cose(String algorithm) {
      return signature("?alg=" + algorithm, "application/cose");
    }

    byte[] jws(String algorithm) {
      return signature("?alg=" + algorithm, "application/jose");
    }

    /** What the status shows of the signature by this algorithm. */
    String inStatus(String algorithm) {
      var status = client.get(location, merchant).expect(200).json();
      for (var one : status.path("signatures")) {
        if (one.path("alg").asText().equals(algorithm)) {
          return one.path("value").asText();
        }
      }
      throw new AssertionError("no signature by " + algorithm + ": " + status);
    }
  }

  // ---- COSE, by cose-java

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "EdDSA"})
  void shouldMakeACoseSignatureOfAnImageThatAnotherLibraryVerifies(String algorithm)
      throws Exception {
    var image = SignedImage.in("cose");

    byte[] cose = image.cose(algorithm);

    var message = (Sign1Message) Sign1Message.DecodeFromBytes(cose, MessageTag.Sign1);
    assertThat(message.HasContent()).as("has a payload").isFalse();
    assertThat(message.findAttribute(HeaderKeys.Algorithm).AsInt32())
        .isEqualTo(algorithm.equals("ES256") ? -7 : -8);
    assertThat(verifiesCose(cose, image.digest())).isTrue();
    assertThat(Base64.getDecoder().decode(image.inStatus(algorithm))).isEqualTo(cose);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "EdDSA"})
  void shouldNotVerifyACoseSignatureWithAnyByteChanged(String algorithm) {
    var image = SignedImage.in("cose");
    byte[] cose = image.cose(algorithm);

    assertThat(verifiesCose(cose, image.digest())).isTrue();
    assertThat(changed(cose)).noneMatch(one -> verifiesCose(one, image.digest()));
    assertThat(changed(image.digest())).noneMatch(digest -> verifiesCose(cose, digest));
  }

  private static boolean verifiesCose(byte[] cose, byte[] digest) {
    try {
      var message = (Sign1Message) Sign1Message.DecodeFromBytes(cose, MessageTag.Sign1);
      if (message.HasContent()) {
        return false;
      }
      message.SetContent(digest);
      var signed = message.getProtectedAttributes();
      var key = coseKey(utf8(signed.get(HeaderKeys.KID.AsCBOR()).GetByteString()));
      // cose-java leaves it to its caller to hold the algorithm against the kind of key.
      var kind = key.get(KeyKeys.KeyType).AsInt32() == 1 ? -8 : -7;
      return signed.get(HeaderKeys.Algorithm.AsCBOR()).AsInt32() == kind && message.validate(key);
    } catch (CoseException | CBORException | IllegalStateException | NullPointerException refused) {
      return false; // the library's ways to say no
    }
  }

  /** The key with that id from the JWKS, as COSE writes keys (RFC 9052 section 7). */
  private static OneKey coseKey(String keyId) throws CoseException {
    var members = key(keyId).toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    var key = CBORObject.NewMap();
    boolean edwards = members.get("kty").equals("OKP");
    key.Add(1, edwards ? 1 : 2);
    key.Add(-1, edwards ? 6 : 1);
    key.Add(-2, BASE64_URL.decode((String) members.get("x")));
    if (!edwards) {
      key.Add(-3, BASE64_URL.decode((String) members.get("y")));
    }
    return new OneKey(key);
  }

  private static JsonWebKey key(String keyId) throws CoseException {
    return keys.getJsonWebKeys().stream()
        .filter(key -> key.getKeyId().equals(keyId))
        .findFirst()
        .orElseThrow(() -> new CoseException("no key " + keyId));
  }

  // ---- JWS, by jose4j

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "EdDSA"})
  void shouldMakeAJwsOfAnImageThatAnotherLibraryVerifies(String algorithm) throws Exception {
    var image = SignedImage.in("jws");

    var jws = utf8(image.jws(algorithm));

    var read = new JsonWebSignature();
    read.setCompactSerialization(jws);
    assertThat(read.getAlgorithmHeaderValue()).isEqualTo(algorithm);
    assertThat(read.getUnverifiedPayloadBytes()).isEqualTo(image.digest());
    assertThat(verifiesJws(jws)).isTrue();
    assertThat(image.inStatus(algorithm)).isEqualTo(jws);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "EdDSA"})
  void shouldNotVerifyAJwsWithAnyByteChanged(String algorithm) throws Exception {
    var jws = utf8(SignedImage.in("jws").jws(algorithm));
    var parts = CompactSerializer.deserialize(jws);

    assertThat(verifiesJws(jws)).isTrue();
    assertThat(parts).hasSize(3);
    for (int part = 0; part < parts.length; part++) {
      int position = part;
      assertThat(changed(BASE64_URL.decode(parts[part])))
          .noneMatch(
              bytes -> {
                var copy = parts.clone();
                copy[position] = TO_BASE64_URL.encodeToString(bytes);
                return verifiesJws(CompactSerializer.serialize(copy));
              });
    }
  }

  private static boolean verifiesJws(String compact) {
    try {
      var jws = new JsonWebSignature();
      jws.setCompactSerialization(compact);
      var key = keys.findJsonWebKey(jws.getKeyIdHeaderValue(), null, null, null);
      if (key == null) {
        return false;
      }
      jws.setKey(key.getKey());
      return jws.verifySignature();
    } catch (JoseException refused) {
      return false;
    }
  }

  // ---- keys

  @Test
  void shouldPublishOneKeyOfEachKindAndNothingSecret() {
    assertThat(keys.getJsonWebKeys())
        .hasSize(2)
        .allSatisfy(key -> assertThat(((PublicJsonWebKey) key).getPrivateKey()).isNull())
        .extracting(JsonWebKey::getKeyType)
        .containsExactlyInAnyOrder("EC", "OKP");
  }

  /** {@code original} with one bit of one byte turned over, for each of its bytes. */
  private static Stream<byte[]> changed(byte[] original) {
    return IntStream.range(0, original.length)
        .mapToObj(
            i -> {
              byte[] copy = Arrays.copyOf(original, original.length);
              copy[i] ^= 1;
              return copy;
            });
  }

  private static String utf8(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }
}
