package com.credlink.ledger.node;

import com.credlink.ledger.config.Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Says which port is taken before anything starts: a broker that cannot bind says so in a stack
 * trace of its own.
 */
public final class Ports {

  private Ports() {}

  /**
   * Binds and releases each port that {@code config} names.
   *
   * @throws NodeStartException if one is in use or may not be used
   */
  public static void requireFree(Config config) throws NodeStartException {
    var host = config.http().host();
    requireFree(host, config.http().port(), "http.port", "--port");
    if (config.profile() == Config.Profile.EMBEDDED) {
      requireFree(host, config.kafka().port(), "kafka.port", "--kafka-port");
      requireFree(host, config.registry().port(), "registry.port", "--registry-port");
    }
  }

  private static void requireFree(String host, int port, String key, String option)
      throws NodeStartException {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new NodeStartException(
          "'http.host' is '" + host + "', which this machine does not know", e);
    }
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (BindException e) {
      throw new NodeStartException(
          "port %d (%s) on %s cannot be used: %s; stop what uses it, or choose another with %s (0 picks a free one)"
              .formatted(port, key, host, reason(e), option),
          e);
    } catch (IOException e) {
      throw new NodeStartException(
          "port %d (%s) on %s cannot be opened".formatted(port, key, host), e);
    }
  }

  private static String reason(BindException e) {
    var message = String.valueOf(e.getMessage());
    return message.contains("in use") ? "it is in use" : message.replaceAll("\\s*\\(.*\\)", "");
  }
}
