package com.credlink.ledger.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The document as one page of plain HTML: no script, nothing loaded from elsewhere, headings in
 * order, tables with headers, and a link past the contents.
 */
final class DocumentPage {

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");
  private static final String STYLE =
      new String(ApiDocument.resource("/openapi.css"), StandardCharsets.UTF_8);

  private final JsonNode document;
  private final StringBuilder html = new StringBuilder(1 << 16);

  private DocumentPage(JsonNode document) {
    this.document = document;
  }

  /** The page of {@code document}. */
  static String of(JsonNode document) {
    return new DocumentPage(document).render();
  }

  /** Lets the page's own style apply and nothing else happen. */
  static String contentSecurityPolicy() {
    return "default-src 'none'; style-src 'sha256-"
        + sha256(STYLE)
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  /** One operation and what it inherits from its path. */
  private record Operation(String method, String path, JsonNode json, JsonNode ofPath) {
    String id() {
      return json.path("operationId").asText();
    }

    String title() {
      return Html.code(method.toUpperCase(Locale.ROOT) + " " + path);
    }

    boolean hasTag(String tag) {
      return json.path("tags").path(0).asText().equals(tag);
    }
  }

  private String render() {
    JsonNode info = document.path("info");
    String title = Html.escaped(info.path("title").asText());
    add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<title>" + title + ": API</title>\n<style>" + STYLE + "</style>\n</head>\n<body>\n");
    add("<a class=\"skip\" href=\"#main\">Skip the contents</a>\n");
    add("<header>\n<h1>" + title + "</h1>\n");
    add("<p>" + Html.inline(info.path("summary").asText()) + "</p>\n");
    add("<p>Version " + Html.escaped(info.path("version").asText()));
    add(" · <a href=\"/openapi.yaml\">openapi.yaml</a>");
    add(" · <a href=\"/openapi.json\">openapi.json</a></p>\n</header>\n");
    List<Operation> operations = operations();
    contents(operations);
    add("<main id=\"main\">\n<section id=\"about\">\n<h2>About</h2>\n");
    add(Html.paragraphs(info.path("description").asText()) + "</section>\n");
    security();
    for (JsonNode tag : document.path("tags")) {
      group(tag, operations);
    }
    problems();
    schemas();
    add("</main>\n</body>\n</html>\n");
    return html.toString();
  }

  private void add(String text) {
    html.append(text);
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
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
                            operations.add(
                                new Operation(
                                    entry.getKey(),
                                    path.getKey(),
                                    entry.getValue(),
                                    path.getValue().path("parameters")));
                          }
                        }));
    return operations;
  }

  private void contents(List<Operation> operations) {
    add("<nav aria-label=\"Contents\">\n<ul>\n<li><a href=\"#about\">About</a></li>\n");
    add("<li><a href=\"#security\">Credentials</a></li>\n");
    for (JsonNode tag : document.path("tags")) {
      String name = tag.path("name").asText();
      add("<li><a href=\"#tag-" + Html.escaped(name) + "\">" + Html.escaped(name) + "</a>\n<ul>\n");
      for (Operation operation : operations) {
        if (operation.hasTag(name)) {
          add("<li><a href=\"#" + operation.id() + "\">" + operation.title() + "</a></li>\n");
        }
      }
      add("</ul>\n</li>\n");
    }
    add("<li><a href=\"#problems\">Problems</a></li>\n");
    add("<li><a href=\"#schemas\">Schemas</a></li>\n</ul>\n</nav>\n");
  }

  private void security() {
    add("<section id=\"security\">\n<h2>Credentials</h2>\n<dl>\n");
    document
        .path("components")
        .path("securitySchemes")
        .properties()
        .forEach(
            scheme -> {
              add("<dt>" + Html.code(scheme.getKey()) + "</dt>\n<dd>");
              add(Html.paragraphs(scheme.getValue().path("description").asText()) + "</dd>\n");
            });
    add("</dl>\n</section>\n");
  }

  private void group(JsonNode tag, List<Operation> operations) {
    String name = tag.path("name").asText();
    add("<section id=\"tag-" + Html.escaped(name) + "\">\n<h2>" + Html.escaped(name) + "</h2>\n");
    add(Html.paragraphs(tag.path("description").asText()));
    operations.stream().filter(operation -> operation.hasTag(name)).forEach(this::operation);
    add("</section>\n");
  }

  private void operation(Operation operation) {
    JsonNode json = operation.json();
    add("<article id=\"" + operation.id() + "\">\n<h3>" + operation.title() + "</h3>\n");
    add("<p class=\"summary\">" + Html.inline(json.path("summary").asText()) + "</p>\n");
    add(Html.paragraphs(json.path("description").asText()));
    add("<p>Credential: " + credential(json) + "</p>\n");
    parameters(operation);
    body(json.path("requestBody"));
    responses(json.path("responses"));
    add("</article>\n");
  }

  private String credential(JsonNode operation) {
    JsonNode security = operation.has("security") ? operation.get("security") : all();
    if (security.isEmpty()) {
      return "none.";
    }
    String scheme = Html.code(security.path(0).fieldNames().next());
    List<String> roles = new ArrayList<>();
    operation.path("x-roles").forEach(role -> roles.add(Html.code(role.asText())));
    return roles.isEmpty() ? scheme + "." : scheme + ", role " + String.join(", ", roles) + ".";
  }

  private JsonNode all() {
    return document.path("security");
  }

  private void parameters(Operation operation) {
    List<JsonNode> parameters = new ArrayList<>();
    operation.ofPath().forEach(one -> parameters.add(resolved(one)));
    operation.json().path("parameters").forEach(one -> parameters.add(resolved(one)));
    if (parameters.isEmpty()) {
      return;
    }
    table("Parameters", "Name", "In", "Value", "Meaning");
    for (JsonNode parameter : parameters) {
      String required = parameter.path("required").asBoolean() ? " <strong>required</strong>" : "";
      row(
          Html.code(parameter.path("name").asText()) + required,
          Html.escaped(parameter.path("in").asText()),
          SchemaText.of(parameter.path("schema")),
          Html.inline(parameter.path("description").asText()) + sample(parameter));
    }
    endOfTable();
  }

  private static String sample(JsonNode parameter) {
    JsonNode example = parameter.path("example");
    if (example.isMissingNode()) {
      return "";
    }
    return " Such as " + Html.code(example.isTextual() ? example.asText() : example.toString());
  }

  private void body(JsonNode body) {
    if (body.isMissingNode()) {
      return;
    }
    add("<h4>Body</h4>\n" + Html.paragraphs(body.path("description").asText()));
    content(body.path("content"));
  }

  private void content(JsonNode content) {
    content
        .properties()
        .forEach(
            entry -> {
              JsonNode schema = entry.getValue().path("schema");
              add("<p>" + Html.code(entry.getKey()) + ": " + SchemaText.of(schema) + "</p>\n");
              properties(schema);
              examples(entry.getValue());
            });
  }

  private void examples(JsonNode media) {
    if (media.has("example")) {
      example("Example", media.get("example"));
    }
    media
        .path("examples")
        .properties()
        .forEach(
            entry -> {
              JsonNode example = resolved(entry.getValue());
              example(example.path("summary").asText("Example"), example.path("value"));
            });
  }

  private void example(String title, JsonNode value) {
    add("<details><summary>" + Html.inline(title) + "</summary>\n<pre><code>");
    add(Html.escaped(value.toPrettyString()) + "</code></pre></details>\n");
  }

  private void responses(JsonNode responses) {
    table("Answers", "Status", "Meaning", "Content", "Headers");
    List<JsonNode> contents = new ArrayList<>();
    responses
        .properties()
        .forEach(
            entry -> {
              JsonNode response = resolved(entry.getValue());
              row(
                  Html.code(entry.getKey()),
                  Html.inline(response.path("description").asText()),
                  contentCell(response.path("content")),
                  names(response.path("headers")));
              if (entry.getKey().startsWith("2")) {
                contents.add(response.path("content"));
              }
            });
    endOfTable();
    contents.forEach(content -> content.forEach(this::examples));
  }

  private static String contentCell(JsonNode content) {
    List<String> kinds = new ArrayList<>();
    content
        .properties()
        .forEach(
            entry -> {
              JsonNode media = entry.getValue();
              kinds.add(
                  entry.getKey().equals("application/problem+json")
                      ? problemLinks(media)
                      : Html.code(entry.getKey()) + " " + SchemaText.of(media.path("schema")));
            });
    return String.join("<br>", kinds);
  }

  private static String problemLinks(JsonNode media) {
    List<String> links = new ArrayList<>();
    media
        .path("examples")
        .fieldNames()
        .forEachRemaining(
            name -> links.add("<a href=\"#problem-" + name + "\">" + Html.code(name) + "</a>"));
    return String.join(", ", links);
  }

  private static String names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(name -> names.add(Html.code(name)));
    return String.join(", ", names);
  }

  private void problems() {
    add("<section id=\"problems\">\n<h2>Problems</h2>\n");
    table("Every problem that this API answers with", "Name", "Status", "Meaning", "Retryable");
    document
        .path("components")
        .path("examples")
        .properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue().path("value");
              if (value.has("retryable")) {
                row(
                    "<span id=\"problem-%s\">%s</span>"
                        .formatted(entry.getKey(), Html.code(entry.getKey())),
                    Html.escaped(value.path("status").asText()),
                    Html.inline(entry.getValue().path("summary").asText()),
                    value.path("retryable").asBoolean() ? "yes" : "no");
              }
            });
    endOfTable();
    add("</section>\n");
  }

  private void schemas() {
    add("<section id=\"schemas\">\n<h2>Schemas</h2>\n");
    document
        .path("components")
        .path("schemas")
        .properties()
        .forEach(
            entry -> {
              JsonNode schema = entry.getValue();
              String name = Html.escaped(entry.getKey());
              add("<article id=\"schema-" + name + "\">\n<h3>" + Html.code(entry.getKey()));
              add("</h3>\n" + Html.paragraphs(schema.path("description").asText()));
              add("<p>" + SchemaText.of(schema) + "</p>\n");
              properties(schema);
              add("</article>\n");
            });
    add("</section>\n");
  }

  private void properties(JsonNode schema) {
    JsonNode properties = schema.path("properties");
    if (properties.isMissingNode()) {
      return;
    }
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    table("Fields", "Field", "Value", "Meaning");
    properties
        .properties()
        .forEach(
            entry -> {
              boolean needed = required.contains(entry.getKey());
              row(
                  Html.code(entry.getKey()) + (needed ? " <strong>required</strong>" : ""),
                  SchemaText.of(entry.getValue()) + nested(entry.getValue()),
                  Html.inline(entry.getValue().path("description").asText()));
            });
    endOfTable();
  }

  /** The fields of a part without a name of its own. */
  private static String nested(JsonNode schema) {
    JsonNode part = schema.has("items") ? schema.get("items") : schema;
    List<String> fields = new ArrayList<>();
    part.path("properties")
        .properties()
        .forEach(
            entry ->
                fields.add(Html.code(entry.getKey()) + ": " + SchemaText.of(entry.getValue())));
    return fields.isEmpty() ? "" : " { " + String.join("; ", fields) + " }";
  }

  private void table(String caption, String... columns) {
    add("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + caption + "\">\n");
    add("<table>\n<caption>" + caption + "</caption>\n<thead>\n<tr>");
    for (String column : columns) {
      add("<th scope=\"col\">" + column + "</th>");
    }
    add("</tr>\n</thead>\n<tbody>\n");
  }

  private void row(String head, String... cells) {
    add("<tr><th scope=\"row\">" + head + "</th>");
    for (String cell : cells) {
      add("<td>" + cell + "</td>");
    }
    add("</tr>\n");
  }

  private void endOfTable() {
    add("</tbody>\n</table>\n</div>\n");
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
