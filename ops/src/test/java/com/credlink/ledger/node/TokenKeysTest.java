package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.c2pa.Inspection;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.c2pa.StampCheck;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.credlink.ledger.trust.Pem;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose signing keys are in SoftHSM. */
class TokenKeysTest {

  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  @TempDir private Path directory;
  private Path pinFile;

  /** Where the module looks for its tokens is fixed when it is loaded: the build says where. */
  @BeforeEach
  void makeToken() throws Exception {
    String configuration = System.getenv("SOFTHSM2_CONF");
    Assumptions.assumeTrue(
        Files.exists(LIBRARY) && configuration != null,
        "SKIPPED: SoftHSM is not installed, so that no node signed with keys in a token");
    Path tokens = Path.of(configuration).toAbsolutePath().resolveSibling("softhsm-tokens");
    if (Files.exists(tokens)) {
      try (Stream<Path> all = Files.walk(tokens)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.createDirectories(tokens);
    Files.writeString(
        Path.of(configuration),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    Process made =
        new ProcessBuilder(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "node",
                "--pin",
                "975310",
                "--so-pin",
                "12345678")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).isZero();
    pinFile = Files.writeString(directory.resolve("pin"), "975310\n");
  }

  private String yaml(Path library) {
    return """
    signing:
      algorithms: [ES256]
      keys: {pkcs11: {library: %s, pin_file: %s}}
    """
        .formatted(library, pinFile);
  }

  @Test
  void shouldSignEndToEndWithKeysThatNeverLeaveTheToken() throws Exception {
    try (TestNode node = TestNode.start(directory.resolve("a"), yaml(LIBRARY))) {
      LedgerClient client = node.client();
      Caller merchant = client.merchant(ACME);
      Caller admin = client.role("admin");
      String first = key(client, admin);

      Inspection signed = sign(client, merchant, 51);
      client.postJson("/v1/keys/rotate", admin, "{\"algorithm\":\"ES256\"}").expect(201);
      Inspection again = sign(client, merchant, 52);

      assertThat(signed.isTrusted()).as(signed.toString()).isTrue();
      assertThat(again.isTrusted()).as(again.toString()).isTrue();
      assertThat(key(client, admin)).isNotEqualTo(first);
      assertThat(client.get("/v1/keys", admin).text()).doesNotContain("PRIVATE");
    }
  }

  @Test
  void shouldSayWhyItCannotStart() throws Exception {
    assertThatThrownBy(
            () -> TestNode.start(directory.resolve("b"), yaml(directory.resolve("none.so"))))
        .hasMessageContaining("no PKCS#11 module");
    Files.writeString(pinFile, "\n");
    assertThatThrownBy(() -> TestNode.start(directory.resolve("c"), yaml(LIBRARY)))
        .hasMessageContaining("which is empty");
  }

  private static String key(LedgerClient client, Caller admin) {
    for (JsonNode key : client.get("/v1/keys", admin).expect(200).json().path("items")) {
      if (key.path("state").asText().equals("active")) {
        return key.path("key_id").asText();
      }
    }
    throw new AssertionError("no active key");
  }

  private static Inspection sign(LedgerClient client, Caller merchant, int seed) {
    String location =
        client
            .postForm(
                "/v1/shops/" + ACME + "/signing-requests",
                merchant,
                List.of(
                    Part.request("{\"signature_format\":\"c2pa\"}"),
                    Part.file("a", "image/jpeg", TestNode.image("jpeg", seed))))
            .expect(202)
            .required("Location");
    client.awaitTimestamped(location, merchant);
    List<X509Certificate> roots =
        Pem.certificates(client.get("/v1/trust/root.pem", Caller.NOBODY).body());
    return new Inspector(roots, StampCheck.trusting(roots), InstantSource.system())
        .inspect(client.get(location + "/asset", merchant).expect(200).body());
  }
}
