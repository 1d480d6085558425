package com.credlink.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.Arrays;

/**
 * Checks a signature over an asset digest as a stranger would: with the public keys of the JWKS and
 * none of the ledger's code. Compact JWS is read by Nimbus JOSE+JWT, COSE_Sign1 (RFC 9052) by
 * Jackson's CBOR; the arithmetic is the JDK's own, never Bouncy Castle's, which is what signs.
 */
final class DemoSignatureCheck {

  /** What this check rests on, for people who read the demo's output. */
  static final String CHECKED_BY = "Nimbus JOSE+JWT, Jackson CBOR and the JDK's java.security";

  private static final int COSE_SIGN1_TAG = 0xd2;
  private static final int COSE_ES256 = -7;
  private static final int COSE_EDDSA = -8;

  private static final CBORMapper CBOR = new CBORMapper();

  private final JWKSet keys;

  /** A signature that does not hold, and why. */
  static final class NotValid extends Exception {
    private static final long serialVersionUID = 1L;

    NotValid(String reason) {
      super(reason);
    }

    NotValid(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  DemoSignatureCheck(String jwks) throws NotValid {
    try {
      this.keys = JWKSet.parse(jwks);
    } catch (ParseException e) {
      throw new NotValid("the JWKS cannot be parsed: " + e.getMessage(), e);
    }
  }

  /**
   * Checks a compact JWS whose payload must be {@code digest}.
   *
   * @return algorithm and key, for people
   */
  String jws(String compact, byte[] digest) throws NotValid {
    try {
      var jws = JWSObject.parse(compact.strip());
      if (!Arrays.equals(jws.getPayload().toBytes(), digest)) {
        throw new NotValid("the JWS signs another digest");
      }
      var key = key(jws.getHeader().getKeyID());
      boolean good =
          switch (key) {
            case ECKey ec -> jws.verify(new ECDSAVerifier(ec));
            // Nimbus needs one more library for Ed25519; the JDK needs none.
            case OctetKeyPair okp ->
                "EdDSA".equals(jws.getHeader().getAlgorithm().getName())
                    && ed25519(okp, jws.getSigningInput(), jws.getSignature().decode());
            default -> false;
          };
      require(good, "the JWS does not verify");
      return "JWS " + jws.getHeader().getAlgorithm().getName() + ", key " + key.getKeyID();
    } catch (ParseException | JOSEException | GeneralSecurityException e) {
      throw new NotValid("the JWS cannot be checked: " + e.getMessage(), e);
    }
  }

  /**
   * Checks a tagged COSE_Sign1 with detached payload {@code digest}.
   *
   * @return algorithm and key, for people
   */
  String cose(byte[] message, byte[] digest) throws NotValid {
    try {
      require(
          message.length > 0 && (message[0] & 0xff) == COSE_SIGN1_TAG,
          "it is no tagged COSE_Sign1");
      JsonNode parts = CBOR.readTree(message);
      require(parts.isArray() && parts.size() == 4, "it is no COSE_Sign1");
      require(parts.get(2).isNull(), "its payload is not detached");
      byte[] protectedHeader = parts.get(0).binaryValue();
      byte[] signature = parts.get(3).binaryValue();
      require(protectedHeader != null && signature != null, "it is no COSE_Sign1");
      JsonNode header = CBOR.readTree(protectedHeader);
      int algorithm = header.path("1").asInt();
      byte[] kid = header.path("4").binaryValue();
      require(kid != null, "it has no kid in its protected header");
      var key = key(new String(kid, StandardCharsets.UTF_8));
      byte[] signed = sigStructure(protectedHeader, digest);
      boolean good =
          switch (key) {
            case ECKey ec -> algorithm == COSE_ES256 && es256(ec, signed, signature);
            case OctetKeyPair okp -> algorithm == COSE_EDDSA && ed25519(okp, signed, signature);
            default -> false;
          };
      require(good, "the COSE_Sign1 does not verify");
      return "COSE_Sign1 "
          + (algorithm == COSE_ES256 ? "ES256" : "EdDSA")
          + ", key "
          + key.getKeyID();
    } catch (IOException | JOSEException | GeneralSecurityException e) {
      throw new NotValid("the COSE_Sign1 cannot be checked: " + e.getMessage(), e);
    }
  }

  /** RFC 9052, section 4.4, with empty external data. */
  private static byte[] sigStructure(byte[] protectedHeader, byte[] payload) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var generator = new CBORFactory().createGenerator(bytes)) {
      generator.writeStartArray(null, 4);
      generator.writeString("Signature1");
      generator.writeBinary(protectedHeader);
      generator.writeBinary(new byte[0]);
      generator.writeBinary(payload);
      generator.writeEndArray();
    }
    return bytes.toByteArray();
  }

  private JWK key(String kid) throws NotValid {
    var key = kid == null ? null : keys.getKeyByKeyId(kid);
    if (key == null) {
      throw new NotValid("the JWKS has no key '" + kid + "'");
    }
    return key;
  }

  private static boolean es256(ECKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException, JOSEException {
    return verify("SHA256withECDSAinP1363Format", key.toECPublicKey(), message, signature);
  }

  private static boolean ed25519(OctetKeyPair key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    byte[] littleEndian = key.getX().decode();
    var bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    boolean xOdd = (bigEndian[0] & 0x80) != 0;
    bigEndian[0] &= 0x7f;
    var point = new EdECPoint(xOdd, new BigInteger(1, bigEndian));
    var publicKey =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    return verify("Ed25519", publicKey, message, signature);
  }

  private static boolean verify(String algorithm, PublicKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(key);
    verifier.update(message);
    return verifier.verify(signature);
  }

  private static void require(boolean holds, String otherwise) throws NotValid {
    if (!holds) {
      throw new NotValid(otherwise);
    }
  }
}
