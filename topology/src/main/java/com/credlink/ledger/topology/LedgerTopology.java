package com.credlink.ledger.topology;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.topology.audit.AuditProcessor;
import com.credlink.ledger.topology.audit.TrailFold;
import com.credlink.ledger.topology.intake.BindingProcessor;
import com.credlink.ledger.topology.intake.IntakeProcessor;
import com.credlink.ledger.topology.merkle.TreeFold;
import com.credlink.ledger.topology.signing.SigningProcessor;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.Lanes;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.LogValue;
import com.credlink.ledger.topology.streams.Names;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.TenantPartitioner;
import com.credlink.ledger.wire.EventSerde;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/**
 * Everything that is derived from the log, in one pass over it:
 *
 * <pre>
 * ledger.events ─▶ audit ─▶ intake ─▶ signing ─▶ ledger.proposals · signing.jobs.* · signing.status · signing.timestamps
 *                             └──▶ ledger.bindings ─▶ binding ─▶ ledger.proposals
 * </pre>
 *
 * The fact goes through all processors before the next one is read, so that one offset, written
 * last, says how far all stores are.
 */
public final class LedgerTopology {

  /**
   * Names the consumer group and the internal topics. A new number rebuilds everything from the
   * log.
   */
  public static final String APPLICATION_ID = "ledger-projections-5";

  private LedgerTopology() {}

  /** Builds it. */
  public static Topology build(
      EventSerde serde,
      SchemaRegistry schemas,
      StoreCodecs codecs,
      LogSource log,
      SigningSettings settings,
      AppliedOffsets applied,
      StateChanges changes,
      IntegrityFaults faults,
      Snapshots snapshots) {
    Topology topology = new Topology();
    topology
        .addSource(
            Names.SOURCE, new ByteArrayDeserializer(), LogValue.deserializer(serde), Topics.EVENTS)
        .addProcessor(Names.AUDIT, () -> new AuditProcessor(faults, snapshots), Names.SOURCE)
        .addProcessor(
            Names.INTAKE, () -> new IntakeProcessor(serde, schemas, codecs, applied), Names.AUDIT)
        .addProcessor(
            Names.SIGNING,
            () -> new SigningProcessor(serde, codecs, settings, changes),
            Names.INTAKE)
        .addSource(
            Names.CLAIMED, new StringDeserializer(), new ByteArrayDeserializer(), Topics.BINDINGS)
        .addProcessor(Names.BINDING, () -> new BindingProcessor(serde, codecs), Names.CLAIMED);
    topology.addStateStore(
        LogStore.builder(Stores.TREE, () -> new TreeFold(new EntryHasher(schemas)), log),
        Names.AUDIT);
    topology.addStateStore(LogStore.builder(Stores.TRAIL, TrailFold::new, log), Names.AUDIT);
    addStores(topology);
    addSinks(topology);
    return topology;
  }

  private static void addStores(Topology topology) {
    topology.addStateStore(
        Stores.builder(Stores.STATE), Names.AUDIT, Names.INTAKE, Names.SIGNING, Names.BINDING);
    topology.addStateStore(Stores.builder(Stores.SIGNING_BY_TENANT), Names.AUDIT, Names.SIGNING);
  }

  private static void addSinks(Topology topology) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    TenantPartitioner byTenant = new TenantPartitioner();
    topology.addSink(
        Names.PROPOSALS,
        Topics.PROPOSALS,
        bytes,
        bytes,
        byTenant,
        Names.INTAKE,
        Names.SIGNING,
        Names.BINDING);
    topology.addSink(Names.CLAIMS, Topics.BINDINGS, bytes, bytes, byTenant, Names.INTAKE);
    topology.addSink(Names.JOBS, new LaneOfJob(), bytes, bytes, byTenant, Names.SIGNING);
    topology.addSink(Names.STATUS, Topics.STATUS, bytes, bytes, byTenant, Names.SIGNING);
    topology.addSink(Names.TIMESTAMPS, Topics.TIMESTAMPS, bytes, bytes, byTenant, Names.SIGNING);
    topology.addSink(Names.QUARANTINE, Topics.QUARANTINE, bytes, bytes, byTenant, Names.INTAKE);
  }

  /**
   * A job says in a header which lane it takes. Named, so that the description can be held to the
   * letter.
   */
  private static final class LaneOfJob implements TopicNameExtractor<byte[], byte[]> {
    @Override
    public String extract(byte[] key, byte[] value, RecordContext context) {
      return new String(context.headers().lastHeader(Lanes.HEADER).value(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "the lane in the header " + Lanes.HEADER;
    }
  }
}
