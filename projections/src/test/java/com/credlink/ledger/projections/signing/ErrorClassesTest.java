package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorClassesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key_store_unavailable",
        "asset_store_unavailable",
        "connection",
        "timeout",
        "unknown_host",
        "unreadable",
        "interrupted"
      })
  void shouldTryAgainWhatMayPassByItself(String errorClass) {
    assertThat(ErrorClasses.isRetryable(errorClass)).isTrue();
    assertThat(ErrorClasses.isKnown(errorClass)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key_unavailable",
        "verification_failed",
        "bad_source",
        "private_address",
        "host_not_allowed",
        "not_found",
        "too_large",
        "too_many_redirects",
        "damaged_asset",
        "already_signed",
        "asset_missing",
        "asset_refused",
        "certificate_missing",
        "certificate_expired",
        "shop_unknown",
        "internal"
      })
  void shouldNotTryAgainWhatAnotherAttemptWouldMeetAgain(String errorClass) {
    assertThat(ErrorClasses.isRetryable(errorClass)).isFalse();
    assertThat(ErrorClasses.isKnown(errorClass)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no_such_class", "TIMEOUT", "timeout "})
  void shouldNotTryAgainWhatTheTableDoesNotKnow(String errorClass) {
    assertThat(ErrorClasses.isRetryable(errorClass)).isFalse();
    assertThat(ErrorClasses.isKnown(errorClass)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = "http_status")
  void shouldLeaveAnAnswerToItsStatus(String errorClass) {
    assertThat(ErrorClasses.isRetryable(errorClass)).isFalse();
    assertThat(ErrorClasses.isKnown(errorClass)).isTrue();
  }
}
