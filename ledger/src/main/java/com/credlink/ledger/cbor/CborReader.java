package com.credlink.ledger.cbor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link CborWriter} writes and refuses every other encoding of the same: longer heads,
 * indefinite lengths, bytes after the end.
 */
public final class CborReader {

  /** The bytes are not what was asked for, or not in deterministic form. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  private final byte[] in;
  private int at;

  /** Reads these bytes from their start. */
  public CborReader(byte[] in) {
    this.in = in.clone();
  }

  /** The integer that comes next. */
  public long integer() throws MalformedException {
    int major = peek() >>> 5;
    if (major != Cbor.UNSIGNED && major != Cbor.NEGATIVE) {
      throw new MalformedException("expected an integer at byte " + at);
    }
    long argument = head(major);
    return major == Cbor.UNSIGNED ? argument : -1 - argument;
  }

  /** The byte string that comes next. */
  public byte[] bytes() throws MalformedException {
    int length = length(Cbor.BYTES);
    at += length;
    return Arrays.copyOfRange(in, at - length, at);
  }

  /** The text string that comes next. */
  public String text() throws MalformedException {
    int length = length(Cbor.TEXT);
    at += length;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(in, at - length, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("not UTF-8 before byte " + at);
    }
  }

  /** The number of elements of the array that comes next. */
  public int array() throws MalformedException {
    return length(Cbor.ARRAY);
  }

  /** The number of pairs of the map that comes next. */
  public int map() throws MalformedException {
    return length(Cbor.MAP);
  }

  /** The tag that comes next. */
  public long tag() throws MalformedException {
    return head(Cbor.TAG);
  }

  /** Passes over null. */
  public void nil() throws MalformedException {
    if (peek() != Cbor.NIL) {
      throw new MalformedException("expected nil at byte " + at);
    }
    at++;
  }

  /** Fails unless all was read. */
  public void end() throws MalformedException {
    if (at != in.length) {
      throw new MalformedException("bytes after the end, from byte " + at);
    }
  }

  /** A length that the rest of the input can hold: every element takes a byte at least. */
  private int length(int major) throws MalformedException {
    long length = head(major);
    if (length > in.length - at) {
      throw new MalformedException("cut off at byte " + at);
    }
    return (int) length;
  }

  private long head(int expected) throws MalformedException {
    int first = peek();
    if (first >>> 5 != expected) {
      throw new MalformedException("expected major type " + expected + " at byte " + at);
    }
    at++;
    int info = first & 0x1F;
    return switch (info) {
      case Cbor.ONE_BYTE -> argument(1, Cbor.ONE_BYTE);
      case Cbor.TWO_BYTES -> argument(2, 1L << 8);
      case Cbor.FOUR_BYTES -> argument(4, 1L << 16);
      case Cbor.EIGHT_BYTES -> argument(8, 1L << 32);
      default -> {
        if (info > Cbor.EIGHT_BYTES) {
          throw new MalformedException("indefinite or reserved length before byte " + at);
        }
        yield info;
      }
    };
  }

  private long argument(int length, long atLeast) throws MalformedException {
    if (length > in.length - at) {
      throw new MalformedException("cut off at byte " + at);
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = (value << 8) | (in[at++] & 0xFF);
    }
    if (value < atLeast) {
      throw new MalformedException("not the shortest form, or too large, before byte " + at);
    }
    return value;
  }

  private int peek() throws MalformedException {
    if (at >= in.length) {
      throw new MalformedException("cut off at byte " + at);
    }
    return in[at] & 0xFF;
  }
}
