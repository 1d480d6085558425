package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

  /** The example of c2sp.org/tlog-checkpoint. */
  private static final String EXAMPLE =
      """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
      """;

  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

  @Test
  void shouldReadTheExampleOfTheSpecification() {
    Checkpoint checkpoint = Checkpoint.parse(EXAMPLE);

    assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
    assertThat(checkpoint.size()).isEqualTo(20_852_163);
    assertThat(checkpoint.root().base64()).isEqualTo(ROOT);
    assertThat(checkpoint.extensions()).isEmpty();
    assertThat(checkpoint.text()).isEqualTo(EXAMPLE);
  }

  @Test
  void shouldTolerateFurtherLines() {
    Checkpoint checkpoint = Checkpoint.parse(EXAMPLE + "one\n\u2014 two\n");

    assertThat(checkpoint.extensions()).containsExactly("one", "\u2014 two");
    assertThat(checkpoint.text()).isEqualTo(EXAMPLE + "one\n\u2014 two\n");
  }

  @Test
  void shouldTakeAnyOriginThatIsALine() {
    Checkpoint checkpoint = Checkpoint.parse("Go sum+database tree\n0\n" + ROOT + "\n");

    assertThat(checkpoint.origin()).isEqualTo("Go sum+database tree");
    assertThat(checkpoint.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n\n",
        "a\n1\n",
        "a\n1\n" + ROOT,
        "\n1\n" + ROOT + "\n",
        "a\n\n" + ROOT + "\n",
        "a\n1\n\n",
        "a\n1\n" + ROOT + "\n\n",
        "a\n1\n" + ROOT + "\n\nx\n",
        "a\n1\n" + ROOT + "\nx",
        "a\n01\n" + ROOT + "\n",
        "a\n-1\n" + ROOT + "\n",
        "a\n+1\n" + ROOT + "\n",
        "a\n 1\n" + ROOT + "\n",
        "a\n1 \n" + ROOT + "\n",
        "a\n0x1\n" + ROOT + "\n",
        "a\n\u0661\n" + ROOT + "\n",
        "a\n9223372036854775808\n" + ROOT + "\n",
        "a\n99999999999999999999\n" + ROOT + "\n",
        "a\r\n1\r\n" + ROOT + "\r\n",
        "a\tb\n1\n" + ROOT + "\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n",
        "a\n1\n" + ROOT + " \n"
      })
  void shouldRefuseOtherForms(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(NoteException.Malformed.class);
  }

  @Test
  void shouldNotBeMadeOfWhatCannotBeRead() {
    Hash root = Hash.EMPTY_ROOT;

    for (Runnable wrong :
        List.<Runnable>of(
            () -> new Checkpoint("", 1, root),
            () -> new Checkpoint("a\nb", 1, root),
            () -> new Checkpoint("a\u0001", 1, root),
            () -> new Checkpoint("a\ud800", 1, root),
            () -> new Checkpoint("a", -1, root),
            () -> new Checkpoint("a", 1, root, List.of("")),
            () -> new Checkpoint("a", 1, root, List.of("b\nc")))) {
      assertThatThrownBy(wrong::run).isInstanceOf(NoteException.Malformed.class);
    }
  }

  @Property(tries = 300)
  void shouldReadBackWhatItWrites(
      @ForAll @LongRange(min = 0) long size, @ForAll @Size(32) byte[] root) {
    Checkpoint checkpoint = new Checkpoint("log.example/0", size, Hash.of(root));

    assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
    assertThat(checkpoint.text().lines()).hasSize(3);
  }

  @Property(tries = 2000)
  void shouldRefuseOrKeepADamagedCheckpoint(@ForAll long seed) {
    byte[] valid = (EXAMPLE + "extension\n").getBytes(StandardCharsets.UTF_8);

    Fuzz.refusedOrSame(Fuzz.damaged(valid, new Random(seed)), CheckpointTest::readAndWrite);
  }

  @Property(tries = 500)
  void shouldRefuseAnyBytes(@ForAll @Size(max = 200) byte[] anything) {
    Fuzz.refusedOrSame(anything, CheckpointTest::readAndWrite);
  }

  private static byte[] readAndWrite(byte[] bytes) {
    return Checkpoint.parse(Text.utf8("text", bytes)).text().getBytes(StandardCharsets.UTF_8);
  }
}
