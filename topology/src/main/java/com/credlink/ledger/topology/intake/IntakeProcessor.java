package com.credlink.ledger.topology.intake;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.ShopInstalled;
import com.credlink.ledger.event.ShopUninstalled;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.audit.Filed;
import com.credlink.ledger.topology.audit.TenantRecords;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.AppliedRow;
import com.credlink.ledger.topology.streams.Fact;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.LogValue;
import com.credlink.ledger.topology.streams.Names;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import com.credlink.ledger.wire.EventSerde;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The second processor: judges deliveries, hands each fact on, and writes last how far all have
 * come. A record at or below the applied offset is not applied again, whatever the group's
 * committed offset says.
 */
public final class IntakeProcessor implements Processor<byte[], Filed, byte[], Object> {

  private static final byte[] INSTALLED = {1};
  private static final byte[] UNINSTALLED = {0};
  private static final String REASON = "reason";

  /** How long a claim of a resource stands before its next mention renews it. */
  private static final Duration CLAIM_ANEW = Duration.ofDays(1);

  /** How often rows that are not remembered any more are removed. */
  private static final Duration SWEEP = Duration.ofMinutes(30);

  private final EventSerde serde;
  private final SchemaRegistry schemas;
  private final StoreCodecs codecs;
  private final AppliedOffsets mirror;
  private ProcessorContext<byte[], Object> context;
  private Table applied;
  private Table intake;
  private TenantRecords tenants;
  private Instant logTime = Instant.EPOCH;

