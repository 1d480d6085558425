package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.Inspection.Finding;
import com.credlink.ledger.cbor.CborItem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What the validation of an ingredient found, as its assertion states it (C2PA 2.2 section 15.2).
 * Whom the signer's customers trust is theirs to say, so trust is left out, and with it the time.
 */
final class Results {

  private Results() {}

  /** The results for the credentials in {@code image}. */
  static CborItem of(byte[] image) {
    List<Finding> findings =
        new Inspector(List.of(), StampCheck.NONE, InstantSource.fixed(Instant.EPOCH))
            .inspect(image).findings().stream().filter(Results::isOfTheFile).toList();
    return CborItem.map(
        Map.of(
            "success", list(findings, Status.Kind.SUCCESS),
            "informational", list(findings, Status.Kind.INFORMATIONAL),
            "failure", list(findings, Status.Kind.FAILURE)));
  }

  private static boolean isOfTheFile(Finding finding) {
    return switch (finding.status()) {
      case CREDENTIAL_TRUSTED,
          CREDENTIAL_UNTRUSTED,
          CREDENTIAL_EXPIRED,
          CREDENTIAL_INVALID,
          TIMESTAMP_TRUSTED,
          TIMESTAMP_UNTRUSTED,
          CLAIM_NOT_DETERMINISTIC,
          HARD_BINDING_NOT_COMPARED ->
          false;
      default -> true;
    };
  }

  private static CborItem list(List<Finding> findings, Status.Kind kind) {
    return new CborItem.Array(
        findings.stream()
            .filter(finding -> finding.status().kind() == kind)
            .map(
                finding ->
                    CborItem.map(
                        Map.of(
                            "code", CborItem.text(finding.status().code()),
                            "url", CborItem.text(finding.url()),
                            "explanation", CborItem.text(finding.explanation()))))
            .toList());
  }
}
