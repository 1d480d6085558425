package com.credlink.ledger.api.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~|The request is not a JSON object.",
        "[]|The request is not a JSON object.",
        "null|The request is not a JSON object.",
        "{\"a\":1|The request is not valid JSON (line 1, column 7).",
        "{\"a\":1} {}|The request is not valid JSON (line 1, column 9).",
        "{\"a\":1,\"a\":1}|The request is not valid JSON (line 1, column 11).",
      })
  void shouldSayWhatIsWrongWithARequest(String text, String sentence) {
    ProblemException refused = refused(text.getBytes(UTF_8));

    assertThat(refused.problem()).isEqualTo(Problem.MALFORMED);
    assertThat(refused).hasMessage(sentence);
  }

  @Test
  void shouldRefuseWhatIsBeyondTheBoundsOfTheParser() {
    byte[] deep = "{\"a\":".repeat(10_000).getBytes(UTF_8);
    byte[] latin1 = {'{', '"', 'a', '"', ':', '"', (byte) 0xfc, '"', '}'};

    assertThat(refused(deep))
        .hasMessage(
            "The request is nested too deeply, or has a name or a number that is too long.");
    assertThat(refused(latin1)).hasMessage("The request is not UTF-8.");
  }

  @Property(tries = 500)
  void shouldReadAnyBytesOrRefuseThemAsMalformed(@ForAll byte[] raw) {
    try {
      assertThat(JsonBodies.object(raw).isObject()).isTrue();
    } catch (ProblemException refused) {
      assertThat(refused.problem()).isEqualTo(Problem.MALFORMED);
    }
  }

  @Test
  void shouldNameAFieldThatDoesNotExistAndShortenIt() {
    var body = JsonBodies.object(("{\"" + "x".repeat(50) + "\":1}").getBytes(UTF_8));

    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () -> JsonBodies.refuseUnknown(body, "items[3].", Set.of("known")));

    assertThat(refused)
        .hasMessage("The field 'items[3]." + "x".repeat(40) + "...' does not exist.");
  }

  @Test
  void shouldSpellEqualRequestsAlikeAndDifferentOnesNot() {
    byte[] one = JsonBodies.canonical(json("{\"b\": {\"y\":1, \"x\":[2, 1]}, \"a\": \"\\u0061\"}"));

    assertThat(one).asString(UTF_8).isEqualTo("{\"a\":\"a\",\"b\":{\"x\":[2,1],\"y\":1}}");
    assertThat(JsonBodies.canonical(json("{\"a\":\"a\",\"b\":{\"x\":[2,1],\"y\":1}}")))
        .isEqualTo(one);
    assertThat(JsonBodies.canonical(json("{\"a\":\"a\",\"b\":{\"x\":[1,2],\"y\":1}}")))
        .isNotEqualTo(one);
  }

  private static ObjectNode json(String text) {
    return JsonBodies.object(text.getBytes(UTF_8));
  }

  private static ProblemException refused(byte[] raw) {
    return catchThrowableOfType(ProblemException.class, () -> JsonBodies.object(raw));
  }
}
