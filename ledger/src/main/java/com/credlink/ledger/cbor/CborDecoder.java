package com.credlink.ledger.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads well-formed CBOR in any encoding (RFC 8949 section 3), within limits. */
final class CborDecoder {

  /** Nobody nests deeper; a reader that recurses must end somewhere. */
  private static final int MAX_DEPTH = 32;

  private static final int INDEFINITE = 31;
  private static final int BREAK = 0xFF;

  private final byte[] in;
  private int at;

  CborDecoder(byte[] in) {
    this.in = in;
  }

  CborItem whole() {
    CborItem item = item(0);
    if (at != in.length) {
      throw new CborException("bytes follow the item, from byte " + at);
    }
    return item;
  }

  private CborItem item(int depth) {
    if (depth > MAX_DEPTH) {
      throw new CborException("nested deeper than " + MAX_DEPTH);
    }
    int first = next();
    int major = first >>> 5;
    int info = first & 0x1F;
    return switch (major) {
      case Cbor.UNSIGNED -> new CborItem.Int(argument(info));
      case Cbor.NEGATIVE -> new CborItem.Int(-1 - argument(info));
      case Cbor.BYTES -> CborItem.bytes(string(major, info));
      case Cbor.TEXT -> new CborItem.Text(utf8(string(major, info)));
      case Cbor.ARRAY -> new CborItem.Array(items(info, depth));
      case Cbor.MAP -> new CborItem.Pairs(pairs(info, depth));
      case Cbor.TAG -> new CborItem.Tagged(argument(info), item(depth + 1));
      default -> simple(info);
    };
  }

  private List<CborItem> items(int info, int depth) {
    List<CborItem> items = new ArrayList<>();
    if (info == INDEFINITE) {
      while (!isBreak()) {
        items.add(item(depth + 1));
      }
    } else {
      for (int left = length(info); left > 0; left--) {
        items.add(item(depth + 1));
      }
    }
    return items;
  }

  private List<Map.Entry<CborItem, CborItem>> pairs(int info, int depth) {
    List<Map.Entry<CborItem, CborItem>> pairs = new ArrayList<>();
    if (info == INDEFINITE) {
      while (!isBreak()) {
        pairs.add(Map.entry(item(depth + 1), item(depth + 1)));
      }
    } else {
      for (int left = length(info); left > 0; left--) {
        pairs.add(Map.entry(item(depth + 1), item(depth + 1)));
      }
    }
    return pairs;
  }

  private byte[] string(int major, int info) {
    if (info != INDEFINITE) {
      return chunk(length(info));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!isBreak()) {
      int head = next();
      if (head >>> 5 != major || (head & 0x1F) == INDEFINITE) {
        throw new CborException("a string is made of something else, before byte " + at);
      }
      all.writeBytes(chunk(length(head & 0x1F)));
    }
    return all.toByteArray();
  }

  private byte[] chunk(int length) {
    at += length;
    return Arrays.copyOfRange(in, at - length, at);
  }

  private String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CborException("a text is not UTF-8, before byte " + at);
    }
  }

  private CborItem simple(int info) {
    return switch (info) {
      case Cbor.ONE_BYTE -> new CborItem.Simple(next());
      case Cbor.TWO_BYTES -> new CborItem.Real(Float.float16ToFloat((short) bigEndian(2)));
      case Cbor.FOUR_BYTES -> new CborItem.Real(Float.intBitsToFloat((int) bigEndian(4)));
      case Cbor.EIGHT_BYTES -> new CborItem.Real(Double.longBitsToDouble(bigEndian(8)));
      default -> {
        if (info > Cbor.ONE_BYTE) {
          throw new CborException("a reserved value before byte " + at);
        }
        yield new CborItem.Simple(info);
      }
    };
  }

  private boolean isBreak() {
    if (at < in.length && (in[at] & 0xFF) == BREAK) {
      at++;
      return true;
    }
    return false;
  }

  /** A number that the rest of the input can hold: every element takes a byte at least. */
  private int length(int info) {
    long length = argument(info);
    if (length > in.length - at) {
      throw new CborException("cut off at byte " + at);
    }
    return (int) length;
  }

  private long argument(int info) {
    long argument =
        switch (info) {
          case Cbor.ONE_BYTE -> bigEndian(1);
          case Cbor.TWO_BYTES -> bigEndian(2);
          case Cbor.FOUR_BYTES -> bigEndian(4);
          case Cbor.EIGHT_BYTES -> bigEndian(8);
          default -> info;
        };
    if (info > Cbor.EIGHT_BYTES || argument < 0) {
      throw new CborException("a length or number out of range before byte " + at);
    }
    return argument;
  }

  private long bigEndian(int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = (value << 8) | next();
    }
    return value;
  }

  private int next() {
    if (at >= in.length) {
      throw new CborException("cut off at byte " + at);
    }
    return in[at++] & 0xFF;
  }
}
