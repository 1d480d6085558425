package com.credlink.ledger.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningExpired;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.signing.Backend;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.wire.WireFormat;
import com.credlink.ledger.worker.SignerWorker.JobHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers on a real share group. */
class SignerWorkerTest {

  /** The shortest that the broker admits. */
  private static final Duration LOCK = Duration.ofSeconds(15);

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Instant NOW = Instant.parse("2026-11-27T04:00:00Z");

  @TempDir private Path directory;

  private KafkaNode broker;
  private KafkaConnection connection;
  private Admin admin;
  private final Breakers breakers = new Breakers(System::nanoTime);
  private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws Exception {
    broker = KafkaNode.start(KafkaNode.Settings.in(directory).withPartitions(1));
    connection = KafkaConnection.plain(broker.bootstrap());
    admin = Admin.create(connection.with(Map.of()));
    try (var topics = new TopicAdmin(connection)) {
      topics.create(broker.topics());
    }
    var group = new ConfigResource(ConfigResource.Type.GROUP, Topics.SIGNERS);
    var lock = new ConfigEntry("share.record.lock.duration.ms", Long.toString(LOCK.toMillis()));
    admin
        .incrementalAlterConfigs(
            Map.of(group, List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  @AfterEach
  void stop() {
    admin.close();
    broker.close();
  }

  /** Both workers would have had it a second time when its lock had ended. */
  @Test
  void shouldRenewTheLockOfAJobThatTakesLonger() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    JobHandler slow =
        handler(
            job -> {
              join(end);
              return done(job);
            });
    try (var hand1 = new JobsInHand();
        var hand2 = new JobsInHand();
        var _ = worker("one", slow, hand1);
        var _ = worker("two", slow, hand2)) {
      send("slow");
      await().atMost(PATIENCE).until(() -> !begun.isEmpty());
      await("past its lock, still with the first")
          .during(LOCK.plusSeconds(4))
          .atMost(LOCK.plusSeconds(6))
          .until(() -> begun.size() == 1);
      end.countDown();
      send("quick");
      await().atMost(PATIENCE).until(() -> begun.size() == 2);
      assertThat(begun).containsExactly("slow", "quick");
    }
    expectNothingLeft();
  }

  @Test
  void shouldRejectWhatIsNoJobAndGoOn() throws Exception {
    try (var hand = new JobsInHand();
        var _ = worker("one", handler(SignerWorkerTest::done), hand)) {
      send("none");
      send("good");
      await().atMost(PATIENCE).until(() -> begun.size() == 1);
      assertThat(begun).containsExactly("good");
    }
    expectNothingLeft();
  }

  /** Jobs that come while the keys are away cost nothing, and are done when they are back. */
  @Test
  void shouldTakeNoAttemptsWhileABackendIsDown() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    JobHandler keys = handler(job -> back.getCount() == 0 ? done(job) : failed(job));
    try (var hand = new JobsInHand();
        var _ = worker("one", keys, hand)) {
      for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
        send("failing " + i);
      }
      await().atMost(PATIENCE).until(() -> breakers.of(Backend.KEYS).holds());
      for (int i = 0; i < 20; i++) {
        send("waiting " + i);
      }
      // Probes at 1 s and 3 s: two attempts of twenty.
      await("probes").atMost(PATIENCE).until(() -> begun.size() >= 5);
      assertThat(begun).hasSizeLessThanOrEqualTo(6);
      back.countDown();
      await("all").atMost(PATIENCE).until(() -> begun.size() == 23);
      assertThat(begun).doesNotHaveDuplicates();
    }
    expectNothingLeft();
  }

  private SignerWorker worker(String name, JobHandler handler, JobsInHand inHand) {
    return new SignerWorker(
        connection,
        name,
        Lane.INTERACTIVE,
        SignerWorkerTest::read,
        Map.of(SignJob.class, handler),
        breakers,
        inHand,
        died -> {
          throw new AssertionError(died);
        });
  }

  private static Job read(byte[] value) {
    String text = new String(value, StandardCharsets.UTF_8);
    if (text.equals("none")) {
      WireFormat.requireSchemaId(value);
    }
    return new SignJob(
        "tenant",
        text,
        1,
        "",
        List.of(),
        List.of(),
        NOW,
        "c",
        "c",
        "m",
        "i",
        NOW,
        false,
        "e",
        Optional.empty());
  }

  private JobHandler handler(Function<SignJob, LedgerEvent> work) {
    return new JobHandler() {
      @Override
      public LedgerEvent work(Job job) {
        begun.add(((SignJob) job).requestId());
        return work.apply((SignJob) job);
      }

      @Override
      public Backend backend() {
        return Backend.KEYS;
      }
    };
  }

  private static LedgerEvent done(SignJob job) {
    return new SigningExpired(header(), job.requestId());
  }

  private static LedgerEvent failed(SignJob job) {
    return new SigningAttemptFailed(
        header(), job.requestId(), 1, "key_store_unavailable", "away", true, Optional.of(NOW));
  }

  private static EventHeader header() {
    return new EventHeader(
        "id",
        "tenant",
        NOW,
        NOW,
        new Actor(ActorType.SYSTEM, "test"),
        "test",
        "c",
        Optional.empty(),
        Optional.empty());
  }

  private void send(String job) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
      byte[] value = job.getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(Topics.JOBS_INTERACTIVE, value)).get();
    }
  }

  /** What was neither accepted nor rejected comes to the next worker before what is sent now. */
  private void expectNothingLeft() throws Exception {
    begun.clear();
    send("last");
    try (var hand = new JobsInHand();
        var _ = worker("next", handler(SignerWorkerTest::done), hand)) {
      await().atMost(PATIENCE).until(() -> begun.contains("last"));
      assertThat(begun).containsExactly("last");
    }
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
