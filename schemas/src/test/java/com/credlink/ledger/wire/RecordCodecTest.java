package com.credlink.ledger.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.event.KeyActivated;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RandomRecords;
import com.credlink.ledger.event.SigningRequested;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  private final EventCatalogue catalogue = EventCatalogue.load();
  private final Map<Class<?>, RecordCodec<LedgerEvent>> codecs = new HashMap<>();

  @Property(tries = 400)
  void shouldRoundTripAnyEventAndAgreeWithAvro(@ForAll long seed) throws IOException {
    LedgerEvent event = new RandomRecords(new Random(seed)).event();
    RecordCodec<LedgerEvent> codec = codec(event.getClass());

    byte[] bytes = codec.encode(event);

    assertThat(codec.decode(bytes)).isEqualTo(event);
    GenericRecord byAvro = readByAvro(codec.schema(), bytes);
    assertSame((Record) event, byAvro);
    assertThat(writeByAvro(byAvro)).isEqualTo(bytes);
  }

  @Property(tries = 200)
  void shouldResolveToTheSameRecordAsReadingDirectly(@ForAll long seed) {
    LedgerEvent event = new RandomRecords(new Random(seed)).event();
    RecordCodec<LedgerEvent> codec = codec(event.getClass());
    Schema wider = withField(codec.schema(), "later", Schema.create(Schema.Type.STRING), "x");
    byte[] bytes = codec.encode(event);
    byte[] behind = Arrays.copyOf(bytes, bytes.length + 2);
    behind[bytes.length] = 2;
    behind[bytes.length + 1] = 'y';

    LedgerEvent read = codec.decoding(wider).decode(behind, 0, behind.length);

    assertThat(read).isEqualTo(event);
  }

  @Property(tries = 300)
  void shouldRefuseDamagedBytesOrReadARecord(@ForAll long seed) {
    Random random = new Random(seed);
    LedgerEvent event = new RandomRecords(random).event();
    RecordCodec<LedgerEvent> codec = codec(event.getClass());
    byte[] bytes = codec.encode(event);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));

    try {
      assertThat(codec.decode(bytes)).isInstanceOf(event.getClass());
    } catch (WireException.Corrupt e) {
      assertThat(e).hasMessageContaining(codec.schema().getName());
    }
  }

  @Property(tries = 100)
  void shouldRefuseEveryTruncationAndAnythingBehind(@ForAll long seed) {
    Random random = new Random(seed);
    LedgerEvent event = new RandomRecords(random).event();
    RecordCodec<LedgerEvent> codec = codec(event.getClass());
    byte[] bytes = codec.encode(event);
    byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);

    assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(WireException.Corrupt.class);
    assertThatThrownBy(() -> codec.decode(longer))
        .isInstanceOf(WireException.Corrupt.class)
        .hasMessageContaining("1 bytes follow the record");
  }

  @Test
  void shouldMirrorTheSchemaOfEachEvent() {
    for (Class<? extends LedgerEvent> type : catalogue.types()) {
      assertThat(RecordCodec.of(type, catalogue.schema(type)).type()).isEqualTo(type);
    }
  }

  private record Swapped(String second, int first) {}

  private record Widened(long first, String second) {}

  private record Plain(String text) {}

  @Test
  void shouldNameTheComponentThatDoesNotMirrorItsField() {
    Schema schema =
        SchemaBuilder.record("Pair")
            .fields()
            .requiredInt("first")
            .requiredString("second")
            .endRecord();
    Schema optional = SchemaBuilder.record("P").fields().optionalString("text").endRecord();

    assertThatThrownBy(() -> RecordCodec.of(Swapped.class, schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Swapped: components [second, first]")
        .hasMessageContaining("fields [first, second]");
    assertThatThrownBy(() -> RecordCodec.of(Widened.class, schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Widened.first: long does not mirror \"int\"");
    assertThatThrownBy(() -> RecordCodec.of(Plain.class, optional))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Plain.text: java.lang.String does not mirror");
  }

  private enum Colour {
    RED,
    GREEN
  }

  private record Everything(
      Colour colour,
      Map<String, Integer> counts,
      double share,
      Optional<List<Long>> numbers,
      boolean flag) {}

  @Test
  void shouldServeAnyRecordNotOnlyEvents() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Everything", "fields": [
                  {"name": "colour", "type":
                    {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN"]}},
                  {"name": "counts", "type": {"type": "map", "values": "int"}},
                  {"name": "share", "type": "double"},
                  {"name": "numbers", "type": [{"type": "array", "items": "long"}, "null"]},
                  {"name": "flag", "type": "boolean"}]}
                """);
    RecordCodec<Everything> codec = RecordCodec.of(Everything.class, schema);
    Everything value =
        new Everything(
            Colour.GREEN, Map.of("a", 1, "b", 2), 0.25, Optional.of(List.of(7L, -7L)), true);

    byte[] bytes = codec.encode(value);

    assertThat(codec.decode(bytes)).isEqualTo(value);
  }

  @Test
  void shouldGiveDefaultsForWhatAnOlderWriterDidNotKnow() throws IOException {
    RecordCodec<LedgerEvent> codec = codec(AssetStored.class);
    AssetStored event = new RandomRecords(new Random(4)).next(AssetStored.class);
    Schema older = withoutField(codec.schema(), "keys");

    byte[] written = rewrite(codec, event, older);
    AssetStored read = (AssetStored) codec.decoding(older).decode(written, 0, written.length);

    assertThat(read.keys()).isEmpty();
    assertThat(read.assetSha256()).isEqualTo(event.assetSha256());
    assertThat(read.header()).isEqualTo(event.header());
  }

  @Test
  void shouldReadAnUnknownSymbolAsTheDefault() throws IOException {
    RecordCodec<LedgerEvent> codec = codec(AuthDecided.class);
    Schema newer =
        new Schema.Parser()
            .parse(codec.schema().toString().replace("\"CHALLENGE\"", "\"CHALLENGE\",\"DEFER\""));
    AuthDecided event = new RandomRecords(new Random(5)).next(AuthDecided.class);
    GenericRecord generic = readByAvro(codec.schema(), codec.encode(event));
    GenericRecord later = convert(generic, newer);
    later.put("decision", new GenericData.EnumSymbol(newer.getField("decision").schema(), "DEFER"));

    byte[] written = writeByAvro(later);
    AuthDecided read = (AuthDecided) codec.decoding(newer).decode(written, 0, written.length);

    assertThat(read.decision()).isEqualTo(com.credlink.ledger.event.Decision.ERROR);
    assertThat(read.requestId()).isEqualTo(event.requestId());
  }

  @Test
  void shouldReadWithAnotherSchemaOnManyThreads() throws IOException {
    RecordCodec<LedgerEvent> codec = codec(AssetStored.class);
    Schema older = withoutField(codec.schema(), "keys");
    AssetStored event = new RandomRecords(new Random(6)).next(AssetStored.class);
    byte[] written = rewrite(codec, event, older);
    RecordCodec.Decoding<LedgerEvent> decoding = codec.decoding(older);

    long equal =
        IntStream.range(0, 2_000)
            .parallel()
            .mapToObj(_ -> (AssetStored) decoding.decode(written, 0, written.length))
            .filter(read -> read.assetSha256().equals(event.assetSha256()))
            .count();

    assertThat(equal).isEqualTo(2_000);
  }

  @Test
  void shouldStayUsableAfterAFailedResolution() throws IOException {
    RecordCodec<LedgerEvent> codec = codec(AssetStored.class);
    Schema older = withoutField(codec.schema(), "keys");
    AssetStored event = new RandomRecords(new Random(7)).next(AssetStored.class);
    byte[] written = rewrite(codec, event, older);
    RecordCodec.Decoding<LedgerEvent> decoding = codec.decoding(older);

    assertThatThrownBy(() -> decoding.decode(written, 0, written.length - 1))
        .isInstanceOf(WireException.Corrupt.class);

    assertThat(((AssetStored) decoding.decode(written, 0, written.length)).assetSha256())
        .isEqualTo(event.assetSha256());
  }

  @Test
  void shouldRefuseASchemaThatCannotBeResolved() {
    RecordCodec<LedgerEvent> codec = codec(KeyActivated.class);
    Schema without = withoutField(codec.schema(), "keyId");

    assertThatThrownBy(() -> codec.decoding(without))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keyId");
  }

  @Test
  void shouldRefuseHugeLengthsBeforeAllocating() {
    RecordCodec<Plain> codec =
        RecordCodec.of(
            Plain.class, SchemaBuilder.record("Plain").fields().requiredString("text").endRecord());
    byte[] twoGigabytes = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 'a'};

    assertThatThrownBy(() -> codec.decode(twoGigabytes))
        .isInstanceOf(WireException.Corrupt.class)
        .hasMessageContaining("a length is 2147483647 with 1 bytes left");
  }

  @Test
  void shouldNameTheComponentThatIsNull() {
    RecordCodec<LedgerEvent> codec = codec(KeyActivated.class);
    KeyActivated event = new RandomRecords(new Random(8)).next(KeyActivated.class);

    assertThatThrownBy(() -> codec.encode(new KeyActivated(event.header(), null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("KeyActivated.keyId is null");
  }

  @Test
  void shouldCutTimesToMicrosecondsBeforeAndAfterTheEpoch() {
    RecordCodec<LedgerEvent> codec = codec(SigningRequested.class);
    SigningRequested any = new RandomRecords(new Random(9)).next(SigningRequested.class);

    assertThat(claimedAfter(codec, any, Instant.parse("2026-11-23T08:15:30.123456789Z")))
        .isEqualTo("2026-11-23T08:15:30.123456Z");
    assertThat(claimedAfter(codec, any, Instant.parse("1969-12-31T23:59:59.999999999Z")))
        .isEqualTo("1969-12-31T23:59:59.999999Z");
    assertThatThrownBy(() -> claimedAfter(codec, any, Instant.MAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit");
  }

  private static Instant claimedAfter(
      RecordCodec<LedgerEvent> codec, SigningRequested any, Instant claimedAt) {
    SigningRequested event =
        new SigningRequested(
            any.header(),
            any.requestId(),
            any.digest(),
            any.assetStored(),
            any.formats(),
            any.lane(),
            any.title(),
            any.expiresAt(),
            any.remoteManifest(),
            any.idempotencyKeyHash(),
            any.requestHash(),
            any.manifestId(),
            any.instanceId(),
            claimedAt,
            any.keys(),
            any.origin(),
            any.approvals(),
            any.timestamp(),
            any.titleHash(),
            any.pendingLimit());
    return ((SigningRequested) codec.decode(codec.encode(event))).claimedAt();
  }

  @SuppressWarnings("unchecked") // Only ever given events of its own type.
  private RecordCodec<LedgerEvent> codec(Class<? extends LedgerEvent> type) {
    return codecs.computeIfAbsent(
        type, _ -> (RecordCodec<LedgerEvent>) RecordCodec.of(type, catalogue.schema(type)));
  }

  /** Compares a Java record with what Avro itself read, component by component and by name. */
  private static void assertSame(Record ours, GenericRecord avros) {
    for (RecordComponent component : ours.getClass().getRecordComponents()) {
      try {
        assertThat(avro(component.getAccessor().invoke(ours)))
            .as("%s.%s", ours.getClass().getSimpleName(), component.getName())
            .isEqualTo(plain(avros.get(component.getName())));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(component.getName(), e);
      }
    }
  }

  /** Our value in neutral types. */
  private static Object avro(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(RecordCodecTest::avro).orElse(null);
      case Instant instant -> instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
      case Bytes bytes -> bytes.asBuffer();
      case Enum<?> constant -> constant.name();
      case List<?> items -> items.stream().map(RecordCodecTest::avro).toList();
      case Record part -> {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : part.getClass().getRecordComponents()) {
          try {
            values.add(avro(component.getAccessor().invoke(part)));
          } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.getName(), e);
          }
        }
        yield values;
      }
      default -> value;
    };
  }

  /** Avro's value in neutral types. */
  private static Object plain(Object value) {
    return switch (value) {
      case null -> null;
      case CharSequence text -> text.toString();
      case GenericData.EnumSymbol symbol -> symbol.toString();
      case ByteBuffer bytes -> bytes;
      case List<?> items -> items.stream().map(RecordCodecTest::plain).toList();
      case GenericRecord record -> {
        List<Object> values = new ArrayList<>();
        for (Schema.Field field : record.getSchema().getFields()) {
          values.add(plain(record.get(field.pos())));
        }
        yield values;
      }
      default -> value;
    };
  }

  private static byte[] rewrite(RecordCodec<LedgerEvent> codec, LedgerEvent event, Schema as)
      throws IOException {
    return writeByAvro(convert(readByAvro(codec.schema(), codec.encode(event)), as));
  }

  /** Avro's own resolution from one schema to another. */
  private static GenericRecord convert(GenericRecord record, Schema to) throws IOException {
    byte[] bytes = writeByAvro(record);
    return new GenericDatumReader<GenericRecord>(record.getSchema(), to)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static GenericRecord readByAvro(Schema schema, byte[] bytes) throws IOException {
    return new GenericDatumReader<GenericRecord>(schema)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static byte[] writeByAvro(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static Schema withField(Schema schema, String name, Schema type, Object value) {
    return changed(
        schema,
        fields -> {
          List<Schema.Field> more = new ArrayList<>(fields);
          more.add(new Schema.Field(name, type, "Later.", value));
          return more;
        });
  }

  private static Schema withoutField(Schema schema, String name) {
    return changed(
        schema, fields -> fields.stream().filter(field -> !field.name().equals(name)).toList());
  }

  private static Schema changed(Schema schema, UnaryOperator<List<Schema.Field>> change) {
    List<Schema.Field> copies =
        schema.getFields().stream().map(field -> new Schema.Field(field, field.schema())).toList();
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, change.apply(copies));
  }
}
