package com.credlink.ledger.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code node.json}: where the node of a data directory can be reached, while it runs.
 *
 * @param kafka {@code host:port}
 */
public record NodeFile(URI url, String kafka, URI registry, long pid) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Writes the file so that a reader sees all of it or none. */
  public void write(Path file) throws IOException {
    var root =
        JSON.createObjectNode()
            .put("url", url.toString())
            .put("kafka", kafka)
            .put("registry", registry.toString())
            .put("pid", Long.toString(pid));
    PrivateFiles.replace(file, JSON.writeValueAsBytes(root));
  }

  /** Reads the file; empty if there is none or a node that died left it behind. */
  public static Optional<NodeFile> read(Path file) {
    try {
      var root = JSON.readTree(Files.readAllBytes(file));
      var read =
          new NodeFile(
              URI.create(root.path("url").asText()),
              root.path("kafka").asText(),
              URI.create(root.path("registry").asText()),
              Long.parseLong(root.path("pid").asText()));
      return ProcessHandle.of(read.pid()).map(ProcessHandle::isAlive).orElse(false)
          ? Optional.of(read)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
