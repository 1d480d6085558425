package com.credlink.ledger.wire;

import com.credlink.ledger.event.Bytes;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.ResolvingDecoder;

/**
 * Avro binary for one Java record type, built once over its components. Component names, order and
 * types must mirror the schema:
 *
 * <table>
 *   <caption>Avro and Java</caption>
 *   <tr><td>record</td><td>record</td></tr>
 *   <tr><td>enum</td><td>enum, same symbols in the same order</td></tr>
 *   <tr><td>string, boolean, int, long, double</td><td>the same</td></tr>
 *   <tr><td>bytes</td><td>{@link Bytes}</td></tr>
 *   <tr><td>long, timestamp-micros</td><td>{@link Instant}; what is finer than a microsecond is cut off</td></tr>
 *   <tr><td>array, map</td><td>{@link List}, {@link Map} from strings</td></tr>
 *   <tr><td>union of null and one other</td><td>{@link Optional}</td></tr>
 * </table>
 *
 * <p>Safe for many threads.
 *
 * @param <T> the record type.
 */
public final class RecordCodec<T> {

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  private final Class<T> type;
  private final Schema schema;
  private final Shape shape;

  private RecordCodec(Class<T> type, Schema schema) {
    this.type = type;
    this.schema = schema;
    this.shape = new Builder().record(type, schema, type.getSimpleName());
  }

  /**
   * The codec between {@code type} and {@code schema}.
   *
   * @throws IllegalArgumentException if they do not mirror each other; names the first difference.
   */
  public static <T> RecordCodec<T> of(Class<T> type, Schema schema) {
    return new RecordCodec<>(type, schema);
  }

  /** The record type. */
  public Class<T> type() {
    return type;
  }

  /** The schema that is written, and that reading resolves to. */
  public Schema schema() {
    return schema;
  }

  /**
   * Avro binary of {@code value}, nothing around it.
   *
   * @throws IllegalArgumentException if a component is null or a time is out of range.
   */
  public byte[] encode(T value) {
    return encode(value, 0);
  }

  /** As {@link #encode(Object)}, behind {@code prefix} zero bytes that the caller fills in. */
  byte[] encode(T value, int prefix) {
    AvroOutput out = new AvroOutput(prefix);
    shape.write(value, out);
    return out.toArray();
  }

  /**
   * The record in {@code avro}, which was written with {@link #schema()}.
   *
   * @throws WireException.Corrupt if it was not.
   */
  public T decode(byte[] avro) {
    return decode(avro, 0, avro.length);
  }

  private T decode(byte[] bytes, int offset, int length) {
    AvroInput in = new AvroInput(bytes, offset, length);
    return decode(in, in);
  }

