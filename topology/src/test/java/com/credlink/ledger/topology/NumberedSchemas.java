package com.credlink.ledger.topology;

import com.credlink.ledger.registry.CompatibilityLevel;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.RegistryMode;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.registry.SubjectVersion;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Numbers schemas in the order in which they come, which is all that a codec asks of a registry.
 */
final class NumberedSchemas implements SchemaRegistry {

  private final List<Schema> schemas = new ArrayList<>();

  @Override
  public synchronized int register(String subject, Schema schema) {
    if (!schemas.contains(schema)) {
      schemas.add(schema);
    }
    return lookup(subject, schema);
  }

  @Override
  public synchronized int lookup(String subject, Schema schema) {
    return schemas.indexOf(schema) + 1;
  }

  @Override
  public synchronized Schema byId(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new RegistryException.SchemaNotFound("no schema " + id);
    }
    return schemas.get(id - 1);
  }

  @Override
  public SubjectVersion latest(String subject) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public boolean compatible(String subject, Schema schema) {
    return true;
  }

  @Override
  public CompatibilityLevel level(String subject) {
    return CompatibilityLevel.FULL_TRANSITIVE;
  }

  @Override
  public void setLevel(String subject, CompatibilityLevel level) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public RegistryMode mode(String subject) {
    return RegistryMode.READWRITE;
  }

  @Override
  public void setMode(String subject, RegistryMode mode) {
    throw new UnsupportedOperationException(subject);
  }
}
