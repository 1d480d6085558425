package com.credlink.ledger.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The files of a partition of a stopped broker, for whoever wants to change its past. */
final class Segments {

  private static final int LENGTH_AT = 8;
  private static final int PREFIX = 12;
  private static final int CHECKSUM_AT = 17;
  private static final int CHECKED_FROM = 21;

  private final Path folder;

  /** Those of a partition of a topic in the data directory of a node. */
  Segments(Path data, String topic, int partition) throws IOException {
    try (Stream<Path> all = Files.walk(data.resolve("kafka"))) {
      this.folder =
          all.filter(path -> path.endsWith(topic + "-" + partition)).findFirst().orElseThrow();
    }
  }

  /** A copy of a stopped node's directory. */
  static Path copy(Path data, Path copy) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path each : all.toList()) {
        Files.copy(each, copy.resolve(data.relativize(each).toString()));
      }
    }
    return copy;
  }

  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".log"))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  /** Removes the last file with its indexes. */
  void deleteLast() throws IOException {
    String last = files().getLast().getFileName().toString().replace(".log", "");
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file :
          all.filter(each -> each.getFileName().toString().startsWith(last)).toList()) {
        Files.delete(file);
      }
    }
  }

  /**
   * Changes one bit of the batch that begins with the record at {@code offset}.
   *
   * @param fromEnd how many bytes before the batch's end
   * @param mended whether its checksum is made right again
   */
  void flip(long offset, int fromEnd, boolean mended) throws IOException {
    for (Path file : files()) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      for (int at = 0; at + PREFIX < bytes.limit(); at += PREFIX + bytes.getInt(at + LENGTH_AT)) {
        int end = at + PREFIX + bytes.getInt(at + LENGTH_AT);
        if (bytes.getLong(at) == offset) {
          bytes.put(end - fromEnd, (byte) (bytes.get(end - fromEnd) ^ 1));
          if (mended) {
            CRC32C crc = new CRC32C();
            crc.update(bytes.array(), at + CHECKED_FROM, end - at - CHECKED_FROM);
            bytes.putInt(at + CHECKSUM_AT, (int) crc.getValue());
          }
          Files.write(file, bytes.array());
          return;
        }
      }
    }
    throw new AssertionError("no batch begins with offset " + offset);
  }
}
