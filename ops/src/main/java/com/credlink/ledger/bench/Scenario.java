package com.credlink.ledger.bench;

/** One question about cost, answered beside a baseline in the same run. */
interface Scenario {

  /** How it is called on the command line. */
  String name();

  /** Measures; prints while it goes, returns nothing but what it printed. */
  void run(Report report) throws Exception;
}
