package com.credlink.ledger.verify;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.KeyCreated;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.NodeStarted;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.TokenCreated;
import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.merkle.Frontier;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.LocalNoteSigner;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.verify.RecordLog.Records;
import com.credlink.ledger.wire.EventSerde;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A log that a real broker holds, with the checkpoints that were signed while it grew. */
final class RealLog implements AutoCloseable {

  static final String LEDGER = "ledger.example";

  final EventCatalogue catalogue = EventCatalogue.load();
  final Schemas schemas = new Schemas();
  final EventSerde serde = new EventSerde(catalogue, schemas, Topics.EVENTS);
  private final KafkaNode broker;
  private final KafkaConnection connection;
  private final NoteSigner mlDsa;
  private final Random random;
  private final Ids ids;

  private RealLog(KafkaNode broker, long seed) throws GeneralSecurityException {
    this.broker = broker;
    this.connection = KafkaConnection.plain(broker.bootstrap());
    this.random = new Random(seed);
    this.ids = Ids.uuidV7(() -> Instant.EPOCH, random);
    this.mlDsa =
        LocalNoteSigner.mlDsa44(
            origin(),
            KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair(),
            new SecureRandom());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
    }
  }

  /** A broker with {@code count} facts in its only partition. */
  static RealLog of(Path directory, int count, long seed) throws GeneralSecurityException {
    KafkaNode broker = KafkaNode.start(KafkaNode.Settings.in(directory).withPartitions(1));
    RealLog log = new RealLog(broker, seed);
    log.append(count);
    return log;
  }

  static String origin() {
    return LEDGER + "/0";
  }

  List<NoteSigner> signers() {
    return List.of(LocalNoteSigner.ed25519(origin(), TestKeys.ed25519("02".repeat(32))), mlDsa);
  }

  List<VerifierKey> keys() {
    return signers().stream().map(NoteSigner::key).toList();
  }

  void append(int count) {
    try (Ledger ledger =
        new Ledger(LedgerConfig.of(connection, broker.topics()), serde::serialize)) {
      for (int i = 0; i < count; i++) {
        var _ = ledger.append(event());
      }
    }
  }

  /** Signs the tree at some of the sizes that it had, and at its end. */
  void sign(List<LogRecord> records, EntryHasher hasher) {
    try (CheckpointLog checkpoints = CheckpointLog.open(connection)) {
      Frontier tree = new Frontier();
      for (LogRecord record : records) {
        tree.appendEntry(hasher.entry(record.key(), record.value()));
        if (random.nextInt(20) == 0 || tree.size() == records.size()) {
          checkpoints.append(0, signed(tree));
        }
      }
    }
  }

  SignedNote signed(Frontier tree) {
    return new Checkpoint(origin(), tree.size(), tree.root()).sign(Instant.EPOCH, signers());
  }

  KafkaRecordLog topic(String name) {
    return new KafkaRecordLog(connection, name, 0);
  }

  List<LogRecord> records(String topic) {
    List<LogRecord> all = new ArrayList<>();
    try (KafkaRecordLog log = topic(topic);
        Records records = log.read(0, log.end())) {
      while (records.hasNext()) {
        all.add(records.next());
      }
    }
    return all;
  }

  private LedgerEvent event() {
    String id = ids.next();
    Instant at =
        Instant.ofEpochSecond(
            1_700_000_000L + random.nextInt(1 << 28), random.nextInt(1_000_000) * 1000L);
    EventHeader header =
        new EventHeader(
            id,
            "tenant%020d".formatted(random.nextInt(5)),
            at,
            at.plusMillis(random.nextInt(1_000)),
            new Actor(ActorType.SYSTEM, "node-1"),
            random.nextBoolean() ? "gateway" : "clerk",
            id,
            Optional.empty(),
            random.nextBoolean() ? Optional.of("00-" + id + "-01") : Optional.empty());
    return switch (random.nextInt(3)) {
      case 0 -> new NodeStarted(header, "node-1", "1.0", List.of("api"), "process");
      case 1 -> new TokenCreated(header, id, "merchant", Optional.of("t"), Optional.empty());
      default ->
          new KeyCreated(
              header,
              id,
              SignatureAlgorithm.ES256,
              "assets",
              Bytes.wrap(new byte[random.nextInt(40)]));
    };
  }

  @Override
  public void close() {
    broker.close();
  }
}
