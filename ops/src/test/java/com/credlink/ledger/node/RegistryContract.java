package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.registry.CompatibilityLevel;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.RegistryMode;
import com.credlink.ledger.registry.Subjects;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a Confluent-compatible registry does, asked over HTTP alone. The same questions go to the
 * embedded registry and to one that others wrote; where that one answers otherwise, the subclass
 * says so by name.
 */
abstract class RegistryContract {

  /** Where a known registry does something else than Confluent's. */
  enum Difference {
    GLOBAL_LEVEL_IS_NONE("the global level is NONE where none was configured"),
    MISSING_LEVEL_IS_40401("a subject without a level is refused with 40401, not with 40408"),
    MISSING_MODE_IS_INHERITED("a subject without a mode has the global one, not 40409"),
    MODE_OF_A_SUBJECT_IS_NOT_ENFORCED(
        "a subject's READONLY is kept, but does not keep writers out"),
    INVALID_MODE_IS_42201("an invalid mode is refused with 42201, not with 42204"),
    INVALID_VERSION_IS_40402("an invalid version is refused with 40402, not with 42202"),
    NO_REASONS("verbose compatibility tests give no messages"),
    UNSTAGED_DELETE_IS_409("40405 comes with the status 409, not with 404"),
    DEFAULT_CONTEXT_HAS_ANOTHER_NAME("the default context is ':.:', not '.'");

    private final String what;

    Difference(String what) {
      this.what = what;
    }
  }

  private static final String TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String ONE = record("{'name':'a','type':'string'}");
  private static final String TWO =
      record("{'name':'a','type':'string'},{'name':'b','type':'int','default':0}");
  private static final String THREE =
      record("{'name':'a','type':'string'},{'name':'c','type':'int','default':0}");
  private static final String REQUIRED =
      record("{'name':'a','type':'string'},{'name':'b','type':'int'}");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final String subject = "contract-" + UUID.randomUUID();

  /** The address of the registry, without a slash at its end. */
  abstract URI url();

