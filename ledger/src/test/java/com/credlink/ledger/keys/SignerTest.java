package com.credlink.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignerTest {

  private static final HexFormat HEX = HexFormat.of();

  private static LocalSigner p256(String d) {
    return LocalSigner.of(new ECPrivateKeyParameters(new BigInteger(d, 16), PublicHalf.p256()));
  }

  private static LocalSigner ed25519(String seed) {
    return LocalSigner.of(new Ed25519PrivateKeyParameters(HEX.parseHex(seed)));
  }

  /** RFC 6979 A.2.5, key of P-256, SHA-256. */
  @ParameterizedTest
  @CsvSource({
    "sample,EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    "test,F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"
  })
  void shouldSignAsRfc6979Prints(String message, String r, String s) {
    LocalSigner signer = p256("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");

    byte[] signature = signer.sign(message.getBytes(StandardCharsets.US_ASCII));

    assertThat(HEX.withUpperCase().formatHex(signature)).isEqualTo(r + s);
    assertThat(signer.verify(message.getBytes(StandardCharsets.US_ASCII), signature)).isTrue();
  }

  /** RFC 8032 section 7.1, tests 1 to 3 and SHA(abc). */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,'',e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,72,92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,af82,6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
  })
  void shouldSignAsRfc8032Prints(String seed, String message, String expected) {
    LocalSigner signer = ed25519(seed);

    byte[] signature = signer.sign(HEX.parseHex(message));

    assertThat(HEX.formatHex(signature)).isEqualTo(expected);
    assertThat(signer.verify(HEX.parseHex(message), signature)).isTrue();
  }

  /** RFC 8037 appendix A: the key of RFC 8032 test 1, its thumbprint (A.3) and a JWS (A.4). */
  @Test
  void shouldNameAndSignAsRfc8037Prints() {
    LocalSigner signer =
        ed25519("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    byte[] signature =
        signer.sign(
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
                .getBytes(StandardCharsets.US_ASCII));

    assertThat(signer.key().keyId()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(signature))
        .isEqualTo(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldBeVerifiedByTheJdk(Algorithm algorithm) throws Exception {
    LocalSigner signer = LocalSigner.generate(algorithm, new SecureRandom());
    byte[] message = "an asset".getBytes(StandardCharsets.US_ASCII);

    byte[] signature = signer.sign(message);

    String family = algorithm == Algorithm.ES256 ? "EC" : "Ed25519";
    String scheme = algorithm == Algorithm.ES256 ? "SHA256withECDSAinP1363Format" : "Ed25519";
    Signature jdk = Signature.getInstance(scheme);
    jdk.initVerify(
        KeyFactory.getInstance(family)
            .generatePublic(new X509EncodedKeySpec(signer.publicHalf().encoded())));
    jdk.update(message);
    assertThat(jdk.verify(signature)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldSignTheSameMessageTheSameWayAfterARoundTrip(Algorithm algorithm) {
    LocalSigner signer = LocalSigner.generate(algorithm, new SecureRandom());
    LocalSigner again = LocalSigner.decode(signer.encoded());

    assertThat(again.sign(new byte[32])).isEqualTo(signer.sign(new byte[32]));
    assertThat(again.key()).isEqualTo(signer.key());
    assertThat(PublicHalf.decode(signer.publicHalf().encoded()).key()).isEqualTo(signer.key());
  }

  @Property(tries = 120)
  void shouldRejectAnyFlippedBit(
      @ForAll Algorithm algorithm,
      @ForAll @Size(min = 1, max = 64) byte[] message,
      @ForAll @IntRange(max = 511) int bit) {
    LocalSigner signer = algorithm == Algorithm.ES256 ? p256("C9AFA9D8") : ed25519("9d".repeat(32));
    byte[] signature = signer.sign(message);
    byte[] otherSignature = signature.clone();
    otherSignature[bit / 8] ^= (byte) (1 << (bit % 8));
    byte[] otherMessage = message.clone();
    otherMessage[bit / 8 % message.length] ^= (byte) (1 << (bit % 8));

    assertThat(signer.verify(message, signature)).isTrue();
    assertThat(signer.verify(message, otherSignature)).isFalse();
    assertThat(signer.verify(otherMessage, signature)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldRejectSignaturesOfAnotherLengthOrOfZeros(Algorithm algorithm) {
    LocalSigner signer = LocalSigner.generate(algorithm, new SecureRandom());

    for (int length : new int[] {0, 63, 64, 65}) {
      assertThat(signer.verify(new byte[1], new byte[length])).isFalse();
    }
  }

  @Test
  void shouldRefuseKeysOfOtherKinds() throws Exception {
    byte[] rsa =
        java.security.KeyPairGenerator.getInstance("RSA")
            .generateKeyPair()
            .getPublic()
            .getEncoded();
    java.security.KeyPairGenerator p384 = java.security.KeyPairGenerator.getInstance("EC");
    p384.initialize(new java.security.spec.ECGenParameterSpec("secp384r1"));
    byte[] other = p384.generateKeyPair().getPublic().getEncoded();

    assertThatThrownBy(() -> PublicHalf.decode(rsa)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicHalf.decode(other)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicHalf.decode(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
