package com.credlink.ledger.api.access;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.log.AppendException;
import com.credlink.ledger.log.Appended;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.sign.Receipts;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Appends a fact and turns the log's failures into answers: what is not durably in the log was not
 * accepted.
 */
public final class Appender {

  /** Seconds after which a refused producer may try again. */
  private static final int RETRY_AFTER_SECONDS = 5;

  /** Header with the receipt of an accepted fact; one for each, in the order of the log. */
  static final String RECEIPT = "Ledger-Receipt";

  private final Ledger ledger;
  private final Receipts receipts;

  /** Appends to {@code ledger}. */
  public Appender(Ledger ledger, Receipts receipts) {
    this.ledger = ledger;
    this.receipts = receipts;
  }

  /**
   * A fact that the log has.
   *
   * @param position where it is
   * @param receipt what its producer can prove that with; empty for one that was written long ago,
   *     with another schema
   */
  public record Accepted(Position position, Optional<String> receipt) {
    /** Hands the receipt to the caller. */
    public void mark(Context ctx) {
      receipt.ifPresent(text -> ctx.res().addHeader(RECEIPT, text));
    }
  }

  /**
   * Waits until the event is durable, and hands its receipt to the caller; its deadline is the
   * ledger's.
   */
  public Position append(Context ctx, LedgerEvent event) {
    Accepted accepted;
    try {
      accepted = accepted(event, ledger.write(event).join());
    } catch (CompletionException failed) {
      throw problem(AppendException.of(failed));
    }
    accepted.mark(ctx);
    return accepted.position();
  }

  /** A fact that the log had before, written with the schema of today. */
  public Accepted known(
      Class<? extends LedgerEvent> type, String eventId, Instant recordedAt, Appended record) {
    return new Accepted(
        record.position(), Optional.of(receipts.of(type, eventId, recordedAt, record)));
  }

  private Accepted accepted(LedgerEvent event, Appended record) {
    return new Accepted(record.position(), Optional.of(receipts.of(event, record)));
  }

  /** Waits until the event is durable. Nobody is given a receipt; the failures are told apart. */
  public Position appendOrFail(LedgerEvent event) {
    return ledger.appendAndWait(event);
  }

  /**
   * Appends all of {@code events} at once and waits; all are durable or the answer is no.
   *
   * @param doubtful told of each event that is or may be in the log although the answer is no
   * @return where they are, in their order
   */
  public <E extends LedgerEvent> List<Accepted> appendAll(List<E> events, Consumer<E> doubtful) {
    List<CompletableFuture<Appended>> sent = new ArrayList<>(events.size());
    for (E event : events) {
      sent.add(ledger.write(event));
      if (sent.getLast().isCompletedExceptionally()) {
        break; // where one is refused at once, the next ones would each wait for the same refusal
      }
    }
    List<Appended> records = new ArrayList<>(events.size());
    List<E> perhapsWritten = new ArrayList<>();
    Optional<AppendException> failure = Optional.empty();
    for (int i = 0; i < sent.size(); i++) {
      try {
        records.add(sent.get(i).join());
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
    return IntStream.range(0, records.size())
        .mapToObj(i -> accepted(events.get(i), records.get(i)))
        .toList();
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
