package com.credlink.ledger.topology.intake;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.WebhookReplaySuspected;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.topology.streams.Keys;
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
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Sees every claim of a resource, whichever partition its shop is in. A gateway refuses a delivery
 * whose resource it knows under another shop; two that arrive at the same moment pass two gateways,
 * or one, and meet here. Which of them is the genuine one cannot be known, so both are suspected.
 */
public final class BindingProcessor implements Processor<String, byte[], byte[], byte[]> {

  private static final Duration SWEEP = Duration.ofMinutes(30);

  /** A claim older than the one that is held by more than this was read again and says nothing. */
  private static final Duration READ_AGAIN = Duration.ofHours(1);

  private final EventSerde serde;
  private final StoreCodecs codecs;
  private ProcessorContext<byte[], byte[]> context;
  private Table bindings;
  private Instant logTime = Instant.EPOCH;

  /** A processor; one for each task. */
  public BindingProcessor(EventSerde serde, StoreCodecs codecs) {
    this.serde = serde;
    this.codecs = codecs;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.bindings = new Table(context.getStateStore(Stores.STATE), Table.Kind.BINDINGS);
    context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, now -> sweep());
  }

  @Override
  public void process(Record<String, byte[]> claim) {
    byte[] key = Keys.of(Claims.resource(claim.key()));
    Optional<FirstSeen> holder =
        Optional.ofNullable(bindings.get(key)).map(codecs.firstSeen()::deserialize);
    if (claim.value() == null) {
      holder
          .filter(held -> held.tenant().equals(Claims.tenant(claim.key())))
          .ifPresent(released -> bindings.delete(key));
      return;
    }
    FirstSeen claimed = codecs.firstSeen().deserialize(claim.value());
    if (holder.filter(held -> claimed.at().plus(READ_AGAIN).isBefore(held.at())).isPresent()) {
      return;
    }
    logTime = claimed.at();
    Optional<FirstSeen> other =
        holder
            .filter(held -> !held.tenant().equals(claimed.tenant()))
            .filter(held -> held.remembered(claimed.at(), FirstSeen.BINDING));
    if (other.isEmpty()) {
      bindings.put(key, claim.value());
      return;
    }
    suspect(other.get());
    suspect(claimed);
  }

  /** The id follows from the delivery, so that a third shop makes no second fact of the first. */
  private void suspect(FirstSeen delivery) {
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    EventHeader header =
        new EventHeader(
            Ids.derived("WebhookReplaySuspected", delivery.id()),
            delivery.tenant(),
            now,
            now,
            new Actor(ActorType.SYSTEM, "clerk"),
            "clerk",
            delivery.id(),
            Optional.of(delivery.id()),
            Optional.empty());
    WebhookReplaySuspected suspected =
        new WebhookReplaySuspected(header, delivery.id(), delivery.hash());
    context.forward(
        new Record<>(
            delivery.tenant().getBytes(StandardCharsets.UTF_8),
            serde.serialize(suspected),
            now.toEpochMilli()),
        Names.PROPOSALS);
  }

  private void sweep() {
    List<byte[]> over = new ArrayList<>();
    try (KeyValueIterator<byte[], byte[]> rows = bindings.all()) {
      while (rows.hasNext()) {
        KeyValue<byte[], byte[]> row = rows.next();
        if (!codecs.firstSeen().deserialize(row.value).remembered(logTime, FirstSeen.BINDING)) {
          over.add(row.key);
        }
      }
    }
    over.forEach(bindings::delete);
  }
}
