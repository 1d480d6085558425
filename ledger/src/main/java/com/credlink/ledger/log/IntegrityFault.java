package com.credlink.ledger.log;

/**
 * The log is not what a ledger's log must be. Each case names the partition and the first offset
 * that is concerned; nothing after it can be trusted to be complete.
 */
public abstract sealed class IntegrityFault extends RuntimeException {

  private final Position position;

  private IntegrityFault(String message, Position position) {
    super(message);
    this.position = position;
  }

  /** The first offset that is concerned. */
  public Position position() {
    return position;
  }

  /**
   * An offset holds no record: it was removed, or a transactional producer has written and left its
   * marker there.
   */
  public static final class Gap extends IntegrityFault {
    Gap(int partition, long missing, long next) {
      super(
          "Partition %d has no record at offset %d (the next one is %d): a record was removed or a transaction was written."
              .formatted(partition, missing, next),
          new Position(partition, missing));
    }
  }

  /** A transactional producer has written and not finished. */
  public static final class OpenTransaction extends IntegrityFault {
    OpenTransaction(int partition, long offset) {
      super(
          "Partition %d has an open transaction at offset %d: only plain producers may write to a ledger."
              .formatted(partition, offset),
          new Position(partition, offset));
    }
  }

  /** The beginning of the log is gone. */
  public static final class StartLost extends IntegrityFault {
    StartLost(int partition, long asked, long start) {
      super(
          "Partition %d begins at offset %d, and offset %d was asked for: older records were removed."
              .formatted(partition, start, asked),
          new Position(partition, asked));
    }
  }

  /** The log ends before a size that it is known to have had. */
  public static final class EndLost extends IntegrityFault {
    EndLost(int partition, long end, long asked) {
      super(
          "Partition %d ends at offset %d, and records up to %d were asked for: newer records were lost."
              .formatted(partition, end, asked),
          new Position(partition, end));
    }
  }

  /** Bytes that are no record any more: their checksum or their form is wrong. */
  public static final class Unreadable extends IntegrityFault {
    Unreadable(int partition, long offset, Throwable cause) {
      super(
          "Partition %d cannot be read at offset %d: the bytes of the record or of its batch are damaged."
              .formatted(partition, offset),
          new Position(partition, offset));
      initCause(cause);
    }
  }

  /** A record without key or value, which no writer of ours makes. */
  public static final class NoContent extends IntegrityFault {
    /** The record at {@code position}. */
    public NoContent(Position position) {
      super(
          "The record at offset %d of partition %d has no key or no value."
              .formatted(position.offset(), position.partition()),
          position);
    }
  }

  /** A record whose writer's schema nobody knows: what it says cannot be told any more. */
  public static final class UnknownSchema extends IntegrityFault {
    /** The record at {@code position}. */
    public UnknownSchema(Position position) {
      super(
          "The registry does not know the schema of the record at offset %d of partition %d."
              .formatted(position.offset(), position.partition()),
          position);
    }
  }
}
