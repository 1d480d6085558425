package com.credlink.ledger.topology.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.ResultOrder;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that one partition of the log determines alone, in a RocksDB of their own. The offset of the
 * last record is written in the batch with its rows, so that the store is the fold of a prefix of
 * the log after any crash: it needs no changelog, no transaction and no write-ahead log, and what
 * it lacks is read from the log (ADR 0007).
 *
 * <p>It may be ahead of the stores that are written with transactions, when these were set back by
 * a crash; then it passes over the records that it knows. It lies beside the directories of the
 * tasks, which Kafka Streams empties after a crash.
 */
public final class LogStore implements StateStore {

  private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);
  private static final byte[] APPLIED = {0};

  private final String name;
  private final Fold fold;
  private final LogSource source;
  private final Rows rows = new Rows();

  /** Iterators that are open without a lock. */
  private final Set<Pin> pins = ConcurrentHashMap.newKeySet();

  /** Queries hold it for reading, so that the store is not closed under them. */
  private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();

  private BoundedRocksDb.Opened opened;
  private WriteBatch batch;
  private WriteOptions writeOptions;
  private int partition;
  private long applied = -1;

  private LogStore(String name, Fold fold, LogSource source) {
    this.name = name;
    this.fold = fold;
    this.source = source;
  }

  /** What records do to the rows: a function of the record and the rows before it. */
  public interface Fold {

    /**
     * Called before the first record, with the rows that there are.
     *
     * @param size how many records they are made of
     */
    default void open(long size, Rows rows) {}

    /** Told of a record that was folded before and is read once more. */
    default void again(LogEntry entry, Rows rows) {}

    /** Folds the next record. */
    void apply(LogEntry entry, Rows rows);
  }

  /** The rows as a fold sees them. What it puts is there for the next record. */
  public final class Rows {
    /** The row of {@code key}. */
    public Optional<byte[]> get(byte[] key) {
      return LogStore.this.get(key);
    }

    /** Writes a row. */
    public void put(byte[] key, byte[] value) {
      try {
        batch.put(key, value);
      } catch (RocksDBException e) {
        throw new ProcessorStateException(name + ": a row cannot be written", e);
      }
    }

    /** Removes a row. */
    public void delete(byte[] key) {
      try {
        batch.delete(key);
      } catch (RocksDBException e) {
        throw new ProcessorStateException(name + ": a row cannot be removed", e);
      }
    }
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    partition = context.taskId().partition();
    Path directory =
        Path.of(context.appConfigs().get(StreamsConfig.STATE_DIR_CONFIG).toString())
            .resolve(name)
            .resolve(Integer.toString(partition));
    try {
      Files.createDirectories(directory);
      opened = BoundedRocksDb.open(directory, context.appConfigs());
      batch = new WriteBatch();
      writeOptions = new WriteOptions().setDisableWAL(true);
      applied = size(Optional.ofNullable(db().get(APPLIED))) - 1;
      fold.open(applied + 1, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RocksDBException e) {
      throw new ProcessorStateException(name + " cannot be opened in " + directory, e);
    }
    context.register(root, (key, value) -> {});
  }

  /** Key of the row that tells the last offset. */
  public static byte[] appliedKey() {
    return APPLIED.clone();
  }

  /** How many records a store is made of whose row at {@link #appliedKey} is {@code row}. */
  public static long size(Optional<byte[]> row) {
    return row.map(last -> ByteBuffer.wrap(last).getLong() + 1).orElse(0L);
  }

  /** Reads from the log what this store lacks of the records up to {@code offset}, inclusive. */
  public void catchUp(long offset) {
    if (offset <= applied) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("store", name)
        .addKeyValue("partition", partition)
        .addKeyValue("from", applied + 1)
        .addKeyValue("to", offset)
        .log("Reading from the log what a store lacks");
    source.replay(partition, applied + 1, offset + 1, this::apply);
  }

  /** Folds the next record; one that was folded before is passed over. */
  public void apply(LogEntry entry) {
    long offset = entry.position().offset();
    if (offset <= applied) {
      fold.again(entry, rows);
      return;
    }
    if (offset != applied + 1) {
      throw new ProcessorStateException(
          "%s of partition %d is at offset %d and cannot go on with %d"
              .formatted(name, partition, applied, offset));
    }
    try {
      batch.clear();
      fold.apply(entry, rows);
      batch.put(APPLIED, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
      db().write(writeOptions, batch);
    } catch (RocksDBException e) {
      throw new ProcessorStateException(name + ": offset " + offset + " cannot be written", e);
    }
    applied = offset;
  }

  /** The row of {@code key}. */
  public Optional<byte[]> get(byte[] key) {
    try {
      return Optional.ofNullable(db().get(key));
    } catch (RocksDBException e) {
      throw new ProcessorStateException(name + " cannot be read", e);
    }
  }

  /** Rows with keys between the two, both inclusive; to be closed soon, and by the same thread. */
  public KeyValueIterator<byte[], byte[]> range(byte[] from, byte[] to, boolean descending) {
    lifetime.readLock().lock();
    try {
      RocksIterator iterator = requireOpen().newIterator();
      return new RocksRange(iterator, from, to, descending, lifetime.readLock()::unlock);
    } catch (RuntimeException e) {
      lifetime.readLock().unlock();
      throw e;
    }
  }

  /**
   * All rows but the one of {@link #appliedKey} as they are now, in order. They may be read by any
   * one thread, beside writes; when the store is closed there are no more. To be closed soon.
   */
  public KeyValueIterator<byte[], byte[]> snapshot() {
    lifetime.readLock().lock();
    try {
      Pin pin = new Pin(requireOpen().newIterator());
      pins.add(pin);
      return pin;
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /** An iterator that outlives no database. */
  private final class Pin implements KeyValueIterator<byte[], byte[]> {
    private final RocksIterator iterator;
    private boolean closed;

    Pin(RocksIterator iterator) {
      this.iterator = iterator;
      iterator.seek(new byte[] {(byte) (APPLIED[0] + 1)});
    }

    @Override
    public synchronized boolean hasNext() {
      requirePinned();
      return iterator.isValid();
    }

    @Override
    public synchronized KeyValue<byte[], byte[]> next() {
      KeyValue<byte[], byte[]> row = KeyValue.pair(peekNextKey(), iterator.value());
      iterator.next();
      return row;
    }

    @Override
    public synchronized byte[] peekNextKey() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return iterator.key();
    }

    private void requirePinned() {
      if (closed) {
        throw new InvalidStateStoreException(name + " is closed");
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        pins.remove(this);
        iterator.close();
      }
    }
  }

  /** Answers key and range queries over bytes. */
  @Override
  @SuppressWarnings("unchecked") // The type of a query's result is not known to the compiler.
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return switch (query) {
      case KeyQuery<?, ?> q -> (QueryResult<R>) QueryResult.forResult(locked((byte[]) q.getKey()));
      case RangeQuery<?, ?> q ->
          (QueryResult<R>)
              QueryResult.forResult(
                  range(
                      (byte[]) q.getLowerBound().orElseThrow(),
                      (byte[]) q.getUpperBound().orElseThrow(),
                      q.resultOrder() == ResultOrder.DESCENDING));
      default -> QueryResult.forUnknownQueryType(query, this);
    };
  }

  private byte[] locked(byte[] key) {
    lifetime.readLock().lock();
    try {
      requireOpen();
      return get(key).orElse(null);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  private RocksDB requireOpen() {
    if (opened == null) {
      throw new InvalidStateStoreException(name + " is closed");
    }
    return db();
  }

  private RocksDB db() {
    return opened.db();
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (opened != null) {
        List.copyOf(pins).forEach(Pin::close);
        keep();
        batch.close();
        writeOptions.close();
        opened.close();
        opened = null;
        applied = -1;
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  /** So that a start after a clean stop has nothing to read from the log. */
  private void keep() {
    try (FlushOptions options = new FlushOptions()) {
      db().flush(options);
    } catch (RocksDBException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("store", name)
          .log("The newest rows were not kept; they are read from the log again");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  public boolean isOpen() {
    return opened != null;
  }

  /** A builder of the store called {@code name}, with a fold for each partition. */
  public static StoreBuilder<LogStore> builder(String name, Supplier<Fold> fold, LogSource source) {
    return new Builder(name, fold, source);
  }

  /** Neither a cache nor a changelog: there is nothing to switch. */
  private record Builder(String name, Supplier<Fold> fold, LogSource source)
      implements StoreBuilder<LogStore> {

    @Override
    public StoreBuilder<LogStore> withCachingEnabled() {
      throw new UnsupportedOperationException("a store of the log has no cache");
    }

    @Override
    public StoreBuilder<LogStore> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<LogStore> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("a store of the log has no changelog");
    }

    @Override
    public StoreBuilder<LogStore> withLoggingDisabled() {
      return this;
    }

    @Override
    public LogStore build() {
      return new LogStore(name, fold.get(), source);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
