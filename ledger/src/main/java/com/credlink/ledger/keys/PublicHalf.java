package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.BigIntegers;

/** A public key, and how its algorithm checks a signature and writes itself down. */
abstract sealed class PublicHalf implements Verifier {

  private final Algorithm algorithm;
  private final SortedMap<String, String> jwk;
  private final KeyVersion version;

  private PublicHalf(Algorithm algorithm, SortedMap<String, String> jwk) {
    this.algorithm = algorithm;
    this.jwk = jwk;
    this.version = new KeyVersion(thumbprint(jwk), algorithm.event());
  }

  /** RFC 7638: the required members of the JWK alone, in lexicographic order, without space. */
  private static String thumbprint(SortedMap<String, String> jwk) {
    String canonical =
        jwk.entrySet().stream()
            .map(member -> "\"" + member.getKey() + "\":\"" + member.getValue() + "\"")
            .collect(Collectors.joining(",", "{", "}"));
    return base64Url(sha256(canonical.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Reads the DER of a SubjectPublicKeyInfo.
   *
   * @throws IllegalArgumentException when it is not a key of a supported algorithm.
   */
  static PublicHalf decode(byte[] subjectPublicKeyInfo) {
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(subjectPublicKeyInfo);
      return info.getAlgorithm().getAlgorithm().equals(MlDsa65.OID)
          ? new MlDsa(info.getPublicKeyData().getOctets())
          : of(PublicKeyFactory.createKey(info));
    } catch (IOException e) {
      throw new IllegalArgumentException("not the DER of a public key", e);
    }
  }

  static PublicHalf of(AsymmetricKeyParameter key) {
    return switch (key) {
      case ECPublicKeyParameters ec -> new Ecdsa(ec, Curve.of(ec));
      case Ed25519PublicKeyParameters ed -> new Edwards(ed);
      case RSAKeyParameters rsa when !rsa.isPrivate() -> new Pss(rsa);
      default -> throw new IllegalArgumentException("not a key of a supported algorithm");
    };
  }

  /** DER of the SubjectPublicKeyInfo. */
  abstract byte[] encoded();

  /** The members of its JWK that are required and name it, by name. */
  final SortedMap<String, String> jwk() {
    return jwk;
  }

  @Override
  public final KeyVersion key() {
    return version;
  }

  @Override
  public final Algorithm algorithm() {
    return algorithm;
  }

  @Override
  public final boolean verify(byte[] message, byte[] signature) {
    return signature.length == signatureLength() && holds(message, signature);
  }

  /** The check itself, of a signature that has the right length. */
  abstract boolean holds(byte[] message, byte[] signature);

  private static byte[] der(AsymmetricKeyParameter key) {
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key).getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException("a public key in memory always has a DER form", e);
    }
  }

  /** SHA-256 from the JDK: its intrinsic is six times as fast as Bouncy Castle's. */
  static byte[] sha256(byte[] message) {
    return digest("SHA-256", message);
  }

  static byte[] digest(String name, byte[] message) {
    try {
      return MessageDigest.getInstance(name).digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }

  static String base64Url(byte[] value) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
  }

  private static SortedMap<String, String> members(String... namesAndValues) {
    SortedMap<String, String> members = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }

  /** ECDSA. */
  static final class Ecdsa extends PublicHalf {
    private final Curve curve;
    private final ECPublicKeyParameters key;

    private Ecdsa(ECPublicKeyParameters given, Curve curve) {
      super(
          curve.algorithm(),
          members(
              "kty", "EC",
              "crv", curve.label(),
              "x", base64Url(given.getQ().normalize().getAffineXCoord().getEncoded()),
              "y", base64Url(given.getQ().normalize().getAffineYCoord().getEncoded())));
      this.curve = curve;
      this.key =
          new ECPublicKeyParameters(
              curve.domain().validatePublicPoint(given.getQ()), curve.domain());
    }

    @Override
    byte[] encoded() {
      return der(key);
    }

