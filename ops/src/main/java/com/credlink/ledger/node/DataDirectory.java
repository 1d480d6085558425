package com.credlink.ledger.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory where a node keeps what it must not lose, held by one process at a time.
 *
 * <pre>
 * VERSION            the layout of the directory; another one is refused, never converted silently
 * lock               held while a node runs, so that two never write to one broker's files
 * node.json          url, kafka, registry, pid; only while a node runs
 * credentials.json   clear development tokens and secrets (0600); only with 'ledger up'
 * logs/ledger.log    what the node says, one JSON object a line
 * </pre>
 *
 * Other parts of the node have directories of their own below it.
 */
public final class DataDirectory implements AutoCloseable {

  /** The layout that this build reads and writes. */
  public static final String VERSION = "1";

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens {@code path}, makes it if it is not there, and holds it until {@link #close}.
   *
   * @throws NodeStartException if it cannot be written, belongs to another version, or another node
   *     holds it
   */
  public static DataDirectory open(Path path) throws NodeStartException {
    try {
      Files.createDirectories(path, PrivateFiles.permissions("rwx------"));
    } catch (FileAlreadyExistsException e) {
      throw new NodeStartException("'" + path + "' is a file; name a directory with --data", e);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = channel.tryLock();
      if (lock == null) {
        throw held(path);
      }
      requireVersion(path);
      var opened = new DataDirectory(path, channel, lock);
      channel = null;
      return opened;
    } catch (OverlappingFileLockException e) {
      throw held(path);
    } catch (IOException e) {
      throw unwritable(path, e);
    } finally {
      closeQuietly(channel);
    }
  }

  public Path path() {
    return path;
  }

  public Path logs() {
    return path.resolve("logs");
  }

  public Path nodeFile() {
    return path.resolve("node.json");
  }

  public Path credentialsFile() {
    return path.resolve("credentials.json");
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      // Closing the channel, or the end of the process, releases it as well.
    }
    closeQuietly(channel);
  }

  private static void requireVersion(Path path) throws IOException, NodeStartException {
    var file = path.resolve("VERSION");
    if (Files.exists(file)) {
      var found = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (!VERSION.equals(found)) {
        throw new NodeStartException(
            "'%s' was written by another version (layout '%s', this one reads '%s'); start with that version, or name another directory with --data"
                .formatted(path, found.length() > 20 ? found.substring(0, 20) : found, VERSION));
      }
      return;
    }
    try (var entries = Files.list(path)) {
      if (entries.anyMatch(entry -> !entry.endsWith("lock"))) {
        throw new NodeStartException(
            "'%s' is not empty and has no VERSION file, so it is no ledger's directory; name another with --data"
                .formatted(path));
      }
    }
    PrivateFiles.replace(file, (VERSION + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static NodeStartException held(Path path) {
    return new NodeStartException(
        "'%s' is in use by a node that runs; stop it, or name another directory with --data"
            .formatted(path));
  }

  private static NodeStartException unwritable(Path path, IOException cause) {
    return new NodeStartException(
        "'%s' cannot be written (%s); name a directory that may be written with --data"
            .formatted(path, cause.getClass().getSimpleName()),
        cause);
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written through it.
      }
    }
  }
}
