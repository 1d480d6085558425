package com.credlink.ledger.api.intake;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.vault.VaultException;
import com.credlink.ledger.vault.WrappedKeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Wrapped keys that are forgotten at the end of the test, in a store that can be away. */
final class MemoryKeyStore implements WrappedKeyStore {

  private final Map<String, Entry> newest = new LinkedHashMap<>();
  private final List<Consumer<Entry>> readers = new ArrayList<>();
  private boolean away;

  /** From now on nothing can be written, or again. */
  synchronized void away(boolean now) {
    away = now;
  }

  @Override
  public synchronized void follow(Consumer<Entry> reader) {
    newest.values().forEach(reader);
    readers.add(reader);
  }

  @Override
  public void put(String key, Bytes value) {
    write(new Entry(key, Optional.of(value)));
  }

  @Override
  public void tombstone(String key) {
    write(new Entry(key, Optional.empty()));
  }

  private synchronized void write(Entry entry) {
    if (away) {
      throw new VaultException.Unavailable("the store is away");
    }
    newest.put(entry.key(), entry);
    readers.forEach(reader -> reader.accept(entry));
  }

  @Override
  public void close() {}
}
