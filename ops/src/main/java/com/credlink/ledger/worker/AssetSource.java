package com.credlink.ledger.worker;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where the bytes of an image that a webhook named come from. */
public interface AssetSource {

  /**
   * Fetches an image.
   *
   * @param shop the shop's domain
   * @param source absolute address of the image
   * @return the bytes, or why there are none; never an exception for what the other side does
   */
  Result fetch(String shop, URI source);

  /** What came of a fetch. */
  sealed interface Result {

    /**
     * The bytes, not yet inspected.
     *
     * @param bytes what was served
     */
    record Fetched(byte[] bytes) implements Result {}

    /**
     * No bytes.
     *
     * @param errorClass class in the table of errors, such as {@code http_status}
     * @param reason one sentence without personal data
     * @param retryable whether another attempt may help
     * @param retryAfter how long the other side asked to wait
     */
    record Failed(
        String errorClass, String reason, boolean retryable, Optional<Duration> retryAfter)
        implements Result {

      static Failed permanent(String errorClass, String reason) {
        return new Failed(errorClass, reason, false, Optional.empty());
      }

      static Failed passing(String errorClass, String reason) {
        return new Failed(errorClass, reason, true, Optional.empty());
      }
    }
  }
}
