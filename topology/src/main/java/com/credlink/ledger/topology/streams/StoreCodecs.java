package com.credlink.ledger.topology.streams;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.projections.signing.HistoryEntry;
import com.credlink.ledger.projections.signing.ImageState;
import com.credlink.ledger.projections.signing.StoredSigning;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.queue.StampJob;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.wire.RecordSerde;
import com.credlink.ledger.wire.Registration;

/**
 * How state and derived records are written: in the wire format like the facts, so that a changelog
 * of an older version is read with the schema that wrote it.
 */
public final class StoreCodecs {

  /** Subject prefix of what stores keep. */
  private static final String STATE = "ledger.state";

  private final EventCatalogue catalogue;
  private final SchemaRegistry registry;
  private final Registration registration;
  private final RecordSerde<StoredSigning> signing;
  private final RecordSerde<HistoryEntry> historyEntry;
  private final RecordSerde<ImageState> image;
  private final RecordSerde<FirstSeen> firstSeen;
  private final RecordSerde<DeliveryVerdict> verdict;
  private final RecordSerde<SigningStatus> status;
  private final RecordSerde<SignJob> signJob;
  private final RecordSerde<FetchJob> fetchJob;
  private final RecordSerde<StampJob> stampJob;

  /** Codecs whose schemas are in {@code registry}. */
  public StoreCodecs(EventCatalogue catalogue, SchemaRegistry registry, Registration registration) {
    this.catalogue = catalogue;
    this.registry = registry;
    this.registration = registration;
    this.signing = serde(StoredSigning.class, "state.StoredSigning", STATE);
    this.historyEntry = serde(HistoryEntry.class, "state.StoredHistoryEntry", STATE);
    this.image = serde(ImageState.class, "state.StoredImage", STATE);
    this.firstSeen = serde(FirstSeen.class, "state.StoredFirstSeen", STATE);
    this.verdict = serde(DeliveryVerdict.class, "state.StoredVerdict", STATE);
    this.status = serde(SigningStatus.class, "queue.SigningStatus", Topics.STATUS);
    this.signJob = serde(SignJob.class, "queue.SignJob", "signing.jobs");
    this.fetchJob = serde(FetchJob.class, "queue.FetchJob", "signing.jobs");
    this.stampJob = serde(StampJob.class, "queue.StampJob", Topics.TIMESTAMPS);
  }

  private <T> RecordSerde<T> serde(Class<T> type, String name, String topic) {
    return new RecordSerde<>(
        type, catalogue.schema("com.credlink.ledger." + name), registry, registration, topic);
  }

  /** State of a signing request. */
  public RecordSerde<StoredSigning> signing() {
    return signing;
  }

  /** One fact in the life of a request. */
  public RecordSerde<HistoryEntry> historyEntry() {
    return historyEntry;
  }

  /** State of an image. */
  public RecordSerde<ImageState> image() {
    return image;
  }

  /** First fact of its kind. */
  public RecordSerde<FirstSeen> firstSeen() {
    return firstSeen;
  }

  /** What was found out about a delivery. */
  public RecordSerde<DeliveryVerdict> verdict() {
    return verdict;
  }

  /** Value of {@code signing.status}. */
  public RecordSerde<SigningStatus> status() {
    return status;
  }

  /** A job to sign. */
  public RecordSerde<SignJob> signJob() {
    return signJob;
  }

  /** A signed file that waits for a time-stamp. */
  public RecordSerde<StampJob> stampJob() {
    return stampJob;
  }

  /** A job to fetch. */
  public RecordSerde<FetchJob> fetchJob() {
    return fetchJob;
  }
}