  private T decode(Decoder in, AvroInput source) {
    try {
      T value = type.cast(shape.read(in));
      if (in instanceof ResolvingDecoder resolving) {
        resolving.drain();
      }
      if (source.remaining() > 0) {
        throw new IOException(source.remaining() + " bytes follow the record");
      }
      return value;
    } catch (IOException
        | AvroRuntimeException
        | ArithmeticException
        | DateTimeException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      throw new WireException.Corrupt("not a " + schema.getFullName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * How to read what was written with {@code writer}: directly if the two schemas have the same
   * canonical form, else by Avro's schema resolution (defaults for what is missing, what is not
   * known is skipped). Keep it; making it is slow.
   *
   * @throws IllegalArgumentException if the schemas cannot be resolved; names the first difference.
   */
  public Decoding<T> decoding(Schema writer) {
    if (SchemaNormalization.toParsingForm(writer)
        .equals(SchemaNormalization.toParsingForm(schema))) {
      return this::decode;
    }
    var result = SchemaCompatibility.checkReaderWriterCompatibility(schema, writer);
    if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new IllegalArgumentException(
          schema.getFullName() + " cannot be read: " + result.getResult().getIncompatibilities());
    }
    return new Resolving(writer);
  }

  /** Reads records of one writer schema. Safe for many threads. */
  @FunctionalInterface
  public interface Decoding<T> {
    /**
     * The record in {@code length} bytes from {@code offset} on.
     *
     * @throws WireException.Corrupt if they are not exactly one record of the writer schema.
     */
    T decode(byte[] bytes, int offset, int length);
  }

  /** Keeps idle decoders, which are slow to make and serve one thread at a time. */
  private final class Resolving implements Decoding<T> {
    private final Schema writer;
    private final Queue<ResolvingDecoder> idle = new ConcurrentLinkedQueue<>();

    Resolving(Schema writer) {
      this.writer = writer;
    }

    @Override
    public T decode(byte[] bytes, int offset, int length) {
      AvroInput source = new AvroInput(bytes, offset, length);
      try {
        ResolvingDecoder decoder = idle.poll();
        if (decoder == null) {
          decoder =
              DecoderFactory.get()
                  .resolvingDecoder(Schema.applyAliases(writer, schema), schema, source);
        } else {
          decoder.configure(source);
        }
        T value = RecordCodec.this.decode(decoder, source);
        // Not in a finally: after a failure the decoder stands in the middle of a record.
        idle.offer(decoder);
        return value;
      } catch (IOException e) {
        throw new WireException.Corrupt("not a " + schema.getFullName(), e);
      }
    }
  }

  /** How one Avro type is written and read. */
  private interface Shape {
    void write(Object value, AvroOutput out);

    Object read(Decoder in) throws IOException;
  }

  private static final class Builder {
    /** Records under construction or done, so that a type is built once and may contain itself. */
    private final Map<Class<?>, RecordShape> records = new LinkedHashMap<>();

    RecordShape record(Class<?> type, Schema schema, String path) {
      check(type.isRecord() && schema.getType() == Schema.Type.RECORD, type, schema, path);
      RecordShape known = records.get(type);
      if (known != null) {
        check(known.schema.getFullName().equals(schema.getFullName()), type, schema, path);
        return known;
      }
      RecordAccess access = new RecordAccess(type);
      List<String> fields = schema.getFields().stream().map(Schema.Field::name).toList();
      List<String> names = access.components().stream().map(RecordComponent::getName).toList();
      if (!fields.equals(names)) {
        throw new IllegalArgumentException(
            path + ": components " + names + " do not mirror the fields " + fields);
      }
      RecordShape shape = new RecordShape(schema, access);
      records.put(type, shape);
      for (int i = 0; i < shape.shapes.length; i++) {
        RecordComponent component = access.components().get(i);
        shape.shapes[i] =
            shape(
                component.getGenericType(),
                schema.getFields().get(i).schema(),
                path + "." + component.getName());
      }
      return shape;
    }

    private Shape shape(Type type, Schema schema, String path) {
      return switch (schema.getType()) {
        case RECORD -> record(raw(type), schema, path);
        case ENUM -> enumeration(raw(type), schema, path);
        case ARRAY -> {
          check(raw(type) == List.class, type, schema, path);
          yield new ArrayShape(shape(argument(type, 0), schema.getElementType(), path + "[]"));
        }
        case MAP -> {
          check(raw(type) == Map.class && argument(type, 0) == String.class, type, schema, path);
          yield new MapShape(shape(argument(type, 1), schema.getValueType(), path + "{}"));
        }
        case UNION -> optional(type, schema, path);
        case STRING -> {
          check(type == String.class, type, schema, path);
          yield new StringShape();
        }
        case BYTES -> {
          check(type == Bytes.class, type, schema, path);
          yield new BytesShape();
        }
        case LONG -> {
          if (schema.getLogicalType() == null) {
            check(type == long.class || type == Long.class, type, schema, path);
            yield new LongShape();
          }
          check(
              type == Instant.class
                  && schema.getLogicalType().equals(LogicalTypes.timestampMicros()),
              type,
              schema,
              path);
          yield new InstantShape();
        }
        case INT -> {
          check(type == int.class || type == Integer.class, type, schema, path);
          yield new IntShape();
        }
        case BOOLEAN -> {
          check(type == boolean.class || type == Boolean.class, type, schema, path);
          yield new BooleanShape();
        }
        case DOUBLE -> {
          check(type == double.class || type == Double.class, type, schema, path);
          yield new DoubleShape();
        }
        case FLOAT, FIXED, NULL ->
            throw new IllegalArgumentException(path + ": " + schema + " has no Java type here");
      };
    }

    private Shape optional(Type type, Schema schema, String path) {
      List<Schema> branches = schema.getTypes();
      List<Schema> values = branches.stream().filter(branch -> !branch.isNullable()).toList();
      check(
          raw(type) == Optional.class && branches.size() == 2 && values.size() == 1,
          type,
          schema,
          path);
      int present = branches.indexOf(values.getFirst());
      return new OptionalShape(present, shape(argument(type, 0), values.getFirst(), path));
    }

    private static Shape enumeration(Class<?> type, Schema schema, String path) {
      check(type.isEnum(), type, schema, path);
      List<String> names =
          Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name())
              .toList();
      if (!names.equals(schema.getEnumSymbols())) {
        throw new IllegalArgumentException(
            path + ": " + names + " do not mirror the symbols " + schema.getEnumSymbols());
      }
      return new EnumShape(type.getEnumConstants());
    }

    private static Class<?> raw(Type type) {
      return switch (type) {
        case Class<?> plain -> plain;
        case ParameterizedType generic -> (Class<?>) generic.getRawType();
        default -> Object.class;
      };
    }

    private static Type argument(Type type, int index) {
      return type instanceof ParameterizedType generic
          ? generic.getActualTypeArguments()[index]
          : Object.class;
    }

    private static void check(boolean mirrors, Type type, Schema schema, String path) {
      if (!mirrors) {
        throw new IllegalArgumentException(
            path + ": " + type.getTypeName() + " does not mirror " + schema);
      }
    }
  }

