package com.credlink.ledger.topology.streams;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBufferManager;

/**
 * One bounded budget for all stores of the process. Without it every store and partition may take
 * 50 MB of block cache and three memtables of 16 MB.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

  /** Name of the setting with the bytes of all stores of the process together. */
  public static final String MEMORY_CONFIG = "ledger.rocksdb.memory.bytes";

  /** Memtables may take this part of them; the block cache has the rest. */
  private static final int MEMTABLE_SHARE = 2;

  private static final long MEMTABLE_SIZE = 4L * 1024 * 1024;

  /**
   * What a memtable takes at least. RocksDB would take an eighth of {@link #MEMTABLE_SIZE}: forty
   * stores that hold nothing would then use most of the budget, and every write would flush a few
   * rows into a file of their own.
   */
  private static final long ARENA_BLOCK_SIZE = 32L * 1024;

  private static final int BLOOM_BITS_PER_KEY = 10;

  /**
   * Shared on purpose by every store in the process; Kafka Streams makes one setter for each store.
   * The first one in a process decides.
   */
  private record Budget(Cache cache, WriteBufferManager writeBuffers) {

    private static final AtomicReference<Budget> OF_PROCESS = new AtomicReference<>();

    static Budget of(Map<String, Object> configs) {
      return OF_PROCESS.updateAndGet(
          made -> made != null ? made : make(((Number) configs.get(MEMORY_CONFIG)).longValue()));
    }

    private static Budget make(long bytes) {
      RocksDB.loadLibrary();
      Cache cache = new LRUCache(bytes, -1, false, 0.1);
      return new Budget(cache, new WriteBufferManager(bytes / MEMTABLE_SHARE, cache));
    }
  }

  private BloomFilter filter;

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    Budget budget = Budget.of(configs);
    filter = new BloomFilter(BLOOM_BITS_PER_KEY);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(budget.cache());
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    table.setFilterPolicy(filter);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(budget.writeBuffers());
    options.setWriteBufferSize(MEMTABLE_SIZE);
    options.setArenaBlockSize(ARENA_BLOCK_SIZE);
  }

  /** A database within the budget. */
  static Opened open(Path directory, Map<String, Object> configs) throws RocksDBException {
    Budget budget = Budget.of(configs);
    BloomFilter filter = new BloomFilter(BLOOM_BITS_PER_KEY);
    Options options = new Options();
    options.setTableFormatConfig(
        new BlockBasedTableConfig()
            .setBlockCache(budget.cache())
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinTopLevelIndexAndFilter(true)
            .setFilterPolicy(filter));
    options.setCreateIfMissing(true);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    options.setWriteBufferManager(budget.writeBuffers());
    options.setWriteBufferSize(MEMTABLE_SIZE);
    options.setArenaBlockSize(ARENA_BLOCK_SIZE);
    options.setKeepLogFileNum(1);
    try {
      return new Opened(RocksDB.open(options, directory.toString()), options, filter);
    } catch (RocksDBException e) {
      options.close();
      filter.close();
      throw e;
    }
  }

  /** A database and what must be closed after it. */
  record Opened(RocksDB db, Options options, BloomFilter filter) implements AutoCloseable {
    @Override
    public void close() {
      db.close();
      options.close();
      filter.close();
    }
  }

  @Override
  public void close(String store, Options options) {
    filter.close();
  }
}
