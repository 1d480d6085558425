package com.credlink.ledger.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files that only their owner reads, written as a whole or not at all. A reader, a crash or a full
 * disk never shows half a file: the bytes go to a new file beside it, are flushed, and only then
 * get the name.
 */
public final class PrivateFile {

  private PrivateFile() {}

  /**
   * Writes a file that must not exist yet.
   *
   * @return false when it exists already; it is then untouched.
   */
  public static boolean create(Path file, byte[] content) throws IOException {
    if (Files.exists(file)) {
      return false;
    }
    Path temporary = write(file, content);
    try {
      // A link, unlike a rename, fails when the name is taken: two first starts make one file.
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      Files.move(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
    flushDirectory(file);
    return true;
  }

  /** Writes a file in place of the one that has this name, if there is one. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path temporary = write(file, content);
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    flushDirectory(file);
  }

  /** Makes a directory, and those above it, that only their owner enters. */
  public static void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
  }

  /** Opens a file that must not exist yet for reading and writing, owner-only from the start. */
  public static FileChannel openNew(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ),
        ownerOnly(file, "rw-------"));
  }

  /**
   * Flushes the directory of {@code file}: a rename or a link is durable only then. Where
   * directories cannot be opened (not on a POSIX system) there is nothing to do.
   */
  public static void flushDirectory(Path file) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static Path write(Path file, byte[] content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    createDirectories(directory);
    Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try (FileChannel channel = openNew(temporary)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return temporary;
  }

  private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
    return isPosix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
