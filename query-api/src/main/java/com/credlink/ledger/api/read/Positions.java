package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Read your own writes: a position that a caller sends back is waited for before the stores are
 * read.
 */
public final class Positions {

  /** How long a read or a create waits for the folds. */
  public static final Duration MAX_LAG = Duration.ofSeconds(2);

  private final AppliedOffsets applied;
  private final int partitions;

  /** Positions of the folds in this process. */
  public Positions(AppliedOffsets applied, int partitions) {
    this.applied = applied;
    this.partitions = partitions;
  }

  /** Waits for {@code Ledger-Min-Position}, if the request has one. */
  public void awaitMinimum(Context ctx) {
    String token = ctx.header("Ledger-Min-Position");
    if (token == null) {
      return;
    }
    Position position;
    try {
      position = Position.parse(token);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.INVALID_PARAMETER, "The header Ledger-Min-Position is not a position.");
    }
    if (!await(position)) {
      throw new ProblemException(
              Problem.POSITION_NOT_REACHED,
              "The projections have not reached " + position + " yet.")
          .retryAfter(1);
    }
  }

  /**
   * Waits until the folds have passed {@code position}; false when {@link #MAX_LAG} is over first.
   */
  public boolean await(Position position) {
    try {
      return applied.await(position, MAX_LAG);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Answers carry what they rest on. */
  public String mark(Context ctx, int partition) {
    String token = new Position(partition, applied.of(partition).orElse(-1)).toString();
    ctx.header("Ledger-Position", token);
    return token;
  }

  /** The same for an answer that rests on all partitions: tokens separated by commas. */
  public String markAll(Context ctx) {
    String tokens =
        IntStream.range(0, partitions)
            .mapToObj(p -> new Position(p, applied.of(p).orElse(-1)).toString())
            .collect(Collectors.joining(","));
    ctx.header("Ledger-Position", tokens);
    return tokens;
  }
}
