package com.credlink.ledger.api.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.access.Action;
import com.credlink.ledger.api.access.Policy;
import com.credlink.ledger.api.access.Principal;
import com.credlink.ledger.api.access.Role;
import com.credlink.ledger.api.intake.AuthDecisions;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.read.Parameters;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.projections.signing.SigningState;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** openapi.yaml by itself and beside the tables of the code; its routes are compared in ops. */
class ApiDocumentTest {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([a-z0-9_]+)}");

  private static final Set<String> KEYWORDS =
      Set.of(
          "$ref",
          "type",
          "format",
          "description",
          "enum",
          "const",
          "default",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "minItems",
          "maxItems",
          "items",
          "properties",
          "required",
          "additionalProperties",
          "unevaluatedProperties",
          "allOf",
          "oneOf",
          "contentMediaType");

  private final String yaml =
      new String(ApiDocument.resource("/openapi.yaml"), StandardCharsets.UTF_8);
  private final JsonNode document = read(yaml);

  private static JsonNode read(String yaml) {
    try {
      return YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readTree(yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- the document by itself

  @Test
  void shouldBeValidForAParserThatIsNotOurs() {
    SwaggerParseResult result = new OpenAPIV3Parser().readContents(yaml);

    assertThat(result.getMessages()).isEmpty();
    assertThat(result.isOpenapi31()).isTrue();
  }

  @Test
  void shouldReferToWhatIsThere() {
    Map<String, String> references = references();

    assertThat(references).isNotEmpty();
    references.forEach(
        (where, pointer) ->
            assertThat(document.at(pointer).isMissingNode())
                .as("%s refers to %s", where, pointer)
                .isFalse());
  }

  @Test
  void shouldHaveNoComponentThatNothingRefersTo() {
    Set<String> referred = new TreeSet<>(references().values());
    Set<String> unused = new TreeSet<>();

    for (String kind : List.of("parameters", "headers", "responses", "schemas", "examples")) {
      document
          .path("components")
          .path(kind)
          .fieldNames()
          .forEachRemaining(name -> unused.add("/components/" + kind + "/" + name));
    }
    unused.removeAll(referred);

    assertThat(unused).isEmpty();
  }

  /** In a flow mapping a comma ends a description, and what follows it becomes a keyword. */
  @Test
  void shouldUseKeywordsOfJsonSchemaOnly() {
    List<String> unknown = new ArrayList<>();

    eachSchema(
        (where, schema) ->
            names(schema).stream()
                .filter(keyword -> !KEYWORDS.contains(keyword))
                .forEach(keyword -> unknown.add(where + ": " + keyword)));

    assertThat(unknown).isEmpty();
  }

  @Test
  void shouldDeclareThePathParametersOfEveryPath() {
    eachOperation(
        (name, operation) -> {
          Set<String> inPath =
              PATH_PARAMETER.matcher(name).results().map(m -> m.group(1)).collect(toSortedSet());

          assertThat(parameters(name, operation, "path")).as(name).isEqualTo(inPath);
        });
  }

  @Test
  void shouldNameEachOperationOnceAndUnderAGroup() {
    List<String> ids = new ArrayList<>();
    Set<String> groups =
        stream(document.path("tags")).map(tag -> tag.path("name").asText()).collect(toSortedSet());
    eachOperation(
        (name, operation) -> {
          ids.add(operation.path("operationId").asText());
          assertThat(operation.path("summary").asText()).as(name).isNotBlank();
          assertThat(groups).as(name).contains(operation.path("tags").path(0).asText());
          assertThat(operation.path("tags")).as(name).hasSize(1);
        });

    assertThat(ids).doesNotContain("").doesNotHaveDuplicates();
  }

  @Test
  void shouldGiveEveryAnswerItsRequestId() {
    eachOperation(
        (name, operation) ->
            operation
                .path("responses")
                .properties()
                .forEach(
                    response ->
                        assertThat(names(resolved(response.getValue()).path("headers")))
                            .as("%s -> %s", name, response.getKey())
                            .contains("Ledger-Request-Id")));
  }

  // ---- beside the code

  @Test
  void shouldHaveEveryProblemOfTheCodeAndNoOther() {
    List<String> types = texts(document.at("/components/schemas/Problem/properties/type/enum"));

    assertThat(types)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Problem.values()).map(Problem::uri).toList());
  }

  @Test
  void shouldShowEachProblemAsTheCodeWritesIt() {
    for (Problem problem : Problem.values()) {
      JsonNode example = document.at("/components/examples/" + problem.label() + "/value");

      assertThat(example.path("type").asText()).isEqualTo(problem.uri());
      assertThat(example.path("title").asText()).isEqualTo(problem.title());
      assertThat(example.path("status").asInt()).isEqualTo(problem.status());
      assertThat(example.path("retryable").asBoolean()).isEqualTo(problem.retryable());
    }
  }

  @Test
  void shouldAnswerEachProblemSomewhereUnderItsOwnStatus() {
    Map<String, Set<String>> statuses = new TreeMap<>();
    eachOperation(
        (name, operation) ->
            operation
                .path("responses")
                .properties()
                .forEach(
                    response ->
                        names(
                                resolved(response.getValue())
                                    .path("content")
                                    .path("application/problem+json")
                                    .path("examples"))
                            .forEach(
                                label ->
                                    statuses
                                        .computeIfAbsent(label, l -> new TreeSet<>())
                                        .add(response.getKey()))));

    Map<String, Set<String>> expected = new TreeMap<>();
    for (Problem problem : Problem.values()) {
      expected.put(problem.label(), Set.of(Integer.toString(problem.status())));
    }
    assertThat(statuses).isEqualTo(expected);
  }

  @Test
  void shouldNameTheRolesThatThePolicyLetsIn() {
    Set<String> guarded = new TreeSet<>();
    eachOperation(
        (name, operation) -> {
          if (operation.has("security")) {
            assertThat(operation.has("x-action")).as(name).isFalse();
            return;
          }
          guarded.add(name);
          Action action = action(name, operation.path("x-action").asText());
          Set<String> allowed =
              Arrays.stream(Role.values())
                  .filter(role -> isAllowed(role, action))
                  .map(Role::label)
                  .collect(toSortedSet());

          assertThat(new TreeSet<>(texts(operation.path("x-roles")))).as(name).isEqualTo(allowed);
          assertThat(names(operation.path("responses"))).as(name).contains("401", "403", "503");
        });

    assertThat(guarded).hasSizeGreaterThan(5);
  }

  private static Action action(String name, String label) {
    return Arrays.stream(Action.values())
        .filter(action -> action.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no action of the code: " + label));
  }

  private static boolean isAllowed(Role role, Action action) {
    Optional<String> own = Optional.of("a-tenant");
    Optional<String> asked = action == Action.EVENT_LIST_ALL ? Optional.empty() : own;
    Principal who = new Principal("token:1", role, role == Role.MERCHANT ? own : Optional.empty());
    return Policy.decide(who, action, asked).decision() == Decision.ALLOW;
  }

  @Test
  void shouldListEveryTypeOfEvent() {
    assertThat(enumOf("EventType"))
        .containsExactlyElementsOf(
            Arrays.stream(LedgerEvent.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void shouldListEveryStateAndEveryKindOfActor() {
    assertThat(enumOf("SigningStatus")).containsExactlyElementsOf(SigningState.STATUSES);
    assertThat(
            texts(
                document.at(
                    "/components/schemas/KnownEvent/properties/actor/properties/type/enum")))
        .containsExactlyElementsOf(Arrays.stream(ActorType.values()).map(Enum::name).toList());
    assertThat(texts(document.at("/components/schemas/AuthDecision/properties/decision/enum")))
        .containsExactlyElementsOf(
            Arrays.stream(Decision.values()).map(d -> d.name().toLowerCase(Locale.ROOT)).toList());
  }

  @Test
  void shouldStateTheLimitsOfTheCode() {
    JsonNode limit = document.at("/components/parameters/Limit/schema");

    assertThat(limit.path("maximum").asInt()).isEqualTo(Parameters.MAX_LIMIT);
    assertThat(limit.path("default").asInt()).isEqualTo(Parameters.DEFAULT_LIMIT);
    assertThat(
            document.at("/components/schemas/AuthDecisionBatch/properties/items/maxItems").asInt())
        .isEqualTo(AuthDecisions.MAX_ITEMS);
  }

  // ---- the page

  @Test
  void shouldRenderEverythingOnThePage() {
    String page = DocumentPage.of(document);

    eachOperation(
        (name, operation) -> {
          assertThat(page).contains("<article id=\"" + operation.path("operationId").asText());
          assertThat(page).contains("<code>" + name + "</code>");
        });
    for (Problem problem : Problem.values()) {
      assertThat(page).contains("id=\"problem-" + problem.label() + "\"");
    }
    names(document.at("/components/schemas"))
        .forEach(name -> assertThat(page).contains("id=\"schema-" + name + "\""));
  }

  @Test
  void shouldLinkOnlyToWhatIsOnThePageOrServedBesideIt() {
    String page = DocumentPage.of(document);

    Set<String> ids = found(page, "id=\"([^\"]+)\"");
    Set<String> links = found(page, "(?:href|src)=\"([^\"]+)\"");

    assertThat(links)
        .allMatch(
            link ->
                link.equals("/openapi.yaml")
                    || link.equals("/openapi.json")
                    || (link.startsWith("#") && ids.contains(link.substring(1))));
    assertThat(page).doesNotContain("<script", "@import", "url(");
    assertThat(page).contains("<html lang=\"en\">", "<th scope=\"col\">", "<main id=\"main\">");
  }

  @Test
  void shouldGiveEachElementOfThePageAnIdOfItsOwn() {
    String page = DocumentPage.of(document);

    List<String> ids =
        Pattern.compile("id=\"([^\"]+)\"").matcher(page).results().map(m -> m.group(1)).toList();

    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void shouldTakeMarkupInTheDocumentForText() {
    JsonNode hostile =
        read("{info: {title: '<script>alert(1)</script>', description: 'a `<b>` & \"c\"'}}");

    assertThat(DocumentPage.of(hostile))
        .doesNotContain("<script", "<b>")
        .contains("&lt;script&gt;", "<code>&lt;b&gt;</code> &amp; &quot;c&quot;");
  }

  private static Set<String> found(String page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map(m -> m.group(1))
        .collect(toSortedSet());
  }

  // ---- walking

  private void eachOperation(BiConsumer<String, JsonNode> action) {
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        entry -> {
                          if (METHODS.contains(entry.getKey())) {
                            action.accept(
                                entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                entry.getValue());
                          }
                        }));
  }

  private void eachSchema(BiConsumer<String, JsonNode> action) {
    int[] seen = {0};
    BiConsumer<String, JsonNode> counted = action.andThen((where, schema) -> seen[0]++);
    each(document, "/components/schemas", (where, schema) -> schema(where, schema, counted));
    findSchemas("", document, counted);
    assertThat(seen[0]).isGreaterThan(150);
  }

  private static void findSchemas(
      String where, JsonNode node, BiConsumer<String, JsonNode> action) {
    if (node.has("schema")) {
      schema(where + "/schema", node.get("schema"), action);
    }
    node.properties()
        .forEach(entry -> findSchemas(where + "/" + entry.getKey(), entry.getValue(), action));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      findSchemas(where + "/" + i, node.get(i), action);
    }
  }

  private static void schema(String where, JsonNode schema, BiConsumer<String, JsonNode> action) {
    action.accept(where, schema);
    each(schema, "/properties", (name, part) -> schema(where + name, part, action));
    for (String keyword : List.of("items", "unevaluatedProperties", "additionalProperties")) {
      if (schema.path(keyword).isObject()) {
        schema(where + "/" + keyword, schema.get(keyword), action);
      }
    }
    for (String keyword : List.of("allOf", "oneOf", "anyOf")) {
      schema.path(keyword).forEach(part -> schema(where + "/" + keyword, part, action));
    }
  }

  private static void each(JsonNode node, String pointer, BiConsumer<String, JsonNode> action) {
    node.at(pointer)
        .properties()
        .forEach(entry -> action.accept(pointer + "/" + entry.getKey(), entry.getValue()));
  }

  private Set<String> parameters(String name, JsonNode operation, String in) {
    String path = name.substring(name.indexOf(' ') + 1);
    List<JsonNode> all = new ArrayList<>();
    document.path("paths").path(path).path("parameters").forEach(all::add);
    operation.path("parameters").forEach(all::add);
    return all.stream()
        .map(this::resolved)
        .filter(parameter -> parameter.path("in").asText().equals(in))
        .map(parameter -> parameter.path("name").asText())
        .collect(toSortedSet());
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  /** Every reference, by where it stands. */
  private Map<String, String> references() {
    Map<String, String> found = new TreeMap<>();
    collect("", document, found);
    return found;
  }

  private static void collect(String where, JsonNode node, Map<String, String> found) {
    if (node.path("$ref").isTextual()) {
      String reference = node.get("$ref").asText();
      assertThat(reference).as(where).startsWith("#/");
      found.put(where, reference.substring(1));
    }
    node.properties()
        .forEach(entry -> collect(where + "/" + entry.getKey(), entry.getValue(), found));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(where + "/" + i, node.get(i), found);
    }
  }

  private List<String> enumOf(String schema) {
    return texts(document.at("/components/schemas/" + schema + "/enum"));
  }

  private static List<String> texts(JsonNode list) {
    return stream(list).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Collector<String, ?, Set<String>> toSortedSet() {
    return Collectors.toCollection(TreeSet::new);
  }
}
