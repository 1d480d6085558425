package com.credlink.ledger.keys;

import java.nio.file.Path;

/** Where the password of a key file comes from. */
public sealed interface Password {

  /** From a file of its own, which is made with a random password on first start. */
  record FromFile(Path file) implements Password {}

  /** From the configuration. */
  record Given(String value) implements Password {
    public Given {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("the password of a key file must not be empty");
      }
    }

    /** Never the password itself. */
    @Override
    public String toString() {
      return "Given[***]";
    }
  }
}
