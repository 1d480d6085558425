package com.credlink.ledger.node;

import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.topology.LedgerTopology;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares where the logs begin and end with what was signed and read of them, before anything is
 * appended: a record behind a loss would take the place of one that was acknowledged.
 */
final class LogEnds {

  private static final int TIMEOUT_SECONDS = 30;

  /** What stands with a place that was moved: how far the log was read before. */
  private static final String REMEMBERED = "read up to ";

  private LogEnds() {}

  /** How far a group has read that is or was at {@code place}. */
  static long known(OffsetAndMetadata place) {
    String said = place.metadata();
    return said.startsWith(REMEMBERED)
        ? Math.max(place.offset(), Long.parseLong(said.substring(REMEMBERED.length())))
        : place.offset();
  }

  /**
   * Reports each log that is shorter than it was. The projections get a place at its end, because
   * they could not even start from one that is not there; they fold nothing of it.
   *
   * @param alone whether whoever is still a member of the group was killed
   */
  static void check(
      KafkaConnection connection,
      boolean alone,
      int partitions,
      CheckpointLog checkpoints,
      IntegrityFaults faults)
      throws NodeStartException {
    try (LedgerReader reader = new LedgerReader(connection);
        Admin admin = Admin.create(connection.with(Map.of()))) {
      Map<TopicPartition, OffsetAndMetadata> read =
          admin
              .listConsumerGroupOffsets(LedgerTopology.APPLICATION_ID)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetAndMetadata> beyond = new HashMap<>();
      for (int partition = 0; partition < partitions; partition++) {
        TopicPartition source = new TopicPartition(Topics.EVENTS, partition);
        long start = reader.start(partition);
        long end = reader.end(partition);
        OffsetAndMetadata place = read.get(source);
        long signed =
            checkpoints
                .latest(partition)
                .map(Published::checkpoint)
                .map(checkpoint -> checkpoint.size())
                .orElse(0L);
        long known = Math.max(signed, place == null ? 0 : known(place));
        if (start > 0) {
          faults.report(new IntegrityFault.StartLost(partition, 0, start));
        } else if (known > end) {
          faults.report(new IntegrityFault.EndLost(partition, end, known));
        }
        if (place != null && (place.offset() < start || place.offset() > end)) {
          beyond.put(source, new OffsetAndMetadata(end, REMEMBERED + known));
        }
      }
      if (!beyond.isEmpty()) {
        if (alone) {
          ProjectionGroup.dismiss(admin);
        }
        admin
            .alterConsumerGroupOffsets(LedgerTopology.APPLICATION_ID, beyond)
            .all()
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new NodeStartException("The ends of the log could not be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }
}
