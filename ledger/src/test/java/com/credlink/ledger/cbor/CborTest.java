package com.credlink.ledger.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {

  private static final HexFormat HEX = HexFormat.of();

  /** RFC 8949 appendix A. */
  @ParameterizedTest
  @CsvSource({
    "0,00",
    "1,01",
    "10,0a",
    "23,17",
    "24,1818",
    "25,1819",
    "100,1864",
    "1000,1903e8",
    "1000000,1a000f4240",
    "1000000000000,1b000000e8d4a51000",
    "-1,20",
    "-10,29",
    "-100,3863",
    "-1000,3903e7",
    "9223372036854775807,1b7fffffffffffffff",
    "-9223372036854775808,3b7fffffffffffffff"
  })
  void shouldWriteIntegersAsRfc8949Prints(long value, String hex) throws Exception {
    assertThat(HEX.formatHex(new CborWriter().integer(value).toByteArray())).isEqualTo(hex);
    assertThat(new CborReader(HEX.parseHex(hex)).integer()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1800",
        "1817",
        "190018",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "1c",
        "1f",
        "18",
        "19ff",
        "",
        "40",
        "1bffffffffffffffff"
      })
  void shouldRefuseIntegersInAnotherForm(String hex) {
    assertThatThrownBy(() -> new CborReader(HEX.parseHex(hex)).integer())
        .isInstanceOf(CborReader.MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5f4100ff", "4201", "580141", "5b7fffffffffffffff", "60"})
  void shouldRefuseBytesInAnotherForm(String hex) {
    assertThatThrownBy(() -> new CborReader(HEX.parseHex(hex)).bytes())
        .isInstanceOf(CborReader.MalformedException.class);
  }

  @Property(tries = 200)
  void shouldReadBackWhatItWrites(
      @ForAll long number, @ForAll byte[] bytes, @ForAll("text") String text) throws Exception {
    byte[] written =
        new CborWriter()
            .tag(18)
            .array(4)
            .integer(number)
            .bytes(bytes)
            .text(text)
            .nil()
            .toByteArray();

    CborReader reader = new CborReader(written);
    assertThat(reader.tag()).isEqualTo(18);
    assertThat(reader.array()).isEqualTo(4);
    assertThat(reader.integer()).isEqualTo(number);
    assertThat(reader.bytes()).isEqualTo(bytes);
    assertThat(reader.text()).isEqualTo(text);
    reader.nil();
    reader.end();
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<String> text() {
    return net.jqwik.api.Arbitraries.strings().withCharRange('\u0000', '\u0fff').ofMaxLength(300);
  }
}
