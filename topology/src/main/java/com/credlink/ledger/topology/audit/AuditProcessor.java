package com.credlink.ledger.topology.audit;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.topology.audit.TrailKeys.Group;
import com.credlink.ledger.topology.streams.Fact;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.StoredTrailRow;
import com.credlink.ledger.topology.streams.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Files every fact under its offset, its tenant and its id. */
public final class AuditProcessor implements Processor<byte[], Object, Void, Void> {

  private final StoreCodecs codecs;
  private KeyValueStore<byte[], byte[]> trail;
  private KeyValueStore<byte[], byte[]> byTenant;
  private KeyValueStore<byte[], byte[]> byId;

  /** A processor; one for each task. */
  public AuditProcessor(StoreCodecs codecs) {
    this.codecs = codecs;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    trail = context.getStateStore(Stores.TRAIL);
    byTenant = context.getStateStore(Stores.TRAIL_BY_TENANT);
    byId = context.getStateStore(Stores.TRAIL_BY_ID);
  }

  @Override
  public void process(Record<byte[], Object> message) {
    Fact fact = (Fact) message.value();
    Group group = Group.of(fact.type());
    long offset = fact.position().offset();
    byte[] rowKey = TrailKeys.row(group, offset);
    Optional<String> sameFact = fact.event().flatMap(event -> fileUnderId(event.eventId(), rowKey));
    trail.put(rowKey, codecs.trailRow().serialize(row(fact, message.timestamp(), sameFact)));
    fact.event()
        .ifPresent(
            event ->
                byTenant.put(
                    TrailKeys.tenant(event.tenant(), group, offset),
                    fact.type().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * A second record with a known id is the same fact: it stays, flagged, and the id leads to the
   * first.
   */
  private Optional<String> fileUnderId(String eventId, byte[] rowKey) {
    byte[] first = byId.putIfAbsent(TrailKeys.id(eventId), rowKey);
    return first == null ? Optional.empty() : Optional.of(eventId);
  }

  private static StoredTrailRow row(Fact fact, long timestamp, Optional<String> sameFact) {
    return new StoredTrailRow(
        fact.position().partition(),
        fact.position().offset(),
        fact.type(),
        fact.event().map(event -> event.eventId()).orElse(""),
        fact.event().map(event -> event.tenant()).orElse(""),
        fact.event()
            .map(event -> event.header().recordedAt())
            .orElse(Instant.ofEpochMilli(Math.max(timestamp, 0))),
        sameFact.or(() -> fact.verdict().duplicateOf()),
        fact.verdict().sameBodyAs(),
        Bytes.wrap(fact.value()));
  }
}
