package com.credlink.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordEnvelopeTest {

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000000Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
    "2026-11-30T23:09:08.000001999Z, 2026-11-30T23:09:08.000001Z",
    "9999-12-31T23:59:59.100Z, 9999-12-31T23:59:59.100000Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000000Z",
    "+10000-01-01T00:00:00Z, +10000-01-01T00:00:00Z",
  })
  void shouldWriteTimesInUtcWithSixDigits(Instant instant, String expected) {
    assertThat(RecordEnvelope.rfc3339(instant)).isEqualTo(expected);
  }
}
