package com.credlink.ledger.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.registry.RegistryException;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * Entries of records against vectors made by Python's hashlib and struct from the format's text.
 */
class EntryVectorsTest {

  private static final byte[] KEY = "tenant".getBytes(US_ASCII);

  /** Its canonical form has no documentation, so the entry does not follow it. */
  private static final String SCHEMA =
      """
      {"type": "record", "doc": "Anything.", "name": "T", "fields": [{"type": "long", "name": "a"}]}
      """;

  private final NumberedSchemas registry = new NumberedSchemas();
  private final EntryHasher hasher = new EntryHasher(registry);

  @Test
  void shouldCommitToKeySchemaAndValue() {
    registry.register("T", new Schema.Parser().parse(SCHEMA));

    assertThat(entry(new byte[] {0, 0, 0, 0, 1, 2}))
        .isEqualTo("5d87e8c154197bce3ffed5e5ff75fb53517db608b4fea33bd6a6f23900807830");
  }

  @Test
  void shouldCommitToKeyAndValueAloneOfWhatIsNotInTheWireFormat() {
    assertThat(entry(new byte[0]))
        .isEqualTo("f0678fdf802d9c1b0d611f64e74a38b82dfeca3a81572c3c14815a6e2e51a336");
    assertThat(entry("plain".getBytes(US_ASCII)))
        .isEqualTo("adcead2223d7ac966d303d91bd1b26a51782f5ff4ffd70d28ee4b8df15088a2b");
    assertThat(entry(new byte[] {1, 2, 3, 4, 5, 6}))
        .isEqualTo("bf013315263cebb73f2101c546b1b137739dab3f5ea3d60d8238eac0ca5fc048");
  }

  @Test
  void shouldMakeNoEntryOfASchemaThatNobodyKnows() {
    assertThatThrownBy(() -> entry(new byte[] {0, 0, 0, 0, 9, 2}))
        .isInstanceOf(RegistryException.SchemaNotFound.class);
  }

  private String entry(byte[] value) {
    return HexFormat.of().formatHex(hasher.entry(KEY, value));
  }
}
