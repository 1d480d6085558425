package com.credlink.ledger.topology.audit;

import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.streams.AppliedRow;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.LogEntry;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.LogValue;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The first processor: puts every record into the tree, files it in the trail and says whether its
 * fact is there already.
 */
public final class AuditProcessor implements Processor<byte[], LogValue, byte[], Filed> {

  private final IntegrityFaults faults;
  private final Snapshots snapshots;
  private ProcessorContext<byte[], Filed> context;
  private LogStore trail;
  private LogStore tree;

  /** A tree ends at the first record that cannot be a leaf; all else goes on. */
  private boolean treeEnded;

  /** A processor; one for each task. */
  public AuditProcessor(IntegrityFaults faults, Snapshots snapshots) {
    this.faults = faults;
    this.snapshots = snapshots;
  }

  @Override
  public void init(ProcessorContext<byte[], Filed> context) {
    this.context = context;
    this.trail = context.getStateStore(Stores.TRAIL);
    this.tree = context.getStateStore(Stores.TREE);
    AppliedRow.read(new Table(context.getStateStore(Stores.STATE), Table.Kind.APPLIED))
        .ifPresent(this::catchUp);
    context.schedule(
        Snapshots.LOOK,
        PunctuationType.WALL_CLOCK_TIME,
        now -> snapshots.answer(context.taskId().partition(), this::snapshot));
  }

  private Optional<Snapshot> snapshot() {
    return TakenSnapshot.of(
        context.getStateStore(Stores.STATE),
        context.getStateStore(Stores.SIGNING_BY_TENANT),
        trail);
  }

  private void catchUp(long offset) {
    if (isLost(context.taskId().partition())) {
      return;
    }
    try {
      trail.catchUp(offset);
    } catch (IntegrityFault fault) {
      faults.report(fault);
      return;
    }
    grow(() -> tree.catchUp(offset));
  }

  /** What is behind a loss would be folded as if nothing were missing. */
  private boolean isLost(int partition) {
    return faults.loss(partition).isPresent();
  }

  @Override
  public void process(Record<byte[], LogValue> message) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    if (isLost(at.partition())) {
      return;
    }
    Position position = new Position(at.partition(), at.offset());
    LogEntry entry = new LogEntry(position, message.key(), message.timestamp(), message.value());
    trail.apply(entry);
    grow(() -> tree.apply(entry));
    context.forward(message.withValue(new Filed(entry, isRepeated(entry))));
  }

  private void grow(Runnable step) {
    if (!treeEnded) {
      try {
        step.run();
      } catch (IntegrityFault fault) {
        treeEnded = true;
        faults.report(fault);
      }
    }
  }

  /** A second record with a known id is the same fact again, whoever wrote it twice. */
  private boolean isRepeated(LogEntry entry) {
    return entry.value() instanceof LogValue.Event value
        && trail
            .get(TrailKeys.id(value.event().eventId()))
            .filter(row -> Keys.trailingNumber(row) != entry.position().offset())
            .isPresent();
  }
}
