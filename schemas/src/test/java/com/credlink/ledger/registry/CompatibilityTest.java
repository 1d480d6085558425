package com.credlink.ledger.registry;

import static com.credlink.ledger.registry.CompatibilityLevel.BACKWARD;
import static com.credlink.ledger.registry.CompatibilityLevel.BACKWARD_TRANSITIVE;
import static com.credlink.ledger.registry.CompatibilityLevel.FORWARD;
import static com.credlink.ledger.registry.CompatibilityLevel.FORWARD_TRANSITIVE;
import static com.credlink.ledger.registry.CompatibilityLevel.FULL;
import static com.credlink.ledger.registry.CompatibilityLevel.FULL_TRANSITIVE;
import static com.credlink.ledger.registry.CompatibilityLevel.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.junit.jupiter.api.Test;

class CompatibilityTest {

  private static final Schema ONE = fields().requiredString("a").endRecord();
  private static final Schema ONE_AND_REQUIRED =
      fields().requiredString("a").requiredString("b").endRecord();
  private static final Schema ONE_AND_OPTIONAL =
      fields().requiredString("a").optionalString("b").endRecord();
  private static final Schema ONE_AND_DEFAULT =
      fields().requiredString("a").name("b").type().stringType().stringDefault("").endRecord();
  private static final Schema NUMBER_INSTEAD = fields().requiredInt("a").endRecord();

  @Test
  void shouldTellTheLevelsApart() {
    assertThat(allowing(ONE_AND_REQUIRED, ONE)).containsOnly(NONE, FORWARD, FORWARD_TRANSITIVE);
    assertThat(allowing(ONE, ONE_AND_REQUIRED)).containsOnly(NONE, BACKWARD, BACKWARD_TRANSITIVE);
    assertThat(allowing(ONE_AND_OPTIONAL, ONE)).containsOnly(CompatibilityLevel.values());
    assertThat(allowing(NUMBER_INSTEAD, ONE)).containsOnly(NONE);
  }

  @Test
  void shouldLookAtOlderVersionsOnlyWhenTransitive() {
    assertThat(allowing(ONE_AND_REQUIRED, ONE, ONE_AND_DEFAULT))
        .containsOnly(NONE, BACKWARD, FORWARD, FORWARD_TRANSITIVE, FULL);
  }

  @Test
  void shouldSayWhatIsWrongAndWhere() {
    assertThat(Compatibility.problems(FULL_TRANSITIVE, ONE_AND_REQUIRED, List.of(ONE)))
        .singleElement()
        .asString()
        .contains("the new schema cannot read old data", "READER_FIELD_MISSING_DEFAULT_VALUE")
        .contains("/fields/1");
  }

  private static Set<CompatibilityLevel> allowing(Schema candidate, Schema... previous) {
    Set<CompatibilityLevel> levels = EnumSet.allOf(CompatibilityLevel.class);
    levels.removeIf(
        level -> !Compatibility.problems(level, candidate, List.of(previous)).isEmpty());
    return levels;
  }

  private static FieldAssembler<Schema> fields() {
    return SchemaBuilder.record("r").fields();
  }
}
