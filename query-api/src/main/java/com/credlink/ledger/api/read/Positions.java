package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Collection;
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
    if (token == null || token.isBlank()) {
      return; // an empty log's answers carry an empty token
    }
    for (String one : token.split(",", -1)) {
      Position position =
          Position.parse(one.strip())
              .filter(parsed -> parsed.partition() < partitions)
              .orElseThrow(
                  () ->
                      new ProblemException(
                          Problem.INVALID_PARAMETER,
                          "The header Ledger-Min-Position is not a position of this log."));
      if (!await(position)) {
        throw new ProblemException(
                Problem.POSITION_NOT_REACHED,
                "The projections have not reached " + position + " yet.")
            .retryAfter(1);
      }
    }
  }

  /**
   * Waits until the folds have passed {@code position}; false when {@link #MAX_LAG} is over first.
   */
  public boolean await(Position position) {
    return await(position, MAX_LAG);
  }

  private boolean await(Position position, Duration atMost) {
    try {
      return applied.await(position, atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The same for all of {@code written}, within {@link #MAX_LAG} altogether. */
  public boolean await(Collection<Position> written) {
    long end = System.nanoTime() + MAX_LAG.toNanos();
    for (Position position : written) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      if (!await(position, left)) {
        return false;
      }
    }
    return true;
  }

  /**
   * What an answer rests on that is read after this call: the last position applied, or nothing
   * before the first. Taken before the read, so that it claims nothing that the answer lacks.
   */
  public String of(int partition) {
    return token(IntStream.of(partition));
  }

  /** The same for an answer that rests on all partitions: positions separated by commas. */
  public String ofAll() {
    return token(IntStream.range(0, partitions));
  }

  private String token(IntStream read) {
    return read.boxed()
        .flatMap(p -> applied.of(p).stream().mapToObj(offset -> new Position(p, offset)))
        .map(Position::toString)
        .collect(Collectors.joining(","));
  }

  /** Writes what an answer rests on into its header. */
  public static void mark(Context ctx, String token) {
    ctx.header("Ledger-Position", token);
  }
}
