package com.credlink.ledger.node;

import com.credlink.ledger.log.KafkaConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions of projections that were killed. Until then the group's offsets cannot be
 * read and workers do not see what comes behind; a transaction that the coordinator has lost track
 * of would stay open for ever. Only for a node whose broker dies with it: no other process can have
 * a transaction of its projections.
 */
final class DeadTransactions {

  private static final Logger LOG = LoggerFactory.getLogger(DeadTransactions.class);
  private static final Set<TransactionState> ENDED =
      Set.of(
          TransactionState.EMPTY,
          TransactionState.COMPLETE_COMMIT,
          TransactionState.COMPLETE_ABORT);
  private static final int TIMEOUT_SECONDS = 30;

  private DeadTransactions() {}

  /** Ends those of {@code application}, whose projections do not run. */
  static void end(KafkaConnection connection, String application) throws NodeStartException {
    try (Admin admin = Admin.create(connection.with(Map.of()))) {
      List<TransactionListing> open =
          admin.listTransactions().all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
              .filter(transaction -> !ENDED.contains(transaction.state()))
              .toList();
      Set<String> ours =
          open.stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> id.startsWith(application + "-"))
              .collect(Collectors.toSet());
      if (!ours.isEmpty()) {
        LOG.atInfo()
            .addKeyValue("transactions", ours)
            .log("Ending what a killed process left open");
        admin.fenceProducers(ours).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
      Set<Long> others =
          open.stream()
              .filter(transaction -> !ours.contains(transaction.transactionalId()))
              .map(TransactionListing::producerId)
              .collect(Collectors.toSet());
      abortHanging(admin, others);
    } catch (ExecutionException | TimeoutException e) {
      throw new NodeStartException("Transactions of a killed process could not be ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }

  /**
   * A transaction that is open in a partition and that no coordinator knows.
   *
   * @param others producers with a transaction that somebody else has open
   */
  private static void abortHanging(Admin admin, Set<Long> others)
      throws ExecutionException, TimeoutException, InterruptedException {
    for (var partition : producers(admin).entrySet()) {
      for (ProducerState producer : partition.getValue().activeProducers()) {
        if (producer.currentTransactionStartOffset().isPresent()
            && !others.contains(producer.producerId())) {
          LOG.atWarn()
              .addKeyValue("partition", partition.getKey())
              .addKeyValue("producer", producer)
              .log("Aborting a transaction that no coordinator knows");
          admin
              .abortTransaction(
                  new AbortTransactionSpec(
                      partition.getKey(),
                      producer.producerId(),
                      (short) producer.producerEpoch(),
                      producer.coordinatorEpoch().orElse(0)))
              .all()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
      }
    }
  }

  private static Map<TopicPartition, PartitionProducerState> producers(Admin admin)
      throws ExecutionException, TimeoutException, InterruptedException {
    Set<String> topics =
        admin
            .listTopics(new ListTopicsOptions().listInternal(true))
            .names()
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    List<TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(topics)
        .allTopicNames()
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(info -> partitions.add(new TopicPartition(name, info.partition()))));
    return new HashMap<>(
        admin.describeProducers(partitions).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
  }
}
