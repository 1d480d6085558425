package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static com.credlink.ledger.node.ShopifyDelivery.source;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.c2pa.Inspection;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.c2pa.StampCheck;
import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.credlink.ledger.node.LedgerClient.Part;
import com.credlink.ledger.trust.Pem;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From an image that is handed in to a file with content credentials under the published root. */
class ContentCredentialTest {

  private static final String PATH = "/v1/shops/" + ACME + "/signing-requests";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static Caller merchant;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            directory, "signing.manifests_url: https://ledger.example.com/v1/manifests/");
    client = node.client();
    merchant = client.merchant(ACME);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Inspection inspect(byte[] file) {
    byte[] roots = client.get("/v1/trust/root.pem", Caller.NOBODY).expect(200).body();
    List<X509Certificate> trusted = Pem.certificates(roots);
    return new Inspector(trusted, StampCheck.trusting(trusted), InstantSource.system())
        .inspect(file);
  }

  private static String submit(byte[] image, String type, String request) {
    return client
        .postForm(PATH, merchant, List.of(Part.request(request), Part.file("a", type, image)))
        .expect(202)
        .required("Location");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldGiveBackTheImageWithCredentialsAndNothingElseChanged(String format) {
    byte[] image = TestNode.image(format, 41);
    String location =
        submit(image, "image/" + format, "{\"signature_format\":\"c2pa\",\"title\":\"A mug\"}");
    JsonNode status = client.awaitTimestamped(location, merchant);

    Answer answer = client.get(location + "/asset?version=signed", merchant).expect(200);

    assertThat(answer.header("Content-Type")).contains("image/" + format);
    String sha256 = status.path("signed_sha256").asText();
    assertThat(TestNode.hex(TestNode.sha256(answer.body()))).isEqualTo(sha256);
    assertThat(answer.header("ETag")).contains('"' + sha256 + '"');
    Inspection inspection = inspect(answer.body());
    assertThat(inspection.isTrusted()).as(inspection.toString()).isTrue();
    Inspection.Manifest manifest = inspection.active().orElseThrow();
    assertThat(manifest.title()).contains("A mug");
    assertThat(manifest.id())
        .matches("urn:c2pa:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(manifest.digest()).contains(TestNode.hex(TestNode.sha256(image)));
    assertThat(status.path("signatures")).hasSize(4);
    assertThat(status.path("signatures").findValuesAsText("format")).contains("cose", "jws");
    client
        .get(location + "/asset?version=signed", merchant, "If-None-Match", '"' + sha256 + '"')
        .expect(304);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png"})
  void shouldStampTheFileWithoutMovingAByte(String format) {
    String location =
        submit(TestNode.image(format, 46), "image/" + format, "{\"signature_format\":\"c2pa\"}");
    JsonNode status = client.awaitTimestamped(location, merchant);

    byte[] stamped = client.get(location + "/asset", merchant).expect(200).body();
    byte[] signed = client.get(location + "/asset?version=signed", merchant).expect(200).body();

    assertThat(TestNode.hex(TestNode.sha256(stamped)))
        .isEqualTo(status.path("timestamped_sha256").asText());
    assertThat(stamped).hasSameSizeAs(signed).isNotEqualTo(signed);
    assertThat(status.at("/timestamp/trust").asText()).isEqualTo("development");
    Inspection inspection = inspect(stamped);
    assertThat(inspection.isTrusted()).as(inspection.toString()).isTrue();
    assertThat(inspection.stampedAt()).contains(Instant.parse(status.at("/timestamp/at").asText()));
    assertThat(inspect(signed).stampedAt()).isEmpty();
    List<String> course =
        client.get(location + "/history", merchant).json().path("items").findValuesAsText("status");
    assertThat(course).containsSubsequence("SIGNED", "TIMESTAMPED");
  }

  @Test
  void shouldAnswerTheSameAgainFromTheFirstFile() {
    byte[] image = TestNode.image("png", 42);
    String request = "{\"signature_format\":\"c2pa\"}";
    String first = submit(image, "image/png", request);
    JsonNode before = client.awaitTimestamped(first, merchant);

    String second = submit(image, "image/png", request);

    JsonNode after = client.awaitTimestamped(second, merchant);
    assertThat(after.path("same_as").asText()).isEqualTo(before.path("request_id").asText());
    assertThat(client.get(second + "/asset", merchant).expect(200).body())
        .isEqualTo(client.get(first + "/asset", merchant).body());
  }

  @Test
  void shouldNotSignAgainWhatWasSignedHere() {
    String location =
        submit(TestNode.image("jpeg", 45), "image/jpeg", "{\"signature_format\":\"c2pa\"}");
    client.awaitTimestamped(location, merchant);
    byte[] file = client.get(location + "/asset", merchant).expect(200).body();

    client
        .postForm(
            PATH,
            merchant,
            List.of(
                Part.request("{\"signature_format\":\"c2pa\"}"),
                Part.file("a", "image/jpeg", file)))
        .expectProblem(422, "already_signed");
    client.awaitSigned(submit(file, "image/jpeg", "{\"signature_format\":\"cose\"}"), merchant);
  }

  @Test
  void shouldReferToThePublicManifestOfARequestThatWantsOne() {
    byte[] image = TestNode.image("jpeg", 43);
    String location =
        submit(image, "image/jpeg", "{\"signature_format\":\"c2pa\",\"remote_manifest\":true}");
    client.awaitTimestamped(location, merchant);

    byte[] file = client.get(location + "/asset", merchant).expect(200).body();

    assertThat(new String(file, ISO_8859_1))
        .contains(
            "dcterms:provenance=\"https://ledger.example.com/v1/manifests/"
                + TestNode.hex(TestNode.sha256(image))
                + '"');
    assertThat(inspect(file).isTrusted()).isTrue();
  }

  @Test
  void shouldHaveNoFileWhereNoneWasAskedFor() {
    String location =
        client
            .postJson(
                PATH,
                merchant,
                json(
                    Map.of(
                        "digest",
                        Map.of(
                            "alg",
                            "sha-256",
                            "value",
                            TestNode.hex(TestNode.sha256("no file".getBytes(UTF_8)))))))
            .expect(202)
            .required("Location");
    client.awaitSigned(location, merchant);

    client.get(location + "/asset", merchant).expectProblem(409, "state_conflict");
  }

  @Test
  void shouldNotMakeAFileOfADigestAlone() {
    String digest = "\"digest\":{\"alg\":\"sha-256\",\"value\":\"" + "ab".repeat(32) + "\"}";
    client
        .postJson(PATH, merchant, "{" + digest + ",\"signature_format\":\"c2pa\"}")
        .expectProblem(422, "unprocessable");
    client
        .postJson(PATH, merchant, "{" + digest + ",\"remote_manifest\":true}")
        .expectProblem(422, "unprocessable");
    client
        .postJson(PATH, merchant, "{" + digest + ",\"remote_manifest\":\"yes\"}")
        .expectProblem(400, "malformed");
  }

  /** What is written back to the shop comes by webhook again. */
  @Test
  void shouldSignAnImageOfAWebhookAndNotTheSignedOneAgain() throws Exception {
    node.offerImage(SNOWDEVIL, "first.jpg", TestNode.image("jpeg", 44));
    client
        .deliver(node.delivery("products/create", SNOWDEVIL, product(newId(), source("first.jpg"))))
        .expect(200);
    Caller snowdevil = client.merchant(SNOWDEVIL);
    String path = "/v1/shops/" + SNOWDEVIL + "/signing-requests";
    List<JsonNode> signed =
        client.awaitAll(path + "?status=SIGNED", snowdevil, items -> items.size() == 1);
    byte[] file =
        client
            .get(path + "/" + signed.getFirst().path("request_id").asText() + "/asset", snowdevil)
            .expect(200)
            .body();
    assertThat(inspect(file).isTrusted()).isTrue();

    node.offerImage(SNOWDEVIL, "back.jpg", file);
    client
        .deliver(node.delivery("products/update", SNOWDEVIL, product(newId(), source("back.jpg"))))
        .expect(200);

    List<JsonNode> failed =
        client.awaitAll(
            "/v1/shops/" + SNOWDEVIL + "/events?type=AssetFetchFailed",
            snowdevil,
            items -> !items.isEmpty());
    assertThat(failed.getFirst().at("/payload/error_class").asText()).isEqualTo("already_signed");
    assertThat(client.facts(Optional.of(SNOWDEVIL), "SigningRequested")).hasSize(1);
  }
}
