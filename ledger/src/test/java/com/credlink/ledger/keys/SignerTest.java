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
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignerTest {

  private static final HexFormat HEX = HexFormat.of();

  private static LocalSigner p256(String d) {
    return LocalSigner.of(new ECPrivateKeyParameters(new BigInteger(d, 16), Curve.P256.domain()));
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

  /** RFC 6979 A.2.6, key of P-384, SHA-384. */
  @ParameterizedTest
  @CsvSource({
    "sample,94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46,99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
    "test,8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB0542A7F0812998DA8F1DD3CA3CF023DB,DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E06A739F040649A667BF3B828246BAA5A5"
  })
  void shouldSignOnP384AsRfc6979Prints(String message, String r, String s) {
    LocalSigner signer =
        LocalSigner.of(
            new ECPrivateKeyParameters(
                new BigInteger(
                    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
                    16),
                Curve.P384.domain()));

    byte[] signature = signer.sign(message.getBytes(StandardCharsets.US_ASCII));

    assertThat(HEX.withUpperCase().formatHex(signature)).isEqualTo(r + s);
    assertThat(signer.algorithm()).isEqualTo(Algorithm.ES384);
    assertThat(signer.signatureLength()).isEqualTo(96);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shouldBeVerifiedByTheJdk(Algorithm algorithm) throws Exception {
    LocalSigner signer = LocalSigner.generate(algorithm, new SecureRandom());
    byte[] message = "an asset".getBytes(StandardCharsets.US_ASCII);

    byte[] signature = signer.sign(message);

    Signature jdk = JdkVerification.of(algorithm);
    jdk.initVerify(
        KeyFactory.getInstance(algorithm.keyFactory())
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
      @ForAll @IntRange(max = 100_000) int chosen) {
    Signer signer = TestKeys.signer(algorithm);
    byte[] signature = signer.sign(message);
    int bit = chosen % (signature.length * 8);
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

    int right = signer.signatureLength();
    for (int length : new int[] {0, 1, right - 1, right, right + 1}) {
      assertThat(signer.verify(new byte[1], new byte[length])).isFalse();
    }
  }

  /** Two implementations of FIPS 204 that know nothing of each other. */
  @Test
  void shouldSignWithMlDsaAsBouncyCastleDoes() throws Exception {
    LocalSigner signer = LocalSigner.generate(Algorithm.ML_DSA_65, new SecureRandom());
    byte[] message = "a digest".getBytes(StandardCharsets.US_ASCII);
    MLDSAPrivateKeyParameters key =
        (MLDSAPrivateKeyParameters) PrivateKeyFactory.createKey(signer.encoded());

    byte[] signature = signer.sign(message);

    MLDSASigner theirs = new MLDSASigner();
    theirs.init(true, key);
    theirs.update(message, 0, message.length);
    byte[] deterministic = theirs.generateSignature();
    assertThat(signature).isEqualTo(deterministic).hasSize(3309);
    theirs = new MLDSASigner();
    theirs.init(true, new ParametersWithRandom(key, new SecureRandom()));
    theirs.update(message, 0, message.length);
    byte[] hedged = theirs.generateSignature();
    assertThat(hedged).isNotEqualTo(signature);
    assertThat(signer.verify(message, hedged)).isTrue();
    theirs = new MLDSASigner();
    theirs.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_65, key.getPublicKey()));
    theirs.update(message, 0, message.length);
    assertThat(theirs.verifySignature(signature)).isTrue();
  }

  @Test
  void shouldSaltPs256BySecretAndMessage() throws Exception {
    LocalSigner signer = TestKeys.rsa(2048);

    byte[] one = signer.sign(new byte[] {1});

    assertThat(signer.sign(new byte[] {1})).isEqualTo(one);
    assertThat(salt(signer, one)).isNotEqualTo(salt(signer, signer.sign(new byte[] {2})));
    assertThat(salt(signer, one)).isNotEqualTo(new byte[32]);
  }

  /** Opens the encoding of RFC 8017 section 9.1.2 down to the salt, by the public key. */
  private static byte[] salt(LocalSigner signer, byte[] signature) throws Exception {
    var key =
        (java.security.interfaces.RSAPublicKey)
            KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(signer.publicHalf().encoded()));
    byte[] em =
        org.bouncycastle.util.BigIntegers.asUnsignedByteArray(
            256, new BigInteger(1, signature).modPow(key.getPublicExponent(), key.getModulus()));
    int hashAt = em.length - 1 - 32;
    byte[] salt = java.util.Arrays.copyOfRange(em, hashAt - 32, hashAt);
    byte[] hash = java.util.Arrays.copyOfRange(em, hashAt, hashAt + 32);
    byte[] mask = new byte[0];
    for (int counter = 0; mask.length < hashAt; counter++) {
      byte[] block =
          PublicHalf.sha256(java.nio.ByteBuffer.allocate(36).put(hash).putInt(counter).array());
      int at = mask.length;
      mask = java.util.Arrays.copyOf(mask, at + block.length);
      System.arraycopy(block, 0, mask, at, block.length);
    }
    for (int i = 0; i < salt.length; i++) {
      salt[i] ^= mask[hashAt - 32 + i];
    }
    return salt;
  }

  @Test
  void shouldRefuseKeysOfOtherKinds() throws Exception {
    java.security.KeyPairGenerator tooShort = java.security.KeyPairGenerator.getInstance("RSA");
    tooShort.initialize(1024);
    byte[] rsa = tooShort.generateKeyPair().getPublic().getEncoded();
    java.security.KeyPairGenerator p521 = java.security.KeyPairGenerator.getInstance("EC");
    p521.initialize(new java.security.spec.ECGenParameterSpec("secp521r1"));
    byte[] other = p521.generateKeyPair().getPublic().getEncoded();

    assertThatThrownBy(() -> PublicHalf.decode(rsa)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicHalf.decode(other)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicHalf.decode(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
