package com.credlink.ledger.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeySource;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.PublicKeyInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real authority is OpenSSL here: it gets our request and gives a chain back. */
class ChainCheckTest {

  private static final String PROFILE =
      """
      basicConstraints=critical,CA:false
      keyUsage=critical,digitalSignature
      extendedKeyUsage=1.3.6.1.4.1.62558.2.1,emailProtection
      authorityKeyIdentifier=keyid
      subjectKeyIdentifier=hash
      """;

  @TempDir Path directory;

  /** OpenSSL has its own clock; what it issues in this test is valid by then. */
  private final Instant now = Instant.now().plus(Duration.ofHours(1));

  private OpenSsl openSsl;
  private KeyRing ring;
  private PublicKeyInfo key;

  @BeforeEach
  void prepare() throws Exception {
    openSsl = OpenSsl.in(directory);
    ring = ring("ring.p12", Algorithm.ES256, Algorithm.ED25519);
    key = ring.all().getFirst();
    authority("root", "/O=A Real Authority/CN=Root", "root");
    authority("issuing", "/O=A Real Authority/CN=Issuing", "root");
  }

  private KeyRing ring(String name, Algorithm... algorithms) {
    return KeyRing.open(
        directory.resolve(name),
        new Password.Given("secret"),
        List.of(algorithms),
        KeySource.ofThisProcess(new SecureRandom()),
        new SecureRandom(),
        InstantSource.fixed(now));
  }

  private void authority(String name, String subject, String issuer) throws Exception {
    write(
        name + ".ext",
        """
        basicConstraints=critical,CA:true
        keyUsage=critical,keyCertSign
        subjectKeyIdentifier=hash
        """);
    openSsl.done("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key");
    openSsl.done("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr");
    issue(name, name.equals(issuer) ? name : issuer, name + ".ext", 3650);
  }

  private void issue(String name, String issuer, String extensions, int days) throws Exception {
    if (name.equals(issuer)) {
      openSsl.done(
          "x509",
          "-req",
          "-in",
          name + ".csr",
          "-signkey",
          name + ".key",
          "-extfile",
          extensions,
          "-days",
          "" + days,
          "-out",
          name + ".pem");
    } else {
      openSsl.done(
          "x509",
          "-req",
          "-in",
          name + ".csr",
          "-CA",
          issuer + ".pem",
          "-CAkey",
          issuer + ".key",
          "-CAcreateserial",
          "-extfile",
          extensions,
          "-days",
          "" + days,
          "-out",
          name + ".pem");
    }
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(directory.resolve(name), text);
  }

