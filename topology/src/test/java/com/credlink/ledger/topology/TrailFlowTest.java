package com.credlink.ledger.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.topology.audit.TrailKeys;
import com.credlink.ledger.topology.audit.TrailKeys.Group;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.topology.streams.Keys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fact in the trail, by offset, tenant and id. */
class TrailFlowTest {

  private static final String OTHER_TENANT = "bbbbbbbbbbbbbbbbbbbbbbbbbb";

  @TempDir private Path directory;
  private TestTopology topology;
  private final Facts facts = new Facts();
  private final Facts others = new Facts(OTHER_TENANT);

  @BeforeEach
  void open() {
    topology = new TestTopology(directory.resolve("state"));
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldFileEachTenantsFactsInTheOrderOfTheLogAndThoseOfAccessApart() {
    topology.append(facts.installed());
    topology.append(others.installed());
    topology.append(facts.allowed("EVENT_LIST"));
    topology.append(facts.requested("r"));
    topology.append(others.allowed("EVENT_LIST"));
    topology.append(facts.queued("r", 1));

    assertThat(filed(Facts.TENANT, Group.OTHER))
        .containsExactly("0 ShopInstalled", "3 SigningRequested", "5 SigningQueued");
    assertThat(filed(Facts.TENANT, Group.ACCESS)).containsExactly("2 AuthDecided");
    assertThat(filed(OTHER_TENANT, Group.OTHER)).containsExactly("1 ShopInstalled");
    assertThat(filed(OTHER_TENANT, Group.ACCESS)).containsExactly("4 AuthDecided");
  }

  /** Beyond 255 the order of the numbers is not the order of their last bytes. */
  @Test
  void shouldKeepTheOrderOfManyFacts() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      topology.append(facts.installed());
      expected.add(i + " ShopInstalled");
    }

    assertThat(filed(Facts.TENANT, Group.OTHER)).isEqualTo(expected);
  }

  @Test
  void shouldKeepARowAsTheLogHasIt() {
    Instant recordedAt = Instant.parse("2026-11-23T08:00:01.123456Z");
    LedgerEvent event = facts.at(recordedAt).requested("r");
    byte[] value = topology.serde().serialize(event);

    topology.append(event);

    assertThat(topology.trail())
        .containsExactly(
            new TrailRow(
                0,
                0,
                "SigningRequested",
                event.eventId(),
                Facts.TENANT,
                recordedAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Bytes.wrap(value)));
  }

  @Test
  void shouldFlagASecondRecordOfAFactAndLeadItsIdToTheFirst() {
    LedgerEvent event = facts.requested("r");

    topology.append(event);
    topology.append(event);

    assertThat(topology.trail())
        .extracting(TrailRow::offset, TrailRow::duplicateOf)
        .containsExactly(tuple(0L, Optional.empty()), tuple(1L, Optional.of(event.eventId())));
    assertThat(topology.trailStore().get(TrailKeys.id(event.eventId())))
        .contains(TrailKeys.row(Group.OTHER, 0));
  }

  private List<String> filed(String tenant, Group group) {
    List<String> rows = new ArrayList<>();
    try (KeyValueIterator<byte[], byte[]> entries =
        topology
            .trailStore()
            .range(
                TrailKeys.tenant(tenant, group, 0),
                TrailKeys.tenant(tenant, group, Long.MAX_VALUE),
                false)) {
      entries.forEachRemaining(
          row -> rows.add(Keys.trailingNumber(row.key) + " " + new String(row.value, UTF_8)));
    }
    return rows;
  }
}
