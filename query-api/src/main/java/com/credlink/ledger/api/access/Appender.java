package com.credlink.ledger.api.access;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Appends a fact and turns the log's failures into answers: what is not durably in the log was not
 * accepted.
 */
public final class Appender {

  /** Seconds after which a refused producer may try again. */
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Ledger ledger;

  /** Appends to {@code ledger}. */
  public Appender(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Waits until the event is durable; its deadline is the ledger's. */
  public Position append(LedgerEvent event) {
    try {
      return ledger.appendAndWait(event);
    } catch (AppendException failed) {
      throw problem(failed);
    }
  }

  /** The same, for who must tell the failures apart. */
  public Position appendOrFail(LedgerEvent event) {
    return ledger.appendAndWait(event);
  }

  /**
   * Appends all of {@code events} at once and waits; all are durable or the answer is no.
   *
   * @param doubtful told of each event that is or may be in the log although the answer is no
   * @return where they are, in their order
   */
  public <E extends LedgerEvent> List<Position> appendAll(List<E> events, Consumer<E> doubtful) {
    List<CompletableFuture<Position>> sent = new ArrayList<>(events.size());
    for (E event : events) {
      sent.add(ledger.append(event));
      if (sent.getLast().isCompletedExceptionally()) {
        break; // where one is refused at once, the next ones would each wait for the same refusal
      }
    }
    List<Position> positions = new ArrayList<>(events.size());
    List<E> perhapsWritten = new ArrayList<>();
    Optional<AppendException> failure = Optional.empty();
    for (int i = 0; i < sent.size(); i++) {
      try {
        positions.add(sent.get(i).join());
        perhapsWritten.add(events.get(i));
      } catch (CompletionException e) {
        AppendException failed = AppendException.of(e);
        if (failed instanceof AppendException.Unknown) {
          perhapsWritten.add(events.get(i));
        }
        failure = failure.or(() -> Optional.of(failed));
      }
    }
    if (failure.isPresent()) {
      perhapsWritten.forEach(doubtful);
      throw problem(failure.get());
    }
    return List.copyOf(positions);
  }

  /** The answer to a failed append. */
  public static ProblemException problem(AppendException failed) {
    return switch (failed) {
      case AppendException.TooLarge e ->
          new ProblemException(Problem.TOO_LARGE, "The record is too large for the log.");
      case AppendException.LogFaulty e ->
          new ProblemException(Problem.LOG_INTEGRITY, e.getMessage());
      case AppendException.NotAppended e -> unavailable("The log cannot be written now.");
      case AppendException.Unknown e -> unavailable("The log did not acknowledge in time.");
    };
  }

  private static ProblemException unavailable(String detail) {
    return new ProblemException(Problem.LOG_UNAVAILABLE, detail).retryAfter(RETRY_AFTER_SECONDS);
  }
}
