package com.credlink.ledger.keys;

import java.math.BigInteger;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;

/** Signers with fixed keys for tests: equal tests see equal bytes. */
public final class TestKeys {

  private TestKeys() {}

  private static final Map<Algorithm, Signer> MADE = new ConcurrentHashMap<>();

  public static Signer signer(Algorithm algorithm) {
    return MADE.computeIfAbsent(algorithm, TestKeys::make);
  }

  private static Signer make(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> p256("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
      case ES384 ->
          LocalSigner.of(new ECPrivateKeyParameters(BigInteger.TWO.pow(380), Curve.P384.domain()));
      case PS256 -> rsa(2048);
      case ML_DSA_65 -> LocalSigner.generate(algorithm, seeded());
      case ED25519 -> ed25519("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    };
  }

  public static Signer p256(String d) {
    return LocalSigner.of(new ECPrivateKeyParameters(new BigInteger(d, 16), Curve.P256.domain()));
  }

  public static Signer ed25519(String seed) {
    return LocalSigner.of(new Ed25519PrivateKeyParameters(HexFormat.of().parseHex(seed)));
  }

  public static LocalSigner rsa(int bits) {
    RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
    generator.init(new RSAKeyGenerationParameters(BigInteger.valueOf(65_537), seeded(), bits, 100));
    return LocalSigner.of(generator.generateKeyPair().getPrivate());
  }

  private static SecureRandom seeded() {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(1);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** DER of the SubjectPublicKeyInfo. */
  public static byte[] publicKey(Signer signer) {
    return ((LocalSigner) signer).publicHalf().encoded();
  }
}
