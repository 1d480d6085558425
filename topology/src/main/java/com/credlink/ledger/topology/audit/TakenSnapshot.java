package com.credlink.ledger.topology.audit;

import com.credlink.ledger.topology.streams.AppliedRow;
import com.credlink.ledger.topology.streams.LogStore;
import com.credlink.ledger.topology.streams.QueryableState;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.streams.state.KeyValueStore;

/** Takes snapshots of stores. */
public final class TakenSnapshot {

  private TakenSnapshot() {}

  /**
   * The stores as they are now; to be called by the thread that writes them. Nothing before the
   * first record, and while one store is ahead of another after a crash.
   */
  public static Optional<Snapshot> of(
      KeyValueStore<byte[], byte[]> state,
      KeyValueStore<byte[], byte[]> signingByTenant,
      LogStore trail) {
    OptionalLong applied = AppliedRow.read(new Table(state, Table.Kind.APPLIED));
    if (applied.isEmpty()) {
      return Optional.empty();
    }
    long size = applied.getAsLong() + 1;
    if (LogStore.size(trail.get(LogStore.appliedKey())) != size) {
      return Optional.empty();
    }
    return Optional.of(
        new Snapshot(
            size,
            logTime(trail, size - 1),
            QueryableState.of(state).snapshot(),
            signingByTenant.all(),
            trail.snapshot()));
  }

  private static Instant logTime(LogStore trail, long offset) {
    return Arrays.stream(TrailKeys.Group.values())
        .flatMap(group -> trail.get(TrailKeys.row(group, offset)).stream())
        .map(TrailFold::timestamp)
        .findFirst()
        .orElseThrow();
  }
}