  /** What this registry is known to do otherwise. */
  abstract Set<Difference> differences();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void shouldRegisterASchemaAndGiveTheSameIdAgain() {
    Answer first = register(subject, ONE);
    Answer again = register(subject, ONE);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body().get("id").asInt()).isPositive();
    assertThat(again.body().get("id")).isEqualTo(first.body().get("id"));
    assertThat(versions(subject)).containsExactly(1);
  }

  @Test
  void shouldGiveOneIdToOneContentUnderAllSubjects() {
    Answer here = register(subject, ONE);
    Answer there = register(subject + "-other", ONE);

    assertThat(there.body().get("id")).isEqualTo(here.body().get("id"));
  }

  @Test
  void shouldGiveAnotherIdToAnotherContent() {
    int one = id(register(subject, ONE));
    int two = id(register(subject, TWO));

    assertThat(two).isNotEqualTo(one);
    assertThat(versions(subject)).containsExactly(1, 2);
  }

  @Test
  void shouldAnswerInItsOwnMediaType() {
    Answer answer = register(subject, ONE);

    assertThat(answer.type()).startsWith(TYPE);
  }

  @Test
  void shouldLookUpASchemaUnderItsSubject() throws IOException {
    int id = id(register(subject, ONE));

    Answer found = post("/subjects/" + subject, schema(ONE));

    assertThat(found.status()).isEqualTo(200);
    assertThat(found.body().get("subject").asText()).isEqualTo(subject);
    assertThat(found.body().get("id").asInt()).isEqualTo(id);
    assertThat(found.body().get("version").asInt()).isEqualTo(1);
    assertThat(json.readTree(found.body().get("schema").asText())).isEqualTo(json.readTree(ONE));
  }

  @Test
  void shouldSayWhetherSubjectOrSchemaIsMissingInALookUp() {
    refused(post("/subjects/" + subject, schema(ONE)), 404, 40401);

    register(subject, ONE);

    refused(post("/subjects/" + subject, schema(TWO)), 404, 40403);
  }

  @Test
  void shouldGiveTheSchemaOfAnId() throws IOException {
    int id = id(register(subject, ONE));

    Answer found = get("/schemas/ids/" + id);

    assertThat(found.status()).isEqualTo(200);
    assertThat(json.readTree(found.body().get("schema").asText())).isEqualTo(json.readTree(ONE));
  }

  @Test
  void shouldRefuseAnUnknownId() {
    refused(get("/schemas/ids/2000000000"), 404, 40403);
  }

  @Test
  void shouldGiveTheRawSchemaOfAnId() {
    int id = id(register(subject, ONE));

    assertThat(get("/schemas/ids/" + id + "/schema").body()).isEqualTo(read(ONE));
  }

  @Test
  void shouldKeepTheSchemaInAvrosNotation() {
    int id = id(register(subject, ONE.replace(":", " : ")));

    assertThat(get("/schemas/ids/" + id).body().get("schema").asText())
        .isEqualTo(new Schema.Parser().parse(ONE).toString());
  }

  @Test
  void shouldGiveVersionsByNumberAndTheLatest() {
    register(subject, ONE);
    int two = id(register(subject, TWO));

    Answer first = get("/subjects/" + subject + "/versions/1");
    Answer latest = get("/subjects/" + subject + "/versions/latest");
    Answer minusOne = get("/subjects/" + subject + "/versions/-1");

    assertThat(read(first.body().get("schema").asText())).isEqualTo(read(ONE));
    assertThat(latest.body().get("version").asInt()).isEqualTo(2);
    assertThat(latest.body().get("id").asInt()).isEqualTo(two);
    assertThat(latest.body().get("subject").asText()).isEqualTo(subject);
    assertThat(minusOne.body()).isEqualTo(latest.body());
  }

  @Test
  void shouldGiveTheRawSchemaOfAVersion() {
    register(subject, ONE);

    assertThat(get("/subjects/" + subject + "/versions/1/schema").body()).isEqualTo(read(ONE));
  }

  @Test
  void shouldRefuseVersionsThatAreNotThere() {
    refused(get("/subjects/" + subject + "/versions"), 404, 40401);
    refused(get("/subjects/" + subject + "/versions/latest"), 404, 40401);

    register(subject, ONE);

    refused(get("/subjects/" + subject + "/versions/2"), 404, 40402);
  }

  @Test
  void shouldRefuseWhatIsNoVersion() {
    expectUnless(Difference.INVALID_VERSION_IS_40402);
    register(subject, ONE);

    refused(get("/subjects/" + subject + "/versions/zero"), 422, 42202);
    refused(get("/subjects/" + subject + "/versions/0"), 422, 42202);
  }

  @Test
  void shouldRefuseWhatIsNoSchema() {
    refused(register(subject, "{\"type\":\"nonsense\"}"), 422, 42201);
  }

  @Test
  void shouldRefuseWhatIsNoJson() {
    assertThat(send("POST", "/subjects/" + subject + "/versions", "{\"schema\": ").status())
        .isEqualTo(400);
  }

  @Test
  void shouldRefuseAnIncompatibleSchema() {
    level(subject, "FULL_TRANSITIVE");
    register(subject, ONE);

    Answer refusal = register(subject, REQUIRED);

    assertThat(refusal.status()).isEqualTo(409);
    assertThat(refusal.body().get("error_code").asInt()).isEqualTo(409);
    assertThat(versions(subject)).containsExactly(1);
  }

  @Test
  void shouldMeasureAgainstAllVersionsWhenTransitive() {
    String retyped =
        record("{'name':'a','type':'string'},{'name':'b','type':'string','default':''}");
    level(subject, "FULL_TRANSITIVE");
    register(subject, TWO);
    register(subject, THREE);

    assertThat(register(subject, retyped).status()).isEqualTo(409);
    level(subject, "FULL");
    assertThat(register(subject, retyped).status()).isEqualTo(200);
  }

  @Test
  void shouldTestCompatibilityWithoutRegistering() {
    level(subject, "FULL_TRANSITIVE");
    register(subject, ONE);
    String latest = "/compatibility/subjects/" + subject + "/versions/latest";
    String all = "/compatibility/subjects/" + subject + "/versions";

    assertThat(post(latest, schema(TWO)).body().get("is_compatible").asBoolean()).isTrue();
    assertThat(post(latest, schema(REQUIRED)).body().get("is_compatible").asBoolean()).isFalse();
    assertThat(post(all, schema(REQUIRED)).body().get("is_compatible").asBoolean()).isFalse();
    assertThat(versions(subject)).containsExactly(1);
  }

  @Test
  void shouldSayWhyASchemaIsIncompatible() {
    expectUnless(Difference.NO_REASONS);
    level(subject, "BACKWARD");
    register(subject, ONE);

    Answer verdict =
        post(
            "/compatibility/subjects/" + subject + "/versions/latest?verbose=true",
            schema(REQUIRED));

    assertThat(verdict.body().get("is_compatible").asBoolean()).isFalse();
    assertThat(verdict.body().get("messages")).isNotEmpty();
  }

  @Test
  void shouldRefuseATestAgainstAMissingVersionOrOfNoSchema() {
    register(subject, ONE);

    refused(post("/compatibility/subjects/" + subject + "/versions/9", schema(ONE)), 404, 40402);
    refused(
        post("/compatibility/subjects/" + subject + "/versions/1", schema("{\"type\":\"x\"}")),
        422,
        42201);
  }

  @Test
  void shouldKeepALevelForEachSubject() {
    register(subject, ONE);

    Answer set = level(subject, "BACKWARD_TRANSITIVE");

    assertThat(set.body().get("compatibility").asText()).isEqualTo("BACKWARD_TRANSITIVE");
    assertThat(get("/config/" + subject).body().get("compatibilityLevel").asText())
        .isEqualTo("BACKWARD_TRANSITIVE");

    assertThat(send("DELETE", "/config/" + subject, "").status()).isEqualTo(200);
    assertThat(
            get("/config/" + subject + "?defaultToGlobal=true")
                .body()
                .get("compatibilityLevel")
                .asText())
        .isEqualTo(get("/config").body().get("compatibilityLevel").asText());
  }

  @Test
  void shouldSayThatASubjectHasNoLevel() {
    expectUnless(Difference.MISSING_LEVEL_IS_40401);
    refused(get("/config/" + subject), 404, 40408);
  }

  @Test
  void shouldRefuseWhatIsNoLevel() {
    refused(level(subject, "SOMETIMES"), 422, 42203);
  }

  @Test
  void shouldBeFullTransitiveUnlessConfigured() {
    expectUnless(Difference.GLOBAL_LEVEL_IS_NONE);
    assertThat(get("/config").body().get("compatibilityLevel").asText())
        .isEqualTo("FULL_TRANSITIVE");
  }

  @Test
  void shouldBeWritableUnlessConfigured() {
    assertThat(get("/mode").body().get("mode").asText()).isEqualTo("READWRITE");
  }

  @Test
  void shouldGuardAReadOnlySubject() {
    expectUnless(Difference.MODE_OF_A_SUBJECT_IS_NOT_ENFORCED);
    register(subject, ONE);

    Answer set = send("PUT", "/mode/" + subject, "{\"mode\": \"READONLY\"}");

    assertThat(set.body().get("mode").asText()).isEqualTo("READONLY");
    assertThat(get("/mode/" + subject).body().get("mode").asText()).isEqualTo("READONLY");
    refused(register(subject, TWO), 422, 42205);
    assertThat(send("DELETE", "/mode/" + subject, "").status()).isEqualTo(200);
    assertThat(register(subject, TWO).status()).isEqualTo(200);
  }

  @Test
  void shouldSayThatASubjectHasNoMode() {
    expectUnless(Difference.MISSING_MODE_IS_INHERITED);
    refused(get("/mode/" + subject), 404, 40409);
  }

  @Test
  void shouldRefuseWhatIsNoMode() {
    expectUnless(Difference.INVALID_MODE_IS_42201);
    refused(send("PUT", "/mode", "{\"mode\": \"SLEEPY\"}"), 422, 42204);
  }

  @Test
  void shouldDeleteASubjectSoftlyAndThenForGood() {
    int id = id(register(subject, ONE));

    Answer soft = send("DELETE", "/subjects/" + subject, "");

    assertThat(soft.body()).isEqualTo(json.createArrayNode().add(1));
    refused(get("/subjects/" + subject + "/versions"), 404, 40401);
    assertThat(get("/schemas/ids/" + id).status()).as("ids outlive a soft delete").isEqualTo(200);
    assertThat(texts(get("/subjects?deleted=true").body())).contains(subject);

    Answer hard = send("DELETE", "/subjects/" + subject + "?permanent=true", "");

    assertThat(hard.body()).isEqualTo(json.createArrayNode().add(1));
    assertThat(texts(get("/subjects?deleted=true").body())).doesNotContain(subject);
  }

  @Test
  void shouldDeleteInTwoStages() {
    expectUnless(Difference.UNSTAGED_DELETE_IS_409);
    register(subject, ONE);
    refused(send("DELETE", "/subjects/" + subject + "?permanent=true", ""), 404, 40405);
    refused(send("DELETE", "/subjects/" + subject + "/versions/1?permanent=true", ""), 404, 40407);
    send("DELETE", "/subjects/" + subject, "");
    refused(send("DELETE", "/subjects/" + subject, ""), 404, 40404);
  }

  @Test
  void shouldDeleteOneVersion() {
    register(subject, ONE);
    register(subject, TWO);

    Answer deleted = send("DELETE", "/subjects/" + subject + "/versions/1", "");

    assertThat(deleted.body().asInt()).isEqualTo(1);
    assertThat(versions(subject)).containsExactly(2);
    refused(get("/subjects/" + subject + "/versions/1"), 404, 40402);
  }

  @Test
  void shouldRefuseToDeleteWhatIsNotThere() {
    refused(send("DELETE", "/subjects/" + subject, ""), 404, 40401);
    register(subject, ONE);
    refused(send("DELETE", "/subjects/" + subject + "/versions/9", ""), 404, 40402);
  }

  @Test
  void shouldListItsSubjects() {
    register(subject, ONE);

    assertThat(texts(get("/subjects").body())).contains(subject);
  }

  @Test
  void shouldListWhereASchemaIsUsed() {
    int id = id(register(subject, record("{'name':'" + "x" + "','type':'bytes'}")));

    assertThat(texts(get("/schemas/ids/" + id + "/subjects").body())).contains(subject);
    assertThat(get("/schemas/ids/" + id + "/versions").body())
        .contains(json.createObjectNode().put("subject", subject).put("version", 1));
  }

  @Test
  void shouldListTheTypesOfSchemasThatItKeeps() {
    assertThat(texts(get("/schemas/types").body())).contains("AVRO");
  }

  @Test
  void shouldListItsContexts() {
    expectUnless(Difference.DEFAULT_CONTEXT_HAS_ANOTHER_NAME);
    assertThat(texts(get("/contexts").body())).contains(".");
  }

  @Test
  void shouldListNobodyThatRefersToAVersion() {
    register(subject, ONE);

    assertThat(get("/subjects/" + subject + "/versions/1/referencedby").body()).isEmpty();
  }

  @Test
  void shouldTakeSubjectsWithUnusualNames() {
    String unusual = subject + " ü+%";
    try (HttpSchemaRegistry client = client()) {
      Schema schema = new Schema.Parser().parse(ONE);

      int id = client.register(unusual, schema);

      assertThat(client.lookup(unusual, schema)).isEqualTo(id);
      assertThat(client.latest(unusual).subject()).isEqualTo(unusual);
      assertThat(texts(get("/subjects").body())).contains(unusual);
    }
  }

  @Test
  void shouldServeOurClient() {
    Schema one = new Schema.Parser().parse(ONE);
    Schema two = new Schema.Parser().parse(TWO);
    Schema required = new Schema.Parser().parse(REQUIRED);
    int id;
    try (HttpSchemaRegistry client = client()) {
      assertThat(client.compatible(subject, required)).isTrue();
      client.setLevel(subject, CompatibilityLevel.FULL_TRANSITIVE);
      id = client.register(subject, one);
      assertThat(client.level(subject)).isEqualTo(CompatibilityLevel.FULL_TRANSITIVE);
      assertThat(client.mode(subject)).isEqualTo(RegistryMode.READWRITE);
      assertThat(client.compatible(subject, two)).isTrue();
      assertThat(client.compatible(subject, required)).isFalse();
      assertThatThrownBy(() -> client.register(subject, required))
          .isInstanceOf(RegistryException.Incompatible.class);
      assertThatThrownBy(() -> client.lookup(subject, two))
          .isInstanceOf(RegistryException.SchemaNotFound.class);
      assertThatThrownBy(() -> client.lookup(subject + "-none", two))
          .isInstanceOf(RegistryException.SubjectNotFound.class);
      assertThatThrownBy(() -> client.latest(subject + "-none"))
          .isInstanceOf(RegistryException.SubjectNotFound.class);
      assertThatThrownBy(() -> client.byId(2_000_000_000))
          .isInstanceOf(RegistryException.SchemaNotFound.class);
    }
    try (HttpSchemaRegistry fresh = client()) {
      assertThat(fresh.lookup(subject, one)).isEqualTo(id);
      assertThat(fresh.byId(id)).isEqualTo(one);
      assertThat(fresh.latest(subject).version()).isEqualTo(1);
      assertThat(fresh.latest(subject).id()).isEqualTo(id);
    }
  }

  @Test
  void shouldKeepEverySchemaOfTheCatalogue() {
    EventCatalogue catalogue = EventCatalogue.load();
    try (HttpSchemaRegistry writer = client();
        HttpSchemaRegistry reader = client()) {
      for (Schema schema : catalogue.schemas()) {
        int id = writer.register(Subjects.of(subject, schema), schema);
        Schema read = reader.byId(id);
        assertThat(read).isEqualTo(schema);
        assertThat(read.toString()).as("documentation included").isEqualTo(schema.toString());
      }
    }
  }

  // ---- how it asks

  /** Leaves the test out where the registry is known to differ; the report then counts it. */
  private void expectUnless(Difference difference) {
    assumeFalse(differences().contains(difference), "differs: " + difference.what);
  }

  /** Status, media type and body of one answer. */
  record Answer(int status, String type, JsonNode body) {}

  final HttpSchemaRegistry client() {
    return HttpSchemaRegistry.builder(List.of(url()), new Random(1)).build();
  }

  final Answer get(String path) {
    return send("GET", path, "");
  }

  final Answer send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", TYPE)
            .header("Accept", TYPE + ", application/json;q=0.5, text/plain;q=0.1")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          body(response));
    } catch (IOException e) {
      throw new AssertionError(request.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(request.toString(), e);
    }
  }

  /** Missing where the answer is no JSON. */
  private JsonNode body(HttpResponse<byte[]> response) throws IOException {
    try {
      return json.readTree(response.body());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private Answer post(String path, ObjectNode body) {
    return send("POST", path, body.toString());
  }

  final Answer register(String name, String schema) {
    return post("/subjects/" + name + "/versions", schema(schema));
  }

  private Answer level(String name, String level) {
    return send("PUT", "/config/" + name, "{\"compatibility\": \"" + level + "\"}");
  }

  private ObjectNode schema(String text) {
    return json.createObjectNode().put("schema", text);
  }

  private List<Integer> versions(String name) {
    return StreamSupport.stream(get("/subjects/" + name + "/versions").body().spliterator(), false)
        .map(JsonNode::asInt)
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    assertThat(array).isInstanceOf(ArrayNode.class);
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private JsonNode read(String text) {
    try {
      return json.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  private static int id(Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body().get("id").asInt();
  }

  private static void refused(Answer answer, int status, int code) {
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(status);
    assertThat(answer.body().get("error_code").asInt()).isEqualTo(code);
    assertThat(answer.body().get("message").asText()).isNotBlank();
  }

  private static String record(String fields) {
    return ("{'type':'record','name':'r','fields':[" + fields + "]}").replace('\'', '"');
  }
}
