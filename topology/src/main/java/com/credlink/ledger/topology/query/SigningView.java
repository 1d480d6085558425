package com.credlink.ledger.topology.query;

import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.projections.signing.HistoryEntry;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.projections.signing.StoredSigning;
import com.credlink.ledger.topology.signing.Admission;
import com.credlink.ledger.topology.signing.Disputes;
import com.credlink.ledger.topology.signing.OpenStarts;
import com.credlink.ledger.topology.signing.SigningProcessor;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the state of signing requests from the stores of this process. */
public final class SigningView {

  private final StoreQueries stores;
  private final StoreCodecs codecs;
  private final int partitions;

  /** A view over {@code stores}. */
  public SigningView(StoreQueries stores, StoreCodecs codecs, int partitions) {
    this.stores = stores;
    this.codecs = codecs;
    this.partitions = partitions;
  }

  /** What the fold made of a request. */
  public sealed interface Verdict {
    /** It is a request of its own. */
    record New(SigningState state) implements Verdict {}

    /** Its idempotency key made a request before, with the same content. */
    record Same(SigningState state) implements Verdict {}

    /** Its idempotency key made a request before, with other content. */
    record Conflict() implements Verdict {}

    /** The tenant had too many pending requests. */
    record TooManyPending(int limit) implements Verdict {}
  }

  /** The state of a request. */
  public Optional<SigningState> find(String tenant, String requestId) {
    return stores
        .get(Table.Kind.SIGNING, partition(tenant), SigningProcessor.requestKey(tenant, requestId))
        .map(codecs.signing()::deserialize)
        .map(StoredSigning::toState);
  }

  /** How the dispute of a request stands, if its webhook may have been replayed. */
  public Optional<Disputes.Standing> dispute(String tenant, String requestId) {
    return stores
        .get(Table.Kind.DISPUTES, partition(tenant), Disputes.key(tenant, requestId))
        .map(Disputes::standing);
  }

  /** The verdict on {@code event}, which the folds have passed. */
  public Verdict verdict(SigningRequested event) {
    Optional<SigningState> own = find(event.tenant(), event.requestId());
    if (own.isPresent()) {
      return new Verdict.New(own.get());
    }
    Optional<FirstSeen> first =
        event
            .idempotencyKeyHash()
            .flatMap(
                hash ->
                    stores.get(
                        Table.Kind.ADMISSION,
                        partition(event.tenant()),
                        Admission.key(event.tenant(), hash)))
            .map(codecs.firstSeen()::deserialize);
    if (first.isEmpty()) {
      return new Verdict.TooManyPending(event.pendingLimit());
    }
    return first.get().hash().equals(event.requestHash())
        ? find(event.tenant(), first.get().id())
            .<Verdict>map(Verdict.Same::new)
            .orElseGet(Verdict.Conflict::new)
        : new Verdict.Conflict();
  }

  /**
   * A request in a list.
   *
   * @param offset of the fact that it began with; the list goes on behind it
   * @param state its present state
   */
  public record Listed(long offset, SigningState state) {}

  /**
   * Requests of a tenant, in the order of the log.
   *
   * @param after offset of the last one that the caller has
   */
  public List<Listed> list(
      String tenant,
      Optional<String> status,
      Optional<Lane> lane,
      boolean newestFirst,
      int limit,
      Optional<Long> after) {
    long low = newestFirst ? 0 : after.map(offset -> offset + 1).orElse(0L);
    long high =
        newestFirst ? after.map(offset -> offset - 1).orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
    List<Listed> found = new ArrayList<>();
    if (high < low) {
      return found;
    }
    stores.range(
        Stores.SIGNING_BY_TENANT,
        partition(tenant),
        SigningProcessor.orderKey(tenant, low),
        SigningProcessor.orderKey(tenant, high),
        newestFirst,
        (key, id) -> {
          find(tenant, new String(id, StandardCharsets.UTF_8))
              .filter(state -> status.map(state.status()::equals).orElse(true))
              .filter(state -> lane.map(l -> l == state.request().lane()).orElse(true))
              .ifPresent(state -> found.add(new Listed(Keys.trailingNumber(key), state)));
          return found.size() < limit;
        });
    return found;
  }

  /**
   * An operation with a key of which no outcome is known.
   *
   * @param requestId the request
   * @param start what is known of it
   */
  public record OpenStart(String requestId, HistoryEntry start) {}

  /**
   * Operations of a tenant that began and have no outcome, by request.
   *
   * @param after the last one that the caller has
   */
  public List<OpenStart> openStarts(String tenant, int limit, Optional<OpenStartKey> after) {
    byte[] from =
        after
            .map(last -> Keys.last(OpenStarts.key(tenant, last.requestId(), last.eventId())))
            .orElseGet(() -> Keys.of(tenant));
    return stores
        .range(Table.Kind.STARTS, partition(tenant), from, Keys.last(Keys.of(tenant)), limit)
        .stream()
        .map(
            row ->
                new OpenStart(Keys.part(row.key, 1), codecs.historyEntry().deserialize(row.value)))
        .toList();
  }

  /** Which operation: the place of one in a list of them. */
  public record OpenStartKey(String requestId, String eventId) {}

  /** Partition of a tenant. */
  public int partition(String tenant) {
    return Topics.partition(tenant, partitions);
  }
}
