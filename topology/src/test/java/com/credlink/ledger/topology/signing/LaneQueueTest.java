package com.credlink.ledger.topology.signing;

import static com.credlink.ledger.topology.signing.LaneQueue.MAX_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LaneQueueTest {

  private static final String TENANT = "tenant-a";

  private final LaneQueue lanes = new LaneQueue(MemoryStore.open());

  @Test
  void shouldLetSixtyFourOutAndNoMore() {
    List<Boolean> admitted =
        IntStream.range(0, MAX_OUT + 2)
            .mapToObj(i -> lanes.admit(TENANT, Lane.STANDARD, "job-" + i))
            .toList();

    assertThat(MAX_OUT).isEqualTo(64);
    assertThat(admitted.subList(0, MAX_OUT)).containsOnly(true);
    assertThat(admitted.subList(MAX_OUT, MAX_OUT + 2)).containsOnly(false);
    assertThat(lanes.isOut(TENANT, "job-63")).isTrue();
    assertThat(lanes.isOut(TENANT, "job-64")).isFalse();
  }

  @Test
  void shouldLetEachWaitingJobOutOnceInTheOrderOfArrival() {
    fill(TENANT, Lane.STANDARD);
    List<String> waiting = IntStream.range(0, 200).mapToObj(i -> "waiting-" + i).toList();
    waiting.forEach(job -> lanes.admit(TENANT, Lane.STANDARD, job));

    List<String> out = new ArrayList<>();
    Optional<String> next = lanes.release(TENANT, "job-0");
    while (next.isPresent()) {
      out.add(next.get());
      next = lanes.release(TENANT, next.get());
    }

    assertThat(out).isEqualTo(waiting);
  }

  @Test
  void shouldGiveTheNextJobNothingWhenOneEndsThatIsNotOut() {
    fill(TENANT, Lane.STANDARD);
    lanes.admit(TENANT, Lane.STANDARD, "waiting");

    assertThat(lanes.release(TENANT, "waiting")).isEmpty();
    assertThat(lanes.release(TENANT, "never-seen")).isEmpty();
    assertThat(lanes.release(TENANT, "job-7")).contains("waiting");
    assertThat(lanes.release(TENANT, "job-7")).as("a second end of the same job").isEmpty();
  }

  @Test
  void shouldNotLetOneTenantOrLaneStandBeforeAnother() {
    fill(TENANT, Lane.BULK);
    lanes.admit(TENANT, Lane.BULK, "waiting");

    assertThat(lanes.admit(TENANT, Lane.INTERACTIVE, "urgent")).isTrue();
    assertThat(lanes.admit("tenant-b", Lane.BULK, "other")).isTrue();
    assertThat(lanes.release("tenant-b", "other")).as("takes no job of tenant-a").isEmpty();
    assertThat(lanes.release(TENANT, "urgent")).as("takes no job of another lane").isEmpty();
  }

  /** Any arrivals and ends, against a plain queue. */
  @Property(tries = 50)
  void shouldBehaveLikeAQueueWithSixtyFourPlaces(@ForAll long seed) {
    Random random = new Random(seed);
    LaneQueue queue = new LaneQueue(MemoryStore.open());
    Map<Lane, Model> models = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      Lane lane = random.nextBoolean() ? Lane.STANDARD : Lane.BULK;
      Model model = models.computeIfAbsent(lane, any -> new Model());
      if (random.nextInt(3) > 0 || model.out.isEmpty()) {
        String job = lane + "-" + step;
        assertThat(queue.admit(TENANT, lane, job)).isEqualTo(model.admit(job));
      } else {
        String job = List.copyOf(model.out).get(random.nextInt(model.out.size()));
        assertThat(queue.release(TENANT, job)).isEqualTo(model.release(job));
      }
      assertThat(model.out).hasSizeLessThanOrEqualTo(MAX_OUT);
    }
    models.values().forEach(m -> m.waiting.forEach(job -> assertIsOut(queue, job, false)));
    models.values().forEach(m -> m.out.forEach(job -> assertIsOut(queue, job, true)));
  }

  private static void assertIsOut(LaneQueue queue, String job, boolean expected) {
    assertThat(queue.isOut(TENANT, job)).as(job).isEqualTo(expected);
  }

  /** What a lane does, without a store. */
  private static final class Model {
    private final SequencedSet<String> out = new TreeSet<>();
    private final Deque<String> waiting = new ArrayDeque<>();

    boolean admit(String job) {
      return out.size() < MAX_OUT ? out.add(job) : !waiting.add(job);
    }

    Optional<String> release(String job) {
      out.remove(job);
      Optional<String> next = Optional.ofNullable(waiting.poll());
      next.ifPresent(out::add);
      return next;
    }
  }

  private void fill(String tenant, Lane lane) {
    IntStream.range(0, MAX_OUT).forEach(i -> lanes.admit(tenant, lane, "job-" + i));
  }
}
