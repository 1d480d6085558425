package com.credlink.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.merkle.Trees.Store;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TileTreeTest {

  /** Three levels of tiles, and the leaf's number is its content. */
  private static final int LARGE = 200_000;

  private static final Store STORE = new Store();

  /** Roots as the frontier had them on the way. */
  private static final NavigableMap<Integer, Hash> ROOTS = new TreeMap<>();

  static {
    TileWriter writer = new TileWriter(STORE);
    TreeHasher hasher = new TreeHasher();
    Random random = new Random(7);
    for (int size = 1; size <= LARGE; size++) {
      writer.append(hasher.leaf(number(size - 1)));
      if (random.nextInt(500) == 0 || Math.abs(size - 65_536) < 3) {
        writer.flush();
        ROOTS.put(size, writer.root());
      }
    }
    writer.flush();
    ROOTS.put(LARGE, writer.root());
  }

  private static byte[] number(int index) {
    return ByteBuffer.allocate(4).putInt(index).array();
  }

  private static int someSize(int any) {
    return ROOTS.floorKey(ROOTS.firstKey() + any % (LARGE - ROOTS.firstKey() + 1));
  }

  // ---- large trees

  @Property(tries = 500)
  void shouldProveInclusionInALargeTree(@ForAll int any, @ForAll int anyIndex) {
    int size = someSize(any & Integer.MAX_VALUE);
    int index = (anyIndex & Integer.MAX_VALUE) % size;
    TileTree tree = new TileTree(STORE);
    Hash leaf = new TreeHasher().leaf(number(index));
    Hash other = new TreeHasher().leaf(number(index + 1));

    InclusionProof proof = tree.inclusion(index, size);

    proof.verify(leaf, ROOTS.get(size));
    assertThat(tree.root(size)).isEqualTo(ROOTS.get(size));
    assertThat(tree.leaf(index, size)).isEqualTo(leaf);
    assertThatThrownBy(() -> proof.verify(other, ROOTS.get(size)))
        .isInstanceOf(ProofException.WrongRoot.class);
  }

  @Property(tries = 500)
  void shouldProveConsistencyOfALargeTree(@ForAll int one, @ForAll int another) {
    int first = someSize(one & Integer.MAX_VALUE);
    int second = someSize(another & Integer.MAX_VALUE);
    int from = Math.min(first, second);
    int to = Math.max(first, second);

    ConsistencyProof proof = new TileTree(STORE).consistency(from, to);

    proof.verify(ROOTS.get(from), ROOTS.get(to));
    assertThatThrownBy(
            () -> proof.verify(ROOTS.get(from), from == to ? Hash.EMPTY_ROOT : ROOTS.get(from)))
        .isInstanceOf(ProofException.WrongRoot.class);
  }

  @Property(tries = 200)
  void shouldReadFewTilesAndEachOnce(@ForAll int any, @ForAll int anyIndex) {
    int size = someSize(any & Integer.MAX_VALUE);
    int index = (anyIndex & Integer.MAX_VALUE) % size;
    List<Tile> reads = new ArrayList<>();
    TileTree tree =
        new TileTree(
            tile -> {
              reads.add(tile);
              return STORE.read(tile);
            });

    InclusionProof inclusion = tree.inclusion(index, size);
    Set<Tile> forInclusion = new HashSet<>(reads);

    assertThat(inclusion.size()).isEqualTo(size);
    assertThat(reads).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2 * 3);
    assertThat(forInclusion).allMatch(tile -> tile.isWithin(size));
    reads.clear();
    ConsistencyProof consistency = tree.consistency(index + 1, size);
    assertThat(consistency.to()).isEqualTo(size);
    assertThat(reads).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2 * 3);
  }

  @Test
  void shouldRefuseNumbersThatNameNothing() {
    TileTree tree = new TileTree(STORE);

    assertThat(tree.root(0)).isEqualTo(Hash.EMPTY_ROOT);
    for (Runnable wrong :
        List.<Runnable>of(
            () -> tree.root(-1),
            () -> tree.inclusion(0, 0),
            () -> tree.inclusion(5, 5),
            () -> tree.inclusion(-1, 5),
            () -> tree.leaf(5, 5),
            () -> tree.consistency(-1, 5),
            () -> tree.consistency(6, 5),
            () -> tree.frontier(-1))) {
      assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  // ---- what a source may do

  @Test
  void shouldNameATileThatIsMissing() {
    TileTree tree = new TileTree(tile -> tile.level() == 1 ? Optional.empty() : STORE.read(tile));

    assertThatThrownBy(() -> tree.root(70_000))
        .isInstanceOfSatisfying(
            TileException.Missing.class, e -> assertThat(e.tile()).isEqualTo(new Tile(1, 1, 17)))
        .hasMessage("tile 'tile/1/001.p/17' is missing");
  }

  @Test
  void shouldNameATileOfAWrongLength() {
    for (int length : new int[] {0, 31, 16 * 32, 17 * 32 - 1, 17 * 32 + 1, 257 * 32}) {
      TileTree tree =
          new TileTree(
              tile ->
                  STORE.read(tile).map(hashes -> tile.level() == 1 ? new byte[length] : hashes));

      assertThatThrownBy(() -> tree.root(70_000))
          .isInstanceOf(TileException.WrongLength.class)
          .hasMessage("tile 'tile/1/001.p/17' has %d bytes, not 544", length);
    }
  }

  /** A tree of altered tiles may answer, and what it answers does not verify. */
  @Property(tries = 300)
  void shouldNotProveAnythingFromAnAlteredTile(@ForAll int anyIndex, @ForAll long seed) {
    int size = 70_000;
    int index = (anyIndex & Integer.MAX_VALUE) % size;
    Random random = new Random(seed);
    Hash root = new TileTree(STORE).root(size);
    Hash leaf = new TreeHasher().leaf(number(index));
    List<Tile> read = new ArrayList<>();
    InclusionProof honest =
        new TileTree(
                tile -> {
                  read.add(tile);
                  return STORE.read(tile);
                })
            .inclusion(index, size);
    Tile altered = read.get(random.nextInt(read.size()));

    InclusionProof proof =
        new TileTree(
                tile ->
                    STORE
                        .read(tile)
                        .map(hashes -> tile.equals(altered) ? allFlipped(hashes) : hashes))
            .inclusion(index, size);

    assertThat(proof).isNotEqualTo(honest);
    assertThatThrownBy(() -> proof.verify(leaf, root)).isInstanceOf(ProofException.WrongRoot.class);
  }

  private static byte[] allFlipped(byte[] hashes) {
    byte[] flipped = hashes.clone();
    for (int i = 0; i < flipped.length; i += Hash.LENGTH) {
      flipped[i] ^= 1;
    }
    return flipped;
  }

  // ---- the writer

  /** Every tile of every size holds what the specification says, by the reference. */
  @Test
  void shouldWriteTheTilesThatTheSpecificationDefines() throws Exception {
    List<byte[]> entries = Trees.entries(520);
    Store store = new Store();
    TileWriter writer = new TileWriter(store);
    TreeHasher hasher = new TreeHasher();

    for (int size = 1; size <= entries.size(); size++) {
      store.writes.clear();
      writer.append(hasher.leaf(entries.get(size - 1)));
      writer.flush();
      writer.flush();

      assertThat(store.writes).as("written at size %d", size).containsExactlyElementsOf(due(size));
      for (Tile tile : store.writes) {
        assertThat(store.tiles.get(tile.path()))
            .as("%s at size %d", tile.path(), size)
            .isEqualTo(reference(tile, entries));
      }
    }
  }

  /** The leaf's own tile; and above it a tile for each one that it fills. */
  private static List<Tile> due(int size) {
    List<Tile> due = new ArrayList<>();
    for (int level = 0; size % (1 << (8 * level)) == 0; level++) {
      long hashes = size >> (8 * level);
      due.add(new Tile(level, (hashes - 1) / 256, (int) ((hashes - 1) % 256) + 1));
    }
    return due;
  }

  private static byte[] reference(Tile tile, List<byte[]> entries) throws Exception {
    ByteBuffer hashes = ByteBuffer.allocate(32 * tile.width());
    int span = 1 << (8 * tile.level());
    for (int i = 0; i < tile.width(); i++) {
      int from = ((int) tile.index() * 256 + i) * span;
      hashes.put(ReferenceTree.root(entries.subList(from, from + span)));
    }
    return hashes.array();
  }

  /** Stopped anywhere, begun again from its tiles: the same tiles as in one go. */
  @Property(tries = 60)
  void shouldGoOnFromItsTiles(
      @ForAll @IntRange(max = 1_400) int first,
      @ForAll @IntRange(max = 1_400) int second,
      @ForAll @IntRange(max = 300) int third) {
    Store stopped = new Store();
    int size = 0;
    TreeHasher hasher = new TreeHasher();
    for (int more : List.of(first, second, third)) {
      TileWriter writer = TileWriter.resume(size, stopped, stopped);
      assertThat(writer.size()).isEqualTo(size);
      for (int i = 0; i < more; i++) {
        byte[] bytes = hasher.leaf(number(size++)).toArray();
        writer.append(bytes, 0);
      }
      writer.flush();
    }

    Store once = new Store();
    TileWriter writer = new TileWriter(once);
    for (int i = 0; i < size; i++) {
      writer.append(hasher.leaf(number(i)));
    }
    writer.flush();

    assertThat(stopped.tiles.keySet()).containsAll(once.tiles.keySet());
    once.tiles.forEach(
        (path, hashes) -> assertThat(stopped.tiles.get(path)).as(path).isEqualTo(hashes));
    assertThat(TileWriter.resume(size, stopped, stopped).root()).isEqualTo(writer.root());
    assertThat(new TileTree(stopped).frontier(size).toByteArray())
        .isEqualTo(writer.frontier().toByteArray());
  }

  @Test
  void shouldNotGoOnWithoutItsTiles() {
    Store store = Trees.store(Trees.entries(300));

    for (Tile gone : List.of(new Tile(0, 1, 44), new Tile(1, 0, 1))) {
      TileSource holed = tile -> tile.equals(gone) ? Optional.empty() : store.read(tile);
      assertThatThrownBy(() -> TileWriter.resume(300, holed, store))
          .isInstanceOf(TileException.Missing.class)
          .hasMessageContaining(gone.path());
    }
  }

  @Test
  void shouldGiveTheSinkBytesOfItsOwn() {
    Store store = Trees.store(Trees.entries(3));
    TileWriter writer = TileWriter.resume(3, store, store);

    Arrays.fill(store.tiles.get("tile/0/000.p/3"), (byte) 0);

    assertThat(writer.root()).isEqualTo(new TileTree(Trees.store(Trees.entries(3))).root(3));
  }
}
