package com.credlink.ledger.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.projections.intake.FirstSeen;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.topology.query.SigningView;
import com.credlink.ledger.topology.query.SigningView.Verdict;
import com.credlink.ledger.topology.query.StoreIntakeView;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.query.StoreQueries.NotServingException;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.query.TrailView;
import com.credlink.ledger.topology.query.TrailView.Filter;
import com.credlink.ledger.topology.query.TrailView.Page;
import com.credlink.ledger.topology.signing.SigningSettings;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import com.credlink.ledger.topology.streams.LogSource;
import com.credlink.ledger.topology.streams.Snapshots;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.StreamsNode;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The views over real stores that a real broker fills; each test has tenants of its own. */
class QueryViewsTest {

  /** Long enough that a busy machine does not fail what should work. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final Filter EVERYTHING = filter(Set.of(), true);
  private static final Filter WITHOUT_ACCESS = filter(Set.of(), false);
  private static final int MAX_PENDING = 3;
  private static final int PARTITIONS = Topics.EMBEDDED_PARTITIONS;

  @TempDir private static Path directory;
  private static KafkaNode broker;
  private static StreamsNode streams;
  private static Ledger ledger;
  private static AppliedOffsets applied;
  private static StoreQueries stores;
  private static TrailView trail;
  private static SigningView signing;
  private static StoreIntakeView intake;

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaNode.start(KafkaNode.Settings.in(directory.resolve("broker")));
    KafkaConnection connection = KafkaConnection.plain(broker.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(broker.topics());
    }
    beginAtTheBeginning(connection);
    EventCatalogue catalogue = EventCatalogue.load();
    NumberedSchemas registry = new NumberedSchemas();
    EventSerde serde = new EventSerde(catalogue, registry, Topics.EVENTS);
    StoreCodecs codecs = new StoreCodecs(catalogue, registry, Registration.REGISTER);
    applied = new AppliedOffsets();
    streams =
        StreamsNode.start(
            LedgerTopology.build(
                serde,
                registry,
                codecs,
                LogSource.of(connection, serde),
                new SigningSettings(Duration.ofMinutes(1)),
                applied,
                new StateChanges(),
                new IntegrityFaults(),
                new Snapshots()),
            new StreamsNode.Settings(
                LedgerTopology.APPLICATION_ID,
                connection,
                directory.resolve("state"),
                "node-1",
                1,
                1,
                16L * 1024 * 1024,
                true,
                "127.0.0.1:1"));
    ledger =
        new Ledger(
            LedgerConfig.of(connection, broker.topics()).withDeadline(PATIENT), serde::serialize);
    assertThat(streams.awaitRunning(PATIENT)).isTrue();
    stores = new StoreQueries(streams.streams());
    trail = new TrailView(stores, serde, codecs, PARTITIONS);
    signing = new SigningView(stores, codecs, PARTITIONS);
    intake = new StoreIntakeView(stores, codecs, PARTITIONS);
  }

  /** The projections never choose a place in the log by themselves. */
  private static void beginAtTheBeginning(KafkaConnection connection) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      beginning.put(new TopicPartition(Topics.EVENTS, partition), new OffsetAndMetadata(0));
      beginning.put(new TopicPartition(Topics.BINDINGS, partition), new OffsetAndMetadata(0));
    }
    try (Admin admin = Admin.create(connection.with(Map.of()))) {
      admin.alterConsumerGroupOffsets(LedgerTopology.APPLICATION_ID, beginning).all().get();
    }
  }

  @AfterAll
  static void stop() {
    ledger.close();
    streams.close();
    broker.close();
  }

  // ---- the trail of a tenant

  @Test
  void shouldListOneViewOfATenantsFactsNewestFirstHoweverTheLogGrows() throws Exception {
    Facts facts = new Facts("newest-first");
    List<String> ids = append(IntStream.range(0, 25).mapToObj(i -> facts.installed()).toList());

    List<String> listed = pages("newest-first", true, () -> append(List.of(facts.installed())));

    assertThat(listed).isEqualTo(ids.reversed());
  }

  @Test
  void shouldListOneViewOfATenantsFactsOldestFirstHoweverTheLogGrows() throws Exception {
    Facts facts = new Facts("oldest-first");
    List<String> ids = append(IntStream.range(0, 25).mapToObj(i -> facts.installed()).toList());

    List<String> listed = pages("oldest-first", false, () -> append(List.of(facts.installed())));

    assertThat(listed).isEqualTo(ids);
  }

  /** All pages of ten, as a caller with a cursor gets them; the log grows before each. */
  private static List<String> pages(String tenant, boolean newestFirst, Growth growth)
      throws Exception {
    long until = applied.of(Topics.partition(tenant, PARTITIONS)).orElseThrow();
    List<String> listed = new ArrayList<>();
    Optional<Long> after = Optional.empty();
    Page page;
    do {
      growth.append();
      page = trail.ofTenant(tenant, EVERYTHING, newestFirst, 10, after, until);
      assertThat(page.rows()).hasSizeBetween(1, 10);
      listed.addAll(ids(page));
      after = Optional.of(page.rows().getLast().offset());
    } while (page.more());
    return listed;
  }

  @Test
  void shouldShowATenantNothingOfAnother() throws Exception {
    Facts mine = new Facts("tenant-mine");
    Facts theirs = new Facts(neighbour("tenant-mine"));
    append(List.of(theirs.installed()));
    List<String> ids = append(List.of(mine.installed(), mine.requested("r")));
    append(List.of(theirs.requested("r")));

    assertThat(ids(all("tenant-mine", EVERYTHING))).isEqualTo(ids);
  }

  @Test
  void shouldListFactsOfAccessOnlyWhereTheyAreAskedFor() throws Exception {
    Facts facts = new Facts("access");
    List<String> ids =
        append(
            List.of(
                facts.installed(), facts.allowed("A"), facts.requested("r"), facts.allowed("B")));

    assertThat(ids(all("access", WITHOUT_ACCESS))).containsExactly(ids.get(0), ids.get(2));
    assertThat(ids(all("access", EVERYTHING))).isEqualTo(ids);
    assertThat(ids(all("access", filter(Set.of("AuthDecided"), false))))
        .containsExactly(ids.get(1), ids.get(3));
    assertThat(ids(all("access", filter(Set.of("SigningRequested"), true))))
        .containsExactly(ids.get(2));
    assertThat(ids(all("access", filter(Set.of("ShopInstalled", "AuthDecided"), false))))
        .containsExactly(ids.get(0), ids.get(1), ids.get(3));
  }

  @Test
  void shouldListFactsRecordedFromATimeOnAndBeforeAnother() throws Exception {
    Facts facts = new Facts("times");
    List<LedgerEvent> events = new ArrayList<>();
    for (int minute = 0; minute < 5; minute++) {
      events.add(facts.at(TEN.plusSeconds(60L * minute)).installed());
    }
    List<String> ids = append(events);

    assertThat(ids(all("times", between(TEN.plusSeconds(60), TEN.plusSeconds(180)))))
        .isEqualTo(ids.subList(1, 3));
    assertThat(ids(all("times", between(TEN.plusSeconds(61), TEN.plusSeconds(181)))))
        .isEqualTo(ids.subList(2, 4));
    assertThat(
            ids(
                trail.ofTenant(
                    "times",
                    between(TEN, TEN.plusSeconds(120)),
                    true,
                    1,
                    Optional.empty(),
                    Long.MAX_VALUE)))
        .as("a page counts what passes the filter")
        .containsExactly(ids.get(1));
  }

  @Test
  void shouldSayWhetherRowsFollowAtTheEndOfAFullPage() throws Exception {
    Facts facts = new Facts("full-page");
    append(List.of(facts.installed(), facts.installed()));

    assertThat(page("full-page", 1).more()).isTrue();
    assertThat(page("full-page", 2).more()).isFalse();
    assertThat(page("nobody", 2)).isEqualTo(new Page(List.of(), false));
  }

  private static Page page(String tenant, int limit) {
    return trail.ofTenant(tenant, EVERYTHING, true, limit, Optional.empty(), Long.MAX_VALUE);
  }

  // ---- the trail of all

  @Test
  void shouldMergeAllTenantsByTimeIntoOneViewHoweverTheLogGrows() throws Exception {
    Map<Integer, Long> before = ends();
    List<Facts> tenants = IntStream.range(0, 12).mapToObj(i -> new Facts("merged-" + i)).toList();
    List<LedgerEvent> events = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      events.add(tenants.get(i * 5 % 12).at(TEN.plusSeconds(i)).installed());
    }
    List<String> ids = append(events);
    assertThat(ends().keySet()).as("tenants in every partition").hasSize(PARTITIONS);
    Map<Integer, Long> until = ends();
    assertThat(until)
        .allSatisfy((p, end) -> assertThat(end).isGreaterThan(before.getOrDefault(p, -1L)));

    List<String> listed = new ArrayList<>();
    Map<Integer, Long> after = before;
    Page page;
    do {
      append(List.of(tenants.getFirst().installed(), tenants.getLast().installed()));
      page = trail.ofAll(EVERYTHING, false, 7, after, until);
      listed.addAll(ids(page));
      after = TrailView.lastOffsets(after, page);
    } while (page.more());

    assertThat(listed).isEqualTo(ids);
    assertThat(newestOf(48, before, until)).isEqualTo(ids.reversed());
  }

  /** The same from the other end, page by page. */
  private static List<String> newestOf(
      int count, Map<Integer, Long> before, Map<Integer, Long> until) {
    List<String> listed = new ArrayList<>();
    Map<Integer, Long> after = Map.of();
    while (listed.size() < count) {
      Page page = trail.ofAll(EVERYTHING, true, Math.min(7, count - listed.size()), after, until);
      listed.addAll(ids(page));
      after = TrailView.lastOffsets(after, page);
    }
    assertThat(after)
        .allSatisfy((p, last) -> assertThat(last).isGreaterThan(before.getOrDefault(p, -1L)));
    return listed;
  }

  @Test
  void shouldFilterTheTrailOfAllByType() throws Exception {
    Map<Integer, Long> before = ends();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Facts facts = new Facts("typed-" + i).at(TEN.plusSeconds(i));
      ids.addAll(append(List.of(facts.installed(), facts.allowed("A"))));
    }

    Page access = trail.ofAll(filter(Set.of("AuthDecided"), false), false, 100, before, ends());
    Page others = trail.ofAll(WITHOUT_ACCESS, false, 100, before, ends());

    assertThat(ids(access)).isEqualTo(every(ids, 1));
    assertThat(ids(others)).isEqualTo(every(ids, 0));
  }

  private static List<String> every(List<String> ids, int odd) {
    return IntStream.range(0, ids.size()).filter(i -> i % 2 == odd).mapToObj(ids::get).toList();
  }

  // ---- one fact

  @Test
  void shouldFindAFactByItsIdInAnyPartition() throws Exception {
    for (int i = 0; i < 8; i++) {
      LedgerEvent event = new Facts("by-id-" + i).installed();
      Position first = appendOne(event);
      appendOne(event);

      TrailRow row = trail.byId(event.eventId()).orElseThrow();

      assertThat(new Position(row.partition(), row.offset()))
          .as("the first record of the fact")
          .isEqualTo(first);
      assertThat(row.tenant()).isEqualTo("by-id-" + i);
    }
    assertThat(trail.byId("no such id")).isEmpty();
  }

  // ---- signing

  @Test
  void shouldListRequestsByStatusAndLanePageByPage() throws Exception {
    Facts facts = new Facts("listed");
    append(
        List.of(
            facts.requested("r1", Lane.BULK),
            facts.requested("r2"),
            facts.requested("r3"),
            facts.queued("r2", 1)));

    assertThat(list("listed", Optional.empty(), Optional.empty(), false, Optional.empty()))
        .containsExactly("r1", "r2", "r3");
    assertThat(list("listed", Optional.empty(), Optional.empty(), true, Optional.of("r3")))
        .containsExactly("r2", "r1");
    assertThat(list("listed", Optional.empty(), Optional.empty(), false, Optional.of("r1")))
        .containsExactly("r2", "r3");
    assertThat(list("listed", Optional.of("QUEUED"), Optional.empty(), false, Optional.empty()))
        .containsExactly("r2");
    assertThat(list("listed", Optional.empty(), Optional.of(Lane.BULK), true, Optional.empty()))
        .containsExactly("r1");
    assertThat(signing.find("listed", "r2").map(SigningState::status)).contains("QUEUED");
    assertThat(signing.find("somebody", "r2")).isEmpty();
  }

  private static List<String> list(
      String tenant,
      Optional<String> status,
      Optional<Lane> lane,
      boolean newestFirst,
      Optional<String> after) {
    Optional<Long> behind = after.map(id -> offsetOf(tenant, id));
    return signing.list(tenant, status, lane, newestFirst, 10, behind).stream()
        .map(listed -> listed.state().request().requestId())
        .toList();
  }

  private static long offsetOf(String tenant, String requestId) {
    return signing
        .list(tenant, Optional.empty(), Optional.empty(), false, 10, Optional.empty())
        .stream()
        .filter(listed -> listed.state().request().requestId().equals(requestId))
        .findFirst()
        .orElseThrow()
        .offset();
  }

  @Test
  void shouldGiveNoMoreRequestsThanAskedFor() throws Exception {
    Facts facts = new Facts("limited");
    append(List.of(facts.requested("r1"), facts.requested("r2"), facts.requested("r3")));

    assertThat(
            signing.list("limited", Optional.empty(), Optional.empty(), true, 2, Optional.empty()))
        .extracting(listed -> listed.state().request().requestId())
        .containsExactly("r3", "r2");
  }

  @Test
  void shouldTellANewRequestFromTheSameAndFromAnotherUnderItsKey() throws Exception {
    Facts facts = new Facts("verdicts");
    SigningRequested first = facts.requested("first", "key", "content");
    SigningRequested same = facts.requested("same", "key", "content");
    SigningRequested other = facts.requested("other", "key", "other content");
    append(List.of(first, same, other));

    assertThat(signing.verdict(first)).isInstanceOf(Verdict.New.class);
    assertThat(signing.verdict(same))
        .isInstanceOfSatisfying(
            Verdict.Same.class,
            verdict -> assertThat(verdict.state().request().requestId()).isEqualTo("first"));
    assertThat(signing.verdict(other)).isInstanceOf(Verdict.Conflict.class);
  }

  @Test
  void shouldTellThatATenantHasTooManyPendingRequests() throws Exception {
    Facts facts = new Facts("crowded").limitedTo(MAX_PENDING);
    SigningRequested tooMany = facts.requested("r-last");
    for (int i = 0; i < MAX_PENDING; i++) {
      append(List.of(facts.requested("r" + i)));
    }
    append(List.of(tooMany));

    assertThat(signing.verdict(tooMany)).isEqualTo(new Verdict.TooManyPending(MAX_PENDING));
  }

  // ---- intake

  @Test
  void shouldKnowAcrossPartitionsWhereABodyAndAResourceWereFirstSeen() throws Exception {
    WebhookReceived delivery =
        new Facts("owner").at(TEN).about("resource", "d-1", "body of the owner");
    append(List.of(delivery));
    Bytes body = delivery.bodyHash();
    Bytes resource = delivery.resourceHash().orElseThrow();

    for (String tenant : List.of("stranger-1", "stranger-2", "stranger-3", "stranger-4")) {
      assertThat(intake.isBodySeenElsewhere(body, tenant)).isTrue();
      assertThat(intake.isBoundElsewhere(resource, tenant, TEN)).isTrue();
      assertThat(
              intake.isBoundElsewhere(resource, tenant, TEN.plus(FirstSeen.BINDING).plusSeconds(1)))
          .isFalse();
    }
    assertThat(intake.isBodySeenElsewhere(body, "owner")).isFalse();
    assertThat(intake.isBoundElsewhere(resource, "owner", TEN)).isFalse();
    assertThat(intake.isBodySeenElsewhere(Bytes.wrap(new byte[32]), "owner")).isFalse();
  }

  @Test
  void shouldKnowWhetherAShopIsInstalled() throws Exception {
    Facts facts = new Facts("shop");
    append(List.of(facts.installed()));
    assertThat(intake.isInstalled("shop")).isTrue();

    append(List.of(facts.uninstalled()));
    assertThat(intake.isInstalled("shop")).isFalse();
    append(List.of(facts.installed()));

    assertThat(intake.isInstalled("shop")).isTrue();
  }

  // ---- stores

  @Test
  void shouldOwnEveryPartitionAndSayThatItDoesNotOwnAnother() {
    assertThat(stores.owned()).containsExactly(0, 1, 2, 3);
    assertThat(stores.threads().values()).containsExactly("RUNNING");
    assertThatThrownBy(() -> stores.get(Stores.TRAIL, PARTITIONS, new byte[] {1}))
        .isInstanceOf(NotServingException.class)
        .hasMessageContaining("Partition " + PARTITIONS);
  }

  @Test
  void shouldReadRangesInBothDirectionsAndStopWhereToldTo() throws Exception {
    Facts facts = new Facts("ranges");
    append(List.of(facts.requested("r1"), facts.requested("r2"), facts.requested("r3")));

    assertThat(requests("ranges", false, 3)).containsExactly("r1", "r2", "r3");
    assertThat(requests("ranges", true, 2)).containsExactly("r3", "r2");
  }

  private static List<String> requests(String tenant, boolean descending, int count) {
    byte[] from = (tenant + "\0").getBytes(UTF_8);
    byte[] to = (tenant + "\1").getBytes(UTF_8);
    List<KeyValue<byte[], byte[]>> rows = new ArrayList<>();
    return stores
        .range(
            Stores.SIGNING_BY_TENANT,
            signing.partition(tenant),
            from,
            to,
            descending,
            (key, value) -> {
              rows.add(KeyValue.pair(key, value));
              return rows.size() < count;
            })
        .stream()
        .map(row -> new String(row.value, UTF_8))
        .toList();
  }

  // ---- help

  /** Something that makes the log longer. */
  @FunctionalInterface
  private interface Growth {
    List<String> append() throws Exception;
  }

  /** Appends in order, waits until the folds have passed them, and gives their ids. */
  private static List<String> append(List<? extends LedgerEvent> events)
      throws InterruptedException {
    List<CompletableFuture<Position>> appended = events.stream().map(ledger::append).toList();
    for (CompletableFuture<Position> position : appended) {
      assertThat(applied.await(position.join(), PATIENT)).isTrue();
    }
    return events.stream().map(LedgerEvent::eventId).toList();
  }

  private static Position appendOne(LedgerEvent event) throws InterruptedException {
    Position position = ledger.appendAndWait(event);
    assertThat(applied.await(position, PATIENT)).isTrue();
    return position;
  }

  private static Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new TreeMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int p = partition;
      applied.of(partition).ifPresent(offset -> ends.put(p, offset));
    }
    return ends;
  }

  private static Page all(String tenant, Filter filter) {
    return trail.ofTenant(tenant, filter, false, 500, Optional.empty(), Long.MAX_VALUE);
  }

  private static List<String> ids(Page page) {
    return page.rows().stream().map(TrailRow::eventId).toList();
  }

  private static Filter filter(Set<String> types, boolean withAccess) {
    return new Filter(types, withAccess, Optional.empty(), Optional.empty());
  }

  private static Filter between(Instant from, Instant to) {
    return new Filter(Set.of(), false, Optional.of(from), Optional.of(to));
  }

  /** Another tenant in the same partition. */
  private static String neighbour(String tenant) {
    int partition = Topics.partition(tenant, PARTITIONS);
    return IntStream.range(0, 1_000)
        .mapToObj(i -> tenant + i)
        .filter(name -> Topics.partition(name, PARTITIONS) == partition)
        .findFirst()
        .orElseThrow();
  }
}
