package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A public key, and how its algorithm checks a signature and writes itself down. */
abstract sealed class PublicHalf implements Verifier {

  /** Length of a coordinate, of an Ed25519 key and of half a signature. */
  static final int NUMBER_LENGTH = 32;

  private final AsymmetricKeyParameter key;
  private final KeyVersion version;

  private PublicHalf(AsymmetricKeyParameter key, Algorithm algorithm, String canonicalJwk) {
    this.key = key;
    this.version =
        new KeyVersion(
            base64Url(sha256(canonicalJwk.getBytes(StandardCharsets.UTF_8))), algorithm.event());
  }

  /**
   * Reads the DER of a SubjectPublicKeyInfo.
   *
   * @throws IllegalArgumentException when it is not a key of a supported algorithm.
   */
  static PublicHalf decode(byte[] subjectPublicKeyInfo) {
    try {
      return of(PublicKeyFactory.createKey(subjectPublicKeyInfo));
    } catch (IOException e) {
      throw new IllegalArgumentException("not the DER of a public key", e);
    }
  }

  static PublicHalf of(AsymmetricKeyParameter key) {
    return switch (key) {
      case ECPublicKeyParameters ec -> new P256(ec);
      case Ed25519PublicKeyParameters ed -> new Edwards(ed);
      default -> throw new IllegalArgumentException("not a key of a supported algorithm");
    };
  }

  /** DER of the SubjectPublicKeyInfo. */
  byte[] encoded() {
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key).getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException("a public key in memory always has a DER form", e);
    }
  }

  @Override
  public final KeyVersion key() {
    return version;
  }

  /** SHA-256 from the JDK: its intrinsic is six times as fast as Bouncy Castle's. */
  static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  static String base64Url(byte[] value) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
  }

  /** The domain of P-256, with Bouncy Castle's hand-made field arithmetic. */
  static ECDomainParameters p256() {
    X9ECParameters curve = CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
    return new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, curve);
  }

  /** ECDSA on P-256. */
  static final class P256 extends PublicHalf {
    private final ECPublicKeyParameters key;

    private P256(ECPublicKeyParameters key) {
      this(key, x(key), y(key));
    }

    private P256(ECPublicKeyParameters key, String x, String y) {
      super(
          key,
          Algorithm.ES256,
          "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}");
      this.key = new ECPublicKeyParameters(p256().validatePublicPoint(key.getQ()), p256());
    }

    private static String x(ECPublicKeyParameters key) {
      if (!key.getParameters().getCurve().equals(p256().getCurve())) {
        throw new IllegalArgumentException("not a key on P-256");
      }
      return base64Url(key.getQ().normalize().getAffineXCoord().getEncoded());
    }

    private static String y(ECPublicKeyParameters key) {
      return base64Url(key.getQ().normalize().getAffineYCoord().getEncoded());
    }

    String x() {
      return x(key);
    }

    String y() {
      return y(key);
    }

    @Override
    public Algorithm algorithm() {
      return Algorithm.ES256;
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
      if (signature.length != Algorithm.SIGNATURE_LENGTH) {
        return false;
      }
      ECDSASigner ecdsa = new ECDSASigner();
      ecdsa.init(false, key);
      return ecdsa.verifySignature(
          sha256(message),
          new BigInteger(1, Arrays.copyOfRange(signature, 0, NUMBER_LENGTH)),
          new BigInteger(1, Arrays.copyOfRange(signature, NUMBER_LENGTH, signature.length)));
    }
  }

  /** EdDSA on edwards25519. */
  static final class Edwards extends PublicHalf {
    private final Ed25519PublicKeyParameters key;

    private Edwards(Ed25519PublicKeyParameters key) {
      super(
          key,
          Algorithm.ED25519,
          "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + base64Url(key.getEncoded()) + "\"}");
      this.key = key;
    }

    String x() {
      return base64Url(key.getEncoded());
    }

    /** The 32 bytes of RFC 8032. */
    Bytes encodedPoint() {
      return Bytes.wrap(key.getEncoded());
    }

    @Override
    public Algorithm algorithm() {
      return Algorithm.ED25519;
    }

    @Override
    public boolean verify(byte[] message, byte[] signature) {
      return signature.length == Algorithm.SIGNATURE_LENGTH
          && key.verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
    }
  }
}
