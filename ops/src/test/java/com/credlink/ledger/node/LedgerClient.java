package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A node as those outside see it: HTTP, tokens, and nothing of the node's own code. */
final class LedgerClient implements AutoCloseable {

  static final String SNOWDEVIL = "snowdevil.myshopify.com";
  static final String ACME = "acme-prints.myshopify.com";

  /** A busy machine with two cores signs an image within this. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Longer than the longest {@code wait=}. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(70);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI url;
  private final DevCredentials credentials;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  LedgerClient(URI url, DevCredentials credentials) {
    this.url = url;
    this.credentials = credentials;
  }

  /** Somebody with a token, or nobody. */
  record Caller(Optional<String> token) {
    static final Caller NOBODY = new Caller(Optional.empty());

    static Caller with(String token) {
      return new Caller(Optional.of(token));
    }
  }

  /** An answer. */
  record Answer(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    byte[] body() {
      return response.body();
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return LedgerClient.json(body());
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    String required(String name) {
      return header(name).orElseThrow(() -> new AssertionError("no header " + name + ": " + this));
    }

    /** Fails with the answer's text unless it has this status. */
    Answer expect(int status) {
      assertThat(status()).as(this::toString).isEqualTo(status);
      return this;
    }

    /** Fails unless the answer is this problem, as RFC 9457 and the interface have it. */
    Answer expectProblem(int status, String name) {
      expect(status);
      assertThat(header("Content-Type")).contains("application/problem+json");
      JsonNode problem = json();
      assertThat(problem.path("type").asText()).endsWith("/" + name);
      assertThat(problem.path("status").asInt()).isEqualTo(status);
      assertThat(problem.path("title").asText()).isNotBlank();
      assertThat(problem.path("detail").asText()).isNotBlank().doesNotContain("Exception", "\n");
      assertThat(problem.path("retryable").isBoolean()).isTrue();
      assertThat(problem.path("instance").asText()).isEqualTo(required("Ledger-Request-Id"));
      return this;
    }

    @Override
    public String toString() {
      return response.request().method() + " " + response.uri() + " -> " + status() + " " + text();
    }
  }

  Caller merchant(String shop) {
    return caller(DevCredentials.MERCHANT, Optional.of(shop));
  }

  Caller role(String role) {
    return caller(role, Optional.empty());
  }

  private Caller caller(String role, Optional<String> shop) {
    return Caller.with(credentials.token(role, shop).orElseThrow().reveal());
  }

  /** Sends a request; headers come as name, value, name, value. */
  Answer send(String method, String path, Caller caller, byte[] body, String... headers) {
    try {
      return trySend(method, path, caller, body, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  /** The same, for who must live with a node that goes away. */
  Answer trySend(String method, String path, Caller caller, byte[] body, String... headers)
      throws IOException {
    var request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(ANSWER_LIMIT)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    caller.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  Answer get(String path, Caller caller, String... headers) {
    return send("GET", path, caller, new byte[0], headers);
  }

  Answer postJson(String path, Caller caller, String json, String... headers) {
    return send(
        "POST", path, caller, utf8(json), with("Content-Type", "application/json", headers));
  }

  Answer deliver(ShopifyDelivery delivery) {
    return send("POST", "/webhooks/shopify", Caller.NOBODY, delivery.body(), delivery.headers());
  }

  /** A part of a multipart form. */
  record Part(String name, Optional<String> fileName, String type, byte[] content) {
    static Part file(String fileName, String type, byte[] content) {
      return new Part("asset", Optional.of(fileName), type, content);
    }

    static Part request(String json) {
      return new Part("request", Optional.empty(), "application/json", utf8(json));
    }
  }

  Answer postForm(String path, Caller caller, List<Part> parts, String... headers) {
    var boundary = "----------------7c1d0f2ab9";
    var body = new ByteArrayOutputStream();
    for (Part part : parts) {
      var fileName = part.fileName().map(name -> "; filename=\"" + name + "\"").orElse("");
      body.writeBytes(
          utf8(
              "--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\nContent-Type: %s\r\n\r\n"
                  .formatted(boundary, part.name(), fileName, part.type())));
      body.writeBytes(part.content());
      body.writeBytes(utf8("\r\n"));
    }
    body.writeBytes(utf8("--" + boundary + "--\r\n"));
    return send(
        "POST",
        path,
        caller,
        body.toByteArray(),
        with("Content-Type", "multipart/form-data; boundary=" + boundary, headers));
  }

  /** The event of that id, once the folds have passed it. */
  JsonNode event(String eventId) {
    Answer answer =
        await()
            .atMost(PATIENCE)
            .pollInterval(BETWEEN_LOOKS)
            .until(
                () -> get("/v1/events/" + eventId, role("auditor")),
                found -> found.status() != 404);
    return answer.expect(200).json();
  }

  /** The event that an accepted delivery became. */
  JsonNode event(Answer delivered) {
    delivered.expect(200);
    return event(delivered.required("Ledger-Event-Id"));
  }

  /** All items of a list, page by page. */
  List<JsonNode> all(String path, Caller caller) {
    List<JsonNode> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      var page =
          get(path + cursor.map(next -> "&cursor=" + encode(next)).orElse(""), caller)
              .expect(200)
              .json();
      page.path("items").forEach(items::add);
      cursor = Optional.ofNullable(page.path("next").textValue());
    } while (cursor.isPresent());
    return items;
  }

  /** Facts of a type, newest first; facts of a shop if one is named. */
  List<JsonNode> facts(Optional<String> shop, String type) {
    return all(
        shop.map(domain -> "/v1/shops/" + domain + "/events").orElse("/v1/events")
            + "?limit=500&type="
            + type,
        role("auditor"));
  }

  /** Looks until {@code enough} holds of the items of a list. */
  List<JsonNode> awaitAll(String path, Caller caller, Predicate<List<JsonNode>> enough) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(BETWEEN_LOOKS)
        .until(() -> all(path, caller), enough);
  }

  /** Requests that a webhook made, when there are {@code count} and each has {@code status}. */
  List<JsonNode> awaitRequestsOf(String webhookEventId, String shop, int count, String status) {
    return awaitAll(
            "/v1/shops/" + shop + "/signing-requests?limit=500",
            role("operator"),
            items -> {
              var mine = madeBy(webhookEventId, items);
              return mine.size() == count
                  && mine.stream().allMatch(item -> item.path("status").asText().equals(status));
            })
        .stream()
        .filter(item -> isMadeBy(webhookEventId, item))
        .toList();
  }

  static List<JsonNode> madeBy(String webhookEventId, List<JsonNode> requests) {
    return requests.stream().filter(item -> isMadeBy(webhookEventId, item)).toList();
  }

  private static boolean isMadeBy(String webhookEventId, JsonNode request) {
    return request.path("origin").path("webhook_event_id").asText().equals(webhookEventId);
  }

  /** Waits by long poll until a file that is to get a time-stamp has it. */
  JsonNode awaitTimestamped(String location, Caller caller) {
    JsonNode status = get(location + "?wait=30s", caller).expect(200).json();
    assertThat(status.path("status").asText()).as(status::toString).isEqualTo("TIMESTAMPED");
    return status;
  }

  /** Waits by long poll until a request is signed. */
  JsonNode awaitSigned(String location, Caller caller) {
    JsonNode status = get(location + "?wait=30s", caller).expect(200).json();
    assertThat(status.path("status").asText()).as(status::toString).isEqualTo("SIGNED");
    return status;
  }

  static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(new String(text, StandardCharsets.UTF_8), e);
    }
  }

  /** {@code values} as a JSON object. */
  static String json(Map<String, ?> values) {
    return JSON.valueToTree(values).toString();
  }

  private static String[] with(String name, String value, String... others) {
    List<String> headers = new ArrayList<>(List.of(name, value));
    headers.addAll(List.of(others));
    return headers.toArray(String[]::new);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
