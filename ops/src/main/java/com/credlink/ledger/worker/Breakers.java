package com.credlink.ledger.worker;

import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.projections.signing.Backend;
import com.credlink.ledger.projections.signing.ErrorClasses;
import com.credlink.ledger.worker.SignerWorker.OutcomeNotDurableException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One circuit breaker for each backend, shared by all workers of a process. */
final class Breakers implements AutoCloseable {

  private final Map<Backend, CircuitBreaker> breakers = new EnumMap<>(Backend.class);

  Breakers(LongSupplier nanoTime) {
    for (Backend backend : Backend.values()) {
      breakers.put(backend, new CircuitBreaker(nanoTime));
    }
  }

  /** Work whose outcome is durable when it returns. */
  @FunctionalInterface
  interface Work {
    LedgerEvent toOutcome() throws OutcomeNotDurableException;
  }

  CircuitBreaker of(Backend backend) {
    return breakers.get(backend);
  }

  /**
   * Does {@code work} when {@code backend} may be used, and learns from its outcome.
   *
   * @throws InterruptedException if the worker is stopping
   */
  void guard(Backend backend, Work work) throws OutcomeNotDurableException, InterruptedException {
    CircuitBreaker breaker = of(backend);
    if (!breaker.await()) {
      throw new InterruptedException("The worker is stopping");
    }
    LedgerEvent outcome = null;
    try {
      outcome = work.toOutcome();
    } finally {
      if (outcome == null) {
        breaker.unknown();
      }
    }
    if (down(outcome).filter(backend::equals).isPresent()) {
      breaker.failed();
    } else {
      breaker.succeeded();
    }
  }

  private static Optional<Backend> down(LedgerEvent outcome) {
    return switch (outcome) {
      case SigningAttemptFailed failed -> ErrorClasses.backend(failed.errorClass());
      case AssetFetchFailed failed -> ErrorClasses.backend(failed.errorClass());
      case LedgerEvent other -> Optional.empty();
    };
  }

  @Override
  public void close() {
    breakers.values().forEach(CircuitBreaker::giveUp);
  }
}
