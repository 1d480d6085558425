package com.credlink.ledger.topology.digest;

import com.credlink.ledger.projections.signing.ImageState;
import com.credlink.ledger.topology.intake.IntakeKeys;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.StoreCodecs;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * What the projections of one partition hold after so many records: for each table how many rows it
 * has, and the SHA-256 over {@code u32be(len(key)) | key | u32be(len(value)) | value} of its rows
 * in the order of their keys. Two folds of the same log give the same.
 *
 * @param size records that were folded
 * @param tables every table of {@link DigestedTable}
 */
public record ProjectionDigest(long size, Map<DigestedTable, Rows> tables) {

  /** A row that will be forgotten within this time may have been forgotten by one of two folds. */
  private static final Duration MARGIN = Duration.ofHours(1);

  public ProjectionDigest {
    tables = Collections.unmodifiableMap(new EnumMap<>(tables));
  }

  /**
   * A table.
   *
   * @param count rows
   * @param sha256 their digest, hex
   */
  public record Rows(long count, String sha256) {}

  /**
   * Reads {@code snapshot} to its end.
   *
   * @param progress told the rows that were read, now and then
   */
  public static ProjectionDigest of(
      Snapshot snapshot, StoreCodecs codecs, Consumer<Long> progress) {
    Pass pass = new Pass(codecs, snapshot.logTime(), progress);
    KeyValueIterator<byte[], byte[]> state = snapshot.state();
    while (state.hasNext()) {
      KeyValue<byte[], byte[]> row = state.next();
      DigestedTable.of(row.key).ifPresent(table -> pass.add(table, row));
    }
    pass.all(DigestedTable.SIGNING_BY_TENANT, snapshot.signingByTenant());
    pass.all(DigestedTable.TRAIL, snapshot.trail());
    return new ProjectionDigest(snapshot.size(), pass.tables());
  }

  /** One pass over a snapshot. */
  private static final class Pass {

    private static final long TELL_EVERY = 10_000;

    private final StoreCodecs codecs;
    private final Instant rememberedAt;
    private final Consumer<Long> progress;
    private final Map<DigestedTable, MessageDigest> digests = new EnumMap<>(DigestedTable.class);
    private final Map<DigestedTable, Long> counts = new EnumMap<>(DigestedTable.class);
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    private long rows;

    Pass(StoreCodecs codecs, Instant logTime, Consumer<Long> progress) {
      this.codecs = codecs;
      this.rememberedAt = logTime.plus(MARGIN);
      this.progress = progress;
      for (DigestedTable table : DigestedTable.values()) {
        digests.put(table, sha256());
        counts.put(table, 0L);
      }
    }

    void all(DigestedTable table, KeyValueIterator<byte[], byte[]> all) {
      while (all.hasNext()) {
        add(table, all.next());
      }
    }

    void add(DigestedTable table, KeyValue<byte[], byte[]> row) {
      if (++rows % TELL_EVERY == 0) {
        progress.accept(rows);
      }
      if (counts(table, row)) {
        MessageDigest digest = digests.get(table);
        add(digest, row.key);
        add(digest, row.value);
        counts.merge(table, 1L, Long::sum);
      }
    }

    /** Whether the log alone decides that the row is there, and what it says. */
    private boolean counts(DigestedTable table, KeyValue<byte[], byte[]> row) {
      return switch (table) {
        case INTAKE -> isRemembered(row);
        case IMAGES -> isSettled(codecs.image().deserialize(row.value));
        case SIGNING, ADMISSION, DISPUTES, RESULTS, STARTS, TENANTS, SIGNING_BY_TENANT, TRAIL ->
            true;
      };
    }

    private boolean isRemembered(KeyValue<byte[], byte[]> row) {
      byte[] key = java.util.Arrays.copyOfRange(row.key, 1, row.key.length);
      return IntakeKeys.memory(key, row.value)
          .map(memory -> codecs.firstSeen().deserialize(row.value).remembered(rememberedAt, memory))
          .orElse(true);
    }

    private static boolean isSettled(ImageState image) {
      return switch (image.status()) {
        case STORED, FAILED -> true;
        case FETCHING, RETRY_SCHEDULED -> false;
      };
    }

    private void add(MessageDigest digest, byte[] bytes) {
      digest.update(length.clear().putInt(bytes.length).flip());
      digest.update(bytes);
    }

    Map<DigestedTable, Rows> tables() {
      Map<DigestedTable, Rows> tables = new EnumMap<>(DigestedTable.class);
      digests.forEach(
          (table, digest) ->
              tables.put(
                  table, new Rows(counts.get(table), HexFormat.of().formatHex(digest.digest()))));
      return tables;
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
