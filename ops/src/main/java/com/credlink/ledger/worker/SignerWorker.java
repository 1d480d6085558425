package com.credlink.ledger.worker;

import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.signing.Backend;
import com.credlink.ledger.queue.Job;
import com.credlink.ledger.topology.streams.Lanes;
import com.credlink.ledger.wire.WireException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs from one lane as a member of the share group and works them off. A job is accepted
 * only after its outcome is durable in the log. While it takes longer its lock is renewed, each
 * time at half of it; a job whose outcome the log does not take comes back, and the fold makes a
 * second outcome harmless.
 */
public final class SignerWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SignerWorker.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Few enough that a batch is done well inside the lock of 30 s, even when each image is slow. */
  private static final int MAX_POLL_RECORDS = 64;

  private static final int FETCH_MAX_WAIT_MS = 100;

  /** Kafka's own default, until the broker has said how long the lock is. */
  private static final Duration DEFAULT_LOCK = Duration.ofSeconds(30);

  private final String topic;
  private final JobReader reader;
  private final Map<Class<? extends Job>, JobHandler> handlers;
  private final Breakers breakers;
  private final KafkaShareConsumer<byte[], byte[]> consumer;
  private final JobsInHand inHand;
  private final Pause pause = new Pause();
  private final Consumer<Throwable> died;
  private final Thread thread;

  /** Reads a job from a record's value. */
  @FunctionalInterface
  public interface JobReader {
    /** The job, or an exception if the bytes are none. */
    Job read(byte[] value);
  }

  /** Works off one kind of job. */
  public interface JobHandler {
    /**
     * Returns the outcome when it is durable; throws when it is not, and the job is to come back.
     */
    LedgerEvent work(Job job) throws OutcomeNotDurableException;

    /** What the work depends on besides the log. */
    Backend backend();
  }

  /** The log did not take an outcome; the job stays unaccepted. */
  public static final class OutcomeNotDurableException extends Exception {
    /** For the fact that could not be written. */
    public OutcomeNotDurableException(LedgerEvent outcome, Throwable cause) {
      super("The log did not take " + outcome.type(), cause);
    }
  }

  /**
   * Starts a worker.
   *
   * @param lane the lane that it serves
   * @param breakers shared with the other workers of the process
   * @param inHand the same
   * @param died told once, if the worker can no longer work
   */
  SignerWorker(
      KafkaConnection connection,
      String name,
      Lane lane,
      JobReader reader,
      Map<Class<? extends Job>, JobHandler> handlers,
      Breakers breakers,
      JobsInHand inHand,
      Consumer<Throwable> died) {
    this.topic = Lanes.topic(lane);
    this.reader = reader;
    this.handlers = Map.copyOf(handlers);
    this.breakers = breakers;
    this.inHand = inHand;
    this.died = died;
    this.consumer =
        new KafkaShareConsumer<>(
            connection.with(
                Map.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    Topics.SIGNERS,
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    name,
                    ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                    "explicit",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    "false",
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    Integer.toString(MAX_POLL_RECORDS),
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    Integer.toString(FETCH_MAX_WAIT_MS))),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().name(name).start(this::run);
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(topic));
      while (!pause.stopped()) {
        if (mayPoll()) {
          ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
          if (!batch.isEmpty()) {
            workOff(batch);
          }
        }
      }
    } catch (WakeupException | InterruptedException closing) {
      LOG.debug("Signer stopped");
    } catch (RuntimeException e) {
      died.accept(e); // its jobs come back to the others
    }
  }

  /**
   * While a backend is down no more jobs are taken than the broker has given. Who waits stays a
   * member of the group: the consumer's own thread sees to that.
   */
  private boolean mayPoll() {
    boolean open =
        handlers.values().stream().map(JobHandler::backend).anyMatch(b -> breakers.of(b).holds());
    if (open) {
      pause.backOff();
    }
    return !open;
  }

  private void workOff(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
    Map<ConsumerRecord<byte[], byte[]>, Future<?>> working = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> message : batch) {
      begin(message).ifPresent(job -> working.put(message, job));
    }
    await(working.values(), lock().dividedBy(2));
    for (ConsumerRecord<byte[], byte[]> message : batch) {
      consumer.acknowledge(message, acknowledgement(working.get(message)));
    }
    consumer.commitSync();
    if (working.values().stream().anyMatch(job -> job.state() == State.FAILED)) {
      pause.backOff();
    }
  }

  /** Begins a job; nothing if the bytes are none, which no repetition would change. */
  private Optional<Future<?>> begin(ConsumerRecord<byte[], byte[]> message) {
    try {
      Job job = reader.read(message.value());
      return Optional.of(inHand.begin(job.name(), () -> work(job)));
    } catch (WireException e) {
      LOG.atError()
          .addKeyValue("partition", message.partition())
          .addKeyValue("offset", message.offset())
          .setCause(e)
          .log("Not a job");
      return Optional.empty();
    }
  }

  private static void await(Collection<Future<?>> working, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (Future<?> job : working) {
      try {
        job.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException underWay) {
        return;
      } catch (ExecutionException notDurable) {
        LOG.trace("Said where it happened", notDurable);
      }
    }
  }

  private Duration lock() {
    return consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(DEFAULT_LOCK);
  }

  private static AcknowledgeType acknowledgement(Future<?> job) {
    if (job == null) {
      return AcknowledgeType.REJECT;
    }
    return switch (job.state()) {
      case SUCCESS -> AcknowledgeType.ACCEPT;
      case RUNNING -> AcknowledgeType.RENEW;
      case FAILED, CANCELLED -> AcknowledgeType.RELEASE;
    };
  }

  private void work(Job job) {
    JobHandler handler = handlers.get(job.getClass());
    try {
      while (!worked(handler, job)) {
        pause.backOff();
        if (pause.stopped()) {
          throw new InterruptedException("The worker is stopping");
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("The job comes back", e);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("job", job.name()).setCause(e).log("A job was not worked off");
      throw e;
    }
  }

  private boolean worked(JobHandler handler, Job job) throws InterruptedException {
    try {
      breakers.guard(handler.backend(), () -> handler.work(job));
      return true;
    } catch (OutcomeNotDurableException e) {
      if (e.getCause() instanceof AppendException.LogFaulty) {
        // In vain until the log was mended or sealed; jobs of other partitions must not wait.
        throw new IllegalStateException(e);
      }
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Outcome not durable; trying again");
      return false;
    }
  }

  /** To be called after the breakers were given up, so that no job waits for one. */
  @Override
  public void close() {
    pause.stop();
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
