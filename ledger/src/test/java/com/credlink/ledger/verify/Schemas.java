package com.credlink.ledger.verify;

import com.credlink.ledger.registry.CompatibilityLevel;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.RegistryMode;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.registry.SubjectVersion;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Schemas by number, from 1 on; one can be exchanged behind its number. */
final class Schemas implements SchemaRegistry {

  private final List<Schema> all = new ArrayList<>();

  /** The same with another schema of that id. */
  Schemas exchanged(int id, Schema other) {
    Schemas changed = new Schemas();
    changed.all.addAll(all);
    changed.all.set(id - 1, other);
    return changed;
  }

  int size() {
    return all.size();
  }

  @Override
  public synchronized int register(String subject, Schema schema) {
    if (!all.contains(schema)) {
      all.add(schema);
    }
    return lookup(subject, schema);
  }

  @Override
  public synchronized int lookup(String subject, Schema schema) {
    return all.indexOf(schema) + 1;
  }

  @Override
  public synchronized Schema byId(int id) {
    if (id < 1 || id > all.size()) {
      throw new RegistryException.SchemaNotFound("no schema " + id);
    }
    return all.get(id - 1);
  }

  @Override
  public SubjectVersion latest(String subject) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public boolean compatible(String subject, Schema schema) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public CompatibilityLevel level(String subject) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public void setLevel(String subject, CompatibilityLevel level) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public RegistryMode mode(String subject) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public void setMode(String subject, RegistryMode mode) {
    throw new UnsupportedOperationException(subject);
  }
}
