package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.SignatureAlgorithm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Facts about an image that a webhook named. */
final class Images {

  static final ImageOrigin ORIGIN =
      new ImageOrigin("delivery-1", "850703190", "https://cdn.example/a.png?v=1");

  static final String SHA256 = "12".repeat(32);

  static final List<KeyVersion> KEYS =
      List.of(
          new KeyVersion("k1", SignatureAlgorithm.ES256),
          new KeyVersion("k2", SignatureAlgorithm.EDDSA));

  private Images() {}

  static AssetStored stored(EventHeader header, ImageOrigin origin, String sha256) {
    return new AssetStored(
        header, sha256, 4_711, "image/png", Optional.of(origin), KEYS, 2, true, 9);
  }

  static AssetFetchFailed failed(
      EventHeader header, int attempt, boolean retryable, Optional<Instant> dueAt) {
    return new AssetFetchFailed(header, ORIGIN, attempt, "timeout", "Too slow.", retryable, dueAt);
  }
}
