package com.credlink.ledger.log;

import com.credlink.ledger.log.Topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics that {@link Topics} declares and reports where a cluster differs from it. */
public final class TopicAdmin implements AutoCloseable {

  /** One step of administration takes no longer. */
  public static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(10);

  /** Cluster features without which the declaration does not hold, with their least level. */
  private static final Map<String, Short> FEATURES =
      Map.of("eligible.leader.replicas.version", (short) 1, "share.version", (short) 1);

  /**
   * One difference between declaration and cluster.
   *
   * @param resource {@code topic NAME}, {@code group NAME} or {@code cluster}.
   * @param setting Kafka's name of the setting, or {@code partitions}, {@code replication}, {@code
   *     exists}.
   * @param expected what is declared.
   * @param actual what the cluster has.
   */
  public record Deviation(String resource, String setting, String expected, String actual) {
    /** One line for a person. */
    @Override
    public String toString() {
      return "%s: %s is %s, must be %s".formatted(resource, setting, actual, expected);
    }
  }

  private static final String TOPIC = "topic ";

  private final Admin admin;

  /** Opens without waiting for the cluster. */
  public TopicAdmin(KafkaConnection connection) {
    String millis = Long.toString(DEADLINE.toMillis());
    this.admin =
        Admin.create(
            connection.with(
                Map.of(
                    "client.id",
                    "ledger-admin",
                    "default.api.timeout.ms",
                    millis,
                    "request.timeout.ms",
                    millis)));
  }

  /**
   * Makes the topics that are missing and sets the group settings. What exists is left as it is:
   * {@link #check} tells about it. Returns when all of it is in force and every new partition is
   * served.
   *
   * @return names of the topics that were made
   * @throws LogUnavailable if the cluster does not answer, or refuses
   */
  public Set<String> create(Topics topics) {
    List<NewTopic> wanted =
        topics.all().stream()
            .map(
                topic ->
                    new NewTopic(topic.name(), topic.partitions(), topic.replication())
                        .configs(topic.settings()))
            .toList();
    Set<String> made = new HashSet<>();
    admin
        .createTopics(wanted)
        .values()
        .forEach(
            (name, outcome) ->
                unless(TopicExistsException.class, outcome.thenApply(_ -> name))
                    .ifPresent(made::add));
    setGroups(topics);
    awaitLeaders(topics, made);
    return Set.copyOf(made);
  }

