package com.credlink.ledger.tlog;

import com.credlink.ledger.merkle.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** A log in a directory, in the layout of its paths: {@code checkpoint}, {@code tile/...}. */
public final class DirectoryLog implements TiledLog {

  /** Name of the file with the newest checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  private final Path directory;

  /** The log in {@code directory}. */
  public DirectoryLog(Path directory) {
    this.directory = directory;
  }

  @Override
  public byte[] checkpoint() {
    return file(CHECKPOINT)
        .orElseThrow(() -> new LogUnreachable("there is no checkpoint in " + directory));
  }

  @Override
  public Optional<byte[]> read(Tile tile) {
    return file(tile.path());
  }

  private Optional<byte[]> file(String path) {
    try {
      return Optional.of(Files.readAllBytes(directory.resolve(path)));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LogUnreachable("%s cannot be read".formatted(directory.resolve(path)), e);
    }
  }

  @Override
  public String place() {
    return directory.toString();
  }
}
