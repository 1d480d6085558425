package com.credlink.ledger.keys;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that a ring has, oldest key first. */
record RingContent(Map<String, Held> keys, List<KeyChange> pending) {

  static final RingContent EMPTY = new RingContent(Map.of(), List.of());

  RingContent {
    keys = Collections.unmodifiableMap(ordered(keys.values()));
    pending = List.copyOf(pending);
  }

  private static Map<String, Held> ordered(Collection<Held> held) {
    Map<String, Held> ordered = new LinkedHashMap<>();
    held.stream()
        .sorted(
            Comparator.comparing(Held::createdAt)
                .thenComparing(one -> one.half().algorithm())
                .thenComparing(Held::id))
        .forEach(one -> ordered.put(one.id(), one));
    return ordered;
  }

  static RingContent of(Collection<Held> held, List<KeyChange> pending) {
    return new RingContent(ordered(held), pending);
  }

  Held required(String keyId) {
    return Optional.ofNullable(keys.get(keyId)).orElseThrow(() -> new KeyException.Unknown(keyId));
  }

  RingContent with(Held changed, KeyChange... changes) {
    Map<String, Held> next = new LinkedHashMap<>(keys);
    next.put(changed.id(), changed);
    List<KeyChange> told = new ArrayList<>(pending);
    told.addAll(List.of(changes));
    return new RingContent(next, told);
  }
}
