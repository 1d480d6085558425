package com.credlink.ledger.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeySource;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.PublicKeyInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevelopmentAuthorityTest {

  /** OpenSSL has its own clock: this is near to it. */
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private final InstantSource clock = InstantSource.fixed(now);
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path directory;

  private DevelopmentAuthority authority(boolean intermediate) {
    return authority("authority", intermediate, clock);
  }

  private DevelopmentAuthority authority(String name, boolean intermediate, InstantSource clock) {
    return DevelopmentAuthority.open(
        directory.resolve(name + ".p12"),
        new Password.FromFile(directory.resolve(name + ".password")),
        new DevelopmentAuthority.Settings("Snowdevil Prints", Duration.ofDays(365), intermediate),
        RANDOM,
        clock);
  }

  private KeyRing ring(Algorithm... algorithms) {
    return KeyRing.open(
        directory.resolve("ring.p12"),
        new Password.Given("secret"),
        List.of(algorithms),
        KeySource.ofThisProcess(RANDOM),
        RANDOM,
        clock);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldIssueChainsThatOpenSslAccepts(boolean intermediate) throws Exception {
    OpenSsl openSsl = OpenSsl.in(directory);
    DevelopmentAuthority authority = authority(intermediate);
    Files.writeString(directory.resolve("root.pem"), Pem.of(authority.roots()));
    Files.writeString(
        directory.resolve("other.pem"), Pem.of(authority("other", false, clock).roots()));
    KeyRing ring = ring(Algorithm.ES256, Algorithm.ES384, Algorithm.PS256, Algorithm.ED25519);

    for (PublicKeyInfo key : ring.all()) {
      List<X509Certificate> chain = authority.issue(key);
      Files.writeString(directory.resolve("leaf.pem"), Pem.of(chain.subList(0, 1)));
      Files.writeString(directory.resolve("chain.pem"), Pem.of(chain));

      openSsl.done(
          "verify",
          "-x509_strict",
          "-CAfile",
          "root.pem",
          "-untrusted",
          "chain.pem",
          "-purpose",
          "smimesign",
          "leaf.pem");
      assertThat(
              openSsl
                  .run("verify", "-CAfile", "other.pem", "-untrusted", "chain.pem", "leaf.pem")
                  .code())
          .isNotZero();
      assertThat(chain).hasSize(intermediate ? 2 : 1).doesNotContain(authority.root());
      assertThat(ChainCheck.check(key, chain, authority.roots(), now)).isEqualTo(chain);
      openSsl.done("pkey", "-pubin", "-in", publicKey(openSsl), "-noout");
      assertThat(chain.getFirst().getPublicKey().getEncoded()).isEqualTo(key.publicKey().toArray());
    }
  }

  private String publicKey(OpenSsl openSsl) throws Exception {
    Files.writeString(
        directory.resolve("key.pem"), openSsl.done("x509", "-in", "leaf.pem", "-pubkey", "-noout"));
    return "key.pem";
  }

  @Test
  void shouldIssueWithTheProfileOfC2pa() throws Exception {
    X509Certificate leaf =
        authority(false).issue(ring(Algorithm.ES256).all().getFirst()).getFirst();

    assertThat(leaf.getVersion()).isEqualTo(3);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.15");
    boolean[] usage = new boolean[9];
    usage[0] = true;
    assertThat(leaf.getKeyUsage()).isEqualTo(usage);
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.4.1.62558.2.1", "1.3.6.1.5.5.7.3.4");
    assertThat(leaf.getExtensionValue("2.5.29.35")).isNotNull();
    assertThat(leaf.getExtensionValue("2.5.29.14")).isNotNull();
    assertThat(leaf.getSubjectX500Principal().getName()).contains("O=Snowdevil Prints");
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(now.minus(Duration.ofMinutes(5)));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(365)));
    assertThat(leaf.getSerialNumber().bitLength()).isBetween(64, 128);
  }

  @Test
  void shouldKeepItsRootInAFileThatOnlyItsOwnerReads() throws Exception {
    X509Certificate root = authority(false).root();

    assertThat(authority(false).root()).isEqualTo(root);
    assertThat(authority(true).root()).isEqualTo(root);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("authority.p12"))))
        .isEqualTo("rw-------");
    byte[] good = Files.readAllBytes(directory.resolve("authority.p12"));
    Files.write(directory.resolve("authority.p12"), Arrays.copyOf(good, good.length / 2));
    assertThatThrownBy(() -> authority(false)).isInstanceOf(KeyException.Corrupt.class);
  }

  @Test
  void shouldRenewTheIntermediateBeforeALeafOutlivesIt() {
    PublicKeyInfo key = ring(Algorithm.ES256).all().getFirst();
    X509Certificate first = authority(true).issue(key).get(1);
    Instant later = now.plus(DevelopmentAuthority.INTERMEDIATE_VALIDITY).minus(Duration.ofDays(30));

    DevelopmentAuthority renewed = authority("authority", true, InstantSource.fixed(later));

    List<X509Certificate> chain = renewed.issue(key);
    assertThat(chain.get(1)).isNotEqualTo(first);
    assertThat(chain.get(1).getPublicKey()).isEqualTo(first.getPublicKey());
    assertThat(ChainCheck.check(key, chain, renewed.roots(), later)).isEqualTo(chain);
  }

  @Test
  void shouldNotLetALeafOutliveTheRoot() {
    PublicKeyInfo key = ring(Algorithm.ES256).all().getFirst();
    DevelopmentAuthority young = authority(false);
    Instant later = now.plus(DevelopmentAuthority.ROOT_VALIDITY).minus(Duration.ofDays(30));

    X509Certificate leaf =
        authority("authority", false, InstantSource.fixed(later)).issue(key).getFirst();

    assertThat(leaf.getNotAfter()).isEqualTo(young.root().getNotAfter());
  }

  @Test
  void shouldNotVouchForAnAlgorithmThatC2paDoesNotAdmit() {
    PublicKeyInfo key = ring(Algorithm.ML_DSA_65).all().getFirst();

    assertThatThrownBy(() -> authority(false).issue(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ML-DSA-65");
  }
}
