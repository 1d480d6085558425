package com.credlink.ledger.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogKeysTest {

  private static final byte[] MESSAGE = "a tree head".getBytes(UTF_8);

  @TempDir private Path directory;

  private LogKeys open() {
    return LogKeys.open(
        directory.resolve("log.p12"),
        new Password.FromFile(directory.resolve("log.password")),
        new SecureRandom());
  }

  @Test
  void shouldHaveTheSameKeysAfterARestart() throws Exception {
    LogKeys made = open();
    byte[] ed25519 = made.ed25519().sign(MESSAGE);
    Signature mlDsa = Signature.getInstance("ML-DSA-44");
    mlDsa.initSign(made.mlDsa44().getPrivate());
    mlDsa.update(MESSAGE);
    byte[] signed = mlDsa.sign();

    LogKeys opened = open();

    assertThat(opened.ed25519().sign(MESSAGE)).isEqualTo(ed25519);
    mlDsa.initVerify(opened.mlDsa44().getPublic());
    mlDsa.update(MESSAGE);
    assertThat(mlDsa.verify(signed)).isTrue();
  }

  @Test
  void shouldSignWithBothPairsWhileOneReplacesTheOther() {
    Path file = directory.resolve("log.p12");
    Password password = new Password.FromFile(directory.resolve("log.password"));
    LogKeys first = open();

    LogKeys both = LogKeys.rotate(file, password, new SecureRandom());

    assertThat(both.signing()).extracting(LogKeys.Pair::version).containsExactly(2, 1);
    assertThat(both.signing().getLast().ed25519().sign(MESSAGE))
        .isEqualTo(first.ed25519().sign(MESSAGE));
    assertThat(both.ed25519().sign(MESSAGE)).isNotEqualTo(first.ed25519().sign(MESSAGE));
    assertThatThrownBy(() -> LogKeys.rotate(file, password, new SecureRandom()))
        .isInstanceOf(IllegalStateException.class);

    LogKeys last = LogKeys.retire(file, password, new SecureRandom());

    assertThat(last.signing()).extracting(LogKeys.Pair::version).containsExactly(2);
    assertThat(last.retired()).containsExactly(first.signing().getFirst().publicHalf());
    assertThat(open().retired()).isEqualTo(last.retired());
    assertThatThrownBy(() -> LogKeys.retire(file, password, new SecureRandom()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldLetNobodyElseReadThem() throws Exception {
    open();

    for (String file : new String[] {"log.p12", "log.password"}) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void shouldSayThatAFileHoldsOtherKeys() {
    Path file = directory.resolve("log.p12");
    Password password = new Password.FromFile(directory.resolve("log.password"));
    KeyRing.open(file, password, new SecureRandom(), java.time.InstantSource.system());

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyException.Corrupt.class)
        .hasMessageContaining("log.p12")
        .hasMessageContaining("log.ed25519");
  }
}
