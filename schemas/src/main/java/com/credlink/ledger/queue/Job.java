package com.credlink.ledger.queue;

/** Work for a worker, handed out on a lane. */
public sealed interface Job permits FetchJob, SignJob {

  /** Tenant that it is for. */
  String tenant();

  /** Which attempt, from 1. */
  int attempt();

  /** The same for the same attempt at the same work, however often it is handed out. */
  String name();
}
