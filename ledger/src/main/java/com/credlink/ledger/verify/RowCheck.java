package com.credlink.ledger.verify;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.TenantDigest;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.tlog.LogTampered;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;

/**
 * Ties the rows of a replay to the leaves of the log: each row's bytes must give the entry that
 * stands at the row's position, and everything else in the row must follow from its bytes. The rows
 * stand in the order of the log, so that one pass over both is enough. For one thread.
 */
public final class RowCheck implements RecordCheck.Listener {

  private static final Comparator<Position> IN_ORDER =
      Comparator.comparingInt(Position::partition).thenComparingLong(Position::offset);

  private final ObjectMapper json =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private final EntryHasher entries;
  private final RecordRow rows;
  private final Iterator<String> lines;
  private final TenantDigest digest = new TenantDigest();
  private Optional<Row> next = Optional.empty();
  private long number;

  private record Row(long number, Position position, JsonNode content) {}

  /**
   * The rows of a file.
   *
   * @param lines one row a line; an {@link IOException} of it comes out as {@link
   *     UncheckedIOException}
   * @throws LogTampered if the first row is none
   */
  public RowCheck(BufferedReader lines, EntryHasher entries, RecordRow rows) {
    this.entries = entries;
    this.rows = rows;
    this.lines = lines.lines().filter(line -> !line.isBlank()).iterator();
    advance();
  }

  /** How many rows follow from their bytes and are in the log. */
  public long count() {
    return digest.count();
  }

  /** Over the rows, as if they were all records of a tenant. */
  public TenantDigest digest() {
    return digest;
  }

  /**
   * The log has this record.
   *
   * @throws LogTampered if the row of its position does not follow from it
   */
  @Override
  public void record(LogRecord record, byte[] entry) {
    Position position = record.position();
    while (next.isPresent() && IN_ORDER.compare(next.get().position(), position) <= 0) {
      Row row = next.get();
      if (!row.position().equals(position)) {
        throw fault(row, "the log has no such record at this place: rows stand in its order, once");
      }
      compare(row, record, entry);
      digest.add(position.offset(), entry);
      advance();
    }
  }

  /**
   * The log has no more entries.
   *
   * @throws LogTampered if a row is left
   */
  public void finish() {
    next.ifPresent(
        row -> {
          throw fault(row, "the log has no such record");
        });
  }

  /** The timestamp and the headers are no part of the entry; those of the log were compared. */
  private void compare(Row row, LogRecord record, byte[] entry) {
    byte[] key = bytes(row, RecordRow.KEY);
    byte[] value = bytes(row, RecordRow.VALUE);
    try {
      if (!Arrays.equals(entries.entry(key, value), entry)) {
        throw fault(row, "its bytes are not those of the record in the log");
      }
      JsonNode derived =
          json.readTree(
              rows.of(
                      new LogRecord(
                          row.position(), key, value, record.timestamp(), record.headers()),
                      entry)
                  .toString());
      if (!derived.equals(row.content())) {
        throw fault(
            row,
            "'%s' does not follow from its bytes".formatted(difference(derived, row.content())));
      }
    } catch (RegistryException.SchemaNotFound | RegistryException.Unreadable e) {
      throw fault(row, "the registry does not have its schema");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first field that is not the same. */
  private static String difference(JsonNode derived, JsonNode found) {
    for (Iterator<String> names = derived.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!derived.path(name).equals(found.path(name))) {
        return derived.path(name).isObject() && found.path(name).isObject()
            ? name + "." + difference(derived.path(name), found.path(name))
            : name;
      }
    }
    for (Iterator<String> names = found.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!derived.has(name)) {
        return name;
      }
    }
    return "?";
  }

  private static byte[] bytes(Row row, String name) {
    try {
      return Base64.getDecoder().decode(row.content().path(name).asText());
    } catch (IllegalArgumentException e) {
      throw fault(row, "'%s' is no base64".formatted(name));
    }
  }

  private void advance() {
    next = lines.hasNext() ? Optional.of(row(lines.next())) : Optional.empty();
  }

  private Row row(String line) {
    number++;
    try {
      JsonNode content = json.readTree(line);
      JsonNode partition = content.path("partition");
      JsonNode offset = content.path("offset");
      if (partition.isInt() && offset.isIntegralNumber() && offset.canConvertToLong()) {
        return new Row(number, new Position(partition.asInt(), offset.asLong()), content);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Said below.
    }
    throw new LogTampered("row %d is no row of a replay".formatted(number));
  }

  private static LogTampered fault(Row row, String what) {
    return new LogTampered(
        row.position().offset(), "row %d (%s): %s".formatted(row.number(), row.position(), what));
  }
}
