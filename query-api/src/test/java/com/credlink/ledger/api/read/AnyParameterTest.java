package com.credlink.ledger.api.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.problem.Problem;
import java.net.http.HttpResponse;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a caller writes is a value or a problem of the caller's, never a fault of ours. */
class AnyParameterTest {

  private static ReadServer server;

  @BeforeContainer
  static void start() {
    server = new ReadServer();
  }

  @AfterContainer
  static void stop() {
    server.close();
  }

  @Property(tries = 200)
  void shouldBeAValueOrAProblem(@ForAll("paths") String path, @ForAll("texts") String text) {
    HttpResponse<String> answer = server.get("/" + path, nameOn(path), text);

    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
    if (answer.statusCode() == 400) {
      assertThat(answer.body()).contains(Problem.INVALID_PARAMETER.uri());
    }
  }

  @Property(tries = 100)
  void shouldBeAPositionOrAProblem(@ForAll("headers") String text) {
    for (int partition = 0; partition < ReadServer.PARTITIONS; partition++) {
      server.applied.advance(partition, Long.MAX_VALUE);
    }

    HttpResponse<String> answer =
        server.get("/position", new String[] {"Ledger-Min-Position", text});

    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
  }

  private static String nameOn(String path) {
    return switch (path) {
      case "limit", "order", "wait" -> path;
      default -> "p";
    };
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
        "limit", "order", "time", "wait", "one", "some", "cursor", "request-cursor");
  }

  /** Anything, what looks nearly right, and long ones. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(100),
        Arbitraries.strings().withChars("0123456789-+:.TZ,;sm=_ab").ofMaxLength(60),
        Arbitraries.strings().ascii().ofMinLength(500).ofMaxLength(1500));
  }

  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60),
        Arbitraries.strings().withChars("0123456789:, ").ofMaxLength(60));
  }
}
