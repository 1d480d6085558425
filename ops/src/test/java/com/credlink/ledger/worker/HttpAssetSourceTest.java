package com.credlink.ledger.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.worker.AssetSource.Result;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images from a real server, and what a hostile one tries. */
class HttpAssetSourceTest {

  private static final String HOST = "127.0.0.1";
  private static final int LIMIT = 1_000;
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> accepted = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/image", exchange -> image(exchange));
    server.createContext("/bytes/", exchange -> bytes(exchange));
    server.createContext("/status/", exchange -> status(exchange));
    server.createContext("/redirect/", exchange -> redirect(exchange));
    server.createContext(
        "/to-another-host", exchange -> moved(exchange, "https://images.example.com/a.jpg"));
    server.createContext("/to-a-file", exchange -> moved(exchange, "file:///etc/passwd"));
    server.createContext("/silent", exchange -> {});
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void shouldFetchAnImageAndSayWhatItTakes() {
    assertThat(fetch("/image"))
        .isInstanceOfSatisfying(
            Result.Fetched.class, fetched -> assertThat(fetched.bytes()).containsExactly(1, 2, 3));
    assertThat(accepted).containsExactly("image/jpeg, image/png");
  }

  @ParameterizedTest
  @CsvSource({"/bytes/1000,", "/bytes/1001,too_large", "/bytes/1001/chunked,too_large"})
  void shouldTakeNoMoreThanTheLimit(String path, String errorClass) {
    assertOutcome(fetch(path), errorClass, false);
  }

  @ParameterizedTest
  @CsvSource({"/redirect/3,", "/redirect/4,too_many_redirects"})
  void shouldFollowThreeRedirects(String path, String errorClass) {
    assertOutcome(fetch(path), errorClass, false);
  }

  @ParameterizedTest
  @CsvSource({
    "/status/404,false",
    "/status/403,false",
    "/status/408,true",
    "/status/429,true",
    "/status/500,true",
    "/status/503,true"
  })
  void shouldTryAgainWhatMayPass(String path, boolean retryable) {
    assertOutcome(fetch(path), "http_status", retryable);
  }

  @Test
  void shouldWaitAsLongAsItIsAskedTo() {
    assertThat(fetch("/status/429"))
        .isInstanceOfSatisfying(
            Result.Failed.class,
            failed ->
                assertThat(failed.retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(7))));
  }

  @ParameterizedTest
  @CsvSource({"/to-another-host,host_not_allowed", "/to-a-file,bad_source"})
  void shouldNotBeLedElsewhere(String path, String errorClass) {
    assertOutcome(fetch(path), errorClass, false);
  }

  @Test
  void shouldGiveUpOnAServerThatSaysNothing() {
    try (var source = new HttpAssetSource(Set.of(HOST), true, LIMIT, Duration.ofMillis(300))) {
      assertOutcome(source.fetch("shop", url("/silent")), "timeout", true);
    }
  }

  /** The address decides, whatever the name; nothing is sent to it. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1",
    "localhost",
    "[::1]",
    "169.254.169.254",
    "10.0.0.1",
    "[::ffff:10.0.0.1]"
  })
  void shouldNotConnectToAPrivateAddress(String host) {
    try (var source = new HttpAssetSource(Set.of(), false, LIMIT, DEADLINE)) {
      var at = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/image");

      assertOutcome(source.fetch("shop", at), "private_address", false);
    }
    assertThat(accepted).isEmpty();
  }

  /** An allowed name alone does not open the network behind it. */
  @Test
  void shouldNotConnectToThePrivateAddressOfAnAllowedHostUnlessThatIsAllowedToo() {
    try (var source = new HttpAssetSource(Set.of(HOST), false, LIMIT, DEADLINE)) {
      assertOutcome(source.fetch("shop", url("/image")), "private_address", false);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://images.example.com/a.jpg",
    "ftp://images.example.com/a.jpg",
    "https://user:secret@images.example.com/a.jpg"
  })
  void shouldFetchByHttpsAndWithoutCredentials(String source) {
    try (var http = new HttpAssetSource(Set.of(), false, LIMIT, DEADLINE)) {
      assertOutcome(http.fetch("shop", URI.create(source)), "bad_source", false);
    }
  }

  // ---- the source and the server

  private Result fetch(String path) {
    try (var source = new HttpAssetSource(Set.of(HOST), true, LIMIT, DEADLINE)) {
      return source.fetch("shop", url(path));
    }
  }

  private URI url(String path) {
    return URI.create("http://" + HOST + ":" + server.getAddress().getPort() + path);
  }

  private static void assertOutcome(Result result, String errorClass, boolean retryable) {
    if (errorClass == null) {
      assertThat(result).isInstanceOf(Result.Fetched.class);
      return;
    }
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Failed.class,
            failed -> {
              assertThat(failed.errorClass()).isEqualTo(errorClass);
              assertThat(failed.retryable()).isEqualTo(retryable);
              assertThat(failed.reason()).endsWith(".");
            });
  }

  private void image(HttpExchange exchange) throws IOException {
    accepted.add(exchange.getRequestHeaders().getFirst("Accept"));
    answer(exchange, 200, new byte[] {1, 2, 3});
  }

  private static String[] parts(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().split("/", -1);
  }

  private static void bytes(HttpExchange exchange) throws IOException {
    String[] parts = parts(exchange);
    byte[] body = new byte[Integer.parseInt(parts[2])];
    if (parts.length > 3) {
      exchange.sendResponseHeaders(200, 0);
      try (var out = exchange.getResponseBody()) {
        out.write(body);
      }
    } else {
      answer(exchange, 200, body);
    }
  }

  private static void status(HttpExchange exchange) throws IOException {
    int status = Integer.parseInt(parts(exchange)[2]);
    exchange.getResponseHeaders().set("Retry-After", "7");
    answer(exchange, status, new byte[] {1});
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    int left = Integer.parseInt(parts(exchange)[2]);
    moved(exchange, left == 1 ? "/image" : "/redirect/" + (left - 1));
  }

  private static void moved(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    answer(exchange, 302, new byte[] {1});
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
