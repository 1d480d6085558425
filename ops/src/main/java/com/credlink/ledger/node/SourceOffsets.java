package com.credlink.ledger.node;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives a new projection its place in the log: the beginning. The projections themselves start with
 * offset reset {@code none}, so that a log that lost its beginning or its end is a fault and never
 * silently a fresh start.
 */
public final class SourceOffsets {

  private static final int TIMEOUT_SECONDS = 30;

  /** What the projections read. Nothing is ever deleted from the beginning of either. */
  private static final List<String> SOURCES = List.of(Topics.EVENTS, Topics.BINDINGS);

  private SourceOffsets() {}

  /** Commits offset 0 for each partition for which {@code group} has none. */
  public static void ensure(KafkaConnection connection, String group, int partitions)
      throws NodeStartException {
    try (Admin admin = Admin.create(connection.with(Map.of()))) {
      Map<TopicPartition, OffsetAndMetadata> known =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
      for (String topic : SOURCES) {
        for (int partition = 0; partition < partitions; partition++) {
          TopicPartition source = new TopicPartition(topic, partition);
          if (known.get(source) == null) {
            missing.put(source, new OffsetAndMetadata(0));
          }
        }
      }
      if (!missing.isEmpty()) {
        admin
            .alterConsumerGroupOffsets(group, missing)
            .all()
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new NodeStartException("The projections' place in the log could not be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }
}