  private List<X509Certificate> read(String... names) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(Files.readString(directory.resolve(name + ".pem")));
    }
    return Pem.certificates(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private List<X509Certificate> check(String... names) throws Exception {
    return ChainCheck.check(key, read(names), read("root"), now);
  }

  private void certify(String extensions) throws Exception {
    write(
        "leaf.csr", CertificateRequests.pem(key, ring.requester(key.keyId()), "Snowdevil Prints"));
    write("leaf.ext", extensions);
    issue("leaf", "issuing", "leaf.ext", 90);
  }

  @Test
  void shouldAskSoThatARealAuthorityVouchesForEachKey() throws Exception {
    for (PublicKeyInfo each : ring.all()) {
      key = each;
      certify(PROFILE);

      String request = openSsl.done("req", "-in", "leaf.csr", "-verify", "-noout", "-text");
      assertThat(request)
          .contains("self-signature verify OK")
          .contains("O = Snowdevil Prints")
          .contains("Digital Signature")
          .contains("1.3.6.1.4.1.62558.2.1");
      assertThat(check("leaf", "issuing")).isEqualTo(read("leaf", "issuing"));
      assertThat(check("leaf", "issuing", "root")).isEqualTo(read("leaf", "issuing"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CA:false | CA:true | certificate authority",
        "critical,digitalSignature | digitalSignature | not critical",
        "critical,digitalSignature | critical,nonRepudiation | without digitalSignature",
        "critical,digitalSignature | critical,digitalSignature,keyCertSign | keyCertSign",
        "1.3.6.1.4.1.62558.2.1,emailProtection | codeSigning | claim signing",
        "1.3.6.1.4.1.62558.2.1,emailProtection | emailProtection,anyExtendedKeyUsage |"
            + " anyExtendedKeyUsage",
        "1.3.6.1.4.1.62558.2.1,emailProtection | emailProtection,timeStamping | timeStamping",
        "extendedKeyUsage=1.3.6.1.4.1.62558.2.1,emailProtection | # | no extended key usage",
        "keyUsage=critical,digitalSignature | # | no key usage",
        "authorityKeyIdentifier=keyid | authorityKeyIdentifier=none | no authority key identifier",
      })
  void shouldRefuseALeafOutsideTheProfile(String from, String to, String why) throws Exception {
    certify(PROFILE.replace(from, to));

    assertThatThrownBy(() -> check("leaf", "issuing"))
        .isInstanceOf(TrustException.OutsideProfile.class)
        .hasMessageContaining(why)
        .hasMessageContaining("14.5.1");
  }

  @Test
  void shouldAcceptTheOtherPurposesThatC2paAdmits() throws Exception {
    certify(PROFILE.replace("1.3.6.1.4.1.62558.2.1,emailProtection", "1.3.6.1.5.5.7.3.36"));

    assertThat(check("leaf", "issuing")).hasSize(2);
  }

  @Test
  void shouldRefuseAChainOfAnotherKey() throws Exception {
    certify(PROFILE);
    key = ring.all().getLast();

    assertThatThrownBy(() -> check("leaf", "issuing"))
        .isInstanceOf(TrustException.OtherKey.class)
        .hasMessageContaining(key.keyId());
  }

  @Test
  void shouldRefuseAChainInAnotherOrderOrWithAGap() throws Exception {
    certify(PROFILE);

    assertThatThrownBy(() -> check("issuing", "leaf")).isInstanceOf(TrustException.OtherKey.class);
    assertThatThrownBy(
            () ->
                ChainCheck.check(
                    key,
                    List.of(
                        read("leaf").getFirst(),
                        read("root").getFirst(),
                        read("issuing").getFirst()),
                    read("root"),
                    now))
        .isInstanceOf(TrustException.WrongOrder.class)
        .hasMessageContaining("leaf first");
    assertThatThrownBy(() -> check("leaf")).isInstanceOf(TrustException.NotTrusted.class);
  }

  @Test
  void shouldRefuseAChainOfAnotherRootOfTheSameName() throws Exception {
    certify(PROFILE);
    List<X509Certificate> chain = read("leaf", "issuing");
    authority("root", "/O=A Real Authority/CN=Root", "root");

    assertThatThrownBy(() -> ChainCheck.check(key, chain, read("root"), now))
        .isInstanceOf(TrustException.NotTrusted.class);
  }

  @Test
  void shouldRefuseAnIssuerThatIsNoAuthority() throws Exception {
    write("leaf.ext", PROFILE);
    write("issuing.ext", PROFILE);
    issue("issuing", "root", "issuing.ext", 90);
    certify(PROFILE);

    assertThatThrownBy(() -> check("leaf", "issuing"))
        .isInstanceOf(TrustException.NotTrusted.class);
  }

  @Test
  void shouldRefuseWhatIsNotValidNow() throws Exception {
    certify(PROFILE);

    assertThatThrownBy(
            () ->
                ChainCheck.check(
                    key, read("leaf", "issuing"), read("root"), now.plus(Duration.ofDays(91))))
        .isInstanceOf(TrustException.NotValidNow.class)
        .hasMessageContaining("ended at");
    assertThatThrownBy(
            () ->
                ChainCheck.check(
                    key, read("leaf", "issuing"), read("root"), now.minus(Duration.ofDays(1))))
        .isInstanceOf(TrustException.NotValidNow.class)
        .hasMessageContaining("begins at");
  }

  @Test
  void shouldRefuseWhatIsNoChain() throws Exception {
    certify(PROFILE);
    String leaf = Files.readString(directory.resolve("leaf.pem"));
    for (String text :
        List.of(
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            leaf.substring(0, leaf.length() / 2),
            leaf.repeat(Pem.MAX_CERTIFICATES + 1),
            " ".repeat(Pem.MAX_BYTES) + leaf)) {
      assertThatThrownBy(() -> Pem.certificates(text.getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(TrustException.Unreadable.class);
    }
    assertThat(
            Pem.certificates(leaf.repeat(Pem.MAX_CERTIFICATES).getBytes(StandardCharsets.US_ASCII)))
        .hasSize(Pem.MAX_CERTIFICATES);
  }
}
