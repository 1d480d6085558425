package com.credlink.ledger.event;

import java.util.List;
import java.util.Optional;

/**
 * The asset is signed, and the signer has verified its own signatures. The first one for a request
 * counts.
 *
 * @param header common header.
 * @param requestId the request.
 * @param attempt the attempt.
 * @param digest SHA-256 that was signed, hex.
 * @param signatures the signatures.
 * @param signedSha256 SHA-256 of the signed file, hex, when a file was made.
 * @param manifestSha256 SHA-256 of the manifest store, hex, when content credentials were made.
 */
public record AssetSigned(
    EventHeader header,
    String requestId,
    int attempt,
    String digest,
    List<Signature> signatures,
    Optional<String> signedSha256,
    Optional<String> manifestSha256)
    implements LedgerEvent {
  public AssetSigned {
    signatures = List.copyOf(signatures);
  }
}
