package com.credlink.ledger.cli;

import com.credlink.ledger.config.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The node as its clients see it: HTTP and nothing else. */
final class DemoHttp implements AutoCloseable {

  /** Longer than the longest {@code wait=} that is asked for. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  DemoHttp(URI base) {
    this.base = base;
  }

  /** An answer, its body still bytes. */
  record Answer(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    byte[] body() {
      return response.body();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }

    /**
     * The body as JSON; an empty object if it is none, so that a check fails on what is missing.
     */
    JsonNode json() {
      try {
        var node = JSON.readTree(body());
        return node == null || node.isMissingNode() ? JSON.createObjectNode() : node;
      } catch (IOException e) {
        return JSON.createObjectNode();
      }
    }

    /** The name at the end of a problem's type, such as {@code shop_mismatch}. */
    String problem() {
      var type = json().path("type").asText();
      return type.substring(type.lastIndexOf('/') + 1);
    }
  }

  Answer get(String path, Optional<Secret> token, Map<String, String> headers) throws IOException {
    return send(request(path, token, headers).GET());
  }

  Answer post(String path, Optional<Secret> token, Map<String, String> headers, byte[] body)
      throws IOException {
    return send(request(path, token, headers).POST(BodyPublishers.ofByteArray(body)));
  }

  /** Posts a file with a JSON part beside it. */
  Answer postFile(
      String path,
      Optional<Secret> token,
      Map<String, String> headers,
      DemoImages.Image image,
      JsonNode request)
      throws IOException {
    var boundary = "ledger-demo-7c1d0f";
    var body = new ByteArrayOutputStream();
    var requestPart =
        "--%s\r\nContent-Disposition: form-data; name=\"request\"\r\nContent-Type: application/json\r\n\r\n"
            .formatted(boundary);
    body.writeBytes(requestPart.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(JSON.writeValueAsBytes(request));
    var assetPart =
        "\r\n--%s\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(boundary, image.file(), image.mediaType());
    body.writeBytes(assetPart.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(image.bytes());
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        request(path, token, headers)
            .setHeader("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofByteArray(body.toByteArray())));
  }

  private HttpRequest.Builder request(
      String path, Optional<Secret> token, Map<String, String> headers) {
    var builder = HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_LIMIT);
    token.ifPresent(value -> builder.setHeader("Authorization", "Bearer " + value.reveal()));
    headers.forEach(builder::setHeader);
    return builder;
  }

  private Answer send(HttpRequest.Builder builder) throws IOException {
    try {
      return new Answer(client.send(builder.build(), BodyHandlers.ofByteArray()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
