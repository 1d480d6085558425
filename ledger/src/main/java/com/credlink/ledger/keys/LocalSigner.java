package com.credlink.ledger.keys;

import com.credlink.ledger.event.KeyVersion;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.BigIntegers;

/** A signer whose private key is in this process. */
abstract sealed class LocalSigner implements Signer {

  private final AsymmetricKeyParameter privateKey;
  private final PublicHalf publicHalf;

  private LocalSigner(AsymmetricKeyParameter privateKey, PublicHalf publicHalf) {
    this.privateKey = privateKey;
    this.publicHalf = publicHalf;
  }

  /** A new key. */
  static LocalSigner generate(Algorithm algorithm, SecureRandom random) {
    return switch (algorithm) {
      case ES256 -> {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(PublicHalf.p256(), random));
        yield of(generator.generateKeyPair().getPrivate());
      }
      case ED25519 -> of(new Ed25519PrivateKeyParameters(random));
    };
  }

  /**
   * Reads a PKCS#8 private key.
   *
   * @throws IllegalArgumentException when it is not a key of a supported algorithm.
   */
  static LocalSigner decode(byte[] pkcs8) {
    try {
      return of(PrivateKeyFactory.createKey(pkcs8));
    } catch (IOException e) {
      throw new IllegalArgumentException("not the DER of a private key", e);
    }
  }

  static LocalSigner of(AsymmetricKeyParameter privateKey) {
    return switch (privateKey) {
      case ECPrivateKeyParameters ec -> new P256(new ECPrivateKeyParameters(ec.getD(), p256(ec)));
      case Ed25519PrivateKeyParameters ed -> new Edwards(ed);
      default -> throw new IllegalArgumentException("not a key of a supported algorithm");
    };
  }

  private static ECDomainParameters p256(ECPrivateKeyParameters key) {
    if (!key.getParameters().getCurve().equals(PublicHalf.p256().getCurve())) {
      throw new IllegalArgumentException("not a key on P-256");
    }
    return PublicHalf.p256();
  }

  PublicHalf publicHalf() {
    return publicHalf;
  }

  /** The private key in PKCS#8, for the key file. */
  byte[] encoded() {
    try {
      return PrivateKeyInfoFactory.createPrivateKeyInfo(privateKey).getEncoded("DER");
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
  public final boolean verify(byte[] message, byte[] signature) {
    return publicHalf.verify(message, signature);
  }

  /** The key's name only: a private key must not reach a log. */
  @Override
  public final String toString() {
    return "Signer[" + key().keyId() + "]";
  }

  private static final class P256 extends LocalSigner {
    private final ECPrivateKeyParameters key;

    private P256(ECPrivateKeyParameters key) {
      super(
          key,
          PublicHalf.of(
              new ECPublicKeyParameters(
                  PublicHalf.p256().getG().multiply(key.getD()), PublicHalf.p256())));
      this.key = key;
    }

    @Override
    public byte[] sign(byte[] message) {
      ECDSASigner ecdsa = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
      ecdsa.init(true, key);
      BigInteger[] rs = ecdsa.generateSignature(PublicHalf.sha256(message));
      byte[] signature = new byte[Algorithm.SIGNATURE_LENGTH];
      BigIntegers.asUnsignedByteArray(rs[0], signature, 0, PublicHalf.NUMBER_LENGTH);
      BigIntegers.asUnsignedByteArray(
          rs[1], signature, PublicHalf.NUMBER_LENGTH, PublicHalf.NUMBER_LENGTH);
      return signature;
    }
  }

  private static final class Edwards extends LocalSigner {
    private final Ed25519PrivateKeyParameters key;

    private Edwards(Ed25519PrivateKeyParameters key) {
      super(key, PublicHalf.of(key.generatePublicKey()));
      this.key = key;
    }

    @Override
    public byte[] sign(byte[] message) {
      byte[] signature = new byte[Algorithm.SIGNATURE_LENGTH];
      key.sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
      return signature;
    }
  }
}
