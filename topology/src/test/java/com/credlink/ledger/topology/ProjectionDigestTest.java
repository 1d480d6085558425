package com.credlink.ledger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.topology.digest.DigestedTable;
import com.credlink.ledger.topology.digest.FreshFold;
import com.credlink.ledger.topology.digest.ProjectionDigest;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.Snapshot;
import com.credlink.ledger.topology.streams.Table.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of a topology that has lived, beside a fresh fold of what it has read. */
class ProjectionDigestTest {

  private static final Instant START = TestTopology.START;

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts facts = new Facts().limitedTo(4);

  @BeforeEach
  void open() {
    topology = new TestTopology(directory.resolve("live"));
  }

  @AfterEach
  void close() {
    topology.close();
  }

  /** A little of everything that a log can hold. */
  private void live() {
    topology.append(facts.installed());
    var delivery = facts.webhook("d-1", "body", "https://cdn/a.png", "https://cdn/b.png");
    topology.append(delivery);
    topology.append(delivery); // the same record twice
    topology.append(facts.webhook("d-2", "body", "https://cdn/a.png"));
    topology.append(facts.product("resource", "d-3", "other", "https://cdn/c.png"));
    var jobs = topology.fetchJobs();
    topology.append(facts.stored(jobs.getFirst().origin(), "ab".repeat(32)));
    topology.append(facts.fetchFailed(jobs.get(1).origin(), 1, Optional.of(START.plusSeconds(9))));
    topology.append(facts.fetchFailed(jobs.get(2).origin(), 1, Optional.empty()));
    topology.clerk();
    topology.append(facts.requested("r-1", "key", "content"));
    topology.append(facts.requested("r-2", "key", "content"));
    topology.append(facts.requested("r-3", Lane.BULK));
    topology.append(facts.requested("r-4"));
    topology.append(facts.requested("r-5"));
    topology.clerk();
    topology.append(facts.started("r-1", 1));
    topology.append(facts.signed("r-1", 1));
    topology.append(facts.signed("r-1", 1));
    topology.append(facts.started("r-3", 1));
    topology.append(facts.started("r-3", 1));
    topology.append(facts.failed("r-3", 1, START.plusSeconds(20)));
    topology.append(facts.suspected(delivery));
    topology.clerk();
    topology.append(facts.approved("r-1", ApprovalDecision.APPROVE));
    topology.appendBytes("nobody", new byte[] {1, 2, 3});
    topology.append(new Facts("other-tenant").requested("r-6"));
    topology.clerk();
  }

  private ProjectionDigest live(TestTopology of) {
    try (Snapshot snapshot = of.snapshot()) {
      return ProjectionDigest.of(snapshot, of.codecs(), rows -> {});
    }
  }

  private ProjectionDigest fresh() {
    try (FreshFold fold =
        new FreshFold(
            topology.serde(),
            topology.registry(),
            topology.codecs(),
            directory.resolve("fresh-" + System.nanoTime()))) {
      topology.log().forEach(fold::apply);
      return fold.digest(rows -> {});
    }
  }

  @Test
  void shouldGiveTheSameAsAFreshFold() {
    live();

    ProjectionDigest digest = live(topology);

    assertThat(digest).isEqualTo(fresh());
    assertThat(digest.size()).isEqualTo(topology.log().size());
    Set<DigestedTable> empty = EnumSet.noneOf(DigestedTable.class);
    digest.tables().forEach((table, rows) -> addIf(rows.count() == 0, table, empty));
    assertThat(empty).as("tables that this life says nothing about").isEmpty();
  }

  private static void addIf(boolean is, DigestedTable table, Set<DigestedTable> to) {
    if (is) {
      to.add(table);
    }
  }

  /** Reminders, retries, leases and sweeps of what is forgotten come by the node's clock. */
  @Test
  void shouldNotDependOnTheNodesClock() {
    live();
    topology.pass(Duration.ofHours(1));
    assertThat(live(topology)).as("after an hour").isEqualTo(fresh());

    facts.at(START.plus(Duration.ofDays(3)));
    topology.append(facts.webhook("d-9", "newer", "https://cdn/z.png"));
    topology.clerk();
    ProjectionDigest before = live(topology);
    topology.pass(Duration.ofHours(2));
    assertThat(live(topology)).as("after a sweep").isEqualTo(before).isEqualTo(fresh());

    topology.append(facts.webhook("d-10", "body", "https://cdn/a.png"));
    topology.clerk();
    assertThat(live(topology)).as("what was forgotten comes again").isEqualTo(fresh());
  }

  @Test
  void shouldShowARowThatTheLogDoesNotGive() {
    live();
    ProjectionDigest fresh = fresh();

    topology.table(Kind.SIGNING).put(Keys.of("t", "r"), new byte[] {1});
    assertDiffers(fresh, DigestedTable.SIGNING);
    topology.table(Kind.SIGNING).delete(Keys.of("t", "r"));
    assertThat(live(topology)).isEqualTo(fresh);

    byte[] tenant = topology.log().getFirst().key();
    byte[] row = topology.table(Kind.TENANTS).get(tenant);
    row[39] ^= 1;
    topology.table(Kind.TENANTS).put(tenant, row);
    assertDiffers(fresh, DigestedTable.TENANTS);
  }

  private void assertDiffers(ProjectionDigest fresh, DigestedTable table) {
    ProjectionDigest altered = live(topology);
    assertThat(altered.tables().get(table)).isNotEqualTo(fresh.tables().get(table));
    for (DigestedTable other : DigestedTable.values()) {
      if (other != table) {
        assertThat(altered.tables().get(other)).isEqualTo(fresh.tables().get(other));
      }
    }
  }

  @Test
  void shouldStayAsItWasWhileTheStoresGoOn() {
    live();
    ProjectionDigest before = live(topology);
    try (Snapshot snapshot = topology.snapshot()) {
      topology.append(facts.requested("r-9"));
      topology.append(facts.cancelled("r-4"));
      topology.clerk();
      assertThat(ProjectionDigest.of(snapshot, topology.codecs(), rows -> {})).isEqualTo(before);
    }
    assertThat(live(topology)).isNotEqualTo(before).isEqualTo(fresh());
  }
}
