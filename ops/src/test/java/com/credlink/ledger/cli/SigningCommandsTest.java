package com.credlink.ledger.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.cli.CliNode.Ended;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What merchants and operators do from the shell: sign, inspect, keys, queue. */
class SigningCommandsTest {

  private static final String SHOP = "snowdevil.myshopify.com";

  @TempDir private static Path directory;
  private static CliNode node;

  @BeforeAll
  static void start() throws Exception {
    node = CliNode.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  private static Ended ledger(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data=" + node.data());
    return CliNode.run(directory, all.toArray(String[]::new));
  }

  private static Path image(String name, int seed) throws IOException {
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
    image.setRGB(seed % 24, seed / 24, 0xFF8800 + seed);
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    String format = name.endsWith(".png") ? "png" : "jpeg";
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }

  @Test
  void shouldSignAFileAndSayWhatHoldsOfIt() throws Exception {
    Path file = image("mug.jpg", 1);

    Ended signed = ledger("sign", file.toString(), "--tenant", SHOP, "--title", "A mug");

    assertThat(signed.exitCode()).as(signed.toString()).isZero();
    Path result = directory.resolve("mug.signed.jpg");
    assertThat(signed.out()).contains(result.toString());
    Ended inspected = ledger("inspect", result.toString());
    assertThat(inspected.exitCode()).as(inspected.toString()).isZero();
    assertThat(inspected.out())
        .contains("valid, and the signer is trusted", "A mug", "assertion.dataHash.match");
    Ended plain = ledger("inspect", file.toString());
    assertThat(plain.exitCode()).isEqualTo(1);
    assertThat(plain.out()).contains("no content credentials");
    Ended again = ledger("sign", result.toString(), "--tenant", SHOP);
    assertThat(again.exitCode()).as(again.toString()).isZero();
    assertThat(again.out()).contains("signed already");
  }

  @Test
  void shouldFindWhatWasChanged() throws Exception {
    Path file = image("changed.png", 2);
    assertThat(ledger("sign", file.toString(), "--tenant", SHOP).exitCode()).isZero();
    Path result = directory.resolve("changed.signed.png");
    byte[] bytes = Files.readAllBytes(result);
    int claim = new String(bytes, ISO_8859_1).indexOf("c2pa.opened");
    bytes[claim]++;
    Files.write(result, bytes);

    Ended inspected = ledger("inspect", result.toString(), "--json");

    // The checksum of the chunk says so first.
    assertThat(inspected.exitCode()).isEqualTo(1);
    assertThat(inspected.out() + inspected.err()).contains("checksum");
  }

  @Test
  void shouldSignADirectoryAndGoOnWhereItEnded() throws Exception {
    for (int i = 0; i < 5; i++) {
      image("photos/" + i + (i % 2 == 0 ? ".jpg" : ".png"), 10 + i);
    }
    Files.writeString(directory.resolve("photos/notes.txt"), "no image");

    Ended first = ledger("sign", directory.resolve("photos").toString(), "--tenant", SHOP);

    assertThat(first.exitCode()).as(first.toString()).isZero();
    assertThat(first.out()).contains("signed 5 of 5 images");
    image("photos/more/5.png", 15);
    Ended second = ledger("sign", directory.resolve("photos").toString(), "--tenant", SHOP);
    assertThat(second.out()).contains("signed 1 of 6 images", "5 were signed before");
    try (Stream<Path> all = Files.walk(directory.resolve("photos-signed"))) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      assertThat(files).hasSize(6);
      for (Path each : files) {
        assertThat(ledger("inspect", each.toString()).exitCode()).isZero();
      }
    }
  }

  @Test
  void shouldSayWhyAFileIsNotSigned() throws Exception {
    Path text = Files.writeString(directory.resolve("text.jpg"), "no image");

    Ended refused = ledger("sign", text.toString(), "--tenant", SHOP);

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("neither JPEG nor PNG");
    assertThat(ledger("sign", directory.resolve("none").toString(), "--tenant", SHOP).exitCode())
        .isEqualTo(3);
    assertThat(ledger("sign", text.toString(), "--tenant", SHOP, "--lane", "fast").exitCode())
        .isEqualTo(2);
  }

  @Test
  void shouldShowAndReplaceKeys() throws Exception {
    Ended rotated = ledger("keys", "rotate", "--algorithm", "ES256", "--reason", "drill");

    assertThat(rotated.exitCode()).as(rotated.toString()).isZero();
    Ended listed = ledger("keys", "list");
    assertThat(listed.out()).contains("active", "verify_only", "certificate until");
    String id = rotated.out().split(" ", 2)[0];
    assertThat(ledger("keys", "csr", id).out()).startsWith("-----BEGIN CERTIFICATE REQUEST-----");
    assertThat(ledger("keys", "retire", "nobody").exitCode()).isEqualTo(1);
    Ended dashed = ledger("keys", "retire", "-xYz");
    assertThat(dashed.exitCode()).as(dashed.toString()).isEqualTo(1);
    assertThat(dashed.err()).contains("there is no key -xYz");
    assertThat(ledger("keys", "destroy", id).err()).contains("ACTIVE");
    assertThat(ledger("keys", "retire").exitCode()).isEqualTo(2);
  }

  @Test
  void shouldShowTheQueueAndRefuseWhatCannotBe() throws Exception {
    Path file = image("queued.png", 3);
    assertThat(ledger("sign", file.toString(), "--tenant", SHOP).exitCode()).isZero();

    Ended listed = ledger("queue", "list", "--tenant", SHOP);

    assertThat(listed.exitCode()).as(listed.toString()).isZero();
    assertThat(listed.out()).containsPattern("(SIGNED|TIMESTAMPED) +interactive +attempt 1");
    String id = listed.out().split(" ", 2)[0];
    assertThat(ledger("queue", "cancel", id, "--tenant", SHOP).exitCode()).isEqualTo(1);
    assertThat(ledger("queue", "redrive", id, "--tenant", SHOP).err()).contains("409");
    assertThat(ledger("queue", "redrive", "--all", "--tenant", SHOP).out())
        .contains("redrive: 0 of 0 requests");
    assertThat(ledger("queue", "redrive", "--tenant", SHOP).exitCode()).isEqualTo(2);
    assertThat(ledger("queue", "list", "--tenant", SHOP, "--status", "asleep").err())
        .contains("400");
  }
}
