package com.credlink.ledger.c2pa;

import static com.credlink.ledger.c2pa.C2paException.malformed;

import com.credlink.ledger.asset.ImageType;
import com.credlink.ledger.c2pa.C2paException.Reason;
import com.credlink.ledger.c2pa.Carrier.Kind;
import com.credlink.ledger.c2pa.Carrier.Part;
import com.credlink.ledger.c2pa.Carrier.Parts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * JPEG: a store goes into segments APP11 behind APP0 (C2PA 2.2 section A.3.1; ISO 19566-5 annex D).
 *
 * @param instance number of the box instance, which no other box of the image has
 */
record Jpeg(int instance) implements Carrier.Format {

  private static final int SOI_LENGTH = 2;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP11 = 0xEB;
  private static final int SOS = 0xDA;
  private static final int EOI = 0xD9;

  /** Marker and length. */
  private static final int SEGMENT_HEAD = 4;

  private static final int MAX_SEGMENT = 0xFFFF;

  /** "JP", box instance, sequence number, and length and type of the box. */
  private static final int JUMBF_HEAD = 2 + 2 + 4 + Boxes.HEAD;

  private static final short COMMON_IDENTIFIER = 0x4A50;

  /** The reference implementation cuts here; a segment could hold 1,517 bytes more. */
  private static final int PIECE = 64_000;

  private static final byte[] XMP_NAME =
      "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);

  @Override
  public ImageType type() {
    return ImageType.JPEG;
  }

  @Override
  public byte[] wrap(byte[] store) {
    ByteBuffer out = ByteBuffer.allocate(wrapped(store.length));
    int sequence = 1;
    for (int at = Boxes.HEAD; at < store.length; at += PIECE) {
      int piece = Math.min(PIECE, store.length - at);
      out.put((byte) 0xFF).put((byte) APP11).putShort((short) (2 + JUMBF_HEAD + piece));
      out.putShort(COMMON_IDENTIFIER).putShort((short) instance).putInt(sequence++);
      out.put(store, 0, Boxes.HEAD).put(store, at, piece);
    }
    return out.array();
  }

  @Override
  public int wrapped(int storeLength) {
    int payload = storeLength - Boxes.HEAD;
    int segments = Math.ceilDiv(payload, PIECE);
    return payload + segments * (SEGMENT_HEAD + JUMBF_HEAD);
  }

  @Override
  public byte[] wrapXmp(byte[] packet) {
    int length = 2 + XMP_NAME.length + packet.length;
    if (length > MAX_SEGMENT) {
      throw new C2paException(
          Reason.XMP, "the XMP packet has no room for the reference to the credentials");
    }
    return ByteBuffer.allocate(2 + length)
        .put((byte) 0xFF)
        .put((byte) APP1)
        .putShort((short) length)
        .put(XMP_NAME)
        .put(packet)
        .array();
  }

  /** Takes apart an image whose structure was checked. */
  static Parts parts(byte[] image) {
    return new Walk(image).parts();
  }

  /** From SOI to the first scan, after which no segment is of interest. */
  private static final class Walk {
    private final byte[] image;
    private final List<Part> parts = new ArrayList<>();
    private final Set<Integer> instances = new HashSet<>();
    private Optional<Gathered> store = Optional.empty();
    private Optional<byte[]> xmp = Optional.empty();
    private int place = SOI_LENGTH;

    Walk(byte[] image) {
      this.image = image;
    }

    Parts parts() {
      parts.add(new Part(Kind.CONTENT, 0, SOI_LENGTH));
      int at = SOI_LENGTH;
      boolean leading = true;
      while (true) {
        int marker = at + 1;
        while ((image[marker] & 0xFF) == 0xFF) {
          marker++;
        }
        int code = image[marker] & 0xFF;
        if (code == SOS || code == EOI) {
          break;
        }
        int body = marker + 1;
        int end = body + Short.toUnsignedInt(ByteBuffer.wrap(image).getShort(body));
        Kind kind = kind(code, body + 2, end);
        parts.add(new Part(kind, at, end));
        leading &= code == APP0 || kind == Kind.CREDENTIALS;
        if (leading && code == APP0) {
          place = end;
        }
        at = end;
      }
      parts.add(new Part(Kind.CONTENT, at, image.length));
      store.ifPresent(Gathered::requireWhole);
      int free = 1;
      while (instances.contains(free)) {
        free++;
      }
      return new Parts(new Jpeg(free), parts, place, store.map(Gathered::bytes), xmp);
    }

    private Kind kind(int code, int from, int end) {
      if (code == APP1 && startsWith(from, end, XMP_NAME)) {
        if (xmp.isPresent()) {
          return Kind.CONTENT;
        }
        xmp = Optional.of(Arrays.copyOfRange(image, from + XMP_NAME.length, end));
        return Kind.XMP;
      }
      return code == APP11 && isCredentials(from, end) ? Kind.CREDENTIALS : Kind.CONTENT;
    }

    private boolean isCredentials(int from, int end) {
      ByteBuffer in = ByteBuffer.wrap(image);
      if (end - from < JUMBF_HEAD || in.getShort(from) != COMMON_IDENTIFIER) {
        return false;
      }
      int number = Short.toUnsignedInt(in.getShort(from + 2));
      long sequence = Integer.toUnsignedLong(in.getInt(from + 4));
      if (store.isPresent() && store.get().instance == number) {
        store.get().add(image, from, end, sequence, parts.size());
        return true;
      }
      if (sequence == 1 && isStore(from + JUMBF_HEAD, end)) {
        if (store.isPresent()) {
          throw new C2paException(
              Reason.SEVERAL_STORES, "the image has more than one store of credentials");
        }
        Gathered first = new Gathered(number, in.getInt(from + 8));
        first.add(image, from, end, sequence, parts.size());
        store = Optional.of(first);
        return true;
      }
      var _ = instances.add(number);
      return false;
    }

    /** Whether a description follows that says so. */
    private boolean isStore(int from, int end) {
      int uuid = from + Boxes.HEAD;
      return end - uuid >= 16
          && HexFormat.of().formatHex(image, uuid, uuid + 16).equals(BoxType.STORE.uuid());
    }

    private boolean startsWith(int from, int end, byte[] prefix) {
      return end - from >= prefix.length
          && Arrays.equals(image, from, from + prefix.length, prefix, 0, prefix.length);
    }
  }

  /** The pieces of a store, which must follow each other. */
  private static final class Gathered {
    private final int instance;
    private final int length;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private long sequence;
    private int lastPart = -1;

    Gathered(int instance, int length) {
      this.instance = instance;
      this.length = length;
      if (length < Boxes.HEAD || length > Box.MAX_STORE) {
        throw new C2paException(Reason.TOO_LARGE, "the credentials claim a length out of range");
      }
    }

    void add(byte[] image, int from, int end, long number, int part) {
      if (number != sequence + 1 || (lastPart >= 0 && part != lastPart + 1)) {
        throw malformed("the segments of the credentials are not in order");
      }
      sequence = number;
      lastPart = part;
      int payload = sequence == 1 ? from + 8 : from + JUMBF_HEAD;
      if (all.size() + end - payload > length) {
        throw malformed("the segments of the credentials hold more than their box");
      }
      all.write(image, payload, end - payload);
    }

    void requireWhole() {
      if (all.size() != length) {
        throw malformed("segments of the credentials are missing");
      }
    }

    byte[] bytes() {
      return all.toByteArray();
    }
  }
}
