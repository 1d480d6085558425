package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.LogRecord.Header;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Everything about a record that is not its value, as a function of the event in the value: key,
 * timestamp and CloudEvents headers. The writer sets what {@link #of} says and a reader compares
 * with {@link #deviation}, so that nothing beside the value can be altered unseen.
 *
 * @param tenant the key, as text.
 * @param timestamp {@code recordedAt} in milliseconds since 1970, rounded down.
 * @param headers in this order: {@code ce_specversion}, {@code ce_id}, {@code ce_source}, {@code
 *     ce_type}, {@code ce_time} ({@code occurredAt}) and, where the event has one, {@code
 *     traceparent}.
 */
public record RecordEnvelope(String tenant, long timestamp, List<Header> headers) {

  /** A CloudEvents consumer refuses an event without it. */
  private static final Header SPEC_VERSION = header("ce_specversion", "1.0");

  public RecordEnvelope {
    headers = List.copyOf(headers);
  }

  /** What the record of {@code event} must look like around its value. */
  public static RecordEnvelope of(LedgerEvent event) {
    EventHeader header = event.header();
    List<Header> headers = new ArrayList<>(6);
    headers.add(SPEC_VERSION);
    headers.add(header("ce_id", header.eventId()));
    headers.add(header("ce_source", header.source()));
    headers.add(header("ce_type", event.type()));
    headers.add(header("ce_time", rfc3339(header.occurredAt())));
    header.traceparent().ifPresent(parent -> headers.add(header("traceparent", parent)));
    return new RecordEnvelope(header.tenant(), header.recordedAt().toEpochMilli(), headers);
  }

  /** The key's bytes. */
  public byte[] key() {
    return tenant.getBytes(UTF_8);
  }

  /** The partition among {@code partitions}. */
  public int partition(int partitions) {
    return Topics.partition(tenant, partitions);
  }

  /**
   * What {@code record} has that its value does not say, in words without a value of the record.
   *
   * @param partitions number of partitions of its topic
   * @return empty if all is as it must be
   */
  public Optional<String> deviation(LogRecord record, int partitions) {
    if (!Arrays.equals(record.key(), key())) {
      return Optional.of("the key is not the event's tenant");
    }
    if (record.position().partition() != partition(partitions)) {
      return Optional.of("the record is not in its tenant's partition");
    }
    if (record.timestamp() != timestamp) {
      return Optional.of("the timestamp is not the event's recordedAt");
    }
    if (!record.headers().equals(headers)) {
      return Optional.of("the headers are not those of the event");
    }
    return Optional.empty();
  }

  /**
   * RFC 3339 in UTC with exactly six digits, the precision of the events. By hand, because a
   * formatter costs as much as the rest of an append.
   */
  static String rfc3339(Instant instant) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
    int year = time.getYear();
    if (year < 0 || year > 9999) {
      // RFC 3339 has no such year; ISO 8601 writes it with a sign.
      return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }
    byte[] text = "0000-00-00T00:00:00.000000Z".getBytes(US_ASCII);
    digits(text, 4, year);
    digits(text, 7, time.getMonthValue());
    digits(text, 10, time.getDayOfMonth());
    digits(text, 13, time.getHour());
    digits(text, 16, time.getMinute());
    digits(text, 19, time.getSecond());
    digits(text, 26, time.getNano() / 1_000);
    return new String(text, US_ASCII);
  }

  /** Writes {@code number} so that its last digit stands before {@code end}. */
  private static void digits(byte[] text, int end, int number) {
    int rest = number;
    for (int at = end - 1; rest > 0; at--) {
      text[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static Header header(String name, String value) {
    return new Header(name, Bytes.wrap(value.getBytes(UTF_8)));
  }
}
