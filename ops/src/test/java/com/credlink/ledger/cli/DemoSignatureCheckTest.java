package com.credlink.ledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The checker itself must be trusted: it accepts what it should and nothing else. Everything here
 * is built without the ledger's code.
 */
class DemoSignatureCheckTest {

  private static final byte[] DIGEST = new byte[32];
  private static final byte[] OTHER_DIGEST = new byte[32];

  static {
    Arrays.fill(DIGEST, (byte) 7);
    Arrays.fill(OTHER_DIGEST, (byte) 8);
  }

  private KeyPair ec;
  private KeyPair ed;
  private DemoSignatureCheck check;

  @BeforeEach
  void makeKeys() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ec = generator.generateKeyPair();
    ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    var encoded = ed.getPublic().getEncoded();
    var x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    var keys =
        new JWKSet(
            List.of(
                new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.getPublic()).keyID("es").build(),
                new OctetKeyPair.Builder(Curve.Ed25519, x).keyID("ed").build()));
    check = new DemoSignatureCheck(keys.toString());
  }

  @Test
  void shouldAcceptAJwsByEs256() throws Exception {
    assertThat(check.jws(es256Jws(), DIGEST)).isEqualTo("JWS ES256, key es");
  }

  @Test
  void shouldAcceptAJwsByEd25519() throws Exception {
    var header = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}");
    var input = header + "." + Base64URL.encode(DIGEST);
    var signature = sign("Ed25519", ed, input.getBytes(StandardCharsets.US_ASCII));

    assertThat(check.jws(input + "." + Base64URL.encode(signature), DIGEST))
        .isEqualTo("JWS EdDSA, key ed");
  }

  @Test
  void shouldRefuseAJwsOverAnotherDigestOrWithAChangedByte() throws Exception {
    var jws = es256Jws();
    var changed =
        jws.substring(0, jws.length() - 10)
            + (jws.charAt(jws.length() - 10) == 'A' ? 'B' : 'A')
            + jws.substring(jws.length() - 9);

    assertThatThrownBy(() -> check.jws(jws, OTHER_DIGEST)).hasMessageContaining("another digest");
    assertThatThrownBy(() -> check.jws(changed, DIGEST))
        .isInstanceOf(DemoSignatureCheck.NotValid.class);
  }

  @Test
  void shouldAcceptACoseSign1ByBothAlgorithms() throws Exception {
    assertThat(check.cose(cose("SHA256withECDSAinP1363Format", ec, 0x26, "es", DIGEST), DIGEST))
        .isEqualTo("COSE_Sign1 ES256, key es");
    assertThat(check.cose(cose("Ed25519", ed, 0x27, "ed", DIGEST), DIGEST))
        .isEqualTo("COSE_Sign1 EdDSA, key ed");
  }

  @Test
  void shouldRefuseACoseSign1ThatDoesNotHold() throws Exception {
    var good = cose("Ed25519", ed, 0x27, "ed", DIGEST);
    var changed = good.clone();
    changed[changed.length - 1] ^= 1;
    var untagged = Arrays.copyOfRange(good, 1, good.length);

    assertThatThrownBy(() -> check.cose(good, OTHER_DIGEST))
        .hasMessageContaining("does not verify");
    assertThatThrownBy(() -> check.cose(changed, DIGEST)).hasMessageContaining("does not verify");
    assertThatThrownBy(() -> check.cose(untagged, DIGEST)).hasMessageContaining("tagged");
    assertThatThrownBy(() -> check.cose(cose("Ed25519", ed, 0x27, "no", DIGEST), DIGEST))
        .hasMessageContaining("no key 'no'");
    assertThatThrownBy(() -> check.cose(cose("Ed25519", ed, 0x26, "ed", DIGEST), DIGEST))
        .hasMessageContaining("does not verify");
  }

  private String es256Jws() throws Exception {
    var jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("es").build(), new Payload(DIGEST));
    jws.sign(new ECDSASigner((ECPrivateKey) ec.getPrivate()));
    return jws.serialize();
  }

  /**
   * A COSE_Sign1 byte by byte, as RFC 9052 draws it: {1: algorithm, 4: two-letter kid} protected,
   * payload nil.
   */
  private static byte[] cose(
      String algorithm, KeyPair pair, int coseAlgorithm, String kid, byte[] payload)
      throws Exception {
    var header = new ByteArrayOutputStream();
    header.write(new byte[] {(byte) 0xa2, 0x01, (byte) coseAlgorithm, 0x04, 0x42});
    header.write(kid.getBytes(StandardCharsets.UTF_8));
    var protectedHeader = header.toByteArray();

    var structure = new ByteArrayOutputStream();
    structure.write(new byte[] {(byte) 0x84, 0x6a});
    structure.write("Signature1".getBytes(StandardCharsets.UTF_8));
    structure.write(0x40 | protectedHeader.length);
    structure.write(protectedHeader);
    structure.write(0x40);
    structure.write(new byte[] {0x58, 32});
    structure.write(payload);

    var message = new ByteArrayOutputStream();
    message.write(new byte[] {(byte) 0xd2, (byte) 0x84});
    message.write(0x40 | protectedHeader.length);
    message.write(protectedHeader);
    message.write(new byte[] {(byte) 0xa0, (byte) 0xf6, 0x58, 64});
    message.write(sign(algorithm, pair, structure.toByteArray()));
    return message.toByteArray();
  }

  private static byte[] sign(String algorithm, KeyPair pair, byte[] message) throws Exception {
    var signer = Signature.getInstance(algorithm);
    signer.initSign(pair.getPrivate());
    signer.update(message);
    return signer.sign();
  }
}
