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
   * Whether what is derived from the partition is not to be relied on either: records are lost or
   * are others than they were. Else all that was written is there, and only the tree cannot go on.
   */
  public boolean isLoss() {
    return switch (this) {
      case Gap g -> true;
      case StartLost s -> true;
      case EndLost e -> true;
      case Damaged d -> true;
      case Changed c -> true;
      case Forked f -> true;
      case OpenTransaction o -> false;
      case NoContent n -> false;
      case UnknownSchema u -> false;
    };
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

  /** A record that is there and cannot be read: its bytes do not have their checksum. */
  public static final class Damaged extends IntegrityFault {
    Damaged(int partition, long offset, Throwable cause) {
      super(
          "The record at offset %d of partition %d, or one of its batch, is damaged: it does not have its checksum."
              .formatted(offset, partition),
          new Position(partition, offset));
      initCause(cause);
    }
  }

  /** A record that can be read and is not the one that stood there before. */
  public static final class Changed extends IntegrityFault {
    /** The record at {@code position}. */
    public Changed(Position position) {
      super(
          "The record at offset %d of partition %d is not the one that stood there: its leaf is another than the tree has."
              .formatted(position.offset(), position.partition()),
          position);
    }
  }

  /** Another tree was signed than the records give. */
  public static final class Forked extends IntegrityFault {
    /**
     * A checkpoint that the records do not continue.
     *
     * @param first offset of the first record that can be the cause: all before it were signed as
     *     they are
     * @param size that was signed
     * @param found root of the records, or why there is none
     * @param signed root that was signed
     */
    public Forked(int partition, long first, long size, String found, String signed) {
      super(
          "The log of partition %d has the root %s at size %d, and %s was signed: records were changed, the first of them at offset %d or behind it."
              .formatted(partition, found, size, signed, first),
          new Position(partition, first));
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
    /** The log of {@code partition} begins at {@code start}, and {@code asked} is gone. */
    public StartLost(int partition, long asked, long start) {
      super(
          "Partition %d begins at offset %d, and offset %d was asked for: older records were removed."
              .formatted(partition, start, asked),
          new Position(partition, asked));
    }
  }

  /** The log ends before a size that it is known to have had. */
  public static final class EndLost extends IntegrityFault {
    /** The log of {@code partition} has {@code end} records and had {@code asked}. */
    public EndLost(int partition, long end, long asked) {
      super(
          "Partition %d ends at offset %d, and records up to %d were asked for: newer records were lost."
              .formatted(partition, end, asked),
          new Position(partition, end));
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
