package com.credlink.ledger.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of a node, made once and kept in its data directory. Its consumers are static members of
 * their groups under this name, so that a node that was killed takes its own place again at once
 * instead of waiting for its former session to end.
 */
final class NodeId {

  private static final int BYTES = 8;

  private NodeId() {}

  /** The name of the node on {@code dataDirectory}. */
  static String of(Path dataDirectory, SecureRandom random) throws NodeStartException {
    Path file = dataDirectory.resolve("node.id");
    try {
      if (Files.exists(file)) {
        return Files.readString(file, StandardCharsets.UTF_8).strip();
      }
      byte[] id = new byte[BYTES];
      random.nextBytes(id);
      String made = HexFormat.of().formatHex(id);
      PrivateFiles.replace(file, (made + "\n").getBytes(StandardCharsets.UTF_8));
      return made;
    } catch (IOException e) {
      throw new NodeStartException("'" + file + "' cannot be read or written", e);
    }
  }
}
