package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningRequested;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The signing request that a fetched image makes. Every id follows from the facts, so that two
 * proposals are one request.
 */
public final class ImageRequests {

  private ImageRequests() {}

  /** The request that the image of {@code source} makes. */
  public static String requestId(String tenant, String source) {
    return Ids.derived("signing-request", tenant, source);
  }

  /** The request for {@code stored}, which has an origin. */
  public static SigningRequested propose(AssetStored stored, Instant now) {
    ImageOrigin origin = stored.origin().orElseThrow();
    String requestId = requestId(stored.tenant(), origin.source());
    EventHeader header =
        new EventHeader(
            Ids.derived("SigningRequested", requestId),
            stored.tenant(),
            now,
            now,
            new Actor(ActorType.SYSTEM, "clerk"),
            "clerk",
            stored.header().correlationId(),
            Optional.of(stored.eventId()),
            Optional.empty());
    return new SigningRequested(
        header,
        requestId,
        stored.assetSha256(),
        true,
        List.of(SignatureFormat.C2PA, SignatureFormat.COSE, SignatureFormat.JWS),
        Lane.STANDARD,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Bytes.ofHex(stored.assetSha256()),
        Ids.derived("manifest", requestId),
        Ids.derived("instance", requestId),
        stored.header().recordedAt(),
        stored.keys(),
        Optional.of(origin),
        stored.approvals(),
        stored.timestamp(),
        Optional.empty(),
        stored.pendingLimit());
  }
}
