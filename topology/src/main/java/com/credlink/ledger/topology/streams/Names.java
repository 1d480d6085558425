package com.credlink.ledger.topology.streams;

/**
 * Every name in the topology. They name changelog topics and directories: changing one loses state.
 */
public final class Names {

  /** Source of all facts. */
  public static final String SOURCE = "events";

  /** Source of what was claimed of resources. */
  public static final String CLAIMED = "claimed";

  /** Processors. */
  public static final String INTAKE = "intake";

  public static final String SIGNING = "signing";
  public static final String AUDIT = "audit";
  public static final String BINDING = "binding";

  /** Sinks. */
  public static final String PROPOSALS = "proposals";

  public static final String CLAIMS = "claims";
  public static final String JOBS = "jobs";
  public static final String STATUS = "status";
  public static final String TIMESTAMPS = "timestamps";
  public static final String QUARANTINE = "quarantine";

  private Names() {}
}
