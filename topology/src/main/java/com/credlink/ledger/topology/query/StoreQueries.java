package com.credlink.ledger.topology.query;

import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Interactive queries, version 2, over the stores of this process. Under exactly-once a store shows
 * content that is not committed yet: after a crash an answer may have been ahead of the log's
 * readers, never beside it.
 */
public final class StoreQueries {

  private final KafkaStreams streams;
  private final IntegrityFaults faults;

  /** Queries {@code streams}. */
  public StoreQueries(KafkaStreams streams) {
    this(streams, new IntegrityFaults());
  }

  /**
   * The same, which does not answer from a partition that has lost records.
   *
   * @param faults what is known of the partitions
   */
  public StoreQueries(KafkaStreams streams, IntegrityFaults faults) {
    this.streams = streams;
    this.faults = faults;
  }

  /** The value of {@code key} in one partition of {@code store}. */
  public Optional<byte[]> get(String store, int partition, byte[] key) {
    return Optional.ofNullable(query(store, partition, KeyQuery.<byte[], byte[]>withKey(key)));
  }

  /** The value of {@code key} in one partition of a table. */
  public Optional<byte[]> get(Table.Kind table, int partition, byte[] key) {
    return get(Stores.STATE, partition, table.key(key));
  }

  /** The values of {@code key} in all partitions of a table that this process owns. */
  public List<byte[]> everywhere(Table.Kind table, byte[] key) {
    List<byte[]> found = new ArrayList<>();
    ask(StateQueryRequest.inStore(Stores.STATE)
            .withQuery(KeyQuery.<byte[], byte[]>withKey(table.key(key))))
        .forEach(
            (partition, result) ->
                Optional.ofNullable(answer(partition, result)).ifPresent(found::add));
    return found;
  }

  /**
   * Rows with keys from {@code from} to {@code to}, both inclusive, until {@code more} says no.
   *
   * @param descending newest keys first
   * @param more called with each row; false stops after it
   */
  public List<KeyValue<byte[], byte[]>> range(
      String store,
      int partition,
      byte[] from,
      byte[] to,
      boolean descending,
      BiPredicate<byte[], byte[]> more) {
    RangeQuery<byte[], byte[]> range = RangeQuery.withRange(from, to);
    List<KeyValue<byte[], byte[]>> rows = new ArrayList<>();
    try (KeyValueIterator<byte[], byte[]> iterator =
        query(
            store,
            partition,
            descending ? range.withDescendingKeys() : range.withAscendingKeys())) {
      while (iterator.hasNext()) {
        KeyValue<byte[], byte[]> row = iterator.next();
        rows.add(row);
        if (!more.test(row.key, row.value)) {
          break;
        }
      }
    }
    return rows;
  }

  /** The same for rows of one kind, which are not to be in the order of newest first. */
  public List<KeyValue<byte[], byte[]>> range(
      Table.Kind table, int partition, byte[] from, byte[] to, int limit) {
    List<KeyValue<byte[], byte[]>> rows = new ArrayList<>();
    return range(
        Stores.STATE,
        partition,
        table.key(from),
        table.key(to),
        false,
        (key, value) -> {
          rows.add(KeyValue.pair(key, value));
          return rows.size() < limit;
        });
  }

  private <R> R query(String store, int partition, Query<R> query) {
    requireIntact(partition);
    QueryResult<R> result =
        ask(StateQueryRequest.inStore(store).withQuery(query).withPartitions(Set.of(partition)))
            .get(partition);
    if (result == null) {
      throw new NotServingException("This process does not own partition " + partition, null);
    }
    return answer(partition, result);
  }

  /** What follows from a log that has lost records is not to be relied on. */
  private void requireIntact(int partition) {
    faults
        .loss(partition)
        .ifPresent(
            fault -> {
              throw fault;
            });
  }

  private <R> Map<Integer, QueryResult<R>> ask(StateQueryRequest<R> request) {
    try {
      return streams.query(request).getPartitionResults();
    } catch (IllegalStateException | InvalidStateStoreException notRunning) {
      throw new NotServingException(
          "The projections are not running: " + streams.state(), notRunning);
    }
  }

  private <R> R answer(int partition, QueryResult<R> result) {
    requireIntact(partition);
    if (result.isFailure()) {
      throw new NotServingException(
          "Partition " + partition + " cannot answer: " + result.getFailureReason(), null);
    }
    return result.getResult();
  }

  /** Partitions whose stores are active in this process. */
  public Set<Integer> owned() {
    Set<Integer> partitions = new java.util.TreeSet<>();
    streams
        .metadataForLocalThreads()
        .forEach(
            thread ->
                thread
                    .activeTasks()
                    .forEach(
                        task ->
                            task.topicPartitions().forEach(tp -> partitions.add(tp.partition()))));
    return partitions;
  }

  /** State of the stream threads, for health. */
  public Map<String, String> threads() {
    Map<String, String> states = new java.util.TreeMap<>();
    streams
        .metadataForLocalThreads()
        .forEach(thread -> states.put(thread.threadName(), thread.threadState()));
    return states;
  }

  /** The stores cannot answer now: starting, rebalancing, or owned by another process. */
  public static final class NotServingException extends RuntimeException {
    NotServingException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
