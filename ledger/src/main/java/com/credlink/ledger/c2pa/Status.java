package com.credlink.ledger.c2pa;

/** What a validation finds, by the codes of C2PA 2.2 section 15.2. */
public enum Status {
  CLAIM_SIGNATURE_VALIDATED("claimSignature.validated", Kind.SUCCESS),
  CLAIM_SIGNATURE_MISMATCH("claimSignature.mismatch", Kind.FAILURE),
  CLAIM_SIGNATURE_MISSING("claimSignature.missing", Kind.FAILURE),
  /** A box that is not of the kind that its place asks for. */
  STRUCTURE("general.error", Kind.FAILURE),
  CLAIM_MISSING("claim.missing", Kind.FAILURE),
  CLAIM_MALFORMED("claim.malformed", Kind.FAILURE),
  /** Not a code of the specification, which asks for the form without naming its absence. */
  CLAIM_NOT_DETERMINISTIC("credlink.claim.encoding", Kind.INFORMATIONAL),
  CREDENTIAL_TRUSTED("signingCredential.trusted", Kind.SUCCESS),
  CREDENTIAL_UNTRUSTED("signingCredential.untrusted", Kind.INFORMATIONAL),
  CREDENTIAL_INVALID("signingCredential.invalid", Kind.FAILURE),
  CREDENTIAL_EXPIRED("signingCredential.expired", Kind.FAILURE),
  ALGORITHM_UNSUPPORTED("algorithm.unsupported", Kind.FAILURE),
  TIMESTAMP_TRUSTED("timeStamp.trusted", Kind.SUCCESS),
  TIMESTAMP_UNTRUSTED("timeStamp.untrusted", Kind.INFORMATIONAL),
  ASSERTION_MATCH("assertion.hashedURI.match", Kind.SUCCESS),
  ASSERTION_MISMATCH("assertion.hashedURI.mismatch", Kind.FAILURE),
  ASSERTION_MISSING("assertion.missing", Kind.FAILURE),
  ASSERTION_UNDECLARED("assertion.undeclared", Kind.FAILURE),
  ASSERTION_MALFORMED("assertion.cbor.invalid", Kind.FAILURE),
  ACTION_MALFORMED("assertion.action.malformed", Kind.FAILURE),
  DATA_HASH_MATCH("assertion.dataHash.match", Kind.SUCCESS),
  DATA_HASH_MISMATCH("assertion.dataHash.mismatch", Kind.FAILURE),
  HARD_BINDING_MISSING("claim.hardBindings.missing", Kind.FAILURE),
  /** Not a code of the specification: a binding that this reader does not compare. */
  HARD_BINDING_NOT_COMPARED("credlink.binding.unsupported", Kind.FAILURE),
  INGREDIENT_VALIDATED("ingredient.manifest.validated", Kind.SUCCESS),
  INGREDIENT_MISSING("ingredient.manifest.missing", Kind.FAILURE),
  INGREDIENT_MISMATCH("ingredient.manifest.mismatch", Kind.FAILURE);

  private final String code;
  private final Kind kind;

  /** What a finding means for the whole. */
  public enum Kind {
    SUCCESS,
    INFORMATIONAL,
    FAILURE
  }

  Status(String code, Kind kind) {
    this.code = code;
    this.kind = kind;
  }

  /** Its code. */
  public String code() {
    return code;
  }

  /** What it means. */
  public Kind kind() {
    return kind;
  }
}
