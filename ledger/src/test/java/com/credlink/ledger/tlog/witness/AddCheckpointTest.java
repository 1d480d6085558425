package com.credlink.ledger.tlog.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.Fuzz;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.tlog.witness.AddCheckpoint.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of a request to a witness, which anybody may send. */
class AddCheckpointTest {

  private static final String ORIGIN = "ledger.example/0";

  @Test
  void shouldReadWhatItWrites() {
    AddCheckpoint request = request(6);

    AddCheckpoint read = AddCheckpoint.parse(request.toByteArray());

    assertThat(read).isEqualTo(request);
    assertThat(read.checkpoint().size()).isEqualTo(20);
  }

  @Test
  void shouldTakeAsManyLinesAsAProofCanHaveAndNoMore() {
    assertThat(AddCheckpoint.parse(request(63).toByteArray()).path()).hasSize(63);
    assertThatThrownBy(() -> AddCheckpoint.parse(request(64).toByteArray()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("more than 63 lines of proof");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "old 0",
        "old 0\n",
        "old -1\n\n",
        "old 01\n\n",
        "old 9999999999999999999\n\n",
        "new 0\n\n",
        "OLD 0\n\n",
        "old 0\nAAAA\n\n",
        "old 0\n!\n\n",
        "old 0\n\n",
        "old 0\n\nno note\n",
      })
  void shouldSayWhatIsNotInItsForm(String body) {
    assertThatThrownBy(() -> AddCheckpoint.parse(body.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageNotContaining("Exception");
  }

  @Property(tries = 2000)
  void shouldRefuseOrKeepADamagedRequest(@ForAll long seed) {
    refusedOrSame(Fuzz.damaged(request(3).toByteArray(), new Random(seed)));
  }

  @Property(tries = 500)
  void shouldRefuseAnyBytes(@ForAll @Size(max = 200) byte[] anything) {
    refusedOrSame(anything);
  }

  private static void refusedOrSame(byte[] body) {
    byte[][] written = new byte[1][];
    Throwable thrown = catchThrowable(() -> written[0] = AddCheckpoint.parse(body).toByteArray());
    if (thrown == null) {
      assertThat(written[0]).isEqualTo(body);
    } else {
      assertThat(thrown).isInstanceOf(MalformedException.class);
    }
  }

  private static AddCheckpoint request(int hashes) {
    TreeHasher hasher = new TreeHasher();
    List<Hash> path =
        IntStream.range(0, hashes).mapToObj(i -> hasher.leaf(new byte[] {(byte) i})).toList();
    return new AddCheckpoint(
        10,
        path,
        new Checkpoint(ORIGIN, 20, hasher.leaf(new byte[1]))
            .sign(
                Instant.EPOCH,
                List.of(LocalNoteSigner.ed25519(ORIGIN, TestKeys.ed25519("07".repeat(32))))));
  }
}
