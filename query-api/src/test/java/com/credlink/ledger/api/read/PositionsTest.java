package com.credlink.ledger.api.read;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.log.Position;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {

  private static ReadServer server;

  @BeforeAll
  static void start() {
    server = new ReadServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    for (int partition = 0; partition < ReadServer.PARTITIONS; partition++) {
      server.applied.forget(partition);
    }
  }

  @Test
  void shouldSayNothingOfAnEmptyLogAndTakeThatBack() {
    HttpResponse<String> answer = server.get("/position");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Ledger-Position")).contains("");
    assertThat(at("").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldMarkEveryPartitionThatHasAnOffsetAndTakeThatBack() {
    server.applied.advance(3, 999_999_999_999_999_999L);
    server.applied.advance(0, 0);

    HttpResponse<String> answer = server.get("/position");

    String mark = answer.headers().firstValue("Ledger-Position").orElseThrow();
    assertThat(mark).isEqualTo("0:0,3:999999999999999999");
    assertThat(answer.body()).isEqualTo(mark);
    assertThat(at(mark).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:41", "1:42", "1:0", "1:41,1:42", "1:41 , 1:42", " 1:42"})
  void shouldAnswerWhenTheFoldsHavePassedThePosition(String token) {
    server.applied.advance(1, 42);

    assertThat(at(token).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldWaitForThePosition() {
    server.applied.advance(1, 41);
    CompletableFuture<HttpResponse<String>> answer =
        server.getAsync("/position", "Ledger-Min-Position", "1:42");

    server.applied.advance(1, 42);

    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(answer.join().body()).isEqualTo("1:42");
  }

  @Test
  void shouldAskTheCallerToComeBackWhenTheFoldsAreBehind() {
    server.applied.advance(1, 41);
    long start = System.nanoTime();

    HttpResponse<String> answer = at("1:41,1:42");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .contains(Problem.POSITION_NOT_REACHED.uri(), "have not reached 1:42 yet.");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Positions.MAX_LAG.toNanos());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "1",
        "1:",
        ":1",
        "1:42,",
        ",1:42",
        "1:42,,1:42",
        "1:42;1:42",
        "1:42 1:42",
        "-1:0",
        "1:-1",
        "01:1",
        "1:+1",
        "1:42.0",
        "99999999999:1",
        "1:9999999999999999999",
        "null",
        "latest",
        // Partitions that this log does not have: nothing will ever reach them.
        "4:0",
        "999999999:0",
        "1:42,4:0",
      })
  void shouldRefuseWhatIsNoPositionOfThisLog(String token) {
    server.applied.advance(1, 42);

    HttpResponse<String> answer = at(token);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(Problem.INVALID_PARAMETER.uri());
  }

  @Test
  void shouldWaitForAllThatWasWritten() {
    Positions positions = new Positions(server.applied, ReadServer.PARTITIONS);
    server.applied.advance(0, 5);
    server.applied.advance(1, 5);

    assertThat(positions.await(List.of())).isTrue();
    assertThat(positions.await(List.of(new Position(0, 5), new Position(1, 4)))).isTrue();
    assertThat(positions.await(new Position(0, 5))).isTrue();
  }

  @Test
  void shouldWaitForAllThatWasWrittenNoLongerThanForOne() {
    Positions positions = new Positions(server.applied, ReadServer.PARTITIONS);
    long start = System.nanoTime();
    CompletableFuture.delayedExecutor(Positions.MAX_LAG.toMillis() - 200, MILLISECONDS)
        .execute(() -> server.applied.advance(0, 1));

    boolean reached = positions.await(List.of(new Position(0, 1), new Position(1, 1)));

    assertThat(reached).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(Positions.MAX_LAG.multipliedBy(7).dividedBy(4));
  }

  @Test
  void shouldLeaveOutAPartitionThatLeftThisProcess() {
    server.applied.advance(0, 5);
    server.applied.advance(1, 5);
    server.applied.forget(0);

    assertThat(server.get("/position").body()).isEqualTo("1:5");
  }

  private static HttpResponse<String> at(String token) {
    return server.get("/position", new String[] {"Ledger-Min-Position", token});
  }
}
