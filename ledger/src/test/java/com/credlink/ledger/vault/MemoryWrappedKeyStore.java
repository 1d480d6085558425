package com.credlink.ledger.vault;

import com.credlink.ledger.event.Bytes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A store that forgets at the end of the test, and that can be made to fail. */
public final class MemoryWrappedKeyStore implements WrappedKeyStore {

  private final LatestRecords records = new LatestRecords();
  private final AtomicBoolean failing = new AtomicBoolean();

  /** From now on writes fail, or no more. */
  public void fail(boolean now) {
    failing.set(now);
  }

  @Override
  public void follow(Consumer<Entry> reader) {
    records.follow(reader);
  }

  @Override
  public void put(String key, Bytes value) {
    write(new Entry(key, Optional.of(value)));
  }

  @Override
  public void tombstone(String key) {
    write(new Entry(key, Optional.empty()));
  }

  private void write(Entry entry) {
    if (failing.get()) {
      throw new VaultException.Unavailable("the test says no");
    }
    records.apply(entry);
  }

  @Override
  public void close() {}
}
