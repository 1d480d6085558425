package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.worker.CheckpointSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What must hold of the records and the checkpoints of a stopped node, worked out from the records
 * by the definition of RFC 6962 and without the product's trees.
 */
final class LogOracle {

  private final Map<Integer, List<byte[]>> leaves = new TreeMap<>();
  private final Map<Position, String> facts = new HashMap<>();
  private final Map<Integer, List<Checkpoint>> stored = new TreeMap<>();

  private LogOracle() {}

  /**
   * Reads the partitions that {@code intact} says of the node of {@code data}, and fails where a
   * stored checkpoint is not signed by both keys or not of the records.
   */
  static LogOracle of(Path data, IntPredicate intact) throws Exception {
    LogOracle oracle = new LogOracle();
    try (var log = StoredLog.in(data, new SecureRandom());
        var records = new LedgerReader(log.connection());
        var checkpoints =
            new LedgerReader(log.connection(), Topics.CHECKPOINTS, LedgerReader.PATIENCE)) {
      for (int partition = 0; partition < log.partitions(); partition++) {
        if (intact.test(partition)) {
          oracle.read(records, new EntryHasher(log.registry()), partition);
          oracle.shouldHaveSignedNothingElse(log, checkpoints, partition);
        }
      }
    }
    return oracle;
  }

  private void read(LedgerReader records, EntryHasher entries, int partition) {
    List<byte[]> of = new ArrayList<>();
    records.replay(
        partition,
        0,
        records.end(partition),
        record -> {
          of.add(sha256(new byte[] {0}, entries.entry(record.key(), record.value())));
          facts.put(record.position(), id(record));
        });
    leaves.put(partition, of);
  }

  private static String id(LogRecord record) {
    return record.headers().stream()
        .filter(header -> header.name().equals("ce_id"))
        .map(header -> new String(header.value().toArray(), StandardCharsets.UTF_8))
        .findFirst()
        .orElseThrow();
  }

  private void shouldHaveSignedNothingElse(StoredLog log, LedgerReader checkpoints, int partition) {
    List<Checkpoint> heads = new ArrayList<>();
    checkpoints.replay(
        partition,
        0,
        checkpoints.end(partition),
        record -> {
          SignedNote note = SignedNote.parse(record.value());
          Checkpoint head = Checkpoint.parse(note.text());
          assertThat(note.verify(keys(log, head.origin()))).hasSize(2);
          heads.add(head);
        });
    stored.put(partition, heads);
    heads.forEach(head -> shouldBeOfTheRecords(partition, head));
    assertThat(heads).extracting(Checkpoint::size).isSorted();
  }

  private static List<VerifierKey> keys(StoredLog log, String origin) {
    return CheckpointSigner.signers(origin, log.keys().orElseThrow(), new SecureRandom()).stream()
        .map(NoteSigner::key)
        .toList();
  }

  /** A head that somebody has seen. */
  void shouldBeOfTheRecords(int partition, Checkpoint head) {
    assertThat(LogOrigin.parse(head.origin(), partition).generation()).isEqualTo(1);
    List<byte[]> all = leaves.get(partition);
    assertThat(all.size()).as("records under " + head).isGreaterThanOrEqualTo((int) head.size());
    assertThat(head.root().base64())
        .as("root of the first %d records of partition %d", head.size(), partition)
        .isEqualTo(Base64.getEncoder().encodeToString(root(all.subList(0, (int) head.size()))));
  }

  /** Whether the record that was acknowledged stands where the answer said. */
  void shouldHave(Position position, String eventId) {
    assertThat(facts).as("what was acknowledged").containsEntry(position, eventId);
  }

  /** Checkpoints that were stored of the partitions that were read. */
  long checkpoints() {
    return stored.values().stream().mapToLong(List::size).sum();
  }

  /** Records in a partition. */
  int records(int partition) {
    return leaves.get(partition).size();
  }

  private static byte[] root(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return sha256();
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int left = Integer.highestOneBit(leaves.size() - 1);
    return sha256(
        new byte[] {1}, root(leaves.subList(0, left)), root(leaves.subList(left, leaves.size())));
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
