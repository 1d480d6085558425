package com.credlink.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ProofTest {

  private static final int MAX = 300;
  private static final List<byte[]> ENTRIES = Trees.entries(MAX);

  private final TreeHasher hasher = new TreeHasher();
  private final TileTree tree = new TileTree(Trees.store(ENTRIES));

  private Hash leaf(int index) {
    return hasher.leaf(ENTRIES.get(index));
  }

  private static Hash reference(int size) throws Exception {
    return Hash.of(ReferenceTree.root(ENTRIES.subList(0, size)));
  }

  // ---- the reference's own proofs are accepted: verification does not rest on our maker of proofs

  @Property(tries = 1000)
  void shouldAcceptTheReferencesInclusionProofs(
      @ForAll @IntRange(min = 1, max = MAX) int size, @ForAll @IntRange(max = MAX) int any)
      throws Exception {
    int index = any % size;
    List<Hash> path = Trees.hashes(ReferenceTree.path(index, ENTRIES.subList(0, size)));

    new InclusionProof(index, size, path).verify(leaf(index), reference(size));

    assertThat(tree.inclusion(index, size).path()).isEqualTo(path);
  }

  @Property(tries = 1000)
  void shouldAcceptTheReferencesConsistencyProofs(
      @ForAll @IntRange(min = 1, max = MAX) int to, @ForAll @IntRange(max = MAX) int any)
      throws Exception {
    int from = 1 + any % to;
    List<Hash> path = Trees.hashes(ReferenceTree.subproof(from, ENTRIES.subList(0, to), true));

    new ConsistencyProof(from, to, path).verify(reference(from), reference(to));

    assertThat(tree.consistency(from, to).path()).isEqualTo(path);
  }

  /** Every index at every size and every pair of sizes, not a choice of them. */
  @Test
  void shouldProveEverythingUpToAHundredLeavesAndAroundTheTilesEdge() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    for (int size = 0; size <= MAX; size += size < 70 || (size > 250 && size < 262) ? 1 : 17) {
      sizes.add(size);
    }
    for (int to : sizes) {
      Hash root = reference(to);
      assertThat(tree.root(to)).isEqualTo(root);
      for (int index = 0; index < to; index++) {
        tree.inclusion(index, to).verify(leaf(index), root);
      }
      for (int from : sizes.subList(0, sizes.indexOf(to) + 1)) {
        tree.consistency(from, to).verify(reference(from), root);
      }
    }
  }

  // ---- damage to inclusion proofs

  @Property(tries = 500)
  void shouldRefuseADamagedInclusionProof(
      @ForAll @IntRange(min = 2, max = MAX) int size,
      @ForAll @IntRange(max = MAX) int any,
      @ForAll long seed) {
    int index = any % size;
    Random random = new Random(seed);
    InclusionProof proof = tree.inclusion(index, size);
    Hash leaf = leaf(index);
    Hash root = tree.root(size);

    for (List<Hash> path : damaged(proof.path(), random)) {
      refuses(new InclusionProof(index, size, path), leaf, root);
    }
    for (int other : List.of(-1, size, size + 1, index + 1, index - 1, random.nextInt(size))) {
      if (other != index) {
        refuses(new InclusionProof(other, size, proof.path()), leaf, root);
      }
    }
    refuses(new InclusionProof(index, 0, proof.path()), leaf, root);
    refuses(new InclusionProof(index, -size, proof.path()), leaf, root);
    refuses(proof, flipped(leaf, random), root);
    refuses(proof, leaf, flipped(root, random));
    refuses(proof, leaf, leaf);
    refuses(proof, root, root);
  }

  private static void refuses(InclusionProof proof, Hash leaf, Hash root) {
    assertThatThrownBy(() -> proof.verify(leaf, root))
        .as("%s", proof)
        .isInstanceOf(ProofException.class);
  }

  /**
   * A path does not commit to the tree's size as such, so the same path may fit another size. But
   * it never leads to another tree's root.
   */
  @Property(tries = 500)
  void shouldRefuseTheRootOfAnotherSize(
      @ForAll @IntRange(min = 1, max = MAX) int size,
      @ForAll @IntRange(min = 1, max = MAX) int other,
      @ForAll @IntRange(max = MAX) int any) {
    int index = any % size;
    InclusionProof proof = tree.inclusion(index, size);

    if (other != size) {
      refuses(proof, leaf(index), tree.root(other));
      refuses(new InclusionProof(index, other, proof.path()), leaf(index), tree.root(other));
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAnInclusionProof() {
    InclusionProof proof = tree.inclusion(5, 7);
    Hash root = tree.root(7);

    assertThatThrownBy(() -> new InclusionProof(7, 7, proof.path()).verify(leaf(5), root))
        .isInstanceOf(ProofException.OutOfRange.class)
        .hasMessage("a tree of 7 leaves has no leaf 7");
    assertThatThrownBy(
            () -> new InclusionProof(5, 7, proof.path().subList(1, 3)).verify(leaf(5), root))
        .isInstanceOf(ProofException.WrongLength.class)
        .hasMessage("the path has 2 hashes, not 3");
    assertThatThrownBy(() -> proof.verify(leaf(4), root))
        .isInstanceOfSatisfying(
            ProofException.WrongRoot.class, e -> assertThat(e.size()).isEqualTo(7))
        .hasMessageContaining(root.hex());
  }

  @Test
  void shouldTakeTheLeafForTheRootOfATreeOfOne() {
    new InclusionProof(0, 1, List.of()).verify(leaf(0), leaf(0));

    refuses(new InclusionProof(0, 1, List.of()), leaf(0), leaf(1));
    refuses(new InclusionProof(0, 0, List.of()), leaf(0), Hash.EMPTY_ROOT);
    refuses(new InclusionProof(0, 1, List.of(leaf(0))), leaf(0), leaf(0));
  }

  // ---- damage to consistency proofs

  @Property(tries = 500)
  void shouldRefuseADamagedConsistencyProof(
      @ForAll @IntRange(min = 2, max = MAX) int to,
      @ForAll @IntRange(max = MAX) int any,
      @ForAll long seed) {
    int from = 1 + any % (to - 1);
    Random random = new Random(seed);
    ConsistencyProof proof = tree.consistency(from, to);
    Hash older = tree.root(from);
    Hash newer = tree.root(to);

    for (List<Hash> path : damaged(proof.path(), random)) {
      refuses(new ConsistencyProof(from, to, path), older, newer);
    }
    refuses(new ConsistencyProof(to, from, proof.path()), newer, older);
    refuses(new ConsistencyProof(-from, to, proof.path()), older, newer);
    refuses(new ConsistencyProof(from, -1, proof.path()), older, newer);
    refuses(new ConsistencyProof(0, to, proof.path()), older, newer);
    refuses(new ConsistencyProof(0, to, List.of()), older, newer);
    refuses(new ConsistencyProof(to, to, List.of()), older, newer);
    refuses(proof, newer, older);
    refuses(proof, older, older);
    refuses(proof, newer, newer);
    refuses(proof, flipped(older, random), newer);
    refuses(proof, older, flipped(newer, random));
  }

  private static void refuses(ConsistencyProof proof, Hash older, Hash newer) {
    assertThatThrownBy(() -> proof.verify(older, newer))
        .as("%s", proof)
        .isInstanceOf(ProofException.class);
  }

  /** Two histories that part before the older size: no path proves one to continue the other. */
  @Property(tries = 300)
  void shouldRefuseAForkedHistory(
      @ForAll @IntRange(min = 2, max = 120) int to,
      @ForAll @IntRange(max = 120) int any,
      @ForAll @IntRange(max = 120) int where)
      throws Exception {
    int from = 1 + any % (to - 1);
    List<byte[]> forked = new ArrayList<>(ENTRIES.subList(0, to));
    forked.set(where % from, new byte[] {42, 42, 42});
    Hash older = tree.root(from);
    Hash newer = Hash.of(ReferenceTree.root(forked));

    refuses(tree.consistency(from, to), older, newer);
    refuses(
        new ConsistencyProof(from, to, Trees.hashes(ReferenceTree.subproof(from, forked, true))),
        older,
        newer);
  }

  @Test
  void shouldSayWhatIsWrongWithAConsistencyProof() {
    ConsistencyProof proof = tree.consistency(3, 7);

    assertThatThrownBy(
            () -> new ConsistencyProof(7, 3, proof.path()).verify(tree.root(7), tree.root(3)))
        .isInstanceOf(ProofException.OutOfRange.class)
        .hasMessage("a tree of 3 leaves continues none of 7");
    assertThatThrownBy(
            () -> new ConsistencyProof(3, 7, List.of()).verify(tree.root(3), tree.root(7)))
        .isInstanceOf(ProofException.WrongLength.class)
        .hasMessage("the path has 0 hashes, not 4");
    assertThatThrownBy(() -> proof.verify(tree.root(4), tree.root(7)))
        .isInstanceOfSatisfying(
            ProofException.WrongRoot.class, e -> assertThat(e.size()).isEqualTo(3));
    assertThatThrownBy(() -> proof.verify(tree.root(3), tree.root(8)))
        .isInstanceOfSatisfying(
            ProofException.WrongRoot.class, e -> assertThat(e.size()).isEqualTo(7));
  }

  @Test
  void shouldContinueTheEmptyTreeWithAnything() {
    Hash root = tree.root(9);

    new ConsistencyProof(0, 9, List.of()).verify(Hash.EMPTY_ROOT, root);
    new ConsistencyProof(0, 0, List.of()).verify(Hash.EMPTY_ROOT, Hash.EMPTY_ROOT);
    new ConsistencyProof(9, 9, List.of()).verify(root, root);

    refuses(new ConsistencyProof(0, 9, List.of()), root, root);
    refuses(new ConsistencyProof(0, 0, List.of()), Hash.EMPTY_ROOT, root);
    refuses(new ConsistencyProof(9, 9, List.of()), root, tree.root(8));
    refuses(new ConsistencyProof(0, 9, List.of(root)), Hash.EMPTY_ROOT, root);
  }

  // ---- anything at all

  @Property(tries = 1000)
  void shouldAnswerForAnyNumbersAndLengths(
      @ForAll long first,
      @ForAll long second,
      @ForAll @IntRange(max = 70) int length,
      @ForAll @LongRange(min = 1, max = 1000) long near) {
    List<Hash> path = Collections.nCopies(length, leaf(3));

    for (long[] pair : new long[][] {{first, second}, {first, first + near}, {near, second}}) {
      assertThatThrownBy(() -> new InclusionProof(pair[0], pair[1], path).verify(leaf(1), leaf(2)))
          .isInstanceOf(ProofException.class);
      if (pair[0] != 0) {
        assertThatThrownBy(
                () -> new ConsistencyProof(pair[0], pair[1], path).verify(leaf(1), leaf(2)))
            .isInstanceOf(ProofException.class);
      }
    }
  }

  @Test
  void shouldReachTheHighestTreeThereCanBe() {
    long size = Long.MAX_VALUE;
    List<Hash> path = Collections.nCopies(63, leaf(0));

    InclusionProof first = new InclusionProof(0, size, path);
    Hash root = first.rootFrom(leaf(0));

    assertThatCode(() -> first.verify(leaf(0), root)).doesNotThrowAnyException();
    assertThat(new InclusionProof(size - 1, size, path.subList(0, 62)).rootFrom(leaf(0)))
        .isNotEqualTo(root);
  }

  /** Every way to alter a path that gives another path: each hash flipped, dropped, doubled, ... */
  private static List<List<Hash>> damaged(List<Hash> path, Random random) {
    List<List<Hash>> damaged = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      List<Hash> flipped = new ArrayList<>(path);
      flipped.set(i, flipped(path.get(i), random));
      damaged.add(flipped);
      List<Hash> dropped = new ArrayList<>(path);
      dropped.remove(i);
      damaged.add(dropped);
      List<Hash> doubled = new ArrayList<>(path);
      doubled.add(i, path.get(i));
      damaged.add(doubled);
      List<Hash> swapped = new ArrayList<>(path);
      Collections.swap(swapped, i, random.nextInt(path.size()));
      damaged.add(swapped);
    }
    List<Hash> extended = new ArrayList<>(path);
    extended.add(Hash.EMPTY_ROOT);
    damaged.add(extended);
    damaged.add(path.reversed());
    damaged.removeIf(path::equals);
    return damaged;
  }

  private static Hash flipped(Hash hash, Random random) {
    byte[] bytes = hash.toArray();
    int bit = random.nextInt(bytes.length * 8);
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    return Hash.of(bytes);
  }
}
