package com.credlink.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {

  @ParameterizedTest
  @CsvSource({
    "0,0,256,tile/0/000",
    "0,67,256,tile/0/067",
    "0,999,256,tile/0/999",
    "0,1000,256,tile/0/x001/000",
    "0,1234067,256,tile/0/x001/x234/067",
    "3,1234067,1,tile/3/x001/x234/067.p/1",
    "63,0,255,tile/63/000.p/255",
    "-1,1234067,256,tile/entries/x001/x234/067",
    "-1,0,15,tile/entries/000.p/15",
    "0,9223372036854775807,256,tile/0/x009/x223/x372/x036/x854/x775/807"
  })
  void shouldNameTilesAsTheSpecification(int level, long index, int width, String path) {
    Tile tile = new Tile(level, index, width);

    assertThat(tile.path()).isEqualTo(path);
    assertThat(Tile.parse(path)).isEqualTo(tile);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/100/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x001/x000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "tile/0/000.p/1/",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x001/x009/x223/x372/x036/x854/x775/807"
      })
  void shouldRefuseOtherPaths(String path) {
    assertThatThrownBy(() -> Tile.parse(path)).isInstanceOf(MerkleFormatException.class);
  }

  @Property(tries = 1000)
  void shouldReadBackEveryPath(
      @ForAll @IntRange(min = -1, max = 63) int level,
      @ForAll @LongRange(min = 0) long index,
      @ForAll @IntRange(min = 1, max = 256) int width) {
    Tile tile = new Tile(level, index, width);

    assertThat(Tile.parse(tile.path())).isEqualTo(tile);
  }

  @Property(tries = 2000)
  void shouldRefuseOrReadBackAnyText(@ForAll("nearlyPaths") String text) {
    try {
      assertThat(Tile.parse(text).path()).isEqualTo(text);
    } catch (MerkleFormatException e) {
      assertThat(e).hasMessageStartingWith("not a tile path: ");
    }
  }

  @Provide
  Arbitrary<String> nearlyPaths() {
    Arbitrary<String> parts =
        Arbitraries.of(
            "/", "x", "0", "00", "000", "001", "12", "256", "999", ".p/", "entries", "é");
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        parts.list().ofMaxSize(8).map(list -> "tile/" + String.join("", list)));
  }

  @ParameterizedTest
  @CsvSource({"-2,0,1", "64,0,1", "0,-1,1", "0,0,0", "0,0,257", "0,0,-1"})
  void shouldRefuseTilesThatCannotBe(int level, long index, int width) {
    assertThatThrownBy(() -> new Tile(level, index, width))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The example of the specification. */
  @Test
  void shouldHaveTheTilesOfSeventyThousandLeaves() {
    assertThat(Tile.at(0, 272, 70_000).isPartial()).isFalse();
    assertThat(Tile.at(0, 273, 70_000)).isEqualTo(new Tile(0, 273, 112));
    assertThat(Tile.widthAt(0, 274, 70_000)).isZero();
    assertThat(Tile.at(1, 0, 70_000).isPartial()).isFalse();
    assertThat(Tile.at(1, 1, 70_000)).isEqualTo(new Tile(1, 1, 17));
    assertThat(Tile.at(2, 0, 70_000)).isEqualTo(new Tile(2, 0, 1));
    assertThat(Tile.widthAt(3, 0, 70_000)).isZero();
    assertThat(Tile.entriesAt(273, 70_000)).isEqualTo(new Tile(Tile.ENTRIES, 273, 112));
  }

  @Test
  void shouldKnowWhatATreeHolds() {
    assertThat(new Tile(0, 0, 15).isWithin(15)).isTrue();
    assertThat(new Tile(0, 0, 15).isWithin(14)).isFalse();
    assertThat(new Tile(0, 0, 15).isWithin(1_000)).isTrue();
    assertThat(new Tile(0, 0, 256).isWithin(255)).isFalse();
    assertThat(new Tile(7, 0, 127).isWithin(Long.MAX_VALUE)).isTrue();
    assertThat(new Tile(7, 0, 128).isWithin(Long.MAX_VALUE)).isFalse();
    assertThat(new Tile(8, 0, 1).isWithin(Long.MAX_VALUE)).isFalse();
    assertThat(new Tile(63, Long.MAX_VALUE, 1).isWithin(Long.MAX_VALUE)).isFalse();
    assertThat(Tile.widthAt(0, Long.MAX_VALUE, Long.MAX_VALUE)).isZero();
    assertThat(Tile.widthAt(0, 0, -1)).isZero();
    assertThat(Tile.widthAt(0, -1, 1_000)).isZero();
    assertThatThrownBy(() -> Tile.at(0, 1, 256)).isInstanceOf(IllegalArgumentException.class);
  }

  // ---- bundles

  @Property(tries = 300)
  void shouldReadBackBundles(@ForAll @IntRange(min = 1, max = 256) int width) {
    List<byte[]> entries = new ArrayList<>(Trees.entries(width));
    entries.set(0, new byte[EntryBundle.MAX_ENTRY_LENGTH]);

    byte[] bundle = EntryBundle.format(entries);

    List<byte[]> parsed = EntryBundle.parse(bundle, width);
    assertThat(parsed).hasSize(width);
    for (int i = 0; i < width; i++) {
      assertThat(parsed.get(i)).isEqualTo(entries.get(i));
    }
  }

  @Test
  void shouldRefuseBundlesOfAnotherSize() {
    byte[] two = EntryBundle.format(List.of(new byte[] {1}, new byte[] {2}));

    assertThat(two).containsExactly(0, 1, 1, 0, 1, 2);
    assertThatThrownBy(() -> EntryBundle.parse(two, 1))
        .isInstanceOf(MerkleFormatException.class)
        .hasMessage("not a bundle: more than 1 entries");
    assertThatThrownBy(() -> EntryBundle.parse(two, 3))
        .isInstanceOf(MerkleFormatException.class)
        .hasMessage("not a bundle: 2 entries, not 3");
    for (int length = 1; length < two.length; length++) {
      byte[] cut = Arrays.copyOf(two, length);
      assertThatThrownBy(() -> EntryBundle.parse(cut, 2)).isInstanceOf(MerkleFormatException.class);
    }
    assertThatThrownBy(() -> EntryBundle.format(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EntryBundle.format(Trees.entries(257)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EntryBundle.format(List.of(new byte[0x10000])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 1000)
  void shouldRefuseOrReadBackAnyBytes(
      @ForAll("nearlyBundles") byte[] bytes, @ForAll @IntRange(min = 1, max = 6) int width) {
    try {
      assertThat(EntryBundle.format(EntryBundle.parse(bytes, width))).isEqualTo(bytes);
    } catch (MerkleFormatException e) {
      assertThat(e).hasMessageStartingWith("not a bundle: ");
    }
  }

  @Provide
  Arbitrary<byte[]> nearlyBundles() {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) 2, (byte) 3, (byte) -1)
        .array(byte[].class)
        .ofMaxSize(14);
  }
}
