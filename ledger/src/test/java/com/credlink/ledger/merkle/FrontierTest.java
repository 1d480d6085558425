package com.credlink.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrontierTest {

  private static final HexFormat HEX = HexFormat.of();

  /** The leaves and roots that every implementation of RFC 6962 is compared with. */
  private static final List<byte[]> LEAVES =
      Stream.of(
              "",
              "00",
              "10",
              "2021",
              "3031",
              "40414243",
              "5051525354555657",
              "606162636465666768696a6b6c6d6e6f")
          .map(HEX::parseHex)
          .toList();

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void shouldHashLeavesAsPublished() {
    TreeHasher hasher = new TreeHasher();

    assertThat(hasher.leaf(new byte[0]))
        .hasToString("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(hasher.leaf("L123456".getBytes(StandardCharsets.US_ASCII)))
        .hasToString("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  }

  @Test
  void shouldHaveThePublishedRoots() throws Exception {
    Frontier frontier = new Frontier();

    for (int size = 0; size <= LEAVES.size(); size++) {
      assertThat(frontier.root()).as("size %d", size).hasToString(ROOTS.get(size));
      assertThat(HEX.formatHex(ReferenceTree.root(LEAVES.subList(0, size))))
          .as("reference at size %d", size)
          .isEqualTo(ROOTS.get(size));
      if (size < LEAVES.size()) {
        frontier.appendEntry(LEAVES.get(size));
      }
    }
  }

  @Test
  void shouldHaveTheReferencesRootAtEverySizeAndSurviveBeingWritten() throws Exception {
    List<byte[]> entries = Trees.entries(300);
    TreeHasher hasher = new TreeHasher();
    Frontier frontier = new Frontier();

    for (int size = 0; size < entries.size(); size++) {
      Hash root = Hash.of(ReferenceTree.root(entries.subList(0, size)));
      assertThat(frontier.size()).isEqualTo(size);
      assertThat(frontier.root()).as("size %d", size).isEqualTo(root);
      byte[] written = frontier.toByteArray();
      assertThat(written).hasSize(8 + 32 * Integer.bitCount(size));
      frontier = Frontier.parse(written);
      assertThat(frontier.root()).isEqualTo(root);
      assertThat(frontier.toByteArray()).isEqualTo(written);
      append(frontier, hasher, entries.get(size), size % 3);
    }
  }

  /** The three ways to append are one. */
  private static void append(Frontier frontier, TreeHasher hasher, byte[] entry, int way) {
    switch (way) {
      case 0 -> frontier.appendEntry(entry);
      case 1 -> frontier.append(hasher.leaf(entry));
      default -> {
        byte[] bytes = new byte[40];
        hasher.leaf(entry, 0, entry.length, bytes, 5);
        frontier.append(bytes, 5);
      }
    }
  }

  @Test
  void shouldCopyWithoutSharing() {
    Frontier frontier = new Frontier();
    frontier.appendEntry(LEAVES.get(0));

    Frontier copy = frontier.copy();
    copy.appendEntry(LEAVES.get(1));

    assertThat(frontier.root()).hasToString(ROOTS.get(1));
    assertThat(copy.root()).hasToString(ROOTS.get(2));
  }

  @Test
  void shouldCountToTheLastSizeAndNoFurther() {
    byte[] last = ByteBuffer.allocate(8 + 63 * 32).putLong(Long.MAX_VALUE).array();
    Frontier frontier = Frontier.parse(last);

    assertThat(frontier.size()).isEqualTo(Long.MAX_VALUE);
    assertThat(frontier.toByteArray()).isEqualTo(last);
    assertThatThrownBy(() -> frontier.appendEntry(new byte[0]))
        .isInstanceOf(IllegalStateException.class);
    assertThat(frontier.toByteArray()).isEqualTo(last);
  }

  @Test
  void shouldRefuseANegativeSizeWithAllItsHashes() {
    for (long size : new long[] {-1, -2, Long.MIN_VALUE}) {
      byte[] bytes = ByteBuffer.allocate(8 + 32 * Long.bitCount(size)).putLong(size).array();
      assertThatThrownBy(() -> Frontier.parse(bytes)).isInstanceOf(MerkleFormatException.class);
    }
  }

  @Property(tries = 500)
  void shouldRefuseWhatItDidNotWrite(@ForAll @Size(max = 120) byte[] anything) {
    try {
      assertThat(Frontier.parse(anything).toByteArray()).isEqualTo(anything);
    } catch (MerkleFormatException e) {
      assertThat(e).hasMessageStartingWith("not a frontier: ");
    }
  }

  @Property(tries = 200)
  void shouldRefuseCutOffAndLengthenedBytes(
      @ForAll @IntRange(max = 300) int size, @ForAll @IntRange(min = 1, max = 8) int by) {
    Frontier frontier = new Frontier();
    Trees.entries(size).forEach(frontier::appendEntry);
    byte[] written = frontier.toByteArray();

    assertThatThrownBy(() -> Frontier.parse(Arrays.copyOf(written, written.length + by)))
        .isInstanceOf(MerkleFormatException.class);
    assertThatThrownBy(() -> Frontier.parse(Arrays.copyOf(written, written.length - by)))
        .isInstanceOf(MerkleFormatException.class);
  }
}
