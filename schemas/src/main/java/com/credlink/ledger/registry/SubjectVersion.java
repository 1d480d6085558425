package com.credlink.ledger.registry;

import org.apache.avro.Schema;

/**
 * A schema as registered under a subject.
 *
 * @param subject the subject.
 * @param version from 1, within the subject.
 * @param id global: the same schema has the same id under every subject.
 * @param schema the schema.
 */
public record SubjectVersion(String subject, int version, int id, Schema schema) {}
