package com.credlink.ledger.event;

import java.util.List;
import java.util.Optional;

/**
 * The bytes of an image are in the tenant's asset store.
 *
 * @param header common header.
 * @param assetSha256 SHA-256 of the image, hex.
 * @param size its size in bytes.
 * @param contentType {@code image/jpeg} or {@code image/png}, by the bytes and not by what was
 *     claimed.
 * @param origin set when a worker fetched it for a webhook.
 * @param keys the asset-signing keys active at that moment: a request made from this fact fixes
 *     them.
 * @param approvals how many approvals such a request needs.
 * @param timestamp whether what is signed for it is to have a time-stamp.
 * @param pendingLimit requests of the tenant that may be open at once, by the policy of that
 *     moment; 0 where none was stated.
 */
public record AssetStored(
    EventHeader header,
    String assetSha256,
    long size,
    String contentType,
    Optional<ImageOrigin> origin,
    List<KeyVersion> keys,
    int approvals,
    boolean timestamp,
    int pendingLimit)
    implements LedgerEvent {
  public AssetStored {
    keys = List.copyOf(keys);
  }
}
