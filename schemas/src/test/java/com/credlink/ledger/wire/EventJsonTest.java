package com.credlink.ledger.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RandomRecords;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.WebhookReplaySuspected;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventJsonTest {

  private final EventJson json = new EventJson();
  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void shouldShowEveryComponentButTheHeaderInSnakeCase() throws Exception {
    AssetStored event =
        new AssetStored(
            header(),
            "ab12",
            9_007_199_254_740_991L,
            "image/png",
            Optional.empty(),
            List.of(new KeyVersion("k1", SignatureAlgorithm.ES256)),
            2,
            true,
            7);

    ObjectNode payload = json.payload(event);

    assertThat(mapper.readTree(payload.toString()))
        .isEqualTo(
            mapper.readTree(
                """
                {"asset_sha256": "ab12", "size": 9007199254740991, "content_type": "image/png",
                 "origin": null, "keys": [{"key_id": "k1", "algorithm": "ES256"}], "approvals": 2, "timestamp": true, "pending_limit": 7}
                """));
  }

  @Test
  void shouldWriteNumbersThatADoubleCannotHoldAsText() {
    AssetStored event =
        new AssetStored(
            header(), "", 9_007_199_254_740_992L, "", Optional.empty(), List.of(), 0, false, 0);

    assertThat(json.payload(event).get("size").isTextual()).isTrue();
    assertThat(json.payload(event).get("size").asText()).isEqualTo("9007199254740992");
  }

  @Test
  void shouldWriteBytesInBase64() {
    LedgerEvent event =
        new WebhookReplaySuspected(header(), "w", Bytes.wrap(new byte[] {-1, -2, 3, 4}));

    assertThat(json.payload(event).get("body_hash").asText()).isEqualTo("//4DBA==");
  }

  @Test
  void shouldWriteTimesWithSixDigitsInUtc() {
    assertThat(EventJson.time(Instant.parse("2026-11-23T08:15:30Z")))
        .isEqualTo("2026-11-23T08:15:30.000000Z");
    assertThat(EventJson.time(Instant.parse("2026-11-23T08:15:30.123456789Z")))
        .isEqualTo("2026-11-23T08:15:30.123456Z");
  }

  @Test
  void shouldShowTheWholeEvent() {
    LedgerEvent event = new WebhookReplaySuspected(header(), "w", Bytes.EMPTY);

    ObjectNode node = json.event(event, 3, 42);

    assertThat(node.get("type").asText()).isEqualTo("WebhookReplaySuspected");
    assertThat(node.get("occurred_at").asText()).isEqualTo("2026-11-23T08:15:30.000000Z");
    assertThat(node.get("partition").asInt()).isEqualTo(3);
    assertThat(node.get("offset").asInt()).isEqualTo(42);
    assertThat(node.at("/actor/type").asText()).isEqualTo("SYSTEM");
    assertThat(node.get("causation_id").isNull()).isTrue();
    assertThat(node.get("payload").has("header")).isFalse();
  }

  @Test
  void shouldShowEachTypeOfEvent() {
    RandomRecords random = new RandomRecords(new Random(11));
    for (Class<?> type : LedgerEvent.class.getPermittedSubclasses()) {
      LedgerEvent event = (LedgerEvent) random.next(type);
      assertThat(json.payload(event)).hasSize(type.getRecordComponents().length - 1);
    }
  }

  private static EventHeader header() {
    Instant at = Instant.parse("2026-11-23T08:15:30Z");
    return new EventHeader(
        "e1",
        "t1",
        at,
        at,
        new Actor(ActorType.SYSTEM, "s"),
        "test",
        "c1",
        Optional.empty(),
        Optional.empty());
  }
}
