package com.credlink.ledger.registry;

import java.util.Arrays;
import java.util.Optional;

/** Whether schemas may be written, by Confluent's names. */
public enum RegistryMode {
  /** Schemas may be registered and deleted. */
  READWRITE,
  /** Schemas may be read only. */
  READONLY,
  /** Read only, whatever a subject's own mode says. */
  READONLY_OVERRIDE,
  /**
   * Schemas are registered with given ids and versions. A registry that was taken over may be in
   * it; the embedded one does not offer it.
   */
  IMPORT;

  /** The mode of that name; empty if there is none. */
  public static Optional<RegistryMode> of(String name) {
    return Arrays.stream(values()).filter(mode -> mode.name().equals(name)).findFirst();
  }
}
