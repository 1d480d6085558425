package com.credlink.ledger.log;

import java.util.Locale;

/** What an acknowledged append survives. */
public enum Durability {
  /**
   * The death of the process: an append is acknowledged when the operating system has it. A power
   * cut may lose the newest acknowledged facts.
   */
  PROCESS,
  /** A power cut as well: an append is acknowledged when the disk has it. */
  POWER;

  /** The name in configuration and in events: {@code process} or {@code power}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
