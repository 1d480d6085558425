package com.credlink.ledger.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Images from a directory: {@code <shop domain>/<last path segment of the source, without query>}.
 * For trying the ledger without a network, and for shops whose images are mirrored.
 */
public final class DirectoryAssetSource implements AssetSource {

  /** Error class of an image that the directory does not have. */
  static final String NOT_FOUND = "not_found";

  private final Path directory;
  private final int maxBytes;

  /**
   * Reads below {@code directory}.
   *
   * @param maxBytes the largest image taken
   */
  public DirectoryAssetSource(Path directory, int maxBytes) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  @Override
  public Result fetch(String shop, URI source) {
    String path = source.getPath() == null ? "" : source.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (!isPlainName(name) || !isPlainName(shop)) {
      return Result.Failed.permanent("bad_source", "The source does not end in a file name.");
    }
    Path file = directory.resolve(shop).resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      return bytes.length > maxBytes
          ? Result.Failed.permanent("too_large", "The image is larger than " + maxBytes + " bytes.")
          : new Result.Fetched(bytes);
    } catch (java.nio.file.NoSuchFileException missing) {
      return Result.Failed.permanent(NOT_FOUND, "The asset directory has no such image.");
    } catch (IOException unreadable) {
      return Result.Failed.passing("unreadable", "The asset directory could not be read.");
    }
  }

  /** One path segment that stays below its parent. */
  private static boolean isPlainName(String name) {
    return !name.isBlank()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\\') < 0
        && name.indexOf('\0') < 0;
  }
}
