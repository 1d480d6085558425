package com.credlink.ledger.topology.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The stores of a topology that does not run, as files. */
public final class StoreFiles {

  private StoreFiles() {}

  /**
   * Compacts all stores below a directory; the bytes that their tables take when nothing in them is
   * superseded any more.
   *
   * @param directory of the state of a topology that has ended
   * @throws IOException if the files cannot be read, or are no stores
   */
  public static long compact(Path directory) throws IOException {
    long bytes = 0;
    for (Path store : stores(directory)) {
      try (RocksDB db = RocksDB.open(store.toString())) {
        db.compactRange();
      } catch (RocksDBException e) {
        throw new IOException("the store in " + store + " cannot be compacted", e);
      }
      try (Stream<Path> files = Files.list(store)) {
        for (Path table : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
          bytes += Files.size(table);
        }
      }
    }
    return bytes;
  }

  private static List<Path> stores(Path directory) throws IOException {
    RocksDB.loadLibrary();
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> path.endsWith("CURRENT")).map(Path::getParent).toList();
    }
  }
}
