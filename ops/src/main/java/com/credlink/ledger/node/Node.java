package com.credlink.ledger.node;

import java.net.URI;
import java.util.Optional;

/** Everything that one process runs. */
public final class Node implements AutoCloseable {

  private Node() {}

  /**
   * Starts what {@code config} asks for and returns when requests are answered.
   *
   * @param development the credentials and shops of {@code ledger up}; empty with {@code ledger
   *     serve}
   */
  public static Node start(Config config, Optional<DevCredentials> development)
      throws NodeStartException {
    throw new NodeStartException("this build has no node yet");
  }

  /** Where HTTP is answered. */
  public URI url() {
    throw new IllegalStateException();
  }

  /** {@code host:port} of the brokers. */
  public String kafka() {
    throw new IllegalStateException();
  }

  /** Where the schema registry is. */
  public URI registry() {
    throw new IllegalStateException();
  }

  @Override
  public void close() {}
}
