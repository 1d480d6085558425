package com.credlink.ledger.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.credlink.ledger.registry.Compatibility;
import com.credlink.ledger.registry.CompatibilityLevel;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * The gate of schema evolution. {@code src/main/released/<record>/<version>.avsc} are the schemas
 * that may stand in somebody's log; they are never edited. A change in the IDL must be compatible
 * with all of them, both ways, and is released as the next version by running this test with {@code
 * -Dschemas.release=true}.
 */
class ReleasedSchemasTest {

  private static final Path RELEASED = Path.of("src", "main", "released");
  private static final String SUFFIX = ".avsc";
  private static final String RELEASE = "schemas.release";
  private static final String COMMAND =
      "mvn -pl schemas test -Dtest=ReleasedSchemasTest -D" + RELEASE + "=true";

  private static final String STATE = "com.credlink.ledger.state";

  private final EventCatalogue catalogue = EventCatalogue.load();
  private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Test
  void shouldBeCompatibleWithEveryReleasedVersionAndReleasedItself() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Schema current : published()) {
      List<Schema> released = released(current);
      List<String> incompatible =
          Compatibility.problems(CompatibilityLevel.FULL_TRANSITIVE, current, released);
      if (!incompatible.isEmpty()) {
        problems.add(
            current.getName() + " breaks what is released; change the IDL: " + incompatible);
      } else if (released.isEmpty() || !text(released.getLast()).equals(text(current))) {
        if (Boolean.getBoolean(RELEASE)) {
          write(current, released.size() + 1);
        } else {
          problems.add(
              current.getName()
                  + " is not released as it stands; if it should be, run: "
                  + COMMAND);
        }
      }
    }

    if (!problems.isEmpty()) {
      fail(String.join("\n", problems));
    }
  }

  @Test
  void shouldStillHaveEachRecordThatWasEverReleased() throws IOException {
    List<String> names;
    try (Stream<Path> directories = Files.list(RELEASED)) {
      names = directories.map(directory -> directory.getFileName().toString()).toList();
    }

    assertThat(published())
        .as("a released record stands in logs for ever, so it must stay in the IDL")
        .extracting(Schema::getName)
        .containsAll(names);
  }

  @Test
  void shouldNumberVersionsWithoutGaps() throws IOException {
    for (Schema current : published()) {
      List<Integer> versions = files(current).stream().map(ReleasedSchemasTest::version).toList();
      assertThat(versions)
          .as(current.getName())
          .containsExactlyElementsOf(Stream.iterate(1, n -> n + 1).limit(versions.size()).toList());
    }
  }

  /** What others may read. What folds keep is derived and rebuilt from the log when it changes. */
  private List<Schema> published() {
    return catalogue.roots().stream()
        .filter(schema -> !schema.getNamespace().equals(STATE))
        .toList();
  }

  private List<Schema> released(Schema current) throws IOException {
    List<Schema> schemas = new ArrayList<>();
    for (Path file : files(current)) {
      schemas.add(new Schema.Parser().parse(Files.readString(file)));
    }
    return schemas;
  }

  private static List<Path> files(Schema schema) throws IOException {
    Path directory = RELEASED.resolve(schema.getName());
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted(Comparator.comparingInt(ReleasedSchemasTest::version)).toList();
    }
  }

  private static int version(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
  }

  private void write(Schema schema, int version) throws IOException {
    Path file = RELEASED.resolve(schema.getName()).resolve(version + SUFFIX);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text(schema) + "\n");
  }

  private String text(Schema schema) throws IOException {
    return json.writeValueAsString(json.readTree(schema.toString()));
  }
}
