package com.credlink.ledger.node;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics.Topic;
import com.credlink.ledger.registry.RegistryRecord;
import com.credlink.ledger.registry.RegistryRecordFormat;
import com.credlink.ledger.registry.RegistryRules;
import com.credlink.ledger.registry.RegistryRules.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of the registry, kept in Kafka. A command is decided on the state, its records are
 * written, and the answer waits until the one reader has replayed them: so the state has one
 * source, and who was answered sees its own write.
 *
 * <p>One process at a time may write the topic; a real registry elects a leader, this one does not.
 */
final class SchemasLog implements AutoCloseable {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(SchemasLog.class);

  private final TopicPartition partition;
  private final Duration deadline;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RegistryRecordFormat format = new RegistryRecordFormat();
  private final Thread reader;

  /** One command at a time, from its decision to its replay. */
  private final ReentrantLock commands = new ReentrantLock();

  /** Guards the rules and the position. */
  private final ReentrantLock state = new ReentrantLock();

  private final Condition replayed = state.newCondition();
  private final RegistryRules rules = new RegistryRules();
  private long position;

  /** A write whose fate is unknown: nothing is decided before the log has been read to its end. */
  private boolean uncertain;

  private volatile boolean closed;

  /** The topic could not be written or read back in time. */
  static final class StoreException extends Exception {
    private final boolean timeout;

    StoreException(String message, boolean timeout, Throwable cause) {
      super(message, cause);
      this.timeout = timeout;
    }

    /** Whether time ran out, so that the write may still take effect. */
    boolean timeout() {
      return timeout;
    }
  }

  private SchemasLog(String bootstrap, Topic topic, Duration deadline) {
    KafkaConnection connection = KafkaConnection.plain(bootstrap);
    this.partition = new TopicPartition(topic.name(), 0);
    this.deadline = deadline;
    String millis = Long.toString(deadline.toMillis());
    this.producer =
        new KafkaProducer<>(
            connection.with(
                Map.of(
                    "client.id",
                    "schema-registry-writer",
                    "acks",
                    "all",
                    "enable.idempotence",
                    "true",
                    "delivery.timeout.ms",
                    millis,
                    "request.timeout.ms",
                    millis,
                    "max.block.ms",
                    millis,
                    "linger.ms",
                    "0")),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(
            connection.with(
                Map.of(
                    "client.id",
                    "schema-registry-reader",
                    "enable.auto.commit",
                    "false",
                    // A real registry writes without transactions, and so do we.
                    "isolation.level",
                    "read_uncommitted",
                    "auto.offset.reset",
                    "earliest",
                    "allow.auto.create.topics",
                    "false")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.reader = Thread.ofPlatform().daemon().name("schemas-log-reader").unstarted(this::read);
  }

  /**
   * Opens the log, making the topic if it is missing, and replays it to its end.
   *
   * @param deadline how long a command may take until it is in the topic and read back.
   * @throws KafkaException if the broker does not answer.
   */
  static SchemasLog open(String bootstrap, Topic topic, Duration deadline) {
    create(bootstrap, topic);
    SchemasLog log = new SchemasLog(bootstrap, topic, deadline);
    try {
      log.replayAll();
      log.reader.start();
      return log;
    } catch (RuntimeException e) {
      log.producer.close(Duration.ZERO);
      log.consumer.close();
      throw e;
    }
  }

  /** What {@code question} finds in the state. */
  <A> A ask(Function<RegistryRules, A> question) {
    state.lock();
    try {
      return question.apply(rules);
    } finally {
      state.unlock();
    }
  }

  /**
   * Decides, writes, waits for the replay, answers.
   *
   * @throws StoreException if the records could not be written or were not read back in time.
   */
  <A> A change(Function<RegistryRules, Decision<A>> command) throws StoreException {
    long end = System.nanoTime() + deadline.toNanos();
    commands.lock();
    try {
      if (uncertain) {
        write(List.of(new RegistryRecord.Noop()), end);
        uncertain = false;
      }
      Decision<A> decision = ask(command);
      if (!decision.records().isEmpty()) {
        uncertain = true;
        write(decision.records(), end);
        uncertain = false;
      }
      return decision.answer();
    } finally {
      commands.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      reader.join(CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE);
  }

  private void write(List<RegistryRecord> records, long end) throws StoreException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (RegistryRecord record : records) {
        RegistryRecordFormat.Entry entry = format.write(record);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    entry.key().toArray(),
                    entry.value().map(Bytes::toArray).orElse(null))));
      }
      for (Future<RecordMetadata> each : sent) {
        long offset = each.get(end - System.nanoTime(), TimeUnit.NANOSECONDS).offset();
        awaitReplay(offset, end);
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while writing " + partition.topic(), true, e);
    } catch (TimeoutException e) {
      throw new StoreException(
          "'" + partition.topic() + "' was not written within " + deadline, true, e);
    } catch (ExecutionException | KafkaException e) {
      throw new StoreException("'" + partition.topic() + "' could not be written", false, e);
    }
  }

  private void awaitReplay(long offset, long end) throws InterruptedException, TimeoutException {
    state.lock();
    try {
      while (position <= offset) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          throw new TimeoutException("offset " + offset + " was not read back");
        }
        replayed.awaitNanos(left);
      }
    } finally {
      state.unlock();
    }
  }

  private static void create(String bootstrap, Topic topic) {
    try (Admin admin = Admin.create(KafkaConnection.plain(bootstrap).with(Map.of()))) {
      NewTopic wanted =
          new NewTopic(topic.name(), topic.partitions(), topic.replication())
              .configs(topic.settings());
      if (admin.listTopics().names().get().contains(topic.name())) {
        return;
      }
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("cannot make the topic '" + topic.name() + "'", e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private void replayAll() {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (position < end) {
      replay(consumer.poll(POLL));
    }
  }

  private void read() {
    try (consumer) {
      while (!closed) {
        try {
          replay(consumer.poll(POLL));
        } catch (WakeupException e) {
          // Closing.
        } catch (KafkaException e) {
          if (!closed) {
            LOG.atWarn()
                .setMessage("The registry's log could not be read and is tried again")
                .addKeyValue("topic", partition.topic())
                .addKeyValue("reason", e.getMessage())
                .log();
            pause();
          }
        }
      }
    }
  }

  private void replay(ConsumerRecords<byte[], byte[]> records) {
    state.lock();
    try {
      for (ConsumerRecord<byte[], byte[]> each : records) {
        if (each.key() != null) {
          RegistryRecord record = format.read(each.key(), Optional.ofNullable(each.value()));
          if (record instanceof RegistryRecord.Foreign foreign) {
            LOG.atDebug()
                .setMessage("A record of another registry is left alone")
                .addKeyValue("offset", each.offset())
                .addKeyValue("keytype", foreign.keyType())
                .log();
          }
          rules.replay(record);
        }
      }
      // Not the last record's offset: what is compacted away or a marker is passed, too.
      position = consumer.position(partition);
      replayed.signalAll();
    } finally {
      state.unlock();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_ERROR);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
