package com.credlink.ledger.broker;

import java.nio.file.Path;

/**
 * Why the broker did not start. The message is one sentence for the person who started it, says
 * what to do, and needs no stack trace beside it. Nothing on the disk has been changed, except that
 * an empty directory may have been created.
 */
public abstract sealed class KafkaNodeException extends RuntimeException {

  private KafkaNodeException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The data directory cannot be created, read or written by this user. */
  public static final class DirectoryUnusable extends KafkaNodeException {
    DirectoryUnusable(Path directory, String reason, Throwable cause) {
      super(
          "The data directory %s cannot be used: %s; give this user write access to it or choose another directory."
              .formatted(directory, reason),
          cause);
    }
  }

  /** Another node, in this or another process, holds the directory. */
  public static final class DirectoryInUse extends KafkaNodeException {
    DirectoryInUse(Path directory) {
      super(
          "The data directory %s is in use by another running node; stop that node first or choose another directory."
              .formatted(directory),
          null);
    }
  }

  /**
   * The directory holds something that this program did not write, or cannot recognise any more.
   */
  public static final class UnknownFormat extends KafkaNodeException {
    UnknownFormat(Path directory, String found, Throwable cause) {
      super(
          "The data directory %s was not written by this program: %s; nothing was changed, choose an empty directory or restore this one."
              .formatted(directory, found),
          cause);
    }
  }

  /** The directory was written by a version that this program cannot continue from. */
  public static final class OtherVersion extends KafkaNodeException {
    OtherVersion(Path directory, String found, String ours) {
      super(
          "The data directory %s was written by %s and this program has %s; nothing was changed, start the version that wrote it or choose another directory."
              .formatted(directory, found, ours),
          null);
    }
  }

  /** The directory belongs to another cluster than the one asked for. */
  public static final class OtherCluster extends KafkaNodeException {
    OtherCluster(Path directory, String found, String expected) {
      super(
          "The data directory %s belongs to the cluster %s, not to %s; nothing was changed, choose the right directory."
              .formatted(directory, found, expected),
          null);
    }
  }

  /** Another program listens on the port. */
  public static final class PortOccupied extends KafkaNodeException {
    PortOccupied(String host, int port, Throwable cause) {
      super(
          "The Kafka port %s:%d cannot be opened (%s); stop the program that listens there or choose another port (0 picks a free one)."
              .formatted(host, port, cause.getMessage()),
          cause);
    }
  }

  /** The broker's own start failed; the cause says where. */
  public static final class StartFailed extends KafkaNodeException {
    StartFailed(Path directory, Throwable cause) {
      super("The broker on %s did not start: %s.".formatted(directory, rootMessage(cause)), cause);
    }

    private static String rootMessage(Throwable thrown) {
      Throwable root = thrown;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
  }
}
