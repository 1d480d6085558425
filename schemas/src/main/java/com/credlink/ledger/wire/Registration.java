package com.credlink.ledger.wire;

import com.credlink.ledger.registry.SchemaRegistry;
import org.apache.avro.Schema;

/** How a writer gets the id of its schema. */
public enum Registration {
  /** Registers it, which does nothing if it is there already. */
  REGISTER {
    @Override
    int id(SchemaRegistry registry, String subject, Schema schema) {
      return registry.register(subject, schema);
    }
  },
  /** Looks it up: schemas are registered by an administrator beforehand. */
  LOOKUP {
    @Override
    int id(SchemaRegistry registry, String subject, Schema schema) {
      return registry.lookup(subject, schema);
    }
  };

  abstract int id(SchemaRegistry registry, String subject, Schema schema);
}
