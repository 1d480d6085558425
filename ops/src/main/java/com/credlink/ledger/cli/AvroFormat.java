package com.credlink.ledger.cli;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.registry.RegistryException;
import com.credlink.ledger.registry.SchemaRegistry;
import com.credlink.ledger.wire.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * One Avro object container file. Its only schema is a record of where the Kafka record stood, its
 * exact bytes, and the event read with this version's schema of its type: a union of all types, and
 * null for an event that this version does not know. So one file holds many writers' schemas, which
 * such a file cannot name one by one before it has seen all records.
 */
final class AvroFormat implements ReplayFormat {

  private static final int DEFLATE = 1;
  private static final int SYNC_LENGTH = 16;

  private final EntryHasher entries;
  private final SchemaRegistry registry;
  private final Map<String, Schema> known = new HashMap<>();
  private final Map<Integer, Optional<GenericDatumReader<GenericRecord>>> readers = new HashMap<>();
  private final Schema row;
  private final DataFileWriter<GenericRecord> file;
  private Optional<BinaryDecoder> decoder = Optional.empty();

  /** Begins the file on {@code out}, which is left open. */
  AvroFormat(OutputStream out, EventCatalogue catalogue, SchemaRegistry registry)
      throws IOException {
    this.entries = new EntryHasher(registry);
    this.registry = registry;
    catalogue.schemas().forEach(schema -> known.put(schema.getFullName(), schema));
    this.row = row(catalogue);
    this.file =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(row))
            .setCodec(CodecFactory.deflateCodec(DEFLATE));
    // A fixed marker: the same records give the same file.
    file.create(row, out, new byte[SYNC_LENGTH]);
  }

  private static Schema row(EventCatalogue catalogue) {
    List<Schema> events = new ArrayList<>();
    events.add(Schema.create(Schema.Type.NULL));
    events.addAll(catalogue.schemas());
    return SchemaBuilder.record("ReplayedRecord")
        .namespace("com.credlink.ledger.replay")
        .fields()
        .requiredInt("partition")
        .requiredLong("offset")
        .requiredBytes("record_sha256")
        .requiredString("record_key")
        .requiredBytes("record_value")
        .optionalInt("schema_id")
        .name("event")
        .type(Schema.createUnion(events))
        .noDefault()
        .endRecord();
  }

  @Override
  public void write(LogRecord record) throws IOException {
    GenericRecord written = new GenericData.Record(row);
    written.put("partition", record.position().partition());
    written.put("offset", record.position().offset());
    written.put("record_sha256", ByteBuffer.wrap(entries.entry(record.key(), record.value())));
    written.put("record_key", new String(record.key(), StandardCharsets.UTF_8));
    written.put("record_value", ByteBuffer.wrap(record.value()));
    OptionalInt id = WireFormat.schemaId(record.value());
    if (id.isPresent()) {
      written.put("schema_id", id.getAsInt());
      event(id.getAsInt(), record.value()).ifPresent(event -> written.put("event", event));
    }
    file.append(written);
  }

  private Optional<GenericRecord> event(int id, byte[] value) {
    return readers.computeIfAbsent(id, this::reader).flatMap(reader -> read(reader, value));
  }

  private Optional<GenericDatumReader<GenericRecord>> reader(int id) {
    try {
      Schema writer = registry.byId(id);
      return Optional.ofNullable(known.get(writer.getFullName()))
          .map(reader -> new GenericDatumReader<>(writer, reader));
    } catch (RegistryException.Unreadable e) {
      return Optional.empty();
    }
  }

  private Optional<GenericRecord> read(GenericDatumReader<GenericRecord> reader, byte[] value) {
    try {
      BinaryDecoder bytes =
          DecoderFactory.get()
              .binaryDecoder(
                  value, WireFormat.PREFIX, value.length - WireFormat.PREFIX, decoder.orElse(null));
      decoder = Optional.of(bytes);
      return Optional.of(reader.read(null, bytes));
    } catch (IOException | AvroRuntimeException e) {
      // Not what its schema says, or not to be read with ours; its bytes stand beside it.
      return Optional.empty();
    }
  }

  @Override
  public void finish() throws IOException {
    file.flush();
  }
}
