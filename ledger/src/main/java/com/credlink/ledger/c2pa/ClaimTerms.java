package com.credlink.ledger.c2pa;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is claimed, all of it fixed before: the same terms over the same image with the same key
 * give the same file.
 *
 * @param manifestId {@code urn:c2pa:} and a UUID (C2PA 2.2 section 8.1)
 * @param instanceId of the signed image, such as {@code xmp:iid:} and a UUID
 * @param claimedAt when it was opened; seconds count
 * @param title how people call the image
 * @param provenance where the credentials can be fetched; goes into the image's XMP
 * @param generator what makes the claim
 */
public record ClaimTerms(
    String manifestId,
    String instanceId,
    Instant claimedAt,
    Optional<String> title,
    Optional<String> provenance,
    Generator generator) {

  private static final Pattern MANIFEST_ID =
      Pattern.compile("urn:c2pa:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** Checks the id. */
  public ClaimTerms {
    if (!MANIFEST_ID.matcher(manifestId).matches()) {
      throw new IllegalArgumentException("no manifest id: " + manifestId);
    }
  }

  /**
   * What makes claims.
   *
   * @param name its name
   * @param version its version
   */
  public record Generator(String name, String version) {}
}
