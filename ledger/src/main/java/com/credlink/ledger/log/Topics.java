package com.credlink.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

/**
 * The one declaration of every topic, with every setting that matters written out. {@link
 * TopicAdmin} makes them and reports what deviates.
 *
 * <p>Everything is partitioned by {@link #partition murmur2 of the tenant id}. The number of
 * partitions of {@link #EVENTS} is fixed for ever when a ledger is created, because the offset in a
 * partition is the index of a leaf in that partition's tree; what is derived from it has the same
 * number.
 */
public final class Topics {

  /** Every fact, keyed by tenant. Never deleted from. */
  public static final String EVENTS = "ledger.events";

  /** What the clerk shall append, keyed by tenant. */
  public static final String PROPOSALS = "ledger.proposals";

  /** Signed checkpoints, keyed by log origin. */
  public static final String CHECKPOINTS = "ledger.checkpoints";

  /** Work for signers that somebody waits for. */
  public static final String JOBS_INTERACTIVE = "signing.jobs.interactive";

  /** Work for signers. */
  public static final String JOBS_STANDARD = "signing.jobs.standard";

  /** Work for signers that has time. */
  public static final String JOBS_BULK = "signing.jobs.bulk";

  /** Latest state of each signing request: the public integration topic. */
  public static final String STATUS = "signing.status";

  /** Signed files that wait for a time-stamp. */
  public static final String TIMESTAMPS = "signing.timestamps";

  /** Wrapped data keys. */
  public static final String PRIVACY_KEYS = "privacy.keys";

  /** Erasure fences. Never deleted from, never compacted. */
  public static final String PRIVACY_ERASURES = "privacy.erasures";

  /**
   * Which shop named a resource, keyed by the resource's keyed hash and the shop: what two gateways
   * took at the same moment meets here.
   */
  public static final String BINDINGS = "ledger.bindings";

  /** What could not be read or applied, with the reason in headers. */
  public static final String QUARANTINE = "ledger.quarantine";

  /** The schema registry's log, in Confluent's record format, which asks for one partition. */
  public static final String SCHEMAS = "_schemas";

  /** The share group of the signers. */
  public static final String SIGNERS = "ledger-signers";

  /**
   * Largest batch that a topic takes, in bytes. Bodies over 512 KiB are stored by reference, so a
   * record stays well below; the rest is room for the envelope and for a batch's own overhead.
   */
  public static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

  /** Partitions of an embedded node's topics. */
  public static final int EMBEDDED_PARTITIONS = 4;

  /** Partitions on a cluster, where nothing else is configured. */
  public static final int CLUSTER_PARTITIONS = 12;

  /** Replicas on a cluster, where nothing else is configured. */
  public static final short CLUSTER_REPLICATION = 3;

  private static final Duration DERIVED_RETENTION = Duration.ofDays(7);
  private static final Duration QUARANTINE_RETENTION = Duration.ofDays(90);

  /** A reader that was away for less than this still sees that a row of a compacted topic went. */
  private static final Duration TOMBSTONE_RETENTION = Duration.ofDays(7);

  /** An overwritten row is gone from a compacted topic after at most this and a segment's time. */
  private static final Duration MAX_COMPACTION_LAG = Duration.ofDays(1);

  private static final String FOREVER = "-1";
  private static final String UNLIMITED = Long.toString(Long.MAX_VALUE);

  /** After a crash the newest segment of each partition is read again: small where boot counts. */
  private static final int EMBEDDED_SEGMENT_BYTES = 128 * 1024 * 1024;

  private static final int CLUSTER_SEGMENT_BYTES = 1024 * 1024 * 1024;

  /**
   * One topic.
   *
   * @param name its name.
   * @param partitions how many partitions it must have.
   * @param replication how many replicas each has.
   * @param settings topic settings by Kafka's names.
   */
  public record Topic(
      String name, int partitions, short replication, Map<String, String> settings) {
    public Topic {
      settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
  }

  private final int partitions;
  private final short replication;
  private final Durability durability;
  private final int segmentBytes;
  private final Map<String, Topic> topics = new LinkedHashMap<>();

  private Topics(int partitions, int replication, Durability durability, int segmentBytes) {
    if (partitions < 1 || replication < 1 || replication > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "A ledger has at least one partition and one replica, not %d and %d."
              .formatted(partitions, replication));
    }
    this.partitions = partitions;
    this.replication = (short) replication;
    this.durability = durability;
    this.segmentBytes = segmentBytes;

    declare(EVENTS, partitions, precious(forever()));
    declare(PROPOSALS, partitions, kept(DERIVED_RETENTION));
    // Thinned only by a step that knows which checkpoints were cosigned or exported.
    declare(CHECKPOINTS, partitions, forever());
    declare(JOBS_INTERACTIVE, partitions, kept(DERIVED_RETENTION));
    declare(JOBS_STANDARD, partitions, kept(DERIVED_RETENTION));
    declare(JOBS_BULK, partitions, kept(DERIVED_RETENTION));
    declare(TIMESTAMPS, partitions, kept(DERIVED_RETENTION));
    declare(STATUS, partitions, compacted());
    declare(BINDINGS, partitions, compacted());
    // A fact whose key or schema is lost cannot be read any more, so these are flushed as it is.
    declare(PRIVACY_KEYS, partitions, precious(compacted()));
    declare(PRIVACY_ERASURES, partitions, precious(forever()));
    declare(QUARANTINE, partitions, kept(QUARANTINE_RETENTION));
    declare(SCHEMAS, 1, precious(compacted()));
  }

