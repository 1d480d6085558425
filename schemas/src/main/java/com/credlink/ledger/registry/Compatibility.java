package com.credlink.ledger.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Whether schemas can read each other's data, by Avro's own checker. */
public final class Compatibility {

  private Compatibility() {}

  /**
   * What keeps {@code candidate} from following {@code previous} at {@code level}.
   *
   * @param previous earlier versions, oldest first; only the last counts if the level is not
   *     transitive.
   * @return one sentence for each problem; empty if there is none.
   */
  public static List<String> problems(
      CompatibilityLevel level, Schema candidate, List<Schema> previous) {
    if (previous.isEmpty()) {
      return List.of();
    }
    List<Schema> relevant = level.transitive() ? previous : List.of(previous.getLast());
    List<String> problems = new ArrayList<>();
    for (Schema earlier : relevant) {
      if (level.backward()) {
        problems.addAll(unreadable("the new schema cannot read old data", candidate, earlier));
      }
      if (level.forward()) {
        problems.addAll(unreadable("an old schema cannot read new data", earlier, candidate));
      }
    }
    return problems.stream().distinct().toList();
  }

  private static List<String> unreadable(String what, Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(problem -> what + ": " + sentence(problem))
        .toList();
  }

  private static String sentence(Incompatibility problem) {
    return problem.getType() + " at " + problem.getLocation() + " (" + problem.getMessage() + ")";
  }
}
