package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.credlink.ledger.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {

  private static final String ORIGIN = "log.example/0";
  private static final NoteSigner LOG = NoteKeys.log(ORIGIN, 1);

  /** X1, X2, X3, Y1, Y2, Y3 of the specification's example. */
  private static final List<NoteSigner> WITNESSES =
      IntStream.range(0, 6)
          .mapToObj(i -> NoteKeys.cosigner("witness.example/" + i, 10 + i))
          .toList();

  private static final Checkpoint CHECKPOINT = new Checkpoint(ORIGIN, 7, Hash.EMPTY_ROOT);

  /** The example of c2sp.org/tlog-policy with keys. */
  private static final String EXAMPLE =
      """
      log %s

      witness X1 %s
      witness X2 %s
      witness X3 %s
      group X-witnesses 2 X1 X2 X3

      witness Y1 %s
      witness Y2 %s https://witness.example/y2
      witness Y3 %s
      group Y-witnesses any Y1 Y2 Y3

      group X-and-Y all X-witnesses Y-witnesses
      quorum X-and-Y
      """
          .formatted(
              LOG.key(),
              WITNESSES.get(0).key(),
              WITNESSES.get(1).key(),
              WITNESSES.get(2).key(),
              WITNESSES.get(3).key(),
              WITNESSES.get(4).key(),
              WITNESSES.get(5).key());

  private static Policy policy(String text) {
    return Policy.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SignedNote signedBy(List<NoteSigner> signers) {
    return CHECKPOINT.sign(NoteKeys.TIME, signers);
  }

  // ---- reading

  @Test
  void shouldReadTheExampleOfTheSpecification() {
    Policy policy = policy(EXAMPLE);

    assertThat(policy.logs()).containsExactly(new Policy.Log(LOG.key(), Optional.empty()));
    assertThat(policy.witnesses())
        .extracting(Policy.Witness::name)
        .containsExactly("X1", "X2", "X3", "Y1", "Y2", "Y3");
    assertThat(policy.witnesses().get(4).url()).contains("https://witness.example/y2");
    assertThat(policy.groups())
        .containsExactly(
            new Policy.Group("X-witnesses", 2, List.of("X1", "X2", "X3")),
            new Policy.Group("Y-witnesses", 1, List.of("Y1", "Y2", "Y3")),
            new Policy.Group("X-and-Y", 2, List.of("X-witnesses", "Y-witnesses")));
    assertThat(policy.quorum()).isEqualTo("X-and-Y");
  }

  @Test
  void shouldReadSpaceAndCommentsAndOctetsAnywhere() {
    String name = "K\u212a\u00e9";
    byte[] text =
        ("\n \t \n# comment \u00e9\n\t # another\n  witness \t "
                + name
                + "\t"
                + WITNESSES.get(0).key()
                + " https://b\u00fccher.example/ \t\nquorum "
                + name)
            .getBytes(StandardCharsets.UTF_8);

    Policy policy = Policy.parse(text);

    assertThat(policy.logs()).isEmpty();
    assertThat(policy.witnesses()).hasSize(1);
    assertThat(policy.quorum()).isEqualTo(policy.witnesses().getFirst().name());
    byte[] opaque = new byte[] {'q', 'u', 'o', 'r', 'u', 'm', ' ', (byte) 0xC3};
    assertThatThrownBy(() -> Policy.parse(opaque))
        .isInstanceOf(NoteException.Malformed.class)
        .hasMessageContaining("the quorum is not defined before");
  }

  @Test
  void shouldReadAKeyWhoseNameIsUnicode() {
    NoteSigner witness = NoteKeys.cosigner("w\u00e9.example", 1);

    assertThat(policy("witness a " + witness.key() + "\nquorum a\n").witnesses())
        .extracting(Policy.Witness::key)
        .containsExactly(witness.key());
  }

  static Stream<Arguments> notPolicies() {
    return Stream.of(
        arguments("", "it has no quorum line"),
        arguments("# quorum none\n", "it has no quorum line"),
        arguments("quorum\n", "a quorum is one name"),
        arguments("quorum none none\n", "a quorum is one name"),
        arguments("quorum none\nquorum none\n", "it has a quorum line before"),
        arguments("quorum a\nwitness a $W0\n", "the quorum is not defined before"),
        arguments("Quorum none\n", "it does not begin with"),
        arguments("quorum\u00a0none\n", "it does not begin with"),
        arguments("quorum none\r\n", "a control character"),
        arguments("quorum none\u007f\n", "a control character"),
        arguments("quorum none\nallow all\n", "it does not begin with"),
        arguments("log\nquorum none\n", "a log has a key"),
        arguments("log $L https://a b\nquorum none\n", "a log has a key"),
        arguments("log x\nquorum none\n", "not a verifier key"),
        arguments("log $L\nlog $L\nquorum none\n", "this log's key is listed before"),
        arguments("log $L\nlog $M\nquorum none\n", "this log's key is listed before"),
        arguments("witness a\nquorum none\n", "a witness has a name and a key"),
        arguments("witness $W0\nquorum none\n", "a witness has a name and a key"),
        arguments("witness a $W0 u v\nquorum none\n", "a witness has a name and a key"),
        arguments("witness a $L\nquorum none\n", "is not one of a cosigner"),
        arguments("witness none $W0\nquorum none\n", "nothing may be called none"),
        arguments("witness a $W0\nwitness a $W1\nquorum a\n", "the name is defined before"),
        arguments("witness a $W0\nwitness b $W0\nquorum a\n", "this witness' key is listed before"),
        arguments("witness a $W0\nwitness b $V0\nquorum a\n", "this witness' key is listed before"),
        arguments("group g\nquorum none\n", "a group has a name, a threshold and members"),
        arguments("group g any\nquorum none\n", "a group has a name, a threshold and members"),
        arguments("group g all\nquorum none\n", "a group has a name, a threshold and members"),
        arguments("group g any a\nwitness a $W0\nquorum g\n", "a member is not defined before"),
        arguments("group g any g\nquorum g\n", "a member is not defined before"),
        arguments("group g any none\nquorum g\n", "a member is not defined before"),
        arguments("witness a $W0\ngroup a any a\nquorum a\n", "the name is defined before"),
        arguments("witness a $W0\ngroup none any a\nquorum none\n", "nothing may be called none"),
        arguments("witness a $W0\ngroup g any a a\nquorum g\n", "a member is in a group already"),
        arguments(
            "witness a $W0\ngroup g any a\ngroup h any a\nquorum h\n",
            "a member is in a group already"),
        arguments(
            """
            witness a $W0
            witness b $W1
            group g any a
            group h any g
            group i any g b
            quorum i
            """,
            "a member is in a group already"),
        arguments("witness a $W0\ngroup g 0 a\nquorum g\n", "a threshold is not between"),
        arguments("witness a $W0\ngroup g 2 a\nquorum g\n", "a threshold is not between"),
        arguments(
            "witness a $W0\ngroup g 01 a\nquorum g\n", "its threshold is not a decimal number"),
        arguments(
            "witness a $W0\ngroup g +1 a\nquorum g\n", "its threshold is not a decimal number"),
        arguments(
            "witness a $W0\ngroup g -1 a\nquorum g\n", "its threshold is not a decimal number"),
        arguments("witness a $W0\ngroup g 4294967297 a\nquorum g\n", "a threshold is not between"),
        arguments(
            "witness a $W0\ngroup g some a\nquorum g\n", "its threshold is not a decimal number"),
        arguments(
            "witness a $W0\ngroup g ANY a\nquorum g\n", "its threshold is not a decimal number"));
  }

  @ParameterizedTest
  @MethodSource("notPolicies")
  void shouldRefuseOtherForms(String text, String why) {
    String policy =
        text.replace("$W0", WITNESSES.get(0).key().format())
            .replace("$W1", WITNESSES.get(1).key().format())
            .replace("$V0", NoteKeys.cosigner("another-name.example", 10).key().format())
            .replace("$L", LOG.key().format())
            .replace("$M", NoteKeys.log("another-log.example", 1).key().format());

    assertThatThrownBy(() -> policy(policy))
        .isInstanceOf(NoteException.Malformed.class)
        .hasMessageContaining(why);
  }

  @Test
  void shouldNameTheLine() {
    assertThatThrownBy(() -> policy("quorum none\n\nlog x+y\n"))
        .hasMessage(
            "not a policy: in line 3: not a verifier key: it is not name, id and key with a plus"
                + " between");
    assertThatThrownBy(() -> policy("log example.com/foo+530d903a+Ag==\nquorum none\n"))
        .hasMessageContaining("in line 1: key 'example.com/foo' has type 0x02");
  }

  @Test
  void shouldReadAHundredAndTwentyEightOfEachAndNoMore() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 128; i++) {
      text.append("log ").append(NoteKeys.log("l" + i, i).key()).append('\n');
      text.append("witness w").append(i).append(' ');
      text.append(NoteKeys.cosigner("w" + i, i).key()).append('\n');
      text.append("group g").append(i).append(" any w").append(i).append('\n');
    }

    assertThat(policy(text + "quorum g127\n").groups()).hasSize(128);
    for (String more :
        List.of(
            "log " + NoteKeys.log("l", 128).key(),
            "witness w " + NoteKeys.cosigner("w", 128).key(),
            "group g any g0")) {
      assertThatThrownBy(() -> policy(text + more + "\nquorum g127\n"))
          .isInstanceOf(NoteException.TooLarge.class);
    }
    String line = "quorum none\n";
    String comment = "#".repeat(Policy.MAX_BYTES - line.length());
    assertThat(policy(line + comment).quorum()).isEqualTo("none");
    assertThatThrownBy(() -> policy(line + comment + "#"))
        .isInstanceOf(NoteException.TooLarge.class);
  }

  @Property(tries = 1000)
  void shouldRefuseOrReadADamagedPolicy(@ForAll long seed) {
    byte[] damaged = Fuzz.damaged(EXAMPLE.getBytes(StandardCharsets.UTF_8), new Random(seed));

    Fuzz.refusedOrSame(
        damaged,
        bytes -> {
          Policy policy = Policy.parse(bytes);
          assertThat(policy.groups()).allMatch(group -> group.threshold() >= 1);
          return bytes;
        });
  }

  @Property(tries = 500)
  void shouldRefuseAnyBytes(@ForAll @Size(max = 200) byte[] anything) {
    assertThatThrownBy(() -> Policy.parse(anything)).isInstanceOf(NoteException.class);
  }

  // ---- deciding

  /** All 64 subsets of the example's witnesses. */
  @Test
  void shouldDecideTheExampleForEverySetOfWitnesses() {
    Policy policy = policy(EXAMPLE);
    for (int set = 0; set < 64; set++) {
      List<NoteSigner> signers = new ArrayList<>(List.of(LOG));
      for (int i = 0; i < 6; i++) {
        if (((set >> i) & 1) == 1) {
          signers.add(WITNESSES.get(i));
        }
      }
      SignedNote note = signedBy(signers);

      if (Integer.bitCount(set & 0b000111) >= 2 && (set & 0b111000) != 0) {
        Policy.Accepted accepted = policy.accept(note);
        assertThat(accepted.checkpoint()).isEqualTo(CHECKPOINT);
        assertThat(accepted.logs()).hasSize(1);
        assertThat(accepted.cosignatures()).hasSize(Integer.bitCount(set));
        assertThat(accepted.cosignatures().getFirst().time()).hasValue(1_679_315_147);
      } else {
        assertThatThrownBy(() -> policy.accept(note))
            .as("set %s", Integer.toBinaryString(set))
            .isInstanceOf(NoteException.QuorumMissed.class)
            .hasMessageStartingWith(
                "quorum 'X-and-Y' is not reached: %d of 6 known witnesses have cosigned, and not "
                    .formatted(Integer.bitCount(set)));
      }
    }
  }

  /** Any tree of groups, decided from the top down where the product goes from the bottom up. */
  @Property(tries = 300)
  void shouldDecideAsARecursiveReading(@ForAll long seed, @ForAll @IntRange(max = 63) int set) {
    Random random = new Random(seed);
    List<Policy.Witness> witnesses =
        IntStream.range(0, 6)
            .mapToObj(i -> new Policy.Witness("w" + i, WITNESSES.get(i).key(), Optional.empty()))
            .toList();
    List<String> free = new ArrayList<>(witnesses.stream().map(Policy.Witness::name).toList());
    List<Policy.Group> groups = new ArrayList<>();
    while (free.size() > 1) {
      List<String> members = new ArrayList<>();
      for (int i = 1 + random.nextInt(free.size()); i > 0; i--) {
        members.add(free.remove(random.nextInt(free.size())));
      }
      String name = "g" + groups.size();
      groups.add(new Policy.Group(name, 1 + random.nextInt(members.size()), members));
      free.add(name);
    }
    String quorum = free.getFirst();
    Policy policy =
        new Policy(List.of(new Policy.Log(LOG.key(), Optional.empty())), witnesses, groups, quorum);
    List<NoteSigner> signers = new ArrayList<>(List.of(LOG));
    IntStream.range(0, 6)
        .filter(i -> ((set >> i) & 1) == 1)
        .forEach(i -> signers.add(WITNESSES.get(i)));

    if (holds(quorum, groups, set)) {
      assertThat(policy.accept(signedBy(signers)).checkpoint()).isEqualTo(CHECKPOINT);
    } else {
      assertThatThrownBy(() -> policy.accept(signedBy(signers)))
          .isInstanceOf(NoteException.QuorumMissed.class);
    }
  }

  private static boolean holds(String name, List<Policy.Group> groups, int set) {
    if (name.startsWith("w")) {
      return ((set >> Integer.parseInt(name.substring(1))) & 1) == 1;
    }
    Policy.Group group = groups.get(Integer.parseInt(name.substring(1)));
    return group.members().stream().filter(member -> holds(member, groups, set)).count()
        >= group.threshold();
  }

  @Test
  void shouldDemandALogWhateverTheWitnessesSay() {
    Policy policy = policy(EXAMPLE);

    assertThatThrownBy(() -> policy.accept(signedBy(WITNESSES)))
        .isInstanceOf(NoteException.NotSigned.class)
        .hasMessage("not signed by a log of the policy");
    assertThatThrownBy(() -> policy("quorum none\n").accept(signedBy(List.of(LOG))))
        .isInstanceOf(NoteException.NotSigned.class);
  }

  @Test
  void shouldTakeLogsThatTheCallerKnows() {
    Policy policy = policy("quorum none\n");

    Policy.Accepted accepted = policy.accept(signedBy(List.of(LOG)), List.of(LOG.key()));

    assertThat(accepted.logs()).extracting(SignedNote.Verified::key).containsExactly(LOG.key());
  }

  @Test
  void shouldNotTakeTheCheckpointOfAnotherLog() {
    NoteSigner other = NoteKeys.log("other.example", 2);
    Policy policy = policy("log " + other.key() + "\nquorum none\n");

    assertThatThrownBy(() -> policy.accept(signedBy(List.of(other))))
        .isInstanceOf(NoteException.WrongOrigin.class)
        .hasMessage("key 'other.example' has signed a checkpoint of 'log.example/0'");
    assertThatThrownBy(() -> policy.accept(signedBy(List.of(LOG))))
        .isInstanceOf(NoteException.NotSigned.class);
  }

  @Test
  void shouldRefuseABadCosignatureAlsoIfTheQuorumNeedsItNot() {
    NoteSignature stolen =
        WITNESSES
            .get(5)
            .signature(new Checkpoint(ORIGIN, 8, Hash.EMPTY_ROOT).text(), NoteKeys.TIME);
    SignedNote enough =
        signedBy(List.of(LOG, WITNESSES.get(0), WITNESSES.get(1), WITNESSES.get(3)));

    assertThat(policy(EXAMPLE).accept(enough).cosignatures()).hasSize(3);
    assertThatThrownBy(() -> policy(EXAMPLE).accept(enough.with(List.of(stolen))))
        .isInstanceOf(NoteException.BadSignature.class);
  }

  @Test
  void shouldDemandBothAlgorithmsOfALog() {
    NoteSigner mlDsa = NoteKeys.mlDsa(ORIGIN);
    Policy both = policy("log %s\nwitness pq %s\nquorum pq\n".formatted(LOG.key(), mlDsa.key()));

    assertThat(both.accept(signedBy(List.of(LOG, mlDsa))).cosignatures()).hasSize(1);
    assertThatThrownBy(() -> both.accept(signedBy(List.of(LOG))))
        .isInstanceOf(NoteException.QuorumMissed.class);
    assertThatThrownBy(() -> both.accept(signedBy(List.of(mlDsa))))
        .isInstanceOf(NoteException.NotSigned.class);
  }

  @Test
  void shouldRefuseANoteThatIsNoCheckpoint() {
    SignedNote note = SignedNote.sign("text\n", NoteKeys.TIME, List.of(LOG));

    assertThatThrownBy(() -> policy(EXAMPLE).accept(note))
        .isInstanceOf(NoteException.Malformed.class);
  }
}
