package com.credlink.ledger.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.KeyActivated;
import com.credlink.ledger.event.KeyRetired;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RandomRecords;
import com.credlink.ledger.registry.MemoryRegistry;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.Subjects;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class EventSerdeTest {

  private static final String TOPIC = "ledger.events";

  private final EventCatalogue catalogue = EventCatalogue.load();
  private final MemoryRegistry registry = new MemoryRegistry();
  private final EventSerde serde = new EventSerde(catalogue, registry, TOPIC);

  @Property(tries = 200)
  void shouldRoundTripAnyEvent(@ForAll long seed) {
    LedgerEvent event = new RandomRecords(new Random(seed)).event();

    byte[] value = serde.serialize(event);

    assertThat(serde.deserialize(value))
        .isEqualTo(new StoredEvent.Known(serde.schemaId(event.getClass()), event));
  }

  @Test
  void shouldWriteMagicByteAndIdOfTheTopicsRecordNameSubject() {
    KeyActivated event = sample();

    byte[] value = serde.serialize(event);

    int id =
        registry.lookup(
            "ledger.events-com.credlink.ledger.event.KeyActivated",
            catalogue.schema(KeyActivated.class));
    assertThat(ByteBuffer.wrap(value).get()).isZero();
    assertThat(ByteBuffer.wrap(value).getInt(1)).isEqualTo(id);
    assertThat(WireFormat.schemaId(value)).hasValue(id);
  }

  @Test
  void shouldKeepAnUnknownTypeAsBytes() {
    Schema later =
        SchemaBuilder.record("com.credlink.ledger.event.LaterInvented")
            .fields()
            .requiredString("x")
            .endRecord();
    int id = registry.register(Subjects.of(TOPIC, later), later);
    byte[] value =
        ByteBuffer.allocate(7).put((byte) 0).putInt(id).put((byte) 2).put((byte) 'a').array();

    StoredEvent read = serde.deserialize(value);

    assertThat(read)
        .isEqualTo(
            new StoredEvent.Unknown(
                id, "com.credlink.ledger.event.LaterInvented", Bytes.copyOf(value)));
  }

  @Test
  void shouldKeepAKnownTypeAsBytesWhenItsSchemaCannotBeFollowed() {
    Schema broken =
        SchemaBuilder.record(KeyActivated.class.getName()).fields().requiredInt("n").endRecord();
    int id = registry.register("elsewhere", broken);
    byte[] value = ByteBuffer.allocate(6).put((byte) 0).putInt(id).put((byte) 2).array();

    assertThat(serde.deserialize(value))
        .isEqualTo(new StoredEvent.Unknown(id, KeyActivated.class.getName(), Bytes.copyOf(value)));
  }

  @Test
  void shouldKeepASchemaThatIsNoRecordAsBytes() {
    int id = registry.register("text", Schema.create(Schema.Type.STRING));
    byte[] value = ByteBuffer.allocate(6).put((byte) 0).putInt(id).put((byte) 0).array();

    assertThat(serde.deserialize(value))
        .isEqualTo(new StoredEvent.Unknown(id, "string", Bytes.copyOf(value)));
  }

  @Test
  void shouldRefuseWhatIsNotInTheWireFormat() {
    byte[] otherMagic = {1, 0, 0, 0, 1, 0};

    assertThatThrownBy(() -> serde.deserialize(new byte[] {0, 0, 0, 0}))
        .isInstanceOf(WireException.NotWireFormat.class)
        .hasMessageContaining("4 bytes");
    assertThatThrownBy(() -> serde.deserialize(otherMagic))
        .isInstanceOf(WireException.NotWireFormat.class)
        .hasMessageContaining("begins with the byte 1");
    assertThat(WireFormat.schemaId(otherMagic)).isEmpty();
  }

  @Test
  void shouldRefuseAnIdThatTheRegistryDoesNotKnow() {
    byte[] value = ByteBuffer.allocate(6).put((byte) 0).putInt(4711).put((byte) 0).array();

    assertThatThrownBy(() -> serde.deserialize(value))
        .isInstanceOf(RegistryException.SchemaNotFound.class)
        .hasMessageContaining("4711");
  }

  @Test
  void shouldNotRegisterWhereSchemasAreAdministered() {
    EventSerde strict = new EventSerde(catalogue, registry, Registration.LOOKUP, TOPIC);

    assertThatThrownBy(() -> strict.serialize(sample()))
        .isInstanceOf(RegistryException.SubjectNotFound.class);

    serde.serialize(sample());
    assertThat(strict.serialize(sample())).isEqualTo(serde.serialize(sample()));
  }

  @Test
  void shouldServeARecordThatHasATopicForItself() {
    RecordSerde<KeyActivated> only =
        new RecordSerde<>(
            KeyActivated.class,
            catalogue.schema(KeyActivated.class),
            registry,
            Registration.REGISTER,
            TOPIC);
    KeyRetired other = new RandomRecords(new Random(2)).next(KeyRetired.class);

    assertThat(only.serialize(sample())).isEqualTo(serde.serialize(sample()));
    assertThat(only.deserialize(serde.serialize(sample()))).isEqualTo(sample());
    assertThatThrownBy(() -> only.deserialize(serde.serialize(other)))
        .isInstanceOf(WireException.OtherType.class)
        .hasMessageContaining("KeyRetired");
  }

  private static KeyActivated sample() {
    return new RandomRecords(new Random(1)).next(KeyActivated.class);
  }
}
