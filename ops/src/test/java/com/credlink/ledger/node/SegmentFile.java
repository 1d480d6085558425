package com.credlink.ledger.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** The file with the records of a partition of {@code ledger.events}, while no broker runs. */
final class SegmentFile {

  private final Path file;

  private SegmentFile(Path file) {
    this.file = file;
  }

  /** That of a partition of the node of {@code data}; the tests never fill a second one. */
  static SegmentFile of(Path data, int partition) throws IOException {
    Path directory;
    try (Stream<Path> found = Files.walk(data.resolve("kafka"))) {
      directory =
          found
              .filter(path -> path.getFileName().toString().equals("ledger.events-" + partition))
              .findFirst()
              .orElseThrow();
    }
    return new SegmentFile(directory.resolve("00000000000000000000.log"));
  }

  Path path() {
    return file;
  }

  /** Takes the records from {@code size} on away, as a power cut does that loses the newest. */
  void truncate(long size) throws IOException {
    rewrite(size, -1, UnaryOperator.identity());
  }

  /** Changes the value of one record; its checksum is good again. */
  void change(long offset, UnaryOperator<byte[]> value) throws IOException {
    rewrite(Long.MAX_VALUE, offset, value);
  }

  private void rewrite(long size, long changed, UnaryOperator<byte[]> value) throws IOException {
    List<ByteBuffer> batches = new ArrayList<>();
    try (FileRecords records = FileRecords.open(file.toFile())) {
      for (Record record : records.records()) {
        if (record.offset() < size) {
          byte[] bytes = bytes(record.value());
          SimpleRecord written =
              new SimpleRecord(
                  record.timestamp(),
                  bytes(record.key()),
                  record.offset() == changed ? value.apply(bytes) : bytes,
                  record.headers());
          batches.add(
              MemoryRecords.withRecords(record.offset(), Compression.NONE, 0, written).buffer());
        }
      }
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      for (ByteBuffer batch : batches) {
        while (batch.hasRemaining()) {
          out.write(batch);
        }
      }
    }
    forgetIndexes();
  }

  /** The broker makes them again from the records. */
  private void forgetIndexes() throws IOException {
    try (Stream<Path> beside = Files.list(file.getParent())) {
      for (Path each : beside.toList()) {
        String name = each.getFileName().toString();
        if (name.endsWith("index") || name.endsWith(".snapshot")) {
          Files.delete(each);
        }
      }
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
