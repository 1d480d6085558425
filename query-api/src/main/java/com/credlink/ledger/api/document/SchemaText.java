package com.credlink.ledger.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A schema in a few words, with links to those that have a name. */
final class SchemaText {

  private static final String SCHEMAS = "#/components/schemas/";

  private SchemaText() {}

  /** What {@code schema} takes, as HTML. */
  static String of(JsonNode schema) {
    if (schema.has("$ref")) {
      String name = name(schema);
      return "<a href=\"#schema-" + Html.escaped(name) + "\">" + Html.escaped(name) + "</a>";
    }
    for (String either : List.of("oneOf", "anyOf")) {
      if (schema.has(either)) {
        return joined(schema.get(either), " or ");
      }
    }
    if (schema.has("const")) {
      return Html.code(schema.get("const").asText());
    }
    if (schema.has("enum")) {
      return StreamSupport.stream(schema.get("enum").spliterator(), false)
          .map(value -> Html.code(value.asText()))
          .collect(Collectors.joining(", "));
    }
    if (schema.has("contentMediaType")) {
      return Html.escaped("bytes (" + schema.get("contentMediaType").asText() + ")");
    }
    if (schema.has("allOf")) {
      return joined(schema.get("allOf"), " and ");
    }
    return Html.escaped(types(schema)) + items(schema) + limits(schema);
  }

  /** The name at the end of a reference. */
  static String name(JsonNode reference) {
    String pointer = reference.get("$ref").asText();
    return pointer.startsWith(SCHEMAS)
        ? pointer.substring(SCHEMAS.length())
        : pointer.substring(pointer.lastIndexOf('/') + 1);
  }

  private static String joined(JsonNode schemas, String by) {
    return StreamSupport.stream(schemas.spliterator(), false)
        .map(SchemaText::of)
        .collect(Collectors.joining(by));
  }

  private static String types(JsonNode schema) {
    JsonNode type = schema.path("type");
    String format = schema.has("format") ? " (" + schema.get("format").asText() + ")" : "";
    if (!type.isArray()) {
      return type.asText("any") + format;
    }
    List<String> types = new ArrayList<>();
    type.forEach(one -> types.add(one.asText()));
    return String.join(" or ", types) + format;
  }

  private static String items(JsonNode schema) {
    return schema.has("items") ? " of " + of(schema.get("items")) : "";
  }

  private static String limits(JsonNode schema) {
    List<String> limits = new ArrayList<>();
    schema
        .properties()
        .forEach(
            entry -> {
              String value = entry.getValue().asText();
              switch (entry.getKey()) {
                case "minimum" -> limits.add("from " + value);
                case "maximum" -> limits.add("to " + value);
                case "minLength", "minItems" -> limits.add("at least " + value + " long");
                case "maxLength", "maxItems" -> limits.add("at most " + value + " long");
                case "default" -> limits.add("default " + value);
                default -> {
                  // said elsewhere, or not for readers
                }
              }
            });
    return limits.isEmpty() ? "" : Html.escaped(", " + String.join(", ", limits));
  }
}
