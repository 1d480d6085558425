package com.credlink.ledger.topology.streams;

import java.nio.file.Path;
import java.util.Map;
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

  /** Block cache and memtables of all stores together. */
  static final long TOTAL_BYTES = 96L * 1024 * 1024;

  /** Share of it that memtables may take. */
  static final long MEMTABLE_BYTES = 48L * 1024 * 1024;

  private static final long MEMTABLE_SIZE = 4L * 1024 * 1024;
  private static final long WAL_BYTES = 16L * 1024 * 1024;
  private static final int BLOOM_BITS_PER_KEY = 10;

  /**
   * Shared on purpose by every store in the process; Kafka Streams makes one setter for each store.
   */
  private static final class Shared {
    static final Cache CACHE;
    static final WriteBufferManager WRITE_BUFFERS;

    static {
      RocksDB.loadLibrary();
      CACHE = new LRUCache(TOTAL_BYTES, -1, false, 0.1);
      WRITE_BUFFERS = new WriteBufferManager(MEMTABLE_BYTES, CACHE);
    }
  }

  private BloomFilter filter;

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    filter = new BloomFilter(BLOOM_BITS_PER_KEY);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(Shared.CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    table.setFilterPolicy(filter);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(Shared.WRITE_BUFFERS);
    options.setWriteBufferSize(MEMTABLE_SIZE);
  }

  /** A database within the budget, with a write-ahead log. */
  static Opened open(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    BloomFilter filter = new BloomFilter(BLOOM_BITS_PER_KEY);
    Options options = new Options();
    options.setTableFormatConfig(
        new BlockBasedTableConfig()
            .setBlockCache(Shared.CACHE)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinTopLevelIndexAndFilter(true)
            .setFilterPolicy(filter));
    options.setCreateIfMissing(true);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    options.setWriteBufferManager(Shared.WRITE_BUFFERS);
    options.setWriteBufferSize(MEMTABLE_SIZE);
    options.setMaxTotalWalSize(WAL_BYTES);
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
