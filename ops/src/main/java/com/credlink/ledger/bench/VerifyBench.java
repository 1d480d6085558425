package com.credlink.ledger.bench;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.EnvelopeCheck;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.verify.CheckpointKeys;
import com.credlink.ledger.verify.KafkaRecordLog;
import com.credlink.ledger.verify.Progress;
import com.credlink.ledger.verify.RecordCheck;
import com.credlink.ledger.verify.RecordLog.Records;
import com.credlink.ledger.worker.CheckpointSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All partitions of a log verified from Kafka, as {@code ledger verify} does it: envelopes, leaves,
 * roots and signatures of every stored checkpoint; against a plain consumer of the same records.
 */
final class VerifyBench implements Scenario {

  private static final int REQUESTS = 100_000;
  private static final int ROUNDS = 5;
  private static final double TARGET = 200_000;
  private static final Duration POLL = Duration.ofMillis(200);

  private final SecureRandom random = new SecureRandom();

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public void run(Report report) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      Path data = scratch.path().resolve("data");
      report.progress("verify: writing " + REQUESTS * BenchFacts.OF_A_REQUEST + " facts");
      fill(data);
      try (StoredLog log = StoredLog.in(data, random)) {
        report.progress("verify: " + ROUNDS + " pairs");
        Rounds.Ratio ratio = Rounds.of(ROUNDS, () -> verify(log), () -> consume(log));
        report.ratio("verify", "verified from Kafka : plain consumer (events/s)", ratio);
        report.atLeast("verify", "verified from Kafka, median", ratio.ours(), "events/s", TARGET);
      }
    }
  }

  private static void fill(Path data) throws Exception {
    try (NodeProcess node = NodeProcess.start(data);
        Producer producer = Producer.to(node)) {
      BenchFacts.append(producer.ledger(), new BenchFacts().lifecycles(REQUESTS));
      producer.awaitSigned((long) REQUESTS * BenchFacts.OF_A_REQUEST);
    }
  }

  private double verify(StoredLog log) {
    LogKeys keys = log.keys().orElseThrow();
    EventCatalogue catalogue = EventCatalogue.load();
    long start = System.nanoTime();
    long records = 0;
    for (int partition = 0; partition < log.partitions(); partition++) {
      try (KafkaRecordLog events = new KafkaRecordLog(log.connection(), Topics.EVENTS, partition);
          KafkaRecordLog checkpoints =
              new KafkaRecordLog(log.connection(), Topics.CHECKPOINTS, partition)) {
        LogOrigin origin = origin(checkpoints);
        List<VerifierKey> verifiers =
            CheckpointSigner.signers(origin.toString(), keys, random).stream()
                .map(NoteSigner::key)
                .toList();
        RecordCheck check =
            new RecordCheck(
                new EntryHasher(log.registry()),
                new EnvelopeCheck(catalogue, log.registry(), log.partitions()));
        records +=
            check
                .run(
                    new RecordCheck.Subject(
                        origin,
                        CheckpointKeys.of(verifiers),
                        events,
                        checkpoints,
                        Optional.empty(),
                        List.of()),
                    Optional.empty(),
                    (record, entry) -> {},
                    Progress.NONE)
                .size();
      }
    }
    return records * 1e9 / (System.nanoTime() - start);
  }

  private static LogOrigin origin(KafkaRecordLog checkpoints) {
    try (Records first = checkpoints.read(checkpoints.start(), checkpoints.start() + 1)) {
      return LogOrigin.parse(
          new String(first.next().key(), StandardCharsets.UTF_8), checkpoints.partition());
    }
  }

  private static double consume(StoredLog log) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            log.connection().with(Map.of("enable.auto.commit", "false")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, log.partitions())
              .mapToObj(partition -> new TopicPartition(Topics.EVENTS, partition))
              .toList();
      long start = System.nanoTime();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = consumer.endOffsets(all).values().stream().mapToLong(Long::longValue).sum();
      long records = 0;
      while (records < end) {
        records += consumer.poll(POLL).count();
      }
      return records * 1e9 / (System.nanoTime() - start);
    }
  }
}
