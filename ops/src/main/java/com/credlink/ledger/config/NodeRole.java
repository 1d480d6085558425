package com.credlink.ledger.config;

/** What a process does. {@code up} does all of it, {@code serve} what {@code roles} names. */
public enum NodeRole {
  /** Answers HTTP: webhooks, requests, queries. */
  API,
  /** Runs the Kafka Streams topologies and keeps their state. */
  TOPOLOGY,
  /** Appends what topologies propose. */
  CLERK,
  /** Fetches images and signs them. */
  SIGNER
}
