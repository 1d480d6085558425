package com.credlink.ledger.timestamp;

import java.time.Duration;
import java.util.Optional;

/** No time-stamp was obtained. */
public sealed class TimestampException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private TimestampException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The authority cannot answer now, or wants to be left alone; another attempt may help. */
  public static final class Unavailable extends TimestampException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<Duration> retryAfter;

    Unavailable(String message, Optional<Duration> retryAfter, Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    /** When the authority wants to be asked again, if it said so. */
    public Optional<Duration> retryAfter() {
      return retryAfter == null ? Optional.empty() : retryAfter;
    }
  }

  /** The authority answered that it does not stamp this. */
  public static final class Refused extends TimestampException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null);
    }
  }

  /** What the authority answered is no time-stamp that can be relied on. */
  public static final class NotReliable extends TimestampException {
    private static final long serialVersionUID = 1L;

    NotReliable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
