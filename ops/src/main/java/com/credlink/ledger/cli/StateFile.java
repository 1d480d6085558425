package com.credlink.ledger.cli;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.verify.CheckState;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The file of {@code verify --state}: how far the records of each log were verified. */
final class StateFile {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;
  private final ObjectNode logs;
  private final Map<String, CheckState> read = new HashMap<>();

  private StateFile(Path file, ObjectNode logs) {
    this.file = file;
    this.logs = logs;
  }

  /**
   * Reads the file, which need not be there.
   *
   * @throws CommandException if it is something else
   */
  static StateFile read(Path file) throws CommandException {
    if (!Files.exists(file)) {
      return new StateFile(file, JSON.createObjectNode());
    }
    try {
      if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode logs) {
        StateFile states = new StateFile(file, logs);
        logs.properties().forEach(log -> states.read.put(log.getKey(), state(log.getValue())));
        return states;
      }
      throw new IllegalArgumentException("no object");
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(
          "'%s' does not say how far a log was verified; remove it to begin anew".formatted(file),
          e);
    }
  }

  /** Where the last pass over this log has come. */
  Optional<CheckState> of(String origin) {
    return Optional.ofNullable(read.get(origin));
  }

  /** Notes where the pass is; a reader sees all of it or what was there before. */
  void write(String origin, CheckState state) {
    logs.set(origin, json(state));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(written, JSON.writeValueAsBytes(logs));
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' cannot be written".formatted(file), e);
    }
  }

  private static ObjectNode json(CheckState state) {
    ObjectNode node = JSON.createObjectNode();
    node.put("size", state.size());
    node.put("root", state.root().base64());
    node.put("next_checkpoint", state.nextCheckpoint());
    ArrayNode edge = node.putArray("edge");
    state
        .edge()
        .forEach(
            (tile, hashes) ->
                edge.addObject()
                    .put("level", tile.level())
                    .put("index", tile.index())
                    .put("width", tile.width())
                    .put("hashes", Base64.getEncoder().encodeToString(hashes)));
    return node;
  }

  private static CheckState state(JsonNode node) {
    Map<Tile, byte[]> edge = new HashMap<>();
    for (JsonNode tile : node.path("edge")) {
      edge.put(
          new Tile(
              tile.path("level").asInt(-1),
              tile.path("index").asLong(-1),
              tile.path("width").asInt(-1)),
          Base64.getDecoder().decode(tile.path("hashes").asText()));
    }
    long size = node.path("size").asLong(-1);
    long nextCheckpoint = node.path("next_checkpoint").asLong(-1);
    if (size < 0 || nextCheckpoint < 0) {
      throw new IllegalArgumentException("no size");
    }
    byte[] root = Base64.getDecoder().decode(node.path("root").asText());
    return new CheckState(size, Hash.of(root), edge, nextCheckpoint);
  }
}
