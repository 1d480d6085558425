package com.credlink.ledger.projections.signing;

import com.credlink.ledger.event.LedgerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What every state of a request has: the request itself and how it got here.
 *
 * @param request what was fixed at the beginning
 * @param budgetFrom start of the present series of attempts; a redrive begins a new one
 * @param startedAttempt the last attempt that touched a key; 0 for none
 * @param history accepted facts, oldest first
 */
public record Course(
    SigningRequest request, Instant budgetFrom, int startedAttempt, List<HistoryEntry> history) {

  /** How long a request is tried again. */
  public static final Duration BUDGET = Duration.ofHours(24);

  /** Facts kept with the state; the trail has all of them. The first is always kept. */
  public static final int MAX_HISTORY = 200;

  public Course {
    history = List.copyOf(history);
  }

  /** Whether the fact of that id was accepted before. */
  public boolean knows(String eventId) {
    return history.stream().anyMatch(entry -> entry.eventId().equals(eventId));
  }

  /** When the last accepted fact came. */
  public HistoryEntry last() {
    return history.getLast();
  }

  /** After this no further attempt is made. */
  public Instant budgetEnd() {
    return budgetFrom.plus(BUDGET);
  }

  /** With {@code event} accepted into {@code status}. */
  Course with(LedgerEvent event, String status, int attempt, String detail) {
    List<HistoryEntry> longer = new ArrayList<>(history);
    if (longer.size() == MAX_HISTORY) {
      longer.remove(1);
    }
    longer.add(
        new HistoryEntry(
            status, event.header().recordedAt(), event.eventId(), event.type(), attempt, detail));
    return new Course(request, budgetFrom, startedAttempt, longer);
  }

  Course started(int attempt) {
    return new Course(request, budgetFrom, Math.max(startedAttempt, attempt), history);
  }

  Course newBudget(Instant from) {
    return new Course(request, from, startedAttempt, history);
  }
}
