package com.credlink.ledger.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptKeysTest {

  private static final byte[] MESSAGE = "a receipt".getBytes(UTF_8);
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir private Path directory;

  private ReceiptKeys open(Instant now) {
    return ReceiptKeys.open(
        directory.resolve("receipts.p12"),
        new Password.FromFile(directory.resolve("receipts.password")),
        new SecureRandom(),
        InstantSource.fixed(now));
  }

  @Test
  void shouldHaveTheSameKeysAfterARestart() {
    ReceiptKeys made = open(NOW);
    ReceiptKeys opened = open(NOW.plusSeconds(5));

    assertThat(opened.acceptance().sign(MESSAGE)).isEqualTo(made.acceptance().sign(MESSAGE));
    assertThat(opened.inclusion().sign(MESSAGE)).isEqualTo(made.inclusion().sign(MESSAGE));
    assertThat(opened.all()).isEqualTo(made.all());
  }

  @Test
  void shouldPublishOneKeyForEachPurpose() {
    ReceiptKeys keys = open(NOW);

    JsonNode set = Jwks.withValidity(keys.all());

    assertThat(set.path("keys").findValuesAsText("purpose"))
        .containsExactly("receipt", "inclusion-receipt");
    assertThat(set.path("keys").findValuesAsText("not_before"))
        .containsOnly("2026-11-23T10:00:00Z");
    assertThat(set.path("keys").findValuesAsText("kid")).doesNotHaveDuplicates();
    assertThat(Jwks.ed25519(set, KeyPurpose.RECEIPT))
        .extracting(Verifier::key)
        .containsExactly(keys.acceptance().key());
    assertThat(Jwks.ed25519(set.path("keys").path(1), KeyPurpose.INCLUSION))
        .extracting(Verifier::key)
        .containsExactly(keys.inclusion().key());
    assertThat(Jwks.ed25519(set, KeyPurpose.ASSET_SIGNING)).isEmpty();
  }

  @Test
  void shouldLetNobodyElseReadThem() throws Exception {
    open(NOW);

    for (String file : new String[] {"receipts.p12", "receipts.password"}) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void shouldSayThatAFileHoldsOtherKeys() {
    KeyRing.open(
        directory.resolve("receipts.p12"),
        new Password.FromFile(directory.resolve("receipts.password")),
        new SecureRandom(),
        InstantSource.fixed(NOW));

    assertThatThrownBy(() -> open(NOW))
        .isInstanceOf(KeyException.Corrupt.class)
        .hasMessageContaining("receipts.p12")
        .hasMessageContaining("entry 'receipt'");
  }
}
