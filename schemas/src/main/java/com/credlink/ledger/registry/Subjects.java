package com.credlink.ledger.registry;

import org.apache.avro.Schema;

/** Names of subjects. */
public final class Subjects {

  private Subjects() {}

  /**
   * The subject of a record type in a topic by the TopicRecordNameStrategy, {@code <topic>-<record
   * full name>}: many record types share a topic, and each evolves on its own.
   */
  public static String of(String topic, Schema record) {
    return topic + "-" + record.getFullName();
  }
}
