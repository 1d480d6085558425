package com.credlink.ledger.keys;

import com.credlink.ledger.event.KeyVersion;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;

/**
 * A key in a token. What it signs is verified here, with the public half; the token draws random
 * numbers of its own, so that a repeat is another signature.
 */
final class Pkcs11Signer implements Signer {

  private final PublicHalf half;
  private final Pkcs11Token token;

  /** A key that is in the session alone, until it has its entry. */
  private final Optional<PrivateKey> ofSession;

  Pkcs11Signer(PublicHalf half, Pkcs11Token token, Optional<PrivateKey> ofSession) {
    this.half = half;
    this.token = token;
    this.ofSession = ofSession;
  }

  @Override
  public byte[] sign(byte[] message) {
    return token.use(
        "the key '" + half.key().keyId() + "' does not sign", store -> sign(store, message));
  }

  private byte[] sign(KeyStore store, byte[] message) throws GeneralSecurityException {
    PrivateKey key = ofSession.isPresent() ? ofSession.get() : token.key(store, half.key().keyId());
    Signature signature = signature();
    signature.initSign(key);
    signature.update(message);
    return signature.sign();
  }

  private Signature signature() throws GeneralSecurityException {
    return switch (half.algorithm()) {
      case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format", token.provider());
      case ES384 -> Signature.getInstance("SHA384withECDSAinP1363Format", token.provider());
      case PS256 -> {
        Signature pss = Signature.getInstance("RSASSA-PSS", token.provider());
        pss.setParameter(
            new PSSParameterSpec(
                "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PublicHalf.Pss.SALT_LENGTH, 1));
        yield pss;
      }
      case ED25519, ML_DSA_65 -> throw new GeneralSecurityException("not made in a token");
    };
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  @Override
  public KeyVersion key() {
    return half.key();
  }

  @Override
  public Algorithm algorithm() {
    return half.algorithm();
  }

  @Override
  public int signatureLength() {
    return half.signatureLength();
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    return half.verify(message, signature);
  }
}
