package com.credlink.ledger.topology.digest;

import com.credlink.ledger.topology.streams.Table;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of the projections that the log determines alone, each with a digest of its own. The
 * Merkle tree is not among them: the root of its size says more.
 */
public enum DigestedTable {
  /** First deliveries, bound resources, installed shops: those that are remembered. */
  INTAKE("intake", Table.Kind.INTAKE),
  /** State of each signing request. */
  SIGNING("signing", Table.Kind.SIGNING),
  /** Idempotency keys, open requests of each tenant, images that wait for a place. */
  ADMISSION("admission", Table.Kind.ADMISSION),
  /** Images that webhooks named, as far as they are settled. */
  IMAGES("images", Table.Kind.IMAGES),
  /** Requests whose webhook may have been replayed. */
  DISPUTES("disputes", Table.Kind.DISPUTES),
  /** First request of each template that was signed. */
  RESULTS("results", Table.Kind.RESULTS),
  /** Operations with a key that began and have no outcome. */
  STARTS("starts", Table.Kind.STARTS),
  /** Records of each tenant and their running digest. */
  TENANTS("tenants", Table.Kind.TENANTS),
  /** Requests of each tenant in the order of the log. */
  SIGNING_BY_TENANT("signing-by-tenant"),
  /** Every fact by offset, tenant and id. */
  TRAIL("trail");

  /**
   * What else the stores hold, and why it has no digest: a clock that is not the log's decides when
   * it changes.
   */
  public static final Map<String, String> LEFT_OUT =
      Map.of(
          Table.Kind.LANES.label(),
          "jobs that are out or wait: when a retry is due, the node's clock decides",
          Table.Kind.DUE.label(),
          "reminders: they are taken out when the node's clock has come to them",
          Table.Kind.BINDINGS.label(),
          "claims of resources come from other partitions, at their own pace",
          "images that are being fetched",
          "when the next attempt begins, the node's clock decides");

  private final String label;
  private final Optional<Table.Kind> kind;

  DigestedTable(String label, Table.Kind kind) {
    this.label = label;
    this.kind = Optional.of(kind);
  }

  DigestedTable(String label) {
    this.label = label;
    this.kind = Optional.empty();
  }

  /** Name in every interface. */
  public String label() {
    return label;
  }

  /** The table that a row of the store {@code state} is of, if it has a digest. */
  static Optional<DigestedTable> of(byte[] key) {
    return Arrays.stream(values())
        .filter(table -> table.kind.filter(kind -> kind.holds(key)).isPresent())
        .findFirst();
  }
}
