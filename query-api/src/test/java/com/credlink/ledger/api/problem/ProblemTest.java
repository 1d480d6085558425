package com.credlink.ledger.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {

  /** Callers compare types and act on the status, so that neither may ever change. */
  private static final String[] CATALOGUE = {
    "missing_hmac,401,false",
    "bad_hmac,401,false",
    "unauthenticated,401,false",
    "forbidden,403,false",
    "shop_not_installed,403,false",
    "malformed,400,false",
    "invalid_parameter,400,false",
    "not_found,404,false",
    "method_not_allowed,405,false",
    "not_acceptable,406,false",
    "shop_mismatch,409,false",
    "state_conflict,409,false",
    "too_large,413,false",
    "unsupported_media_type,415,false",
    "unprocessable,422,false",
    "digest_mismatch,422,false",
    "damaged_asset,422,false",
    "already_signed,422,false",
    "idempotency_conflict,422,false",
    "too_many_pending,429,true",
    "internal,500,true",
    "keys_unavailable,503,true",
    "log_unavailable,503,true",
    "log_integrity,503,false",
    "not_ready,503,true",
    "position_not_reached,503,true",
  };

  @Test
  void shouldBeTheCatalogueThatCallersKnow() {
    assertThat(Arrays.stream(Problem.values()))
        .extracting(problem -> problem.label() + "," + problem.status() + "," + problem.retryable())
        .containsExactlyInAnyOrder(CATALOGUE);
  }

  @Test
  void shouldHaveATypeAndATitleOfItsOwn() {
    assertThat(Problem.values()).extracting(Problem::uri).doesNotHaveDuplicates();
    assertThat(Problem.values()).extracting(Problem::title).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveATypeThatEndsInItsNameAndATitleToRead(Problem problem) {
    assertThat(problem.uri()).isEqualTo("https://credlink.example/problems/" + problem.label());
    assertThat(problem.label()).matches("[a-z]+(_[a-z]+)*");
    assertThat(problem.title()).matches("[A-Z][A-Za-z' -]{5,60}[a-z]");
  }

  @ParameterizedTest
  @CsvSource({"0", "5"})
  void shouldAskTheCallerToWaitOnlyWhenItSaysHowLong(int seconds) {
    ProblemException problem = new ProblemException(Problem.NOT_READY, "A sentence.");

    ProblemException waiting = problem.retryAfter(seconds);

    assertThat(problem.retryAfterSeconds()).isEmpty();
    assertThat(waiting.retryAfterSeconds().orElse(0)).isEqualTo(seconds);
    assertThat(waiting.problem()).isEqualTo(Problem.NOT_READY);
    assertThat(waiting).hasMessage("A sentence.").hasNoSuppressedExceptions();
    assertThat(waiting.getStackTrace()).isEmpty();
  }
}
