package com.credlink.ledger.vault;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.vault.WrappedKeyStore.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The newest record by key, in order of writing, and those who follow it: any store's memory. */
final class LatestRecords {

  private final Map<String, Bytes> records = new LinkedHashMap<>();
  private final List<Consumer<Entry>> readers = new ArrayList<>();

  synchronized void follow(Consumer<Entry> reader) {
    records.forEach((key, value) -> reader.accept(new Entry(key, Optional.of(value))));
    readers.add(reader);
  }

  synchronized void apply(Entry entry) {
    // Removed first, so that a record written again moves to the end as it does in the log.
    records.remove(entry.key());
    entry.value().ifPresent(value -> records.put(entry.key(), value));
    readers.forEach(reader -> reader.accept(entry));
  }
}
