package com.credlink.ledger.worker;

import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.keys.PrivateFile;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each key has signed, by the log: every signature of an {@link AssetSigned}, counted
 * where it stands. How far the log was read is kept in a file together with the counts, so that a
 * restart counts on; without the file the log is read from its beginning, with the same result. For
 * one thread.
 */
final class KeyUses {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaConnection connection;
  private final EventSerde serde;
  private final Path file;
  private final Map<Integer, Long> read = new TreeMap<>();
  private final Map<String, Long> counts = new HashMap<>();

  /** Counts that were made before, if {@code file} has any. */
  KeyUses(KafkaConnection connection, EventSerde serde, Path file) {
    this.connection = connection;
    this.serde = serde;
    this.file = file;
    load();
  }

  /** Reads on to the end of the log, and gives the signatures of each key by its id. */
  Map<String, Long> counted() {
    boolean more = false;
    try (LedgerReader reader = new LedgerReader(connection)) {
      for (int partition = 0; partition < reader.partitions(); partition++) {
        long from = Math.max(read.getOrDefault(partition, 0L), reader.start(partition));
        long end = reader.end(partition);
        if (from < end) {
          reader.replay(partition, from, end, this::count);
          read.put(partition, end);
          more = true;
        }
      }
    }
    if (more) {
      save();
    }
    return Map.copyOf(counts);
  }

  private void count(LogRecord record) {
    if (serde.deserialize(record.value()) instanceof StoredEvent.Known known
        && known.event() instanceof AssetSigned signed) {
      for (Signature signature : signed.signatures()) {
        counts.merge(signature.keyId(), 1L, Long::sum);
      }
    }
  }

  private void load() {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      for (var offset : root.path("read").properties()) {
        read.put(Integer.valueOf(offset.getKey()), offset.getValue().asLong());
      }
      for (var count : root.path("signatures").properties()) {
        counts.put(count.getKey(), count.getValue().asLong());
      }
    } catch (NoSuchFileException none) {
      read.clear();
    } catch (IOException | NumberFormatException damaged) {
      read.clear();
      counts.clear();
    }
  }

  private void save() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode offsets = root.putObject("read");
    read.forEach((partition, offset) -> offsets.put(partition.toString(), offset));
    ObjectNode signatures = root.putObject("signatures");
    new TreeMap<>(counts).forEach(signatures::put);
    try {
      PrivateFile.replace(file, root.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write '" + file + "'", e);
    }
  }
}
