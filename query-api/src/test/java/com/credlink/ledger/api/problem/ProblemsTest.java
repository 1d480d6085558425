package com.credlink.ledger.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a caller sees of a failure. */
class ProblemsTest {

  private static final String SECRET = "jdbc:secret-of-the-machine";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Javalin server;

  @BeforeAll
  static void start() {
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.http.prefer405over404 = true;
                  config.routes.before(ctx -> ctx.attribute(Problems.REQUEST_ID, "request-1"));
                  config.routes.get(
                      "/problem/{name}",
                      ctx -> {
                        ctx.result("half an answer");
                        throw new ProblemException(
                            Problem.valueOf(ctx.pathParam("name")), "What \"went\" wrong\n.");
                      });
                  config.routes.get(
                      "/wait",
                      ctx -> {
                        throw new ProblemException(Problem.NOT_READY, "Wait.").retryAfter(7);
                      });
                  config.routes.get(
                      "/status/{status}",
                      ctx -> {
                        throw new HttpResponseException(
                            Integer.parseInt(ctx.pathParam("status")), SECRET);
                      });
                  config.routes.get(
                      "/fault/{kind}",
                      ctx -> {
                        throw fault(ctx.pathParam("kind"));
                      });
                  Problems.install(config.routes);
                })
            .start("127.0.0.1", 0);
  }

  private static Exception fault(String kind) {
    return switch (kind) {
      case "runtime" -> new IllegalStateException(SECRET, new RuntimeException(SECRET));
      case "checked" -> new IOException(SECRET);
      case "wordless" -> new NullPointerException();
      default -> new UnsupportedOperationException(kind);
    };
  }

  @AfterAll
  static void stop() {
    server.stop();
    CLIENT.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerWithEveryMemberOfAProblem(Problem problem) throws Exception {
    HttpResponse<String> answer = send("GET", "/problem/" + problem.name());

    JsonNode body = JSON.readTree(answer.body());
    assertThat(answer.statusCode()).isEqualTo(problem.status());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    Set<String> members = new TreeSet<>();
    body.fieldNames().forEachRemaining(members::add);
    assertThat(members)
        .containsExactly("detail", "instance", "retryable", "status", "title", "type");
    assertThat(body.path("type").textValue()).isEqualTo(problem.uri());
    assertThat(body.path("title").textValue()).isEqualTo(problem.title());
    assertThat(body.path("status").intValue()).isEqualTo(problem.status());
    assertThat(body.path("detail").textValue()).isEqualTo("What \"went\" wrong\n.");
    assertThat(body.path("instance").textValue()).isEqualTo("request-1");
    assertThat(body.path("retryable").booleanValue()).isEqualTo(problem.retryable());
    assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent())
        .isEqualTo(problem == Problem.UNAUTHENTICATED);
  }

  @Test
  void shouldSayHowLongToWait() throws Exception {
    HttpResponse<String> answer = send("GET", "/wait");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
  }

  @ParameterizedTest
  @CsvSource({
    "400,MALFORMED",
    "404,NOT_FOUND",
    "405,METHOD_NOT_ALLOWED",
    "408,MALFORMED",
    "413,TOO_LARGE",
    "415,UNSUPPORTED_MEDIA_TYPE",
    "418,MALFORMED",
    "500,INTERNAL",
    "502,INTERNAL",
  })
  void shouldTurnTheServersOwnFailuresIntoProblems(int status, Problem problem) throws Exception {
    HttpResponse<String> answer = send("GET", "/status/" + status);

    assertProblem(answer, problem);
    assertThat(answer.body()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource({"runtime", "checked", "wordless", "other"})
  void shouldNotShowWhatFailedHere(String kind) throws Exception {
    HttpResponse<String> answer = send("GET", "/fault/" + kind);

    assertProblem(answer, Problem.INTERNAL);
    assertThat(answer.body()).doesNotContain(SECRET, "Exception", "java", kind);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/,NOT_FOUND",
    "GET,/nothing/here,NOT_FOUND",
    "GET,/problem/,NOT_FOUND",
    "POST,/wait,METHOD_NOT_ALLOWED",
    "DELETE,/wait,METHOD_NOT_ALLOWED",
    "PATCH,/wait,METHOD_NOT_ALLOWED",
  })
  void shouldTurnAPathOrMethodThatIsNotThereIntoAProblem(
      String method, String path, Problem problem) throws Exception {
    assertProblem(send(method, path), problem);
  }

  private static HttpResponse<String> send(String method, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private static void assertProblem(HttpResponse<String> answer, Problem problem) throws Exception {
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.path("type").textValue()).as(answer.body()).isEqualTo(problem.uri());
    assertThat(answer.statusCode()).isEqualTo(problem.status());
    assertThat(body.path("detail").textValue()).matches("[A-Z][^\\n]+\\.");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }
}
