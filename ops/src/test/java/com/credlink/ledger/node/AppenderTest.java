package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.NodeStopped;
import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.sign.Receipt;
import com.credlink.ledger.sign.Receipts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several events that are taken or refused together. */
class AppenderTest {

  private static final String HUGE = "huge";
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final Signer KEY = Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]);
  private static final Receipts RECEIPTS = new Receipts("a.ledger", KEY, type -> new byte[32]);

  @TempDir private Path directory;

  @Test
  void shouldSayWhereEachIsAndNameWhatIsWrittenWhenOneIsRefused() {
    try (KafkaNode broker = KafkaNode.start(KafkaNode.Settings.in(directory));
        Ledger ledger = new Ledger(config(broker), AppenderTest::encode)) {
      Appender appender = new Appender(ledger, RECEIPTS);
      List<LedgerEvent> doubtful = new ArrayList<>();
      List<LedgerEvent> good = List.of(event("a"), event("b"));
      List<LedgerEvent> mixed = List.of(event("c"), event(HUGE), event("d"));

      List<Appender.Accepted> written = appender.appendAll(good, doubtful::add);

      assertThat(written)
          .extracting(Appender.Accepted::position)
          .extracting(Position::offset)
          .containsExactly(0L, 1L);
      for (Appender.Accepted one : written) {
        Receipt receipt = Receipt.verify(one.receipt().orElseThrow(), List.of(KEY));
        assertThat(receipt.position()).isEqualTo(one.position());
        assertThat(receipt.eventId()).isEqualTo(good.get((int) one.position().offset()).eventId());
      }
      assertThat(doubtful).isEmpty();
      assertThatThrownBy(() -> appender.appendAll(mixed, doubtful::add))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refused -> assertThat(refused.problem()).isEqualTo(Problem.TOO_LARGE));
      assertThat(doubtful).extracting(LedgerEvent::eventId).containsExactly("c");
    }
  }

  @Test
  void shouldNotTryTheNextOnesWhenTheLogCannotBeReached() {
    AtomicInteger tried = new AtomicInteger();
    LedgerConfig nobody =
        LedgerConfig.of(KafkaConnection.plain("localhost:1"), Topics.embedded())
            .withDeadline(DEADLINE);
    try (Ledger ledger =
        new Ledger(
            nobody,
            event -> {
              tried.incrementAndGet();
              return encode(event);
            })) {
      List<LedgerEvent> doubtful = new ArrayList<>();
      List<LedgerEvent> events = List.of(event("a"), event("b"), event("c"));

      assertThatThrownBy(() -> new Appender(ledger, RECEIPTS).appendAll(events, doubtful::add))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refused -> assertThat(refused.problem()).isEqualTo(Problem.LOG_UNAVAILABLE));
      assertThat(tried).hasValue(1);
      assertThat(doubtful).isEmpty();
    }
  }

  private static LedgerConfig config(KafkaNode broker) {
    KafkaConnection connection = KafkaConnection.plain(broker.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
    }
    return LedgerConfig.of(connection, broker.topics());
  }

  private static byte[] encode(LedgerEvent event) {
    return event.eventId().equals(HUGE)
        ? new byte[Ledger.MAX_VALUE_BYTES + 1]
        : event.eventId().getBytes(StandardCharsets.UTF_8);
  }

  private static LedgerEvent event(String id) {
    Instant now = Instant.parse("2026-11-23T09:00:00Z");
    return new NodeStopped(
        new EventHeader(
            id,
            LedgerEvent.PLATFORM,
            now,
            now,
            new Actor(ActorType.SYSTEM, "node"),
            "node",
            id,
            Optional.empty(),
            Optional.empty()),
        "node-1");
  }
}
