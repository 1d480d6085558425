package com.credlink.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.log.Topics.Topic;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsTest {

  @Test
  void shouldNeverDeleteFactsOrFences() {
    for (Topics topics : new Topics[] {Topics.embedded(), Topics.cluster(12, 3)}) {
      for (String name : new String[] {Topics.EVENTS, Topics.PRIVACY_ERASURES}) {
        assertThat(topics.topic(name).orElseThrow().settings())
            .containsEntry("cleanup.policy", "delete")
            .containsEntry("retention.ms", "-1")
            .containsEntry("retention.bytes", "-1");
      }
    }
  }

  @Test
  void shouldKeepTwoOfThreeReplicasInSyncOnACluster() {
    assertThat(Topics.cluster(Topics.CLUSTER_PARTITIONS, Topics.CLUSTER_REPLICATION).all())
        .allSatisfy(
            topic -> {
              assertThat(topic.replication()).isEqualTo((short) 3);
              assertThat(topic.settings())
                  .containsEntry("min.insync.replicas", "2")
                  .containsEntry("unclean.leader.election.enable", "false");
            });
  }

  @Test
  void shouldGiveEverythingDerivedAsManyPartitionsAsTheEvents() {
    assertThat(Topics.cluster(7, 1).all())
        .filteredOn(topic -> !topic.name().equals(Topics.SCHEMAS))
        .allMatch(topic -> topic.partitions() == 7);
    assertThat(Topics.embedded().topic(Topics.SCHEMAS).map(Topic::partitions)).contains(1);
  }

  @Test
  void shouldFlushEachAppendOnlyWhereAPowerCutMustLoseNothing() {
    Map<String, String> process = Topics.embedded().topic(Topics.EVENTS).orElseThrow().settings();
    Map<String, String> power =
        Topics.embedded(Topics.EMBEDDED_PARTITIONS, Durability.POWER)
            .topic(Topics.EVENTS)
            .orElseThrow()
            .settings();

    assertThat(process).containsEntry("flush.messages", Long.toString(Long.MAX_VALUE));
    assertThat(power).containsEntry("flush.messages", "1");
  }

  @Test
  void shouldPartitionLikeKafkasDefaultPartitioner() {
    // Values of Kafka's murmur2 as other clients have them too, so that they agree on the owner.
    assertThat(Topics.partition("21", 1_000))
        .isEqualTo(Math.floorMod(-973932308 & 0x7fffffff, 1_000));
    assertThat(Topics.partition("foobar", 1_000)).isEqualTo((-790332482 & 0x7fffffff) % 1_000);
  }

  @Test
  void shouldRefuseALedgerWithoutPartitions() {
    assertThatThrownBy(() -> Topics.cluster(0, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
