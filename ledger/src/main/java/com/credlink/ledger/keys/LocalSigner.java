package com.credlink.ledger.keys;

import com.credlink.ledger.event.KeyVersion;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.BigIntegers;

/** A signer whose private key is in this process. Each is deterministic. */
abstract sealed class LocalSigner implements Signer {

  /** Bits of an RSA key made here: as strong as P-256 (NIST SP 800-57 part 1, table 2). */
  private static final int RSA_BITS = 3072;

  private static final BigInteger RSA_EXPONENT = BigInteger.valueOf(65_537);

  /** Error of the primes 2^-100 or less (FIPS 186-5 appendix B.3). */
  private static final int RSA_CERTAINTY = 100;

  private final PublicHalf publicHalf;

  private LocalSigner(PublicHalf publicHalf) {
    this.publicHalf = publicHalf;
  }

  /** A new key. */
  static LocalSigner generate(Algorithm algorithm, SecureRandom random) {
    return switch (algorithm) {
      case ES256 -> of(generate(Curve.P256, random));
      case ES384 -> of(generate(Curve.P384, random));
      case PS256 -> {
        RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
        generator.init(
            new RSAKeyGenerationParameters(RSA_EXPONENT, random, RSA_BITS, RSA_CERTAINTY));
        yield of(generator.generateKeyPair().getPrivate());
      }
      case ED25519 -> of(new Ed25519PrivateKeyParameters(random));
      case ML_DSA_65 -> new MlDsa(MlDsa65.generate(random));
    };
  }

  private static AsymmetricKeyParameter generate(Curve curve, SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(curve.domain(), random));
    return generator.generateKeyPair().getPrivate();
  }

  /**
   * Reads a PKCS#8 private key.
   *
   * @throws IllegalArgumentException when it is not a key of a supported algorithm.
   */
  static LocalSigner decode(byte[] pkcs8) {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
      return info.getPrivateKeyAlgorithm().getAlgorithm().equals(MlDsa65.OID)
          ? new MlDsa(MlDsa65.privateKey(pkcs8))
          : of(PrivateKeyFactory.createKey(info));
    } catch (IOException e) {
      throw new IllegalArgumentException("not the DER of a private key", e);
    }
  }

  static LocalSigner of(AsymmetricKeyParameter privateKey) {
    return switch (privateKey) {
      case ECPrivateKeyParameters ec -> new Ecdsa(ec.getD(), Curve.of(ec));
      case Ed25519PrivateKeyParameters ed -> new Edwards(ed);
      case RSAPrivateCrtKeyParameters rsa -> new Pss(rsa);
      default -> throw new IllegalArgumentException("not a key of a supported algorithm");
    };
  }

  PublicHalf publicHalf() {
    return publicHalf;
  }

  /** The private key in PKCS#8, for the key file. */
  abstract byte[] encoded();

  private static byte[] pkcs8(AsymmetricKeyParameter key) {
    try {
      return PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a private key in memory always has a DER form", e);
    }
  }

  @Override
  public final KeyVersion key() {
    return publicHalf.key();
  }

  @Override
  public final Algorithm algorithm() {
    return publicHalf.algorithm();
  }

  @Override
  public final int signatureLength() {
    return publicHalf.signatureLength();
  }

  @Override
  public final boolean verify(byte[] message, byte[] signature) {
    return publicHalf.verify(message, signature);
  }

  /** The key's name only: a private key must not reach a log. */
  @Override
  public final String toString() {
    return "Signer[" + key().keyId() + "]";
  }

  /** With the k of RFC 6979. */
  private static final class Ecdsa extends LocalSigner {
    private final Curve curve;
    private final ECPrivateKeyParameters key;

    private Ecdsa(BigInteger d, Curve curve) {
      super(
          PublicHalf.of(
              new ECPublicKeyParameters(curve.domain().getG().multiply(d), curve.domain())));
      this.curve = curve;
      this.key = new ECPrivateKeyParameters(d, curve.domain());
    }

    @Override
    byte[] encoded() {
      return pkcs8(key);
    }

    @Override
    public byte[] sign(byte[] message) {
      ECDSASigner ecdsa =
          new ECDSASigner(
              new HMacDSAKCalculator(
                  switch (curve) {
                    case P256 -> new SHA256Digest();
                    case P384 -> new SHA384Digest();
                  }));
      ecdsa.init(true, key);
      BigInteger[] rs = ecdsa.generateSignature(PublicHalf.digest(curve.hash(), message));
      byte[] signature = new byte[signatureLength()];
      BigIntegers.asUnsignedByteArray(rs[0], signature, 0, curve.length());
      BigIntegers.asUnsignedByteArray(rs[1], signature, curve.length(), curve.length());
      return signature;
    }
  }

  private static final class Edwards extends LocalSigner {
    private final Ed25519PrivateKeyParameters key;

    private Edwards(Ed25519PrivateKeyParameters key) {
      super(PublicHalf.of(key.generatePublicKey()));
      this.key = key;
    }

    @Override
    byte[] encoded() {
      return pkcs8(key);
    }

    @Override
    public byte[] sign(byte[] message) {
      byte[] signature = new byte[signatureLength()];
      key.sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
      return signature;
    }
  }

  /**
   * PSS takes a salt that is usually drawn at random. Here it is a pseudo-random function of the
   * message under a key that follows from the private exponent, as RFC 6979 does it for ECDSA: a
   * verifier sees no difference, nobody without the private key can foresee it, and a repeat after
   * a crash gives the same bytes.
   */
  private static final class Pss extends LocalSigner {
    private static final byte[] LABEL =
        "credlink PS256 salt v1\n".getBytes(StandardCharsets.US_ASCII);

    private final RSAPrivateCrtKeyParameters key;
    private final KeyParameter saltKey;

    private Pss(RSAPrivateCrtKeyParameters key) {
      super(PublicHalf.of(new RSAKeyParameters(false, key.getModulus(), key.getPublicExponent())));
      this.key = key;
      this.saltKey =
          new KeyParameter(
              PublicHalf.sha256(
                  concatenated(LABEL, BigIntegers.asUnsignedByteArray(key.getExponent()))));
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    }

    private byte[] salt(byte[] message) {
      byte[] digest = PublicHalf.sha256(message);
      HMac mac = new HMac(new SHA256Digest());
      mac.init(saltKey);
      mac.update(digest, 0, digest.length);
      byte[] salt = new byte[PublicHalf.Pss.SALT_LENGTH];
      mac.doFinal(salt, 0);
      return salt;
    }

    @Override
    byte[] encoded() {
      return pkcs8(key);
    }

    @Override
    public byte[] sign(byte[] message) {
      PSSSigner pss =
          new PSSSigner(
              new RSABlindedEngine(), new SHA256Digest(), new SHA256Digest(), salt(message));
      pss.init(true, key);
      pss.update(message, 0, message.length);
      try {
        return pss.generateSignature();
      } catch (CryptoException e) {
        throw new IllegalStateException("an RSA key did not sign", e);
      }
    }
  }

  private static final class MlDsa extends LocalSigner {
    private final PrivateKey key;

    private MlDsa(PrivateKey key) {
      super(new PublicHalf.MlDsa(MlDsa65.publicKey(key)));
      this.key = key;
    }

    @Override
    byte[] encoded() {
      return key.getEncoded();
    }

    @Override
    public byte[] sign(byte[] message) {
      return MlDsa65.sign(key, message);
    }
  }
}
