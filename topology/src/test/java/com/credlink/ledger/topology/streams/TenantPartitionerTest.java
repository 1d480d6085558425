package com.credlink.ledger.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.log.Topics;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TenantPartitionerTest {

  private static final byte[] VALUE = {1};

  private final TenantPartitioner partitioner = new TenantPartitioner();

  @Property(tries = 500)
  void shouldPutATenantWhereItsFactsAreAndWhereKafkaWouldPutItsKey(
      @ForAll long tenant, @ForAll @IntRange(min = 1, max = 64) int partitions) {
    String id = Long.toUnsignedString(tenant, 32);

    Optional<Set<Integer>> chosen = partition(id, partitions);

    assertThat(chosen).contains(Set.of(Topics.partition(id, partitions)));
    assertThat(chosen)
        .contains(Set.of(BuiltInPartitioner.partitionForKey(id.getBytes(UTF_8), partitions)));
  }

  @Property(tries = 200)
  void shouldPutWhatIsDerivedBesideItsTenantsFacts(@ForAll long tenant, @ForAll String rest) {
    String id = Long.toUnsignedString(tenant, 32);

    assertThat(partition(id + '/' + rest, 12)).isEqualTo(partition(id, 12));
  }

  /** Otherwise all of it would lie in one partition and the tests above could not fail. */
  @Test
  void shouldSpreadTenantsOverAllPartitions() {
    for (int partition = 0; partition < 12; partition++) {
      Set<Integer> wanted = Set.of(partition);
      assertThat(
              IntStream.range(0, 500)
                  .anyMatch(i -> partition("tenant-" + i, 12).orElseThrow().equals(wanted)))
          .as("partition " + partition)
          .isTrue();
    }
  }

  @Test
  void shouldHaveAPlaceForAnyKey() {
    assertThat(partition("", 12)).contains(Set.of(Topics.partition("", 12)));
    assertThat(partitioner.partitions("topic", new byte[] {(byte) 0xff, 0, '/'}, VALUE, 12))
        .hasValueSatisfying(chosen -> assertThat(chosen).hasSize(1));
  }

  private Optional<Set<Integer>> partition(String key, int partitions) {
    return partitioner.partitions("topic", key.getBytes(UTF_8), VALUE, partitions);
  }
}
