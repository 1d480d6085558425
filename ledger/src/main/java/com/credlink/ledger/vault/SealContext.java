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
   * The additional data of the value and of its wraps: what it belongs to and the keys of everyone
   * whose erasure must reach it, so that no wrap can be left out or replaced.
   */
  byte[] bind(String what, List<String> keyIds) {
    LengthPrefixed joined =
        new LengthPrefixed()
            .add(what)
            .add(eventId)
            .add(tenant)
            .add(purpose)
            .add(recordType)
            .add(fieldPath);
    keyIds.forEach(joined::add);
    return joined.toByteArray();
  }
}
