package com.credlink.ledger.node;

import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.LogOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which logs the stores of this process are made of: {@code state.origins} beside them. When a log
 * was ended and another one begun, the stores hold what is lost, and are made again from the log.
 */
final class StateOrigins {

  private StateOrigins() {}

  /** Removes {@code state} if it is of other logs than those that grow now. */
  static void check(Path state, CheckpointLog checkpoints, int partitions)
      throws NodeStartException {
    Path file = state.resolveSibling("state.origins");
    String now =
        IntStream.range(0, partitions)
            .mapToObj(checkpoints::origin)
            .flatMap(origin -> origin.filter(one -> one.generation() > 1).stream())
            .map(LogOrigin::toString)
            .collect(Collectors.joining("\n"));
    try {
      String before = Files.exists(file) ? Files.readString(file) : "";
      if (!before.equals(now)) {
        remove(state);
        PrivateFiles.replace(file, now.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | UncheckedIOException e) {
      throw new NodeStartException(
          "The stores of a log that was ended cannot be removed (%s)".formatted(state), e);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(directory)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
