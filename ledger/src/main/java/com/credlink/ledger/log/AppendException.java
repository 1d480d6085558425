package com.credlink.ledger.log;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why an append was not acknowledged. What it means for the caller is in the case. */
public abstract sealed class AppendException extends RuntimeException {

  private AppendException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The append exception in {@code thrown}, out of what futures wrap around it. Anything else is
   * {@link Unknown}: what cannot be explained is not known to be absent.
   */
  public static AppendException of(Throwable thrown) {
    return switch (thrown) {
      case AppendException appendException -> appendException;
      case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      default -> new Unknown("The append failed in an unforeseen way", thrown);
    };
  }

  /** The fact is surely not in the log and never will be. Trying again is safe. */
  public static final class NotAppended extends AppendException {
    NotAppended(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The log has lost records of this partition or has others than it had: what is appended behind
   * them would hide it. The fact is surely not in the log, and trying again is vain until somebody
   * has mended or sealed the log.
   */
  public static final class LogFaulty extends AppendException {
    LogFaulty(IntegrityFault fault) {
      super(fault.getMessage(), fault);
    }
  }

  /**
   * The deadline passed without an acknowledgement: the fact may be in the log, or come into it.
   * The caller refuses, and voids the decision when the log answers again.
   */
  public static final class Unknown extends AppendException {
    Unknown(String message, Throwable cause) {
      super(message, cause);
    }

    static Unknown after(Duration deadline, Throwable cause) {
      return new Unknown(
          "The log did not acknowledge within %d ms".formatted(deadline.toMillis()), cause);
    }
  }

  /**
   * The fact is larger than the log takes. It is surely not in the log, and trying again is vain.
   */
  public static final class TooLarge extends AppendException {
    private final int bytes;
    private final int limit;

    TooLarge(int bytes, int limit, Throwable cause) {
      super("The event has %d bytes and the log takes %d".formatted(bytes, limit), cause);
      this.bytes = bytes;
      this.limit = limit;
    }

    /** Size of the encoded event in bytes. */
    public int bytes() {
      return bytes;
    }

    /** What the log takes, in bytes. */
    public int limit() {
      return limit;
    }
  }
}
