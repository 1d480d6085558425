package com.credlink.ledger.topology.audit;

import com.credlink.ledger.topology.streams.Keys;
import java.util.Set;

/**
 * Keys of the trail. Facts of access are kept apart from all others, so that a list without them
 * does not have to step over them, however many reads there were.
 */
public final class TrailKeys {

  /** Facts of access: left out of lists unless they are asked for. */
  public static final Set<String> ACCESS = Set.of("AuthDecided", "LogAccessed");

  private static final String ROW = "r";
  private static final String TENANT = "t";
  private static final String ID = "i";

  private TrailKeys() {}

  /** The two classes of facts. */
  public enum Group {
    ACCESS("a"),
    OTHER("o");

    private final String code;

    Group(String code) {
      this.code = code;
    }

    /** The class of facts of {@code type}. */
    public static Group of(String type) {
      return TrailKeys.ACCESS.contains(type) ? ACCESS : OTHER;
    }
  }

  /** Row of the fact at {@code offset}. */
  public static byte[] row(Group group, long offset) {
    return Keys.of(offset, ROW, group.code);
  }

  /** Index entry of a tenant's fact; its value is the type. */
  public static byte[] tenant(String tenant, Group group, long offset) {
    return Keys.of(offset, TENANT, tenant, group.code);
  }

  /** Where the first fact of that id is; the value is the key of its row. */
  public static byte[] id(String eventId) {
    return Keys.of(ID, eventId);
  }
}
