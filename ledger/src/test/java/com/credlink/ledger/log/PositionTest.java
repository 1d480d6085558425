package com.credlink.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

  @Test
  void shouldReadWhatItWrites() {
    Position position = new Position(3, 1_234_567_890_123L);

    assertThat(position).hasToString("3:1234567890123");
    assertThat(Position.parse(position.toString())).contains(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "1",
        "1:",
        ":1",
        "-1:0",
        "0:-1",
        "01:0",
        "0:00",
        "1:2:3",
        " 1:2",
        "1:2 ",
        "a:b",
        "9999999999:0",
        "0:99999999999999999999",
        "१:२"
      })
  void shouldNotReadAnythingElse(String token) {
    assertThat(Position.parse(token)).isEmpty();
  }

  @Test
  void shouldRefuseNegativeNumbers() {
    assertThatThrownBy(() -> new Position(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Position(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
