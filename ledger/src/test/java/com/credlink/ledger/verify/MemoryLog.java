package com.credlink.ledger.verify;

import com.credlink.ledger.log.LogRecord;
import java.util.Iterator;
import java.util.List;

/** A partition in memory, which holds whatever a test puts there. */
record MemoryLog(int partition, List<LogRecord> all) implements RecordLog {

  MemoryLog {
    all = List.copyOf(all);
  }

  @Override
  public long start() {
    return 0;
  }

  @Override
  public long end() {
    return all.size();
  }

  @Override
  public Records read(long from, long to) {
    Iterator<LogRecord> rest = all.subList((int) from, (int) to).iterator();
    return new Records() {
      @Override
      public boolean hasNext() {
        return rest.hasNext();
      }

      @Override
      public LogRecord next() {
        return rest.next();
      }

      @Override
      public void close() {}
    };
  }
}