  private static final class RecordShape implements Shape {
    private final Schema schema;
    private final RecordAccess access;
    private final Function<Object, Object>[] readers;
    private final Shape[] shapes;

    @SuppressWarnings("unchecked") // An array of a generic type cannot be made otherwise.
    RecordShape(Schema schema, RecordAccess access) {
      this.schema = schema;
      this.access = access;
      this.readers = access.readers().toArray(Function[]::new);
      this.shapes = new Shape[readers.length];
    }

    @Override
    public void write(Object value, AvroOutput out) {
      for (int i = 0; i < shapes.length; i++) {
        Object component = readers[i].apply(value);
        if (component == null) {
          throw new IllegalArgumentException(
              schema.getName() + "." + schema.getFields().get(i).name() + " is null");
        }
        shapes[i].write(component, out);
      }
    }

    @Override
    public Object read(Decoder in) throws IOException {
      Object[] values = new Object[shapes.length];
      if (in instanceof ResolvingDecoder resolving) {
        for (Schema.Field field : resolving.readFieldOrder()) {
          values[field.pos()] = shapes[field.pos()].read(in);
        }
      } else {
        for (int i = 0; i < shapes.length; i++) {
          values[i] = shapes[i].read(in);
        }
      }
      return access.make(values);
    }
  }

  private static final class EnumShape implements Shape {
    private final Object[] constants;

    EnumShape(Object[] constants) {
      this.constants = constants;
    }

    @Override
    @SuppressWarnings(
        "EnumOrdinal") // Avro writes the position, and the builder compared the order.
    public void write(Object value, AvroOutput out) {
      out.writeLong(((Enum<?>) value).ordinal());
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return constants[in.readEnum()];
    }
  }

  private record ArrayShape(Shape item) implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      List<?> items = (List<?>) value;
      if (!items.isEmpty()) {
        out.writeLong(items.size());
        for (Object each : items) {
          item.write(each, out);
        }
      }
      out.writeLong(0);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      long count = in.readArrayStart();
      if (count == 0) {
        return List.of();
      }
      List<Object> items = new ArrayList<>((int) count);
      for (; count > 0; count = in.arrayNext()) {
        for (long i = 0; i < count; i++) {
          items.add(item.read(in));
        }
      }
      return List.of(items.toArray());
    }
  }

  private record MapShape(Shape item) implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      Map<?, ?> entries = (Map<?, ?>) value;
      if (!entries.isEmpty()) {
        out.writeLong(entries.size());
        entries.forEach(
            (key, each) -> {
              out.writeString((String) key);
              item.write(each, out);
            });
      }
      out.writeLong(0);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      Map<String, Object> entries = new LinkedHashMap<>();
      for (long count = in.readMapStart(); count > 0; count = in.mapNext()) {
        for (long i = 0; i < count; i++) {
          entries.put(in.readString(), item.read(in));
        }
      }
      return Map.copyOf(entries);
    }
  }

  private record OptionalShape(int present, Shape item) implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      Optional<?> optional = (Optional<?>) value;
      if (optional.isPresent()) {
        out.writeLong(present);
        item.write(optional.get(), out);
      } else {
        out.writeLong(1 - present);
      }
    }

    @Override
    public Object read(Decoder in) throws IOException {
      int branch = in.readIndex();
      if (branch == present) {
        return Optional.of(item.read(in));
      }
      if (branch != 1 - present) {
        throw new IOException("a union has no branch " + branch);
      }
      in.readNull();
      return Optional.empty();
    }
  }

  private record StringShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      out.writeString((String) value);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return in.readString();
    }
  }

  private record BytesShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      out.writeBytes(((Bytes) value).asBuffer());
    }

    @Override
    public Object read(Decoder in) throws IOException {
      if (in instanceof AvroInput direct) {
        return Bytes.wrap(direct.readArray());
      }
      ByteBuffer buffer = in.readBytes(null);
      byte[] value = new byte[buffer.remaining()];
      buffer.get(value);
      return Bytes.wrap(value);
    }
  }

  private record LongShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      out.writeLong((Long) value);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return in.readLong();
    }
  }

  private record IntShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      out.writeLong((Integer) value);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return in.readInt();
    }
  }

  private record BooleanShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      out.writeBoolean((Boolean) value);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return in.readBoolean();
    }
  }

  private record DoubleShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      out.writeDouble((Double) value);
    }

    @Override
    public Object read(Decoder in) throws IOException {
      return in.readDouble();
    }
  }

  private record InstantShape() implements Shape {
    @Override
    public void write(Object value, AvroOutput out) {
      Instant instant = (Instant) value;
      try {
        out.writeLong(
            Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
                instant.getNano() / NANOS_PER_MICRO));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(instant + " does not fit into 64 bits of micros", e);
      }
    }

    @Override
    public Object read(Decoder in) throws IOException {
      long micros = in.readLong();
      return Instant.ofEpochSecond(
          Math.floorDiv(micros, MICROS_PER_SECOND),
          Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO);
    }
  }
}
