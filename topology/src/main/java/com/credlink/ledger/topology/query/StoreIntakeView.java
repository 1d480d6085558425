package com.credlink.ledger.topology.query;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.topology.intake.IntakeKeys;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Table;
import java.time.Instant;
import java.util.Optional;

/**
 * The intake view over the stores of this process: tenants live in one partition, bodies and
 * resources are looked for in all.
 */
public final class StoreIntakeView implements IntakeView {

  private final StoreQueries stores;
  private final StoreCodecs codecs;
  private final int partitions;

  /** A view over {@code stores}. */
  public StoreIntakeView(StoreQueries stores, StoreCodecs codecs, int partitions) {
    this.stores = stores;
    this.codecs = codecs;
    this.partitions = partitions;
  }

  @Override
  public boolean isInstalled(String tenant) {
    return stores
        .get(Table.Kind.INTAKE, Topics.partition(tenant, partitions), IntakeKeys.shop(tenant))
        .map(state -> state[0] == 1)
        .orElse(true);
  }

  @Override
  public boolean isBoundElsewhere(Bytes resourceHash, String tenant, Instant now) {
    return seenElsewhere(IntakeKeys.resourceAnywhere(resourceHash), tenant)
        .filter(seen -> seen.remembered(now, FirstSeen.BINDING))
        .isPresent();
  }

  @Override
  public boolean isBodySeenElsewhere(Bytes bodyHash, String tenant) {
    return seenElsewhere(IntakeKeys.bodyAnywhere(bodyHash), tenant).isPresent();
  }

  private Optional<FirstSeen> seenElsewhere(byte[] key, String tenant) {
    return stores.everywhere(Table.Kind.INTAKE, key).stream()
        .map(codecs.firstSeen()::deserialize)
        .filter(first -> !first.tenant().equals(tenant))
        .findFirst();
  }
}
