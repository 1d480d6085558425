package com.credlink.ledger.projections.signing;

import java.util.Optional;
import java.util.Set;

/**
 * The one table of errors: which may pass by themselves, and which will not. An unknown class is
 * not tried again.
 */
public final class ErrorClasses {

  /** Errors of the outside that may pass. */
  private static final Set<String> RETRYABLE =
      Set.of(
          "key_store_unavailable",
          "asset_store_unavailable",
          "connection",
          "timeout",
          "unknown_host",
          "unreadable",
          "interrupted");

  /** Errors that another attempt would meet again. */
  private static final Set<String> PERMANENT =
      Set.of(
          "key_unavailable",
          "verification_failed",
          "bad_source",
          "private_address",
          "host_not_allowed",
          "not_found",
          "too_large",
          "too_many_redirects",
          "damaged_asset",
          "already_signed",
          "asset_missing",
          "asset_refused",
          "certificate_missing",
          "certificate_expired",
          "shop_unknown",
          "internal");

  private ErrorClasses() {}

  /** Whether another attempt may help. */
  public static boolean isRetryable(String errorClass) {
    return RETRYABLE.contains(errorClass);
  }

  /** The backend that is down when an attempt ends with {@code errorClass}, if it is one. */
  public static Optional<Backend> backend(String errorClass) {
    return switch (errorClass) {
      case "key_store_unavailable" -> Optional.of(Backend.KEYS);
      case "asset_store_unavailable" -> Optional.of(Backend.ASSETS);
      default -> Optional.empty();
    };
  }

  /** Whether the table knows the class; {@code http_status} is decided by the status. */
  static boolean isKnown(String errorClass) {
    return RETRYABLE.contains(errorClass)
        || PERMANENT.contains(errorClass)
        || errorClass.equals("http_status");
  }
}
