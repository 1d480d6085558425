package com.credlink.ledger.vault;

import com.credlink.ledger.keys.LengthPrefixed;
import java.util.List;

/**
 * Where a sealed value belongs. It opens nowhere else.
 *
 * @param eventId the event that carries it.
 * @param tenant whose it is.
 * @param purpose why it is kept, as the schema says.
 * @param recordType the event's record type.
 * @param fieldPath the field, from the record's root.
 */
public record SealContext(
    String eventId, String tenant, String purpose, String recordType, String fieldPath) {

  /**
   * What a value belongs to and the keys of everyone whose erasure must reach it, so that no wrap
   * can be left out or replaced: the end of the additional data of the value and of its wraps.
   */
  LengthPrefixed place(List<String> keyIds) {
    LengthPrefixed place =
        new LengthPrefixed().add(eventId).add(tenant).add(purpose).add(recordType).add(fieldPath);
    keyIds.forEach(place::add);
    return place;
  }

  /** The additional data: what is sealed, and its {@linkplain #place place}. */
  static byte[] bind(String what, LengthPrefixed place) {
    return new LengthPrefixed().add(what).addAll(place).toByteArray();
  }
}
