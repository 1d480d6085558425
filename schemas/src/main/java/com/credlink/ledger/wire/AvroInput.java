package com.credlink.ledger.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding from an array. Every length is compared with what is left before anything
 * is allocated, so that a damaged record costs no more memory than it has bytes.
 */
final class AvroInput extends Decoder {

  private final byte[] buffer;
  private final int end;
  private int position;

  AvroInput(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  int remaining() {
    return end - position;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    byte value = buffer[take(1)];
    if ((value & 0xFE) != 0) {
      throw new IOException("a boolean is " + value);
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if ((int) value != value) {
      throw new IOException("an int is " + value);
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long zigzag = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = buffer[take(1)];
      zigzag |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new IOException("a number has more than 64 bits");
  }

  @Override
  public float readFloat() throws IOException {
    return little(take(Float.BYTES), Float.BYTES).getFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return little(take(Double.BYTES), Double.BYTES).getDouble();
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(readArray());
  }

  @Override
  public String readString() throws IOException {
    int length = readLength();
    return new String(buffer, take(length), length, StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() throws IOException {
    take(readLength());
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(readArray());
  }

  /** A length and so many bytes, in an array of their own. */
  byte[] readArray() throws IOException {
    byte[] value = new byte[readLength()];
    System.arraycopy(buffer, take(value.length), value, 0, value.length);
    return value;
  }

  @Override
  public void skipBytes() throws IOException {
    take(readLength());
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    System.arraycopy(buffer, take(length), bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    take(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return readCount();
  }

  @Override
  public long arrayNext() throws IOException {
    return readCount();
  }

  @Override
  public long skipArray() throws IOException {
    return skipCount();
  }

  @Override
  public long readMapStart() throws IOException {
    return readCount();
  }

  @Override
  public long mapNext() throws IOException {
    return readCount();
  }

  @Override
  public long skipMap() throws IOException {
    return skipCount();
  }

  /** Items of the next block; a negative count is followed by the block's size in bytes. */
  private long readCount() throws IOException {
    long count = readLong();
    if (count < 0) {
      readLength();
      count = -count;
    }
    // No item of ours is empty, so there cannot be more of them than bytes.
    if (count < 0 || count > remaining()) {
      throw new EOFException("a block has " + count + " items in " + remaining() + " bytes");
    }
    return count;
  }

  private long skipCount() throws IOException {
    long count = readLong();
    while (count < 0) {
      take(readLength());
      count = readLong();
    }
    if (count > remaining()) {
      throw new EOFException("a block has " + count + " items in " + remaining() + " bytes");
    }
    return count;
  }

  private int readLength() throws IOException {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new EOFException("a length is " + length + " with " + remaining() + " bytes left");
    }
    return (int) length;
  }

  /** Where the next {@code length} bytes begin; the position is then behind them. */
  private int take(int length) throws EOFException {
    if (length > remaining()) {
      throw new EOFException(length + " bytes are missing");
    }
    int start = position;
    position += length;
    return start;
  }

  private ByteBuffer little(int start, int length) {
    return ByteBuffer.wrap(buffer, start, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
