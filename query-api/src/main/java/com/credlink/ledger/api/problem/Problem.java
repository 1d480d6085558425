package com.credlink.ledger.api.problem;

import java.util.Locale;

/** The catalogue of problems. The name ends the problem's {@code type} and never changes. */
public enum Problem {
  /** A webhook without a signature. */
  MISSING_HMAC(401, "The webhook is not signed", false),
  /** A webhook whose signature does not match. */
  BAD_HMAC(401, "The webhook's signature does not match", false),
  /** No token, or one that is not known. */
  UNAUTHENTICATED(401, "A valid token is needed", false),
  /** The policy says no. */
  FORBIDDEN(403, "The policy does not allow this", false),
  /** The app is not installed in the shop. */
  SHOP_NOT_INSTALLED(403, "The shop has not installed the app", false),
  /** The request cannot be read. */
  MALFORMED(400, "The request cannot be read", false),
  /** A query parameter or header is wrong. */
  INVALID_PARAMETER(400, "A parameter is wrong", false),
  /** There is no such thing. */
  NOT_FOUND(404, "Not found", false),
  /** The path exists, but not with this method. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here", false),
  /** No representation that the caller accepts. */
  NOT_ACCEPTABLE(406, "There is no representation that you accept", false),
  /** Header and body name different shops, or the resource belongs to another one. */
  SHOP_MISMATCH(409, "The delivery belongs to another shop", false),
  /** The state of the resource forbids it. */
  STATE_CONFLICT(409, "The present state forbids this", false),
  /** Too many bytes. */
  TOO_LARGE(413, "Too large", false),
  /** Not a type that is taken. */
  UNSUPPORTED_MEDIA_TYPE(415, "The type is not supported", false),
  /** Well-formed, but not possible. */
  UNPROCESSABLE(422, "The request cannot be carried out", false),
  /** The bytes have another digest. */
  DIGEST_MISMATCH(422, "The digest does not match", false),
  /** The image is damaged or hostile. */
  DAMAGED_ASSET(422, "The image is damaged", false),
  /** The image has valid content credentials of ours already. */
  ALREADY_SIGNED(422, "The image is signed already", false),
  /** The idempotency key was used for something else. */
  IDEMPOTENCY_CONFLICT(422, "The Idempotency-Key was used with another request", false),
  /** Too many pending requests. */
  TOO_MANY_PENDING(429, "Too many requests are pending", true),
  /** A fault of ours. */
  INTERNAL(500, "Something failed here", true),
  /** The signing keys, or the place where they are, cannot be used or written. */
  KEYS_UNAVAILABLE(503, "The signing keys cannot be reached now", true),
  /** The log cannot be written, so nothing was accepted. */
  LOG_UNAVAILABLE(503, "The log cannot be written now", true),
  /** The log failed its check. */
  LOG_INTEGRITY(503, "The log failed its integrity check", false),
  /** The projections cannot answer now. */
  NOT_READY(503, "The projections cannot answer now", true),
  /** The projections have not come as far as asked. */
  POSITION_NOT_REACHED(503, "The projections are behind the position asked for", true);

  private static final String BASE = "https://credlink.example/problems/";

  private final int status;
  private final String title;
  private final boolean retryable;

  Problem(int status, String title, boolean retryable) {
    this.status = status;
    this.title = title;
    this.retryable = retryable;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Title, the same for every occurrence. */
  public String title() {
    return title;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** Stable name, such as {@code shop_mismatch}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Stable URI. */
  public String uri() {
    return BASE + label();
  }
}
