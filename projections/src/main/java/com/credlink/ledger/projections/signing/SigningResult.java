package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.Signature;
import java.util.List;
import java.util.Optional;

/**
 * What was made for a request.
 *
 * @param signatures the signatures
 * @param signedSha256 SHA-256 of the signed file, hex, when a file was made
 * @param manifestSha256 SHA-256 of the manifest store, hex, when content credentials were made
 */
public record SigningResult(
    List<Signature> signatures, Optional<String> signedSha256, Optional<String> manifestSha256) {

  public SigningResult {
    signatures = List.copyOf(signatures);
  }

  static SigningResult of(AssetSigned event) {
    return new SigningResult(event.signatures(), event.signedSha256(), event.manifestSha256());
  }
}
