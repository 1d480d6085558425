package com.credlink.ledger.api.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  // ---- of the trail

  @Property
  void shouldReadWhatItWrote(
      @ForAll("offsets") Map<Integer, Long> after, @ForAll("offsets") Map<Integer, Long> until) {
    Cursor cursor = new Cursor(after, until);

    assertThat(Cursor.decode(cursor.encode())).isEqualTo(cursor);
    assertThat(cursor.encode()).matches("[A-Za-z0-9_-]*");
  }

  @Provide
  Arbitrary<Map<Integer, Long>> offsets() {
    return Arbitraries.maps(
            Arbitraries.integers().between(0, 999_999),
            Arbitraries.longs().between(0, 999_999_999_999_999_999L))
        .ofMaxSize(20)
        .map(TreeMap::new);
  }

  @Test
  void shouldLeaveOutAPartitionWithoutAnyOffset() {
    Cursor cursor = new Cursor(Map.of(), Map.of(0, -1L, 1, 7L));

    assertThat(Cursor.decode(cursor.encode())).isEqualTo(new Cursor(Map.of(), Map.of(1, 7L)));
  }

  @Test
  void shouldStayReadableForThoseWhoHoldOne() {
    // What an earlier version gave out must go on: printf '0-41,3-7;0-99,3-7' | base64
    assertThat(Cursor.decode("MC00MSwzLTc7MC05OSwzLTc"))
        .isEqualTo(new Cursor(Map.of(0, 41L, 3, 7L), Map.of(0, 99L, 3, 7L)));
    assertThat(
            new Cursor(new TreeMap<>(Map.of(0, 41L, 3, 7L)), new TreeMap<>(Map.of(0, 99L, 3, 7L)))
                .encode())
        .isEqualTo("MC00MSwzLTc7MC05OSwzLTc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0-1",
        "0-1;0-1;0-1",
        ",;",
        ";,",
        "0-1,;",
        "0;0",
        "0-;",
        "-1;",
        "0--1;",
        "1000000-1;",
        "0-1000000000000000000;",
        "0-99999999999999999999;",
        "0 - 1;",
        "0-1;\n",
        "a-b;",
        "\u0663-1;",
        "550e8400-e29b-41d4-a716-446655440000",
      })
  void shouldRefuseWhatItNeverWrote(String plain) {
    assertUnknown(Cursor::decode, encoded(plain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "%", "a", "a b", "MC00MSwzLTc7MC05OSwzLTc!", "\u00fc", "\0"})
  void shouldRefuseWhatIsNoBase64(String text) {
    assertUnknown(Cursor::decode, text);
    assertUnknown(RequestCursor::decode, text);
  }

  @Property
  void shouldReadAnyTextOrRefuseIt(@ForAll String text) {
    assertValueOrUnknown(Cursor::decode, text);
    assertValueOrUnknown(Cursor::decode, encoded(text));
  }

  // ---- of a shop's requests

  @Property
  void shouldReadTheRequestThatItWrote(
      @ForAll @LongRange(max = 999_999_999_999_999_999L) long offset) {
    RequestCursor cursor = new RequestCursor(offset);

    assertThat(RequestCursor.decode(cursor.encode())).isEqualTo(cursor);
    assertThat(cursor.encode()).matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0-41;0-99",
        "after-",
        "after--1",
        "after-+1",
        "after-01",
        "after-1 ",
        " after-1",
        "after-1\n",
        "After-1",
        "before-1",
        "after-1000000000000000000",
        "after-\u0663",
        "550e8400-e29b-41d4-a716-446655440000",
        "\u00ff",
      })
  void shouldRefuseARequestThatItNeverWrote(String plain) {
    assertUnknown(RequestCursor::decode, encoded(plain));
  }

  @Property
  void shouldReadAnyTextAsARequestOrRefuseIt(@ForAll String text) {
    assertValueOrUnknown(RequestCursor::decode, text);
    assertValueOrUnknown(RequestCursor::decode, encoded(text));
  }

  private static String encoded(String plain) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertUnknown(Function<String, ?> decode, String text) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> decode.apply(text));

    assertThat(refused).hasMessage("The parameter 'cursor' is none that this ledger gave.");
    assertThat(refused.problem()).isEqualTo(Problem.INVALID_PARAMETER);
  }

  private static void assertValueOrUnknown(Function<String, ?> decode, String text) {
    try {
      assertThat(decode.apply(text)).isNotNull();
    } catch (ProblemException refused) {
      assertThat(refused.problem()).isEqualTo(Problem.INVALID_PARAMETER);
    }
  }
}
