package com.credlink.ledger.node;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.ReceiptKeys;
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.vault.EpochKeys;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What is read from files and needs no broker: read while the broker starts, for a second of
 * processor time each.
 */
record NodeFiles(
    Future<EventCatalogue> catalogue,
    Future<SigningKeys> signingKeys,
    Future<LogKeys> logKeys,
    Future<ReceiptKeys> receiptKeys,
    Future<EpochKeys> epochs) {

  /** Begins to read. */
  static NodeFiles open(NodeContext node) {
    ExecutorService readers = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
    NodeFiles files =
        new NodeFiles(
            readers.submit(EventCatalogue::load),
            readers.submit(() -> SigningKeyFiles.open(node)),
            readers.submit(
                () ->
                    LogKeys.open(
                        node.path("keys/log.p12"),
                        new Password.FromFile(node.path("keys/log.password")),
                        node.random())),
            readers.submit(
                () ->
                    ReceiptKeys.open(
                        node.path("keys/receipts.p12"),
                        new Password.FromFile(node.path("keys/receipts.password")),
                        node.random(),
                        node.clock())),
            readers.submit(
                () ->
                    EpochKeys.open(
                        node.path("vault/vault.p12"),
                        new Password.FromFile(node.path("vault/vault.password")),
                        node.random())));
    readers.shutdown();
    return files;
  }

  /** Waits for one of them. */
  static <T> T opened(Future<T> file) throws NodeStartException {
    try {
      return file.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof NodeStartException cause) {
        throw cause;
      }
      throw new NodeStartException("A file could not be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeStartException("The start was interrupted", e);
    }
  }
}
