package com.credlink.ledger.topology.streams;

import com.credlink.ledger.log.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Everything derived lies where its tenant's facts lie: by the part of the key before the first
 * slash.
 */
public final class TenantPartitioner implements StreamPartitioner<byte[], byte[]> {

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, byte[] value, int numPartitions) {
    String text = new String(key, StandardCharsets.UTF_8);
    int slash = text.indexOf('/');
    String tenant = slash < 0 ? text : text.substring(0, slash);
    return Optional.of(Set.of(Topics.partition(tenant, numPartitions)));
  }
}
