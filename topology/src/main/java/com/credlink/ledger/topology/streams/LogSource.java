package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.wire.EventSerde;
import java.util.function.Consumer;

/** Reads a part of the log again, for a store that has lost what it knew. */
@FunctionalInterface
public interface LogSource {

  /**
   * Hands on every record of {@code partition} from {@code from} up to, not including, {@code to}.
   */
  void replay(int partition, long from, long to, Consumer<LogEntry> handler);

  /** The log behind {@code connection}, decoded with {@code serde}. */
  static LogSource of(KafkaConnection connection, EventSerde serde) {
    return (partition, from, to, handler) -> {
      try (LedgerReader reader = new LedgerReader(connection)) {
        reader.replay(
            partition,
            from,
            to,
            record ->
                handler.accept(
                    new LogEntry(
                        record.position(),
                        record.key(),
                        record.timestamp(),
                        LogValue.read(serde, record.value()))));
      }
    };
  }
}