  /**
   * Has each topic flushed as {@code topics} says: a log may be started with another {@link
   * Durability} than it was made with. Returns when it is in force.
   *
   * @throws LogUnavailable if the cluster does not answer, or refuses
   */
  public void settleDurability(Topics topics) {
    List<Deviation> wrong = flushing(topics);
    if (wrong.isEmpty()) {
      return;
    }
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (Deviation one : wrong) {
      changes.put(
          resource(ConfigResource.Type.TOPIC, one.resource().substring(TOPIC.length())),
          List.of(
              new AlterConfigOp(
                  new ConfigEntry(one.setting(), one.expected()), AlterConfigOp.OpType.SET)));
    }
    get(admin.incrementalAlterConfigs(changes).all());
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!flushing(topics).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new LogUnavailable("The flushing of topics was set and is not in force yet", null);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Where a topic is flushed less or more often than its durability demands. */
  public List<Deviation> flushing(Topics topics) {
    String key = TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG;
    List<Deviation> deviations = new ArrayList<>();
    Map<ConfigResource, Config> configs = configs(topics, describe(topics).keySet());
    for (Topic topic : topics.all()) {
      Config config = configs.get(resource(ConfigResource.Type.TOPIC, topic.name()));
      if (config != null) {
        compare(
            deviations, TOPIC + topic.name(), key, topic.settings().get(key), actual(config, key));
      }
    }
    return deviations;
  }

  /**
   * How many partitions {@code topic} has; empty if there is no such topic.
   *
   * @throws LogUnavailable if the cluster does not answer, or refuses
   */
  public Optional<Integer> partitions(String topic) {
    return unless(
            UnknownTopicOrPartitionException.class,
            admin.describeTopics(Set.of(topic)).topicNameValues().get(topic))
        .map(found -> found.partitions().size());
  }

  /**
   * Every deviation, in the order of declaration; empty if the cluster is as declared.
   *
   * @throws LogUnavailable if the cluster does not answer, or refuses
   */
  public List<Deviation> check(Topics topics) {
    List<Deviation> deviations = new ArrayList<>();
    checkFeatures(deviations);
    Map<String, TopicDescription> present = describe(topics);
    Map<ConfigResource, Config> configs = configs(topics, present.keySet());
    for (Topic topic : topics.all()) {
      String resource = TOPIC + topic.name();
      TopicDescription found = present.get(topic.name());
      if (found == null) {
        deviations.add(new Deviation(resource, "exists", "true", "false"));
        continue;
      }
      compare(
          deviations,
          resource,
          "partitions",
          Integer.toString(topic.partitions()),
          Integer.toString(found.partitions().size()));
      found.partitions().stream()
          .mapToInt(partition -> partition.replicas().size())
          .filter(replicas -> replicas != topic.replication())
          .findFirst()
          .ifPresent(
              replicas ->
                  deviations.add(
                      new Deviation(
                          resource,
                          "replication",
                          Short.toString(topic.replication()),
                          Integer.toString(replicas))));
      Config config = configs.get(resource(ConfigResource.Type.TOPIC, topic.name()));
      topic
          .settings()
          .forEach((key, value) -> compare(deviations, resource, key, value, actual(config, key)));
    }
    deviations.addAll(groupDeviations(topics, configs));
    return List.copyOf(deviations);
  }

  @Override
  public void close() {
    admin.close(DEADLINE);
  }

  private void setGroups(Topics topics) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    topics
        .groups()
        .forEach(
            (group, settings) ->
                changes.put(
                    resource(ConfigResource.Type.GROUP, group),
                    settings.entrySet().stream()
                        .map(
                            setting ->
                                new AlterConfigOp(
                                    new ConfigEntry(setting.getKey(), setting.getValue()),
                                    AlterConfigOp.OpType.SET))
                        .toList()));
    get(admin.incrementalAlterConfigs(changes).all());
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!groupDeviations(topics, configs(topics, Set.of())).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new LogUnavailable("The group settings were made and are not in force yet", null);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * The controller has a topic before its brokers serve it, and who appends at once would meet that
   * moment. An offset is answered by the leader itself; the client asks again until one does.
   */
  private void awaitLeaders(Topics topics, Set<String> made) {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (Topic topic : topics.all()) {
      if (made.contains(topic.name())) {
        for (int partition = 0; partition < topic.partitions(); partition++) {
          partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
        }
      }
    }
    if (!partitions.isEmpty()) {
      get(admin.listOffsets(partitions).all());
    }
  }

  private static List<Deviation> groupDeviations(
      Topics topics, Map<ConfigResource, Config> configs) {
    List<Deviation> deviations = new ArrayList<>();
    topics
        .groups()
        .forEach(
            (group, settings) -> {
              Config config = configs.get(resource(ConfigResource.Type.GROUP, group));
              settings.forEach(
                  (key, value) ->
                      compare(deviations, "group " + group, key, value, actual(config, key)));
            });
    return deviations;
  }

  private void checkFeatures(List<Deviation> deviations) {
    Map<String, FinalizedVersionRange> found =
        get(admin.describeFeatures().featureMetadata()).finalizedFeatures();
    FEATURES.forEach(
        (feature, least) -> {
          FinalizedVersionRange level = found.get(feature);
          if (level == null || level.maxVersionLevel() < least) {
            deviations.add(
                new Deviation(
                    "cluster",
                    feature,
                    "at least " + least,
                    level == null ? "0" : Short.toString(level.maxVersionLevel())));
          }
        });
  }

  private Map<String, TopicDescription> describe(Topics topics) {
    Map<String, TopicDescription> present = new LinkedHashMap<>();
    admin
        .describeTopics(topics.all().stream().map(Topic::name).toList())
        .topicNameValues()
        .forEach(
            (name, outcome) ->
                unless(UnknownTopicOrPartitionException.class, outcome)
                    .ifPresent(description -> present.put(name, description)));
    return present;
  }

  private Map<ConfigResource, Config> configs(Topics topics, Collection<String> present) {
    List<ConfigResource> resources = new ArrayList<>();
    present.forEach(name -> resources.add(resource(ConfigResource.Type.TOPIC, name)));
    topics
        .groups()
        .keySet()
        .forEach(group -> resources.add(resource(ConfigResource.Type.GROUP, group)));
    return get(admin.describeConfigs(resources).all());
  }

  private static ConfigResource resource(ConfigResource.Type type, String name) {
    return new ConfigResource(type, name);
  }

  private static String actual(Config config, String key) {
    ConfigEntry entry = config == null ? null : config.get(key);
    return entry == null || entry.value() == null ? "not set" : entry.value();
  }

  private static void compare(
      List<Deviation> deviations, String resource, String setting, String expected, String actual) {
    if (!expected.equals(actual)) {
      deviations.add(new Deviation(resource, setting, expected, actual));
    }
  }

  /** The outcome, or nothing if it failed in the one way that is an answer too. */
  private static <T> Optional<T> unless(
      Class<? extends Exception> expected, KafkaFuture<T> outcome) {
    try {
      return Optional.of(get(outcome));
    } catch (LogUnavailable e) {
      if (expected.isInstance(e.getCause())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new LogUnavailable(
          "The cluster refused a step of administration: " + e.getCause().getMessage(),
          e.getCause());
    } catch (TimeoutException e) {
      throw new LogUnavailable(
          "The cluster did not answer within %d s".formatted(DEADLINE.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("Interrupted while waiting for the cluster", e);
    }
  }
}