    @Override
    public int signatureLength() {
      return 2 * curve.length();
    }

    @Override
    boolean holds(byte[] message, byte[] signature) {
      ECDSASigner ecdsa = new ECDSASigner();
      ecdsa.init(false, key);
      return ecdsa.verifySignature(
          digest(curve.hash(), message),
          new BigInteger(1, Arrays.copyOfRange(signature, 0, curve.length())),
          new BigInteger(1, Arrays.copyOfRange(signature, curve.length(), signature.length)));
    }
  }

  /** EdDSA on edwards25519. */
  static final class Edwards extends PublicHalf {
    private final Ed25519PublicKeyParameters key;

    private Edwards(Ed25519PublicKeyParameters key) {
      super(
          Algorithm.ED25519,
          members("kty", "OKP", "crv", Jwks.ED25519, "x", base64Url(key.getEncoded())));
      this.key = key;
    }

    /** The 32 bytes of RFC 8032. */
    Bytes encodedPoint() {
      return Bytes.wrap(key.getEncoded());
    }

    @Override
    byte[] encoded() {
      return der(key);
    }

    @Override
    public int signatureLength() {
      return Ed25519.SIGNATURE_SIZE;
    }

    @Override
    boolean holds(byte[] message, byte[] signature) {
      return key.verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
    }
  }

  /** RSASSA-PSS. */
  static final class Pss extends PublicHalf {

    /** NIST SP 800-131A revision 2 table 2; C2PA 2.2 section 14.5.1 asks for the same. */
    static final int MIN_BITS = 2048;

    /** What verifiers take without complaint; more bits only cost time. */
    static final int MAX_BITS = 4096;

    /** RFC 8017 section 9.1 and RFC 7518 section 3.5: as long as the digest. */
    static final int SALT_LENGTH = 32;

    private final RSAKeyParameters key;

    private Pss(RSAKeyParameters key) {
      super(
          Algorithm.PS256,
          members(
              "kty", "RSA",
              "n", base64Url(BigIntegers.asUnsignedByteArray(key.getModulus())),
              "e", base64Url(BigIntegers.asUnsignedByteArray(key.getExponent()))));
      int bits = key.getModulus().bitLength();
      if (bits < MIN_BITS || bits > MAX_BITS) {
        throw new IllegalArgumentException(
            "an RSA key has %d to %d bits here, not %d".formatted(MIN_BITS, MAX_BITS, bits));
      }
      this.key = key;
    }

    @Override
    byte[] encoded() {
      return der(key);
    }

    @Override
    public int signatureLength() {
      return (key.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    }

    @Override
    boolean holds(byte[] message, byte[] signature) {
      PSSSigner pss = new PSSSigner(new RSAEngine(), new SHA256Digest(), SALT_LENGTH);
      pss.init(false, key);
      pss.update(message, 0, message.length);
      return pss.verifySignature(signature);
    }
  }

  /** ML-DSA-65. */
  static final class MlDsa extends PublicHalf {
    private final byte[] bytes;
    private final PublicKey key;

    MlDsa(byte[] bytes) {
      super(
          Algorithm.ML_DSA_65,
          members("kty", "AKP", "alg", Algorithm.ML_DSA_65.jose(), "pub", base64Url(bytes)));
      if (bytes.length != MlDsa65.PUBLIC_KEY_LENGTH) {
        throw new IllegalArgumentException(
            "an ML-DSA-65 key has %d bytes, not %d"
                .formatted(MlDsa65.PUBLIC_KEY_LENGTH, bytes.length));
      }
      this.bytes = bytes.clone();
      this.key = MlDsa65.decode(bytes);
    }

    @Override
    byte[] encoded() {
      return MlDsa65.spki(bytes);
    }

    @Override
    public int signatureLength() {
      return MlDsa65.SIGNATURE_LENGTH;
    }

    @Override
    boolean holds(byte[] message, byte[] signature) {
      return MlDsa65.verify(key, message, signature);
    }
  }
}