  /** For the broker in this process, surviving the death of the process. */
  public static Topics embedded() {
    return embedded(EMBEDDED_PARTITIONS, Durability.PROCESS);
  }

  /** For the broker in this process. */
  public static Topics embedded(int partitions, Durability durability) {
    return new Topics(partitions, 1, durability, EMBEDDED_SEGMENT_BYTES);
  }

  /** For a cluster, where replicas on several machines carry the promise. */
  public static Topics cluster(int partitions, int replication) {
    return cluster(partitions, replication, Durability.PROCESS);
  }

  /** For a cluster, flushing each append as well if {@code durability} says so. */
  public static Topics cluster(int partitions, int replication, Durability durability) {
    return new Topics(partitions, replication, durability, CLUSTER_SEGMENT_BYTES);
  }

  /** All topics, in the order of declaration. */
  public List<Topic> all() {
    return List.copyOf(topics.values());
  }

  /** The topic of that name, if it is one of ours. */
  public Optional<Topic> topic(String name) {
    return Optional.ofNullable(topics.get(name));
  }

  /** Partitions of {@link #EVENTS} and of all that is derived from it. */
  public int partitions() {
    return partitions;
  }

  /** What an acknowledged append survives. */
  public Durability durability() {
    return durability;
  }

  /** Group settings by group, then by Kafka's names. */
  public Map<String, Map<String, String>> groups() {
    return Map.of(
        SIGNERS,
        Map.of(
            // A signer that comes up late still gets the jobs that waited for it.
            "share.auto.offset.reset", "earliest",
            // A job of a transaction that was given up must not be signed.
            "share.isolation.level", "read_committed",
            // A worker that is still at a job says so at half the lock.
            "share.renew.acknowledge.enable", "true"));
  }

  /**
   * The partition of a tenant: murmur2 over its UTF-8 bytes, as Kafka's own default partitioner
   * takes it for a key.
   */
  public static int partition(String tenant, int partitions) {
    return partition(tenant.getBytes(UTF_8), partitions);
  }

  static int partition(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  private void declare(String name, int count, Map<String, String> settings) {
    topics.put(name, new Topic(name, count, replication, settings));
  }

  private Map<String, String> base() {
    Map<String, String> settings = new TreeMap<>();
    settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSync()));
    settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    settings.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
    // The timestamp is a function of the value. A clock that is wrong is data, no ground to refuse.
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, UNLIMITED);
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, UNLIMITED);
    settings.put(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
    settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(segmentBytes));
    settings.put(TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofDays(7)));
    settings.put(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, UNLIMITED);
    settings.put(TopicConfig.FLUSH_MS_CONFIG, UNLIMITED);
    return settings;
  }

  private Map<String, String> forever() {
    Map<String, String> settings = base();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    settings.put(TopicConfig.RETENTION_MS_CONFIG, FOREVER);
    return settings;
  }

  private Map<String, String> kept(Duration retention) {
    Map<String, String> settings = base();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    settings.put(TopicConfig.RETENTION_MS_CONFIG, millis(retention));
    settings.put(TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofDays(1)));
    return settings;
  }

  private Map<String, String> compacted() {
    Map<String, String> settings = base();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    settings.put(TopicConfig.RETENTION_MS_CONFIG, FOREVER);
    settings.put(TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofDays(1)));
    settings.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, millis(TOMBSTONE_RETENTION));
    settings.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "0");
    settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, millis(MAX_COMPACTION_LAG));
    settings.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.5");
    return settings;
  }

  private Map<String, String> precious(Map<String, String> settings) {
    if (durability == Durability.POWER) {
      settings.put(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1");
    }
    return settings;
  }

  /** One replica may be away without stopping the log, where there are three. */
  private int minInSync() {
    return Math.max(1, replication - 1);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
