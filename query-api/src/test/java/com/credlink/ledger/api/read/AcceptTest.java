package com.credlink.ledger.api.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

  private static final List<String> OFFERED = List.of("text/plain", "application/cose");

  private static Javalin server;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    client = HttpClient.newHttpClient();
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.routes.get(
                      "/", ctx -> ctx.result(Accept.best(ctx, OFFERED).orElse("none")));
                })
            .start("127.0.0.1", 0);
  }

  @AfterAll
  static void stop() {
    server.stop();
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/* | text/plain",
        "text/plain | text/plain",
        "application/cose | application/cose",
        "Application/COSE | application/cose",
        "application/cose; cose-type=\"cose-sign1\" | application/cose",
        "application/* | application/cose",
        "application/cose, */* | application/cose",
        "text/plain, application/cose | text/plain",
        "text/plain;q=0.5, application/cose;q=0.6 | application/cose",
        "text/plain;q=0, */* | application/cose",
        "application/cose;q=0, application/* | none",
        "text/html | none",
        "application/cose;q=much | none",
        "text | none",
        "/* | none",
        ", | none"
      })
  void shouldGiveWhatIsWantedMost(String accept, String expected) throws Exception {
    assertThat(best(Optional.of(accept))).isEqualTo(expected);
  }

  @Test
  void shouldGiveTheFirstToWhoeverDoesNotSay() throws Exception {
    assertThat(best(Optional.empty())).isEqualTo("text/plain");
  }

  private static String best(Optional<String> accept) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"));
    accept.ifPresent(value -> request.header("Accept", value));
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }
}
