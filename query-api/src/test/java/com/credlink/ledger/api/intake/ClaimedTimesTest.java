package com.credlink.ledger.api.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times in the bodies of callers: what the log cannot hold must not get as far as the log. */
class ClaimedTimesTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tomorrow",
        "2026-11-24",
        "2026-11-24T00:00:00",
        "+10000-01-01T00:00:00Z",
        "+294248-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
      })
  void shouldRefuseAnExpiryThatIsNoTime(String text) {
    ProblemException refused = catchThrowableOfType(ProblemException.class, () -> expiry(text));

    assertThat(refused.problem()).isEqualTo(Problem.MALFORMED);
    assertThat(refused).hasMessage("The field 'expires_at' is not an RFC 3339 time.");
  }

  @Test
  void shouldTakeAnExpiryAfterNowUntilTheEndOfTheCalendar() {
    assertThat(expiry("2026-11-23T10:00:00.000001Z").expiresAt()).contains(NOW.plusNanos(1000));
    assertThat(expiry("9999-12-31T23:59:59Z").expiresAt())
        .contains(Instant.parse("9999-12-31T23:59:59Z"));
    assertThat(
            catchThrowableOfType(ProblemException.class, () -> expiry("2026-11-23T12:00:00+02:00"))
                .problem())
        .isEqualTo(Problem.UNPROCESSABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "-0001-01-01T00:00:00Z",
        "-999999999-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z"
      })
  void shouldRefuseADecisionAtATimeThatIsNone(String text) {
    ProblemException refused = catchThrowableOfType(ProblemException.class, () -> decisionAt(text));

    assertThat(refused.problem()).isEqualTo(Problem.MALFORMED);
    assertThat(refused).hasMessage("The field 'items[0].occurred_at' is not an RFC 3339 time.");
  }

  @Test
  void shouldTakeADecisionUpToFiveMinutesAhead() {
    assertThat(decisionAt("2026-11-23T10:05:00Z").occurredAt()).isEqualTo("2026-11-23T10:05:00Z");
    assertThat(
            catchThrowableOfType(
                    ProblemException.class, () -> decisionAt("2026-11-23T10:05:00.000000001Z"))
                .problem())
        .isEqualTo(Problem.UNPROCESSABLE);
  }

  private static SigningRequestBody expiry(String text) {
    return SigningRequestBody.parse(
        JsonBodies.object("{\"expires_at\":\"%s\"}".formatted(text).getBytes(UTF_8)), NOW);
  }

  private static AuthDecisionBody decisionAt(String text) {
    String json =
        """
        {"occurred_at": "%s", "subject": {"type": "operator", "id": "o-1"}, "decision": "deny",
         "role": "operator", "action": "read", "resource": {"type": "order"},
         "reason": "no_shift", "enforcement_point": "pos/1"}
        """
            .formatted(text);
    return AuthDecisionBody.parse(JsonBodies.object(json.getBytes(UTF_8)), "items[0].", NOW);
  }
}
