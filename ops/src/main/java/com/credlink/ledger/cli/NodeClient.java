package com.credlink.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** A node, asked by a command; a refusal becomes the sentence of its problem. */
final class NodeClient implements AutoCloseable {

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI url;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  NodeClient(URI url, String token) {
    this.url = url;
    this.token = token;
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** The answer's body; empty when what the path names does not exist. */
  Optional<JsonNode> send(String method, String path, Optional<ObjectNode> body)
      throws CommandException {
    return exchange(
            method,
            path,
            "application/json",
            body.map(json -> BodyPublishers.ofString(json.toString()))
                .orElse(BodyPublishers.noBody()))
        .map(NodeClient::json);
  }

  /** The answer's bytes; empty when what the path names does not exist. */
  Optional<byte[]> exchange(String method, String path, String type, BodyPublisher body)
      throws CommandException {
    HttpResponse<byte[]> answer = ask(method, path, body, "Content-Type", type);
    if (answer.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    if (answer.statusCode() >= 300) {
      throw refused(answer);
    }
    return Optional.of(answer.body());
  }

  /** The answer, whatever it is; headers come as name, value, name, value. */
  HttpResponse<byte[]> ask(String method, String path, BodyPublisher body, String... headers)
      throws CommandException {
    return answer(
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(ANSWER_LIMIT)
            .header("Authorization", "Bearer " + token)
            .headers(headers)
            .method(method, body)
            .build());
  }

  /** A refusal as the sentence of its problem. */
  static CommandException refused(HttpResponse<byte[]> answer) {
    return new CommandException(
        "the node refused (%d): %s"
            .formatted(
                answer.statusCode(), json(answer.body()).path("detail").asText("no reason given")));
  }

  private HttpResponse<byte[]> answer(HttpRequest request) throws CommandException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new CommandException(
          "no node answers at %s; start one, or name it with --url".formatted(url), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  static JsonNode json(byte[] body) {
    try {
      var json = JSON.readTree(body);
      return json == null ? object() : json;
    } catch (IOException e) {
      return object();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
