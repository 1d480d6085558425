package com.credlink.ledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.intake.Digests;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RefusalsCounted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String ROUTE = "POST /webhooks/shopify";

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final List<RefusalsCounted> facts = new CopyOnWriteArrayList<>();
  private final Refusals refusals = refusals(facts, now);

  private static Refusals refusals(List<RefusalsCounted> facts, AtomicReference<Instant> now) {
    AtomicLong ids = new AtomicLong();
    return new Refusals(
        (LedgerEvent fact) -> facts.add((RefusalsCounted) fact),
        prefix -> Bytes.ofHex(Digests.sha256(prefix)),
        now::get,
        (Ids) () -> "id-" + ids.incrementAndGet());
  }

  @Test
  void shouldWriteTheFirstAtOnceAndTheOthersWhenTheMinuteIsOver() {
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");
    assertThat(facts).hasSize(1);
    for (int second = 10; second <= 50; second += 20) {
      now.set(NOW.plusSeconds(second));
      refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");
      refusals.tick();
    }
    assertThat(facts).hasSize(1);

    now.set(NOW.plusSeconds(60));
    refusals.tick();

    RefusalsCounted first = facts.getFirst();
    RefusalsCounted others = facts.getLast();
    assertThat(facts).hasSize(2);
    assertThat(first.count()).isEqualTo(1);
    assertThat(first.firstAt()).isEqualTo(NOW);
    assertThat(first.lastAt()).isEqualTo(NOW);
    assertThat(others.count()).isEqualTo(3);
    assertThat(others.firstAt()).isEqualTo(NOW.plusSeconds(10));
    assertThat(others.lastAt()).isEqualTo(NOW.plusSeconds(50));
    assertThat(others.header().occurredAt()).isEqualTo(NOW.plusSeconds(50));
    assertThat(others.header().recordedAt()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void shouldBeFactsOfThePlatformThatNameNobody() {
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");

    RefusalsCounted fact = facts.getFirst();
    // printf '\313\0\161' | openssl dgst -sha256, the first 16 digits: the prefix 203.0.113
    assertThat(fact.sourcePrefix()).isEqualTo("711a7959617e29ca");
    assertThat(fact.route()).isEqualTo(ROUTE);
    assertThat(fact.reason()).isEqualTo("bad_hmac");
    assertThat(fact.header().tenant()).isEqualTo(LedgerEvent.PLATFORM);
    assertThat(fact.header().actor())
        .isEqualTo(new Actor(ActorType.ANONYMOUS, fact.sourcePrefix()));
    assertThat(fact.toString()).doesNotContain("203.0.113");
  }

  @Test
  void shouldWriteNothingWhenNothingMoreWasRefused() {
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");
    now.set(NOW.plusSeconds(60));
    refusals.tick();
    now.set(NOW.plusSeconds(120));
    refusals.tick();
    refusals.flush();

    assertThat(facts).hasSize(1);
  }

  @Test
  void shouldBeginAnewWithEachMinute() {
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");
    now.set(NOW.plusSeconds(60));

    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");

    assertThat(facts).extracting(RefusalsCounted::count).containsExactly(1L, 1L);
  }

  @Test
  void shouldWriteWhatItCountedWhenItStops() {
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");

    refusals.flush();
    refusals.flush();

    assertThat(facts).extracting(RefusalsCounted::count).containsExactly(1L, 1L);
  }

  @Test
  void shouldCountEachRouteReasonAndSourceApart() {
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.113.7");
    refusals.refused("GET api", Problem.BAD_HMAC, "203.0.113.7");
    refusals.refused(ROUTE, Problem.MISSING_HMAC, "203.0.113.7");
    refusals.refused(ROUTE, Problem.BAD_HMAC, "203.0.114.7");

    assertThat(facts).hasSize(4).allMatch(fact -> fact.count() == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7,203.0.113.255,true",
    "203.0.113.7,203.0.114.7,false",
    "2001:db8:1::1,2001:db8:1:ffff::2,true",
    "2001:db8:1::1,2001:db8:2::1,false",
    "[2001:db8:1::1],2001:db8:1::1,true",
    "::ffff:203.0.113.7,203.0.113.8,true",
    "0:0:0:0:0:0:0:1,::1,true",
    "::1,127.0.0.1,false",
  })
  void shouldTakeNeighboursForOneSource(String one, String other, boolean same) {
    refusals.refused(ROUTE, Problem.BAD_HMAC, one);
    refusals.refused(ROUTE, Problem.BAD_HMAC, other);
    refusals.flush();

    assertThat(facts.getFirst().sourcePrefix().equals(facts.getLast().sourcePrefix()))
        .isEqualTo(same);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "[::1", "::1%nowhere", "1.2.3.4.5", "@unix", "300.0.0.1", "not an address"})
  void shouldCountASourceThatIsNoAddressAmongOthers(String address) {
    refusals.refused(ROUTE, Problem.BAD_HMAC, address);

    assertThat(facts).singleElement().returns("other", RefusalsCounted::sourcePrefix);
  }

  @Test
  void shouldCountUnderOneNameWhatExceedsItsBound() {
    for (int net = 0; net < 1000; net++) {
      refusals.refused(ROUTE, Problem.BAD_HMAC, "10.%d.%d.1".formatted(net / 256, net % 256));
    }
    assertThat(facts).hasSize(Refusals.MAX_KEYS + 1);
    assertThat(facts.getLast().route()).isEqualTo("other");
    assertThat(facts.getLast().reason()).isEqualTo("other");
    assertThat(facts.getLast().sourcePrefix()).isEqualTo("other");

    refusals.flush();

    assertThat(facts).hasSize(Refusals.MAX_KEYS + 2);
    assertThat(facts.getLast().count()).isEqualTo(899);
  }

  /** Whatever comes when: every refusal is in exactly one count, and a minute has few facts. */
  @Property(tries = 200)
  void shouldCountEveryRefusalOnce(@ForAll("storms") List<Step> storm) {
    AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    List<RefusalsCounted> written = new ArrayList<>();
    Refusals counting = refusals(written, clock);
    long refused = 0;
    for (Step step : storm) {
      clock.updateAndGet(at -> at.plus(step.after()));
      if (step.source() < 0) {
        counting.tick();
      } else {
        counting.refused(ROUTE, Problem.BAD_HMAC, "10.0.%d.1".formatted(step.source()));
        refused++;
      }
    }
    counting.flush();

    assertThat(written.stream().mapToLong(RefusalsCounted::count).sum()).isEqualTo(refused);
    assertThat(written)
        .allSatisfy(
            fact -> {
              assertThat(fact.count()).isPositive();
              assertThat(Duration.between(fact.firstAt(), fact.lastAt()))
                  .isBetween(Duration.ZERO, Duration.ofMinutes(1));
            });
    assertThat(written).extracting(fact -> fact.header().eventId()).doesNotHaveDuplicates();
  }

  /**
   * One step.
   *
   * @param after how long after the one before
   * @param source who is refused, or -1 for a look at the clock
   */
  record Step(Duration after, int source) {}

  @Provide
  Arbitrary<List<Step>> storms() {
    Arbitrary<Duration> after =
        Arbitraries.of(0, 0, 0, 1, 30_000, 59_999, 60_000, 300_000).map(Duration::ofMillis);
    return Combinators.combine(after, Arbitraries.integers().between(-1, 120))
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }

  @Test
  void shouldCountEveryRefusalOfManyThatComeAtOnce() throws Exception {
    int threads = 8;
    long each = 500;
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        done.add(
            pool.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < each; i++) {
                    refusals.refused(ROUTE, Problem.BAD_HMAC, "10.0.%d.1".formatted(i % 7));
                    now.updateAndGet(at -> at.plusMillis(50));
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : done) {
        one.get();
      }
    }

    refusals.flush();

    assertThat(facts.stream().mapToLong(RefusalsCounted::count).sum()).isEqualTo(threads * each);
  }
}
