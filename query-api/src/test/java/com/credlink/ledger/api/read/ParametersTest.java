package com.credlink.ledger.api.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.problem.Problem;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

  private static ReadServer server;

  @BeforeAll
  static void start() {
    server = new ReadServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/limit|50",
        "/limit?limit=1|1",
        "/limit?limit=500|500",
        "/limit?limit=007|7",
        "/order|true",
        "/order?order=desc|true",
        "/order?order=asc|false",
        "/time|Optional.empty",
        "/time?p=2026-11-23T00:00:00Z|Optional[2026-11-23T00:00:00Z]",
        "/time?p=2026-11-23T00:00:00.123456789Z|Optional[2026-11-23T00:00:00.123456789Z]",
        "/time?p=2026-11-23T00:00:00%2B02:00|Optional[2026-11-22T22:00:00Z]",
        "/time?p=0000-01-01T00:00:00Z|Optional[0000-01-01T00:00:00Z]",
        "/time?p=9999-12-31T23:59:59.999999999Z|Optional[9999-12-31T23:59:59.999999999Z]",
        "/wait|PT0S",
        "/wait?wait=0s|PT0S",
        "/wait?wait=30s|PT30S",
        "/wait?wait=250ms|PT0.25S",
        "/wait?wait=60s|PT1M",
        "/wait?wait=61s|PT1M",
        "/wait?wait=999999s|PT1M",
        "/wait?wait=60001ms|PT1M",
        "/one|Optional.empty",
        "/one?p=a|Optional[a]",
        "/some|[]",
        "/some?p=a|[a]",
        "/some?p=b,a|[b, a]",
        "/some?p=b&p=a|[b, a]",
        "/some?p=a,a&p=a|[a]",
        "/once?other=1&other=2|Optional.empty",
        "/once?p=%C3%BC|Optional[\u00fc]",
      })
  void shouldReadAParameter(String request, String value) {
    HttpResponse<String> answer = server.get(request);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/limit?limit=0|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=501|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=-1|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=1.0|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=1e2|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=0x10|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=2147483648|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=4294967297|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=%201|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit|The parameter 'limit' is not a number from 1 to 500.",
        "/limit?limit=1&limit=1|The parameter 'limit' is given more than once.",
        "/order?order=|The parameter 'order' is neither asc nor desc.",
        "/order?order=ASC|The parameter 'order' is neither asc nor desc.",
        "/order?order=asc&order=desc|The parameter 'order' is given more than once.",
        "/wait?wait=|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=30|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=-1s|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=1.5s|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=1m|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=30S|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=1000000s|The parameter 'wait' is not a duration, such as 30s.",
        "/wait?wait=%D9%A3s|The parameter 'wait' is not a duration, such as 30s.",
        "/one?p=|The parameter 'p' is none of a, b.",
        "/one?p=c|The parameter 'p' is none of a, b.",
        "/one?p=a,b|The parameter 'p' is none of a, b.",
        "/one?p=a&p=b|The parameter 'p' is given more than once.",
        "/some?p=|The parameter 'p' names '', which does not exist.",
        "/some?p=,|The parameter 'p' names '', which does not exist.",
        "/some?p=a,|The parameter 'p' names '', which does not exist.",
        "/some?p=,a|The parameter 'p' names '', which does not exist.",
        "/some?p=a&p=|The parameter 'p' names '', which does not exist.",
        "/some?p=A|The parameter 'p' names 'A', which does not exist.",
        "/some?p=a,%20b|The parameter 'p' names ' b', which does not exist.",
        "/once?p=1&p=1|The parameter 'p' is given more than once.",
      })
  void shouldNameTheParameterThatIsWrong(String request, String sentence) {
    assertInvalid(server.get(request), sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-11-23",
        "1795428000",
        "2026-11-23T00:00:00",
        "2026-11-23 00:00:00Z",
        "2026-11-23T00:00:00 02:00",
        "2026-02-30T00:00:00Z",
        "2026-11-23T25:00:00Z",
        "2026-11-23T00:00:00+19:00",
        "+10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00+00:01",
        "-0001-12-31T23:59:59Z",
        "+292278994-08-17T07:12:55.192Z",
        "+999999999-12-31T23:59:59.999999999-18:00",
        "-999999999-01-01T00:00:00+18:00",
      })
  void shouldRefuseWhatIsNoTime(String text) {
    assertInvalid(
        server.get("/time", "p", text),
        "The parameter 'p' is not an RFC 3339 time, such as 2026-11-23T00:00:00Z.");
  }

  @Test
  void shouldShortenAValueThatItQuotes() {
    assertInvalid(
        server.get("/some", "p", "x".repeat(41)),
        "The parameter 'p' names '" + "x".repeat(40) + "...', which does not exist.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%1", "%zz", "1%", "%u0031", "%00", "%ff", "%c0%af", "%ed%a0%80"})
  void shouldAnswer400ToAValueThatIsNotEncoded(String value) throws IOException {
    String answer = server.raw("/limit?limit=" + value);

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains(Problem.INVALID_PARAMETER.uri());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/limit?limit=5&x=%", "/some?p=a&x=%zz", "/one?x=%1&p=a", "/time?%"})
  void shouldNotPassOverParametersBecauseAnotherIsNotEncoded(String target) throws IOException {
    assertThat(server.raw(target))
        .startsWith("HTTP/1.1 400 ")
        .contains("The query is not percent-encoded as RFC 3986 has it.");
  }

  private static void assertInvalid(HttpResponse<String> answer, String sentence) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body())
        .contains(Problem.INVALID_PARAMETER.uri())
        .contains("\"detail\":\"" + sentence + "\"");
  }
}
