package com.credlink.ledger.registry;

import org.apache.avro.Schema;

/**
 * A Confluent-compatible schema registry, as far as this product needs one. All methods throw a
 * {@link RegistryException}. Safe for many threads.
 */
public interface SchemaRegistry {

  /**
   * Registers {@code schema} as the newest version of {@code subject}, unless it is one already.
   *
   * @return its global id.
   * @throws RegistryException.Incompatible if the subject's compatibility level forbids it.
   * @throws RegistryException.InvalidSchema if the registry does not understand it.
   * @throws RegistryException.NotPermitted if the subject is read only.
   */
  int register(String subject, Schema schema);

  /**
   * The global id of a schema that is registered under {@code subject}.
   *
   * @throws RegistryException.SubjectNotFound if there is no such subject.
   * @throws RegistryException.SchemaNotFound if it is not a version of the subject.
   */
  int lookup(String subject, Schema schema);

  /**
   * The schema of that id. An id never changes its meaning.
   *
   * @throws RegistryException.SchemaNotFound if there is none.
   * @throws RegistryException.Unreadable if it is no Avro schema.
   */
  Schema byId(int id);

  /**
   * The newest version of {@code subject}.
   *
   * @throws RegistryException.SubjectNotFound if there is no such subject.
   */
  SubjectVersion latest(String subject);

  /**
   * Whether {@code schema} could be registered as the newest version of {@code subject} by its
   * compatibility level. True for a subject that does not exist yet.
   */
  boolean compatible(String subject, Schema schema);

  /** The level that applies to {@code subject}: its own, else the global one. */
  CompatibilityLevel level(String subject);

  /** Sets the level of {@code subject}. */
  void setLevel(String subject, CompatibilityLevel level);

  /** The mode that applies to {@code subject}: its own, else the global one. */
  RegistryMode mode(String subject);

  /** Sets the mode of {@code subject}. */
  void setMode(String subject, RegistryMode mode);
}
