package com.credlink.ledger.worker;

import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.queue.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * Takes jobs from the lanes as a member of a share group and works them off. A job is accepted only
 * after its outcome is durable in the log; a job that is not accepted comes back when its lock
 * ends, and the fold makes a second outcome harmless.
 */
public final class SignerWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SignerWorker.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Few enough that a batch is done well inside the lock of 30 s, even when each image is slow. */
  private static final int MAX_POLL_RECORDS = 64;

  private static final int FETCH_MAX_WAIT_MS = 100;

  private final JobReader reader;
  private final Map<Class<? extends Job>, JobHandler> handlers;
  private final KafkaShareConsumer<byte[], byte[]> consumer;
  private final ExecutorService jobs = Executors.newVirtualThreadPerTaskExecutor();
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
  @FunctionalInterface
  public interface JobHandler {
    /** Returns when the outcome is durable; throws when it is not, and the job is to come back. */
    void work(Job job) throws OutcomeNotDurableException;
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
   * @param died told once, if the worker can no longer work
   */
  public SignerWorker(
      KafkaConnection connection,
      String name,
      JobReader reader,
      Map<Class<? extends Job>, JobHandler> handlers,
      Consumer<Throwable> died) {
    this.reader = reader;
    this.handlers = Map.copyOf(handlers);
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
      consumer.subscribe(List.of(Topics.JOBS_INTERACTIVE, Topics.JOBS_STANDARD, Topics.JOBS_BULK));
      while (!pause.stopped()) {
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
        if (!batch.isEmpty()) {
          workOff(batch);
        }
      }
    } catch (WakeupException closing) {
      LOG.debug("Signer stopped");
    } catch (RuntimeException e) {
      died.accept(e); // its jobs come back to the others
    }
  }

  private void workOff(ConsumerRecords<byte[], byte[]> batch) {
    List<Future<?>> working = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> message : batch) {
      working.add(jobs.submit(() -> work(message), null));
    }
    int at = 0;
    boolean outage = false;
    for (ConsumerRecord<byte[], byte[]> message : batch) {
      boolean durable = isDurable(working.get(at++));
      consumer.acknowledge(message, durable ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
      outage |= !durable;
    }
    consumer.commitSync();
    if (outage) {
      pause.backOff();
    }
  }

  private void work(ConsumerRecord<byte[], byte[]> message) {
    Job job = reader.read(message.value());
    JobHandler handler = handlers.get(job.getClass());
    while (true) {
      try {
        handler.work(job);
        return;
      } catch (OutcomeNotDurableException e) {
        if (e.getCause() instanceof AppendException.LogFaulty) {
          // In vain until the log was mended or sealed; jobs of other partitions must not wait.
          throw new IllegalStateException(e);
        }
        LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Outcome not durable; trying again");
        pause.backOff();
        if (pause.stopped()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static boolean isDurable(Future<?> work) {
    try {
      work.get();
      return true;
    } catch (ExecutionException e) {
      LOG.atError().setCause(e.getCause()).log("A job was not worked off");
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    pause.stop();
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    jobs.close();
  }
}
