package com.credlink.ledger.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSchemaRegistryTest {

  private static final Schema SCHEMA =
      SchemaBuilder.record("r").fields().requiredString("a").endRecord();
  private static final Duration SHORT = Duration.ofMillis(400);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void shouldRegisterOnceAndRememberTheId() {
    Scripted server = server(ok("{\"id\": 7}"));
    HttpSchemaRegistry registry = client(server);

    assertThat(registry.register("a b/ü", SCHEMA)).isEqualTo(7);
    assertThat(registry.register("a b/ü", SCHEMA)).isEqualTo(7);
    assertThat(registry.lookup("a b/ü", SCHEMA)).isEqualTo(7);

    Seen seen = server.seen.remove();
    assertThat(server.seen).isEmpty();
    assertThat(seen.line()).isEqualTo("POST /subjects/a%20b%2F%C3%BC/versions");
    assertThat(seen.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
    assertThat(seen.body()).contains("\\\"name\\\":\\\"r\\\"");
  }

  @Test
  void shouldKeepSchemasOfDifferentDocumentationApart() {
    Schema documented =
        SchemaBuilder.record("r").doc("New.").fields().requiredString("a").endRecord();
    HttpSchemaRegistry registry = client(server(ok("{\"id\": 7}"), ok("{\"id\": 8}")));

    assertThat(registry.register("s", SCHEMA)).isEqualTo(7);
    assertThat(registry.register("s", documented)).isEqualTo(8);
  }

  @Test
  void shouldAskOnceForWhatManyWant() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Scripted server =
        server(
            exchange -> {
              release.await();
              answer(exchange, 200, "{\"schema\": \"\\\"string\\\"\"}");
            });
    HttpSchemaRegistry registry = client(server);

    List<CompletableFuture<Schema>> asked;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      asked =
          IntStream.range(0, 20)
              .mapToObj(_ -> CompletableFuture.supplyAsync(() -> registry.byId(5), threads))
              .toList();
      await().until(() -> !server.seen.isEmpty());
      release.countDown();
    }

    assertThat(asked)
        .allSatisfy(each -> assertThat(each.join().getType()).isEqualTo(Schema.Type.STRING));
    assertThat(server.seen).hasSize(1);
  }

  @Test
  void shouldNotRememberAFailure() {
    HttpSchemaRegistry registry =
        client(
            server(
                status(404, "{\"error_code\": 40403, \"message\": \"Schema 5 not found\"}"),
                ok("{\"schema\": \"\\\"string\\\"\"}")));

    assertThatThrownBy(() -> registry.byId(5)).isInstanceOf(RegistryException.SchemaNotFound.class);
    assertThat(registry.byId(5).getType()).isEqualTo(Schema.Type.STRING);
  }

  @Test
  void shouldFailOverAndStayWithWhoAnswers() throws IOException {
    Scripted server = server(ok("{\"id\": 1}"), ok("{\"id\": 2}"));
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(nobody(), server.url()), new Random(1)).build();
    open.add(registry);

    assertThat(registry.register("s", SCHEMA)).isEqualTo(1);
    assertThat(registry.register("t", SCHEMA)).isEqualTo(2);
  }

  @Test
  void shouldLeaveTimeForTheNextAddressWhenOneIsSilent() {
    CountDownLatch never = new CountDownLatch(1);
    open.add(never::countDown);
    Scripted silent = server(_ -> never.await());
    Scripted server = server(ok("{\"id\": 3}"));
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(silent.url(), server.url()), new Random(1))
            .deadline(Duration.ofSeconds(2))
            .build();
    open.add(registry);

    assertThat(registry.register("s", SCHEMA)).isEqualTo(3);
    assertThat(silent.seen).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"500", "503", "429"})
  void shouldTryAgainWhatMayPass(int status) {
    Scripted server = server(status(status, "{}"), status(status, "no json"), ok("{\"id\": 4}"));

    assertThat(client(server).register("s", SCHEMA)).isEqualTo(4);
    assertThat(server.seen).hasSize(3);
  }

  @Test
  void shouldGiveUpAtTheDeadlineWithTheLastError() {
    Scripted ill = server(status(500, "{\"error_code\": 50001, \"message\": \"store\"}"));
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(ill.url()), new Random(1)).deadline(SHORT).build();
    open.add(registry);

    assertThatThrownBy(() -> registry.byId(1))
        .isInstanceOf(RegistryException.Failed.class)
        .hasMessage("store")
        .extracting(e -> ((RegistryException) e).errorCode())
        .isEqualTo(50001);
  }

  @Test
  void shouldSayWhichAddressesDoNotAnswer() throws IOException {
    URI nobody = nobody();
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(nobody), new Random(1)).deadline(SHORT).build();
    open.add(registry);

    assertThatThrownBy(() -> registry.byId(1))
        .isInstanceOf(RegistryException.Unreachable.class)
        .hasMessageContaining(nobody.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "404, 40401, SubjectNotFound",
    "404, 40402, VersionNotFound",
    "404, 40403, SchemaNotFound",
    "409, 409, Incompatible",
    "409, 40901, Incompatible",
    "422, 42201, InvalidSchema",
    "422, 42202, InvalidVersion",
    "422, 42205, NotPermitted",
    "401, 0, Refused"
  })
  void shouldNameEachRefusal(int status, int code, String type) {
    HttpSchemaRegistry registry =
        client(server(status(status, "{\"error_code\": " + code + ", \"message\": \"why\"}")));

    assertThatThrownBy(() -> registry.register("s", SCHEMA))
        .isInstanceOf(RegistryException.class)
        .hasMessage("why")
        .extracting(e -> e.getClass().getSimpleName())
        .isEqualTo(type);
  }

  @Test
  void shouldNotTrustWhatIsNotTheProtocol() {
    for (String body : List.of("<html>", "{}", "{\"schema\": \"nonsense\"}")) {
      assertThatThrownBy(() -> client(server(ok(body))).byId(1))
          .isInstanceOf(RegistryException.Unreadable.class);
    }
    assertThatThrownBy(
            () -> client(server(ok("{\"schemaType\": \"JSON\", \"schema\": \"{}\"}"))).byId(1))
        .isInstanceOf(RegistryException.Unreadable.class)
        .hasMessageContaining("JSON");
  }

  @Test
  void shouldSendCredentialsAndNotPrintThem() {
    Scripted server = server(ok("{\"mode\": \"READWRITE\"}"));
    Authentication basic = Authentication.basic("alice", "s3cret");
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(server.url()), new Random(1))
            .authentication(basic)
            .build();
    open.add(registry);

    registry.mode("s");

    assertThat(server.seen.remove().authorization()).isEqualTo("Basic YWxpY2U6czNjcmV0");
    assertThat(basic.toString()).doesNotContain("s3cret");
    assertThat(Authentication.bearer(() -> "t").header()).hasValue("Bearer t");
  }

  @Test
  void shouldAskForTheGlobalLevelWhereASubjectHasNone() {
    Scripted server =
        server(
            status(404, "{\"error_code\": 40408, \"message\": \"none\"}"),
            ok("{\"compatibilityLevel\": \"FULL\"}"));

    assertThat(client(server).level("s")).isEqualTo(CompatibilityLevel.FULL);
    assertThat(server.seen)
        .extracting(Seen::line)
        .containsExactly("GET /config/s?defaultToGlobal=true", "GET /config");
  }

  @Test
  void shouldCallANewSubjectCompatible() {
    HttpSchemaRegistry registry =
        client(server(status(404, "{\"error_code\": 40401, \"message\": \"none\"}")));

    assertThat(registry.compatible("s", SCHEMA)).isTrue();
  }

  @Test
  void shouldRefuseAnAddressThatIsNone() {
    assertThatThrownBy(() -> HttpSchemaRegistry.builder(List.of(), new Random(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> HttpSchemaRegistry.builder(List.of(URI.create("localhost:8081")), new Random(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("localhost:8081");
  }

  /** One request as it arrived. */
  private record Seen(String line, String contentType, String authorization, String body) {}

  /** What the server does with one request. */
  private interface Step {
    void serve(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /** A server on a free port and what it saw. */
  private record Scripted(HttpServer server, Queue<Seen> seen) {
    URI url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }
  }

  /** Serves these steps in order, the last one for ever. */
  private Scripted server(Step... steps) {
    Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    Queue<Step> left = new ConcurrentLinkedQueue<>(Arrays.asList(steps));
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            seen.add(
                new Seen(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Step step = left.size() > 1 ? left.remove() : left.element();
            try (exchange) {
              step.serve(exchange);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      server.start();
      open.add(() -> server.stop(0));
      return new Scripted(server, seen);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpSchemaRegistry client(Scripted server) {
    HttpSchemaRegistry registry =
        HttpSchemaRegistry.builder(List.of(server.url()), new Random(1)).build();
    open.add(registry);
    return registry;
  }

  private static Step ok(String body) {
    return status(200, body);
  }

  private static Step status(int status, String body) {
    return exchange -> answer(exchange, status, body);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** An address where nobody listens. */
  private static URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }
}
