package com.credlink.ledger.node;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** openapi.yaml as a judge of what a node answers; its schemas are applied by another library. */
final class ApiDescription {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  /** Headers that every HTTP server may add. */
  private static final Set<String> COMMON_HEADERS =
      Set.of(
          "cache-control",
          "connection",
          "content-encoding",
          "content-length",
          "content-security-policy",
          "content-type",
          "date",
          "transfer-encoding",
          "vary",
          "x-content-type-options");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private ApiDescription(JsonNode document) {
    this.document = document;
  }

  static ApiDescription of(byte[] yaml) throws IOException {
    return new ApiDescription(new YAMLMapper().readTree(yaml));
  }

  JsonNode document() {
    return document;
  }

  /** Every operation, by method and path as in {@code GET /v1/events}. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
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
                            operations.put(
                                entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                entry.getValue());
                          }
                        }));
    return operations;
  }

  /** What in {@code answer} the document does not say; empty when it says all of it. */
  List<String> undocumented(Answer answer) {
    String method = answer.response().request().method();
    String path = answer.response().uri().getRawPath();
    Optional<String> operation = operation(method, path);
    if (operation.isEmpty()) {
      return List.of(method + " " + path + " is no operation");
    }
    JsonNode response =
        resolved(
            operations()
                .get(operation.get())
                .path("responses")
                .path(Integer.toString(answer.status())));
    if (response.isMissingNode()) {
      return List.of(operation.get() + " does not answer " + answer.status());
    }
    List<String> faults = new ArrayList<>(headers(answer, response.path("headers")));
    faults.addAll(content(answer, response.path("content")));
    return faults;
  }

  private Optional<String> operation(String method, String path) {
    return operations().keySet().stream()
        .filter(name -> name.startsWith(method + " "))
        .filter(name -> path.matches(pattern(name.substring(method.length() + 1))))
        .min(Comparator.comparing((String name) -> name.contains("{")).thenComparing(name -> name));
  }

  private static String pattern(String template) {
    return template.replace(".", "\\.").replaceAll("\\{[^}]+}", "[^/]+");
  }

  private static List<String> headers(Answer answer, JsonNode documented) {
    List<String> names = new ArrayList<>();
    documented.fieldNames().forEachRemaining(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return answer.response().headers().map().keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .filter(name -> !COMMON_HEADERS.contains(name) && !names.contains(name))
        .map(name -> "the header " + name)
        .toList();
  }

  private List<String> content(Answer answer, JsonNode documented) {
    if (answer.body().length == 0) {
      return documented.isEmpty() ? List.of() : List.of("the body is empty");
    }
    String type = answer.required("Content-Type").replaceFirst(";.*", "");
    if (!documented.has(type)) {
      return List.of("the content type " + type);
    }
    JsonNode schema = documented.path(type).path("schema");
    return type.endsWith("json") ? violations(schema, answer.json()) : List.of();
  }

  /** How {@code value} differs from {@code schema} of the document. */
  List<String> violations(JsonNode schema, JsonNode value) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("$ref", "#/$defs/asked");
    ObjectNode definitions = whole.putObject("$defs");
    document
        .at("/components/schemas")
        .properties()
        .forEach(entry -> definitions.set(entry.getKey(), amongDefinitions(entry.getValue())));
    definitions.set("asked", amongDefinitions(schema));
    return schemas
        .getSchema(whole)
        .validate(value, run -> run.executionConfig(c -> c.formatAssertionsEnabled(true)))
        .stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  /** A schema of the document as plain JSON Schema, which keeps its named ones in $defs. */
  private static JsonNode amongDefinitions(JsonNode schema) {
    try {
      return JSON.readTree(schema.toString().replace("\"#/components/schemas/", "\"#/$defs/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls back with each example, under its place, and the schema that it is an example of. */
  void eachExample(BiConsumer<String, Example> action) {
    examples("", document, action);
  }

  /** A value beside its schema. */
  record Example(JsonNode schema, JsonNode value) {}

  private void examples(String where, JsonNode node, BiConsumer<String, Example> action) {
    if (node.has("schema")) {
      JsonNode schema = node.get("schema");
      if (node.has("example")) {
        action.accept(where + "/example", new Example(schema, node.get("example")));
      }
      node.path("examples")
          .properties()
          .forEach(
              entry ->
                  action.accept(
                      where + "/examples/" + entry.getKey(),
                      new Example(schema, resolved(entry.getValue()).path("value"))));
    }
    node.properties()
        .forEach(entry -> examples(where + "/" + entry.getKey(), entry.getValue(), action));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      examples(where + "/" + i, node.get(i), action);
    }
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }
}
