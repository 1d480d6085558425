package com.credlink.ledger.api.document;

import com.credlink.ledger.api.read.Answers;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The OpenAPI document, as it is written, as JSON and as a page. It is read at the first request,
 * because a node answers sooner without a YAML parser.
 */
public final class ApiDocument {

  private static final String RESOURCE = "/openapi.yaml";

  private Optional<Forms> read = Optional.empty();

  /** One form of the document. */
  private record Form(String contentType, byte[] body, String tag) {
    static Form of(String contentType, byte[] body) {
      return new Form(contentType, body, Answers.tag(body));
    }
  }

  private record Forms(Form yaml, Form json, Form page, String pagePolicy) {}

  /** {@code GET /openapi.yaml}. */
  public void yaml(Context ctx) {
    answer(ctx, forms().yaml());
  }

  /** {@code GET /openapi.json}. */
  public void json(Context ctx) {
    answer(ctx, forms().json());
  }

  /** {@code GET /docs}. */
  public void page(Context ctx) {
    ctx.header("Content-Security-Policy", forms().pagePolicy());
    answer(ctx, forms().page());
  }

  private static void answer(Context ctx, Form form) {
    Answers.bytes(ctx, form.contentType(), form.body(), form.tag());
  }

  private synchronized Forms forms() {
    if (read.isEmpty()) {
      read = Optional.of(load());
    }
    return read.get();
  }

  private static Forms load() {
    byte[] yaml = resource(RESOURCE);
    JsonNode document = parse(yaml);
    byte[] page = DocumentPage.of(document).getBytes(StandardCharsets.UTF_8);
    return new Forms(
        Form.of("application/yaml", yaml),
        Form.of("application/json", document.toString().getBytes(StandardCharsets.UTF_8)),
        Form.of("text/html; charset=utf-8", page),
        DocumentPage.contentSecurityPolicy());
  }

  /** A file of the class path. */
  static byte[] resource(String name) {
    try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The class path lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }

  private static JsonNode parse(byte[] yaml) {
    ObjectMapper mapper =
        YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try {
      return mapper.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " is not YAML", e);
    }
  }
}
