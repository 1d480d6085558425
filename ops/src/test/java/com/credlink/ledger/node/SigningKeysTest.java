package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.LedgerClient.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of the keys that sign assets, as administrators lead it over HTTP. */
class SigningKeysTest {

  private static final String CHAIN = "application/pem-certificate-chain";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static Caller admin;
  private static Caller merchant;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            directory,
            """
            signing:
              algorithms: [ES256, ES384, PS256, Ed25519, ML-DSA-65]
              certificates: {intermediate: true}
            """);
    client = node.client();
    admin = client.role("admin");
    merchant = client.merchant(ACME);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void shouldHaveAnActiveKeyOfEachAlgorithmWithAChainUnderThePublishedRoot() throws Exception {
    X509Certificate root =
        certificates(client.get("/v1/trust/root.pem", Caller.NOBODY).expect(200).text()).getFirst();

    for (String algorithm : List.of("ES256", "ES384", "PS256", "Ed25519")) {
      JsonNode key = active(algorithm);
      assertThat(key.path("certificates")).as(algorithm).hasSize(2);
      PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      trust.setRevocationEnabled(false);
      var path =
          CertificateFactory.getInstance("X.509")
              .generateCertPath(
                  StreamSupport.stream(key.path("certificates").spliterator(), false)
                      .map(each -> certificates(each.path("pem").asText()).getFirst())
                      .toList());
      assertThat(CertPathValidator.getInstance("PKIX").validate(path, trust)).isNotNull();
    }
    assertThat(active("ML-DSA-65").path("certificates")).isEmpty();
  }

  @Test
  void shouldSignWithTheNewKeyAndVerifyWhatTheOldOneSigned() {
    String before = active("ES256").path("key_id").asText();
    String old = signature("signed before");

    Answer rotated = rotate("ES256").expect(201);

    String now = rotated.json().path("key_id").asText();
    assertThat(rotated.json().path("state").asText()).isEqualTo("active");
    assertThat(rotated.header("Ledger-Position")).isPresent();
    assertThat(active("ES256").path("key_id").asText()).isEqualTo(now).isNotEqualTo(before);
    assertThat(key(before).path("state").asText()).isEqualTo("verify_only");
    assertThat(old).isEqualTo(before);
    assertThat(signature("signed afterwards")).isEqualTo(now);
    assertThat(client.get("/v1/trust/keys.json", Caller.NOBODY).expect(200).text())
        .contains(before, now);
    for (String type : List.of("KeyCreated", "KeyCertified", "KeyActivated")) {
      assertThat(client.facts(Optional.empty(), type))
          .as(type)
          .anyMatch(fact -> fact.path("payload").path("key_id").asText().equals(now));
    }
  }

  @Test
  void shouldTakeAKeyToItsEndOneStepAfterTheOther() {
    String id = active("ES384").path("key_id").asText();
    step(id, "destroy").expectProblem(409, "state_conflict");
    rotate("ES384").expect(201);

    step(id, "retire").expect(200);
    step(id, "retire").expectProblem(409, "state_conflict");
    JsonNode gone = step(id, "destroy").expect(200).json();

    assertThat(gone.path("state").asText()).isEqualTo("destroyed");
    assertThat(client.get("/v1/trust/keys.json", Caller.NOBODY).text()).contains(id);
    client
        .send("POST", "/v1/keys/" + id + "/csr", admin, new byte[0])
        .expectProblem(409, "state_conflict");
  }

  @Test
  void shouldMakeARequestForACertificateAndRefuseAChainOfAnotherKey() {
    String id = active("PS256").path("key_id").asText();

    assertThat(
            client.send("POST", "/v1/keys/" + id + "/csr", admin, new byte[0]).expect(200).text())
        .startsWith("-----BEGIN CERTIFICATE REQUEST-----");

    String other =
        active("Ed25519").path("certificates").path(0).path("pem").asText()
            + active("Ed25519").path("certificates").path(1).path("pem").asText();
    Answer refused = put(id, utf8(other)).expectProblem(422, "unprocessable");
    assertThat(refused.json().path("detail").asText()).containsIgnoringCase("key");
    put(id, utf8("no certificate")).expectProblem(400, "malformed");
    assertThat(active("PS256").path("certificates")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "{}, 400, malformed",
    "'{\"algorithm\":\"RS256\"}', 400, malformed",
    "'{\"algorithm\":\"ES256\",\"reason\":\"Not A Word\"}', 400, malformed",
    "'{\"algorithm\":\"ES256\",\"colour\":\"red\"}', 400, malformed"
  })
  void shouldRefuseARotationThatCannotBe(String body, int status, String problem) {
    client.postJson("/v1/keys/rotate", admin, body).expectProblem(status, problem);
  }

  @Test
  void shouldSayThatThereIsNoSuchKey() {
    for (String step : List.of("activate", "retire", "destroy", "csr")) {
      step("nobody", step).expectProblem(404, "not_found");
    }
  }

  @Test
  void shouldLetAdministratorsChangeAndAuditorsSee() {
    client.get("/v1/keys", client.role("auditor")).expect(200);
    client.get("/v1/keys", merchant).expectProblem(403, "forbidden");
    client
        .postJson("/v1/keys/rotate", client.role("auditor"), "{\"algorithm\":\"ES256\"}")
        .expectProblem(403, "forbidden");
  }

  private static JsonNode active(String algorithm) {
    return all().stream()
        .filter(key -> key.path("algorithm").asText().equals(algorithm))
        .filter(key -> key.path("state").asText().equals("active"))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode key(String id) {
    return all().stream()
        .filter(key -> key.path("key_id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> all() {
    JsonNode items = client.get("/v1/keys", admin).expect(200).json().path("items");
    return StreamSupport.stream(items.spliterator(), false).toList();
  }

  private static Answer rotate(String algorithm) {
    return client.postJson("/v1/keys/rotate", admin, json(Map.of("algorithm", algorithm)));
  }

  private static Answer step(String id, String step) {
    return client.send("POST", "/v1/keys/" + id + "/" + step, admin, new byte[0]);
  }

  private static Answer put(String id, byte[] chain) {
    return client.send(
        "PUT", "/v1/keys/" + id + "/certificates", admin, chain, "Content-Type", CHAIN);
  }

  /** Has a digest signed; the id of the key that did. */
  private static String signature(String text) {
    String digest = TestNode.hex(TestNode.sha256(text.getBytes(UTF_8)));
    String location =
        client
            .postJson(
                "/v1/shops/" + ACME + "/signing-requests",
                merchant,
                json(
                    Map.of(
                        "digest",
                        Map.of("alg", "sha-256", "value", digest),
                        "signature_format",
                        "jws")))
            .expect(202)
            .required("Location");
    return client.awaitSigned(location, merchant).at("/signature/key_id").asText();
  }

  private static List<X509Certificate> certificates(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (java.security.cert.CertificateException e) {
      throw new AssertionError(pem, e);
    }
  }
}
