package com.credlink.ledger.topology.query;

import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.topology.audit.TrailKeys;
import com.credlink.ledger.topology.audit.TrailKeys.Group;
import com.credlink.ledger.topology.intake.IntakeKeys;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import com.credlink.ledger.wire.EventSerde;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the audit trail from the stores of this process. */
public final class TrailView {

  private final StoreQueries stores;
  private final EventSerde serde;
  private final StoreCodecs codecs;
  private final int partitions;

  /** A view over {@code stores}. */
  public TrailView(StoreQueries stores, EventSerde serde, StoreCodecs codecs, int partitions) {
    this.stores = stores;
    this.serde = serde;
    this.codecs = codecs;
    this.partitions = partitions;
  }

  /**
   * Which facts.
   *
   * @param types only these types; empty for all but facts of access
   * @param withAccess facts of access too
   * @param from recorded at or after
   * @param to recorded before
   */
  public record Filter(
      Set<String> types, boolean withAccess, Optional<Instant> from, Optional<Instant> to) {

    Set<Group> groups() {
      EnumSet<Group> groups = EnumSet.noneOf(Group.class);
      types.forEach(type -> groups.add(Group.of(type)));
      if (types.isEmpty()) {
        groups.add(Group.OTHER);
      }
      if (withAccess && (types.isEmpty() || types.stream().anyMatch(TrailKeys.ACCESS::contains))) {
        groups.add(Group.ACCESS);
      }
      return groups;
    }

    boolean takesType(String type) {
      return types.isEmpty() || types.contains(type);
    }

    boolean takesTime(Instant at) {
      return from.map(f -> !at.isBefore(f)).orElse(true) && to.map(at::isBefore).orElse(true);
    }
  }

  /**
   * A page.
   *
   * @param rows in the order asked for
   * @param more whether rows follow
   */
  public record Page(List<TrailRow> rows, boolean more) {}

  /**
   * Facts of one tenant.
   *
   * @param after offset of the last row that the caller has; the list goes on behind it
   * @param until the newest offset listed, so that a list of several pages is one view of a growing
   *     log
   */
  public Page ofTenant(
      String tenant,
      Filter filter,
      boolean newestFirst,
      int limit,
      Optional<Long> after,
      long until) {
    int partition = Topics.partition(tenant, partitions);
    List<TrailRow> found = new ArrayList<>();
    boolean more = false;
    for (Group group : filter.groups()) {
      long low = newestFirst ? 0 : after.map(o -> o + 1).orElse(0L);
      long high = newestFirst ? after.map(o -> o - 1).orElse(until) : until;
      if (high < low) {
        continue;
      }
      List<TrailRow> taken = new ArrayList<>();
      stores.range(
          Stores.TRAIL,
          partition,
          TrailKeys.tenant(tenant, group, low),
          TrailKeys.tenant(tenant, group, high),
          newestFirst,
          (key, type) -> {
            if (filter.takesType(new String(type, java.nio.charset.StandardCharsets.UTF_8))) {
              row(partition, TrailKeys.row(group, Keys.trailingNumber(key)))
                  .filter(row -> filter.takesTime(row.recordedAt()))
                  .ifPresent(taken::add);
            }
            return taken.size() <= limit;
          });
      found.addAll(taken);
    }
    found.sort(byOffset(newestFirst));
    if (found.size() > limit) {
      more = true;
      found = found.subList(0, limit);
    }
    return new Page(List.copyOf(found), more);
  }

  /** Facts of all tenants, merged over the partitions by the time at which the ledger took them. */
  public Page ofAll(
      Filter filter,
      boolean newestFirst,
      int limit,
      Map<Integer, Long> after,
      Map<Integer, Long> until) {
    List<Deque<TrailRow>> heads = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      List<TrailRow> found = new ArrayList<>();
      for (Group group : filter.groups()) {
        found.addAll(ofPartition(partition, group, filter, newestFirst, limit, after, until));
      }
      found.sort(byOffset(newestFirst));
      heads.add(new ArrayDeque<>(found));
    }
    return merge(heads, newestFirst, limit);
  }

  /**
   * Takes the head with the next time until the page is full. Within a partition the order stays
   * that of the log, whatever its clocks say, so that one offset for each partition is enough to go
   * on from.
   */
  private static Page merge(List<Deque<TrailRow>> heads, boolean newestFirst, int limit) {
    Comparator<TrailRow> byTime =
        Comparator.comparing(TrailRow::recordedAt).thenComparingInt(TrailRow::partition);
    Comparator<TrailRow> order = newestFirst ? byTime.reversed() : byTime;
    List<TrailRow> page = new ArrayList<>();
    while (true) {
      Optional<Deque<TrailRow>> next =
          heads.stream()
              .filter(head -> !head.isEmpty())
              .min(Comparator.comparing(Deque::peek, order));
      if (next.isEmpty() || page.size() == limit) {
        return new Page(List.copyOf(page), next.isPresent());
      }
      page.add(next.get().poll());
    }
  }

  private static Comparator<TrailRow> byOffset(boolean newestFirst) {
    Comparator<TrailRow> order = Comparator.comparingLong(TrailRow::offset);
    return newestFirst ? order.reversed() : order;
  }

  private List<TrailRow> ofPartition(
      int partition,
      Group group,
      Filter filter,
      boolean newestFirst,
      int limit,
      Map<Integer, Long> after,
      Map<Integer, Long> until) {
    Long last = after.get(partition);
    long end = until.getOrDefault(partition, -1L);
    long low = newestFirst || last == null ? 0 : last + 1;
    long high = newestFirst && last != null ? last - 1 : end;
    List<TrailRow> taken = new ArrayList<>();
    if (high < low) {
      return taken;
    }
    stores.range(
        Stores.TRAIL,
        partition,
        TrailKeys.row(group, low),
        TrailKeys.row(group, high),
        newestFirst,
        (key, value) -> {
          TrailRow row = row(partition, key, value);
          if (filter.takesType(row.type()) && filter.takesTime(row.recordedAt())) {
            taken.add(row);
          }
          return taken.size() <= limit;
        });
    return taken;
  }

  /** The fact of that id, wherever it is. */
  public Optional<TrailRow> byId(String eventId) {
    for (int partition = 0; partition < partitions; partition++) {
      Optional<byte[]> rowKey = stores.get(Stores.TRAIL, partition, TrailKeys.id(eventId));
      if (rowKey.isPresent()) {
        return row(partition, rowKey.get());
      }
    }
    return Optional.empty();
  }

  private Optional<TrailRow> row(int partition, byte[] key) {
    return stores.get(Stores.TRAIL, partition, key).map(stored -> row(partition, key, stored));
  }

  private TrailRow row(int partition, byte[] key, byte[] stored) {
    long offset = Keys.trailingNumber(key);
    return TrailRow.of(new Position(partition, offset), stored, serde, verdict(partition, offset));
  }

  private DeliveryVerdict verdict(int partition, long offset) {
    return stores
        .get(Table.Kind.INTAKE, partition, IntakeKeys.verdict(offset))
        .map(codecs.verdict()::deserialize)
        .orElse(DeliveryVerdict.FRESH);
  }

  /** For a cursor: the last offset of each partition on a page, in addition to {@code before}. */
  public static Map<Integer, Long> lastOffsets(Map<Integer, Long> before, Page page) {
    Map<Integer, Long> last = new TreeMap<>(before);
    page.rows().forEach(row -> last.put(row.partition(), row.offset()));
    return last;
  }
}
