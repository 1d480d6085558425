package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.asset.ImageCheck;
import com.credlink.ledger.c2pa.C2paException;
import com.credlink.ledger.c2pa.ContentCredentials;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.log.Position;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/**
 * Takes an image into a tenant's asset store: inspected first, stored second, and only then a fact.
 */
public final class Assets {

  /** Largest image taken. */
  public static final int MAX_ASSET_BYTES = 50 * 1024 * 1024;

  private final AssetStore store;
  private final Inspector inspector;
  private final Appender appender;

  /**
   * Assets in {@code store}.
   *
   * @param inspector trusts our own signers, and nobody else
   */
  public Assets(AssetStore store, Inspector inspector, Appender appender) {
    this.store = store;
    this.inspector = inspector;
    this.appender = appender;
  }

  /**
   * What was taken.
   *
   * @param sha256 digest of the image, hex
   * @param position of the fact
   */
  public record Taken(String sha256, Position position) {}

  /** Takes {@code image}; it must have digest {@code expected}, if one is given. */
  public Taken take(Context ctx, EventHeader header, byte[] image, Optional<String> expected) {
    if (image.length > MAX_ASSET_BYTES) {
      throw new ProblemException(
          Problem.TOO_LARGE, "The image is larger than " + MAX_ASSET_BYTES + " bytes.");
    }
    String sha256 = Digests.sha256(image);
    if (expected.isPresent() && !expected.get().equals(sha256)) {
      throw new ProblemException(
          Problem.DIGEST_MISMATCH, "The image's SHA-256 is " + sha256 + ", not the one given.");
    }
    ImageCheck.Accepted accepted =
        switch (ImageCheck.inspect(image)) {
          case ImageCheck.Accepted yes -> yes;
          case ImageCheck.Refused no -> throw refusal(no);
        };
    try {
      ContentCredentials.requireSignable(image);
    } catch (C2paException e) {
      throw new ProblemException(
          Problem.DAMAGED_ASSET, "The image is refused: " + e.getMessage() + ".");
    }
    store.put(header.tenant(), image);
    Position position =
        appender.append(
            ctx,
            new AssetStored(
                header,
                sha256,
                image.length,
                accepted.type().mediaType(),
                Optional.empty(),
                List.of(),
                0,
                false,
                0));
    return new Taken(sha256, position);
  }

  /**
   * Refuses an asset that comes from here: signed again, it would name itself as its own parent,
   * and a shop that writes signed images back would have them signed again and again.
   */
  void refuseSigned(String tenant, String sha256) {
    if (store.get(tenant, sha256).filter(this::isOurs).isPresent()) {
      throw new ProblemException(
          Problem.ALREADY_SIGNED, "The image has valid content credentials of ours already.");
    }
  }

  private boolean isOurs(byte[] image) {
    try {
      return inspector.inspect(image).isTrusted();
    } catch (C2paException unreadable) {
      return false; // stored before such images were refused
    }
  }

  /** Whether the tenant has an asset of that digest. */
  public boolean has(String tenant, String sha256) {
    return store.contains(tenant, sha256);
  }

  private static ProblemException refusal(ImageCheck.Refused refused) {
    String detail = "The image is refused: " + refused.detail() + ".";
    return switch (refused.reason()) {
      case NOT_AN_IMAGE -> new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, detail);
      case TOO_MANY_PIXELS -> new ProblemException(Problem.TOO_LARGE, detail);
      case TRUNCATED, TRAILING_GARBAGE, MALFORMED ->
          new ProblemException(Problem.DAMAGED_ASSET, detail);
    };
  }
}
