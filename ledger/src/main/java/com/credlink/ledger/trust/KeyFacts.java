package com.credlink.ledger.trust;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.KeyActivated;
import com.credlink.ledger.event.KeyCertified;
import com.credlink.ledger.event.KeyCreated;
import com.credlink.ledger.event.KeyDestroyed;
import com.credlink.ledger.event.KeyRetired;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.keys.KeyChange;
import com.credlink.ledger.keys.KeyPurpose;
import com.credlink.ledger.keys.RingKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A change of a key as the log's fact. */
final class KeyFacts {

  private KeyFacts() {}

  /** The fact; its id follows from the change, so that one told twice is one fact. */
  static LedgerEvent of(KeyChange change, RingKey key, Instant now) {
    EventHeader header = header(change, now);
    return switch (change.kind()) {
      case CREATED ->
          new KeyCreated(
              header,
              key.keyId(),
              key.key().algorithm().event(),
              KeyPurpose.ASSET_SIGNING.label(),
              key.key().publicKey());
      case CERTIFIED ->
          new KeyCertified(
              header,
              key.keyId(),
              key.certificateChain().stream()
                  .map(certificate -> Bytes.wrap(Pem.encoded(certificate)))
                  .toList());
      case ACTIVATED -> new KeyActivated(header, key.keyId());
      case RETIRED -> new KeyRetired(header, key.keyId(), change.reason());
      case DESTROYED -> new KeyDestroyed(header, key.keyId(), change.reason());
    };
  }

  private static EventHeader header(KeyChange change, Instant now) {
    String id = Ids.derived("key", change.kind().name(), change.keyId(), change.at().toString());
    return new EventHeader(
        id,
        LedgerEvent.PLATFORM,
        change.at(),
        now.truncatedTo(ChronoUnit.MICROS),
        change.cause().actor(),
        change.cause().source(),
        change.cause().causationId().orElse(id),
        change.cause().causationId(),
        Optional.empty());
  }
}
