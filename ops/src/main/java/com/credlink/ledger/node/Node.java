package com.credlink.ledger.node;

import java.net.URI;
import java.util.Optional;

/** Everything that one process runs. */
public final class Node implements AutoCloseable {

  private final URI url;
  private final String kafka;
  private final URI registry;

  @SuppressWarnings("UnusedMethod")
  private Node(URI url, String kafka, URI registry) {
    this.url = url;
    this.kafka = kafka;
    this.registry = registry;
  }

  /**
   * Starts what {@code config} asks for and returns when requests are answered.
   *
   * @param development the credentials and shops of {@code ledger up}; empty with {@code ledger
   *     serve}
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static Node start(Config config, Optional<DevCredentials> development)
      throws NodeStartException {
    throw new NodeStartException("this build has no node yet");
  }

  /** Where HTTP is answered. */
  public URI url() {
    return url;
  }

  /** {@code host:port} of the brokers. */
  public String kafka() {
    return kafka;
  }

  /** Where the schema registry is. */
  public URI registry() {
    return registry;
  }

  @Override
  public void close() {}
}
