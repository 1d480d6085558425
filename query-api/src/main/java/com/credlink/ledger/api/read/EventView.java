package com.credlink.ledger.api.read;

import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.wire.EventJson;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An event as the API shows it. */
public final class EventView {

  private final EventSerde serde;
  private final EventJson json;
  private final TenantDirectory shops;

  /** A view that decodes with {@code serde}. */
  public EventView(EventSerde serde, EventJson json, TenantDirectory shops) {
    this.serde = serde;
    this.json = json;
    this.shops = shops;
  }

  /** The event with what the folds found out about it. */
  public ObjectNode of(TrailRow row) {
    byte[] value = row.value().toArray();
    return switch (serde.deserialize(value)) {
      case StoredEvent.Known known -> {
        ObjectNode node = json.event(known.event(), row.partition(), row.offset());
        shops.byTenant(row.tenant()).ifPresent(shop -> node.put("shop", shop.domain()));
        row.duplicateOf().ifPresent(id -> node.put("duplicate_of", id));
        row.sameBodyAs().ifPresent(id -> node.put("same_body_as", id));
        row.turnedAway().ifPresent(why -> node.put("turned_away", why));
        yield node;
      }
      case StoredEvent.Unknown unknown -> {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", unknown.typeName());
        node.put("schema_id", unknown.schemaId());
        node.put("partition", row.partition());
        node.put("offset", row.offset());
        yield node;
      }
    };
  }
}
