package com.credlink.ledger.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Position;
import java.util.ArrayList;
import java.util.List;

/** What stands in a node's log, past its API and its projections. */
final class RawLog implements AutoCloseable {

  private final LedgerReader reader;

  private RawLog(LedgerReader reader) {
    this.reader = reader;
  }

  /** The log of the broker at {@code kafka}. */
  static RawLog at(String kafka) {
    return new RawLog(new LedgerReader(KafkaConnection.plain(kafka)));
  }

  /** A record; what it says of itself is in its CloudEvents headers. */
  record Fact(LogRecord record) {
    Position position() {
      return record.position();
    }

    String id() {
      return header("ce_id");
    }

    String type() {
      return header("ce_type");
    }

    /** Whether {@code text} stands in it in clear. */
    boolean says(String text) {
      return new String(record.value(), ISO_8859_1)
          .contains(new String(text.getBytes(UTF_8), ISO_8859_1));
    }

    private String header(String name) {
      return record.headers().stream()
          .filter(header -> header.name().equals(name))
          .map(header -> new String(header.value().toArray(), UTF_8))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + name + " at " + record.position()));
    }
  }

  /** Where the next record of each partition will stand. */
  List<Long> ends() {
    List<Long> ends = new ArrayList<>();
    for (int partition = 0; partition < reader.partitions(); partition++) {
      ends.add(reader.end(partition));
    }
    return ends;
  }

  /** Everything, each partition in order; fails where offsets are not dense. */
  List<Fact> all() {
    List<Long> ends = ends();
    return between(ends.stream().map(_ -> 0L).toList(), ends);
  }

  /** What was appended from {@code starts} to {@code ends}. */
  List<Fact> between(List<Long> starts, List<Long> ends) {
    List<Fact> facts = new ArrayList<>();
    for (int partition = 0; partition < ends.size(); partition++) {
      reader.replay(
          partition,
          starts.get(partition),
          ends.get(partition),
          record -> facts.add(new Fact(record)));
    }
    return facts;
  }

  @Override
  public void close() {
    reader.close();
  }
}
