package com.credlink.ledger.node;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.topology.LedgerTopology;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** What brokers keep of the projections: how far they have read, and copies of their stores. */
final class ProjectionGroup {

  private static final int TIMEOUT_SECONDS = 30;

  private final KafkaConnection connection;

  private ProjectionGroup(KafkaConnection connection) {
    this.connection = connection;
  }

  /** That of the projections of this version. */
  static ProjectionGroup of(KafkaConnection connection) {
    return new ProjectionGroup(connection);
  }

  /** How many records of a partition they have read, as far as that is kept; else 0. */
  long known(int partition) throws NodeStartException {
    return with(
        admin -> {
          OffsetAndMetadata place =
              admin
                  .listConsumerGroupOffsets(LedgerTopology.APPLICATION_ID)
                  .partitionsToOffsetAndMetadata()
                  .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                  .get(new TopicPartition(Topics.EVENTS, partition));
          return place == null ? 0L : LogEnds.known(place);
        });
  }

  /**
   * Removes it all, so that the next start makes it again from the log.
   *
   * @param alone whether whoever is still a member was killed, and is sent away
   * @throws NodeStartException if others still run
   */
  void forget(boolean alone) throws NodeStartException {
    var _ =
        with(
            admin -> {
              try {
                if (alone) {
                  dismiss(admin);
                }
                admin
                    .deleteConsumerGroups(List.of(LedgerTopology.APPLICATION_ID))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
              } catch (ExecutionException e) {
                requireNobody(e);
              }
              List<String> stores =
                  admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                      .filter(name -> name.startsWith(LedgerTopology.APPLICATION_ID + "-"))
                      .toList();
              admin.deleteTopics(stores).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
              return true;
            });
  }

  /** Sends the members away that a killed process has left behind. */
  static void dismiss(Admin admin)
      throws ExecutionException, TimeoutException, InterruptedException {
    boolean empty =
        admin
            .describeConsumerGroups(List.of(LedgerTopology.APPLICATION_ID))
            .describedGroups()
            .get(LedgerTopology.APPLICATION_ID)
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .members()
            .isEmpty();
    if (!empty) {
      admin
          .removeMembersFromConsumerGroup(
              LedgerTopology.APPLICATION_ID, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static void requireNobody(ExecutionException e)
      throws ExecutionException, NodeStartException {
    switch (e.getCause()) {
      case GroupIdNotFoundException none -> {}
      case GroupNotEmptyException running ->
          throw new NodeStartException(
              "A process with projections still runs, or was killed less than a minute ago: stop it"
                  + " first",
              running);
      default -> throw e;
    }
  }

  /** Something that the brokers are asked for. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(Admin admin)
        throws ExecutionException, TimeoutException, InterruptedException, NodeStartException;
  }

  private <T> T with(Question<T> question) throws NodeStartException {
    try (Admin admin = Admin.create(connection.with(Map.of()))) {
      return question.ask(admin);
    } catch (ExecutionException | TimeoutException e) {
      throw new NodeStartException("The projections' place in the log could not be changed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The work was interrupted", e);
    }
  }
}
