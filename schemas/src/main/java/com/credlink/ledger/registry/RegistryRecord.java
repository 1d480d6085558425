package com.credlink.ledger.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** One entry of the registry's log. What the registry knows is a fold of these and nothing else. */
public sealed interface RegistryRecord {

  /**
   * A schema under a subject; written again with {@code deleted} when it is soft-deleted.
   *
   * @param subject the subject.
   * @param version from 1.
   * @param id global id of the content.
   * @param schemaType {@code AVRO}, or what a registry before us knew.
   * @param schema its text.
   * @param deleted soft-deleted: hidden, but its id still resolves.
   * @param others properties that another registry wrote and that we keep.
   */
  record SchemaStored(
      String subject,
      int version,
      int id,
      String schemaType,
      String schema,
      boolean deleted,
      ObjectNode others)
      implements RegistryRecord {

    /** This schema with the mark of deletion. */
    SchemaStored asDeleted() {
      return new SchemaStored(subject, version, id, schemaType, schema, true, others);
    }
  }

  /**
   * A version is gone for good.
   *
   * @param subject the subject.
   * @param version the version.
   */
  record SchemaRemoved(String subject, int version) implements RegistryRecord {}

  /**
   * All versions of a subject up to one are soft-deleted.
   *
   * @param subject the subject.
   * @param version the last version that is meant.
   */
  record SubjectDeleted(String subject, int version) implements RegistryRecord {}

  /**
   * A compatibility level is set, or given up.
   *
   * @param subject empty for the global one.
   * @param level empty when given up.
   */
  record LevelSet(Optional<String> subject, Optional<CompatibilityLevel> level)
      implements RegistryRecord {}

  /**
   * A mode is set, or given up.
   *
   * @param subject empty for the global one.
   * @param mode empty when given up.
   */
  record ModeSet(Optional<String> subject, Optional<RegistryMode> mode) implements RegistryRecord {}

  /** Marks a place in the log: who has read it has read all before it. */
  record Noop() implements RegistryRecord {}

  /**
   * Something that only another registry understands; left alone.
   *
   * @param keyType its type, or empty if the key cannot be read.
   */
  record Foreign(String keyType) implements RegistryRecord {}
}
