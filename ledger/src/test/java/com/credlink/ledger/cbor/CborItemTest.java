package com.credlink.ledger.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CborItemTest {

  /** Examples of RFC 8949 appendix A that are in deterministic form. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "17",
        "1818",
        "1903e8",
        "1a000f4240",
        "1b000000e8d4a51000",
        "20",
        "3863",
        "3903e7",
        "f90000",
        "f98000",
        "f93c00",
        "fb3ff199999999999a",
        "f93e00",
        "f97bff",
        "fa47c35000",
        "fa7f7fffff",
        "fb7e37e43c8800759c",
        "f90001",
        "f90400",
        "f9c400",
        "fbc010666666666666",
        "f97c00",
        "f97e00",
        "f9fc00",
        "f4",
        "f5",
        "f6",
        "f7",
        "f0",
        "f8ff",
        "c074323031332d30332d32315432303a30343a30305a",
        "d74401020304",
        "40",
        "4401020304",
        "60",
        "6161",
        "6449455446",
        "62c3bc",
        "80",
        "83010203",
        "8301820203820405",
        "a0",
        "a201020304",
        "a26161016162820203",
        "826161a161626163"
      })
  void shouldReadAndWriteTheExamplesOfTheSpecification(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThat(CborItem.decode(bytes).encode()).isEqualTo(bytes);
    assertThat(CborItem.isDeterministic(bytes)).isTrue();
  }

  /** Examples of appendix A in other forms, each with the deterministic one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5f42010243030405ff 450102030405",
        "7f657374726561646d696e67ff 6973747265616d696e67",
        "9fff 80",
        "9f018202039f0405ffff 8301820203820405",
        "bf61610161629f0203ffff a26161016162820203",
        "1800 00",
        "fa3f800000 f93c00",
        "a203040102 a201020304",
        "a262626201616102 a261610262626201"
      })
  void shouldReadOtherFormsAndWriteTheOne(String forms) {
    String[] both = forms.split(" ", 2);
    byte[] other = HexFormat.of().parseHex(both[0]);

    assertThat(CborItem.isDeterministic(other)).isFalse();
    assertThat(CborItem.decode(other).encode()).asHexString().isEqualToIgnoringCase(both[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "18",
        "19ff",
        "1bffffffffffffffff",
        "41",
        "5f41",
        "5f6161ff",
        "7f4161ff",
        "61ff",
        "81",
        "9f",
        "a1",
        "a161",
        "bf6161",
        "c0",
        "fc",
        "fd",
        "fe",
        "ff",
        "1c",
        "5bffffffffffffffff",
        "9bffffffffffffff7f",
        "0000",
        "f9",
        "fa00"
      })
  void shouldRefuseWhatIsNotOneWholeItem(String hex) {
    assertThatThrownBy(() -> CborItem.decode(HexFormat.of().parseHex(hex)))
        .isInstanceOf(CborException.class);
  }

  @Test
  void shouldRefuseWhatIsNestedWithoutEnd() {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) 0x81);

    assertThatThrownBy(() -> CborItem.decode(bytes)).hasMessageContaining("nested");
  }

  @Property(tries = 500)
  void shouldReadBackWhatItWrites(@ForAll("items") CborItem item) {
    byte[] bytes = item.encode();

    assertThat(CborItem.isDeterministic(bytes)).isTrue();
  }

  @Property(tries = 2_000)
  void shouldReadAnythingOrSayNo(@ForAll byte[] bytes) {
    try {
      assertThat(CborItem.decode(bytes)).isNotNull();
    } catch (CborException expected) {
      assertThat(expected).hasMessageMatching(".+");
    }
  }

  @Provide
  Arbitrary<CborItem> items() {
    Arbitrary<CborItem> leaf =
        Arbitraries.oneOf(
            Arbitraries.longs().map(CborItem.Int::new),
            Arbitraries.strings().ofMaxLength(30).map(CborItem.Text::new),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(30).map(CborItem::bytes),
            Arbitraries.doubles().map(CborItem.Real::new),
            Arbitraries.just(CborItem.nil()));
    Arbitrary<CborItem> nested =
        Arbitraries.oneOf(
            leaf.list().ofMaxSize(5).map(CborItem.Array::new),
            Combinators.combine(Arbitraries.integers().between(0, 100), leaf)
                .as((tag, item) -> new CborItem.Tagged(tag, item)),
            Arbitraries.maps(Arbitraries.strings().ofMaxLength(8), leaf)
                .ofMaxSize(5)
                .map(CborItem::map));
    return Arbitraries.oneOf(leaf, nested);
  }
}