  /** A processor; one for each task. */
  public IntakeProcessor(
      EventSerde serde, SchemaRegistry schemas, StoreCodecs codecs, AppliedOffsets mirror) {
    this.serde = serde;
    this.schemas = schemas;
    this.codecs = codecs;
    this.mirror = mirror;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    KeyValueStore<byte[], byte[]> state = context.getStateStore(Stores.STATE);
    this.applied = new Table(state, Table.Kind.APPLIED);
    this.intake = new Table(state, Table.Kind.INTAKE);
    this.tenants =
        new TenantRecords(new Table(state, Table.Kind.TENANTS), new EntryHasher(schemas));
    AppliedRow.read(applied)
        .ifPresent(offset -> mirror.advance(context.taskId().partition(), offset));
    context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, now -> sweep());
  }

  @Override
  public void process(Record<byte[], Filed> message) {
    LogEntry entry = message.value().entry();
    Position at = entry.position();
    OptionalLong before = AppliedRow.read(applied);
    if (before.isPresent() && at.offset() <= before.getAsLong()) {
      return;
    }
    switch (entry.value()) {
      case LogValue.Event value when message.value().repeated() -> repeated(value.event(), at);
      case LogValue.Event value -> {
        Fact fact = new Fact(at, value.event(), judge(value.event(), entry));
        context.forward(message.<Object>withValue(fact), Names.SIGNING);
      }
      case LogValue.Opaque value -> {}
      case LogValue.Unreadable value -> quarantine(message, value);
    }
    tenants.add(entry);
    AppliedRow.write(applied, at.offset());
    mirror.advance(at.partition(), at.offset());
  }

  /** A fact that is in the log twice counts once. */
  private void repeated(LedgerEvent event, Position at) {
    remember(DeliveryVerdict.repetition(event.eventId()), at);
  }

  private void remember(DeliveryVerdict verdict, Position at) {
    if (!verdict.isBusinessEvent()) {
      intake.put(IntakeKeys.verdict(at.offset()), codecs.verdict().serialize(verdict));
    }
  }

  private DeliveryVerdict judge(LedgerEvent event, LogEntry entry) {
    logTime = event.header().recordedAt();
    return switch (event) {
      case WebhookReceived delivery -> {
        DeliveryVerdict verdict = delivery(delivery, entry.timestamp());
        remember(verdict, entry.position());
        yield verdict;
      }
      case ShopInstalled e -> shop(e.tenant(), INSTALLED);
      case ShopUninstalled e -> shop(e.tenant(), UNINSTALLED);
      default -> DeliveryVerdict.FRESH;
    };
  }

  private DeliveryVerdict shop(String tenant, byte[] state) {
    intake.put(IntakeKeys.shop(tenant), state);
    return DeliveryVerdict.FRESH;
  }

  private DeliveryVerdict delivery(WebhookReceived event, long timestamp) {
    byte[] deliveryKey = IntakeKeys.delivery(event);
    byte[] bodyKey = IntakeKeys.sameBody(event);
    DeliveryVerdict verdict = DeliveryVerdict.of(event, firstSeen(deliveryKey), firstSeen(bodyKey));
    if (verdict.duplicateOf().isPresent()) {
      return verdict;
    }
    byte[] self = codecs.firstSeen().serialize(seen(event, Bytes.EMPTY));
    intake.put(deliveryKey, self);
    if (verdict.sameBodyAs().isEmpty()) {
      intake.put(bodyKey, self);
    }
    bind(event, self);
    if (event.topic().equals("app/uninstalled") && verdict.isBusinessEvent()) {
      propose(uninstalled(event), timestamp);
    }
    if (event.topic().equals("shop/redact")) {
      releaseAll(event);
    }
    return verdict;
  }

  /** Remembers body and resource for the gateways, which look for them in every partition. */
  private void bind(WebhookReceived event, byte[] self) {
    byte[] bodyKey = IntakeKeys.bodyAnywhere(event.bodyHash());
    // As if it were gone already, which a sweep decides when it comes.
    Instant now = event.header().recordedAt();
    if (firstSeen(bodyKey).filter(seen -> seen.remembered(now, FirstSeen.MEMORY)).isEmpty()) {
      intake.put(bodyKey, self);
    }
    event.resourceHash().ifPresent(resource -> claim(resource, event));
  }

  /**
   * A resource that this shop has not named within a day is claimed anew: here, if no other shop
   * holds it, and in the partition of the resource's hash, where a claim of a shop of another
   * partition is seen as well.
   */
  private void claim(Bytes resource, WebhookReceived event) {
    byte[] key = IntakeKeys.resourceAnywhere(resource);
    Instant now = event.header().recordedAt();
    Optional<FirstSeen> holder =
        firstSeen(key).filter(seen -> seen.remembered(now, FirstSeen.BINDING));
    boolean own = holder.filter(seen -> seen.tenant().equals(event.tenant())).isPresent();
    if (own && holder.get().remembered(now, CLAIM_ANEW)) {
      return;
    }
    byte[] claim = codecs.firstSeen().serialize(seen(event, event.bodyHash()));
    if (own || holder.isEmpty()) {
      intake.put(key, claim);
    }
    context.forward(
        new Record<>(utf8(Claims.key(resource, event.tenant())), claim, now.toEpochMilli()),
        Names.CLAIMS);
  }

  /** What was bound to a shop whose data is erased is bound to nobody. */
  private void releaseAll(WebhookReceived redact) {
    List<byte[]> released = new ArrayList<>();
    byte[] first = IntakeKeys.resourcesAnywhere();
    try (KeyValueIterator<byte[], byte[]> rows = intake.range(first, Keys.last(first))) {
      while (rows.hasNext()) {
        KeyValue<byte[], byte[]> row = rows.next();
        if (codecs.firstSeen().deserialize(row.value).tenant().equals(redact.tenant())) {
          released.add(row.key);
        }
      }
    }
    long at = redact.header().recordedAt().toEpochMilli();
    for (byte[] key : released) {
      intake.delete(key);
      byte[] claim = utf8(Claims.key(IntakeKeys.resourceOf(key), redact.tenant()));
      context.forward(new Record<byte[], Object>(claim, null, at), Names.CLAIMS);
    }
  }

  private Optional<FirstSeen> firstSeen(byte[] key) {
    return Optional.ofNullable(intake.get(key)).map(codecs.firstSeen()::deserialize);
  }

  private static FirstSeen seen(WebhookReceived event, Bytes hash) {
    return new FirstSeen(event.eventId(), event.tenant(), event.header().recordedAt(), hash);
  }

  private ShopUninstalled uninstalled(WebhookReceived event) {
    Instant now = now();
    return new ShopUninstalled(
        new EventHeader(
            Ids.derived("ShopUninstalled", event.eventId()),
            event.tenant(),
            event.header().occurredAt(),
            now,
            new Actor(ActorType.SYSTEM, "clerk"),
            "clerk",
            event.header().correlationId(),
            Optional.of(event.eventId()),
            Optional.empty()),
        event.eventId());
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }

  private void propose(LedgerEvent event, long timestamp) {
    context.forward(
        new Record<>(utf8(event.tenant()), serde.serialize(event), timestamp), Names.PROPOSALS);
  }

  private void quarantine(Record<byte[], Filed> message, LogValue.Unreadable value) {
    RecordHeaders headers = new RecordHeaders(message.headers());
    headers.add(REASON, utf8(value.reason()));
    byte[] key = message.key() == null ? utf8(LedgerEvent.PLATFORM) : message.key();
    context.forward(
        new Record<byte[], Object>(key, value.raw(), message.timestamp(), headers),
        Names.QUARANTINE);
  }

  /** Removes what is not remembered any more, by the log's own time. */
  private void sweep() {
    List<byte[]> forgotten = new ArrayList<>();
    try (KeyValueIterator<byte[], byte[]> rows = intake.all()) {
      while (rows.hasNext()) {
        KeyValue<byte[], byte[]> row = rows.next();
        IntakeKeys.memory(row.key, row.value)
            .filter(
                memory -> !codecs.firstSeen().deserialize(row.value).remembered(logTime, memory))
            .ifPresent(over -> forgotten.add(row.key));
      }
    }
    forgotten.forEach(intake::delete);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    mirror.forget(context.taskId().partition());
  }
}
