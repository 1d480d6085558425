package com.credlink.ledger.c2pa;

import static com.credlink.ledger.c2pa.C2paException.malformed;

import com.credlink.ledger.c2pa.C2paException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A superbox of a store, as somebody wrote it (ISO 19566-5 annex A).
 *
 * @param source the store, not to be changed
 * @param from where the box begins
 * @param length with its head
 * @param uuid its content type, in hexadecimal digits
 * @param toggles what its description says that it has
 * @param label its label; empty if it has none
 * @param boxes superboxes in it
 * @param contents other boxes in it, but for its description
 */
@SuppressWarnings("ArrayRecordComponent") // Many boxes of one store; nobody compares them.
record Box(
    byte[] source,
    int from,
    int length,
    String uuid,
    int toggles,
    String label,
    List<Box> boxes,
    List<Content> contents) {

  /** Most bytes of a store that is read. */
  static final int MAX_STORE = 16 * 1024 * 1024;

  private static final int MAX_DEPTH = 8;
  private static final int MAX_BOXES = 4_096;
  private static final int MAX_LABEL = 1_024;
  private static final int UUID = 16;
  private static final int HAS_LABEL = 2;
  private static final int HAS_ID = 4;
  private static final int ID_LENGTH = 4;
  private static final int HAS_HASH = 8;
  private static final int HASH_LENGTH = 32;

  /** Its description has a private box, which makes its hash differ from others (8.4.2.3). */
  private static final int SALTED = 16;

  /** A box that is no superbox; where its payload lies in the store. */
  record Content(String type, int from, int length) {}

  /**
   * Reads a store.
   *
   * @throws C2paException unless it is one superbox of superboxes, and nothing else
   */
  static Box read(byte[] store) {
    if (store.length > MAX_STORE) {
      throw new C2paException(
          Reason.TOO_LARGE,
          "the credentials have %d bytes, more than %d".formatted(store.length, MAX_STORE));
    }
    Box root = new Reading(store).superbox(0, store.length, 0);
    if (root.length() != store.length) {
      throw malformed("bytes follow the store of the credentials");
    }
    return root;
  }

  /** The superbox in it with this label; the first where there are several. */
  Optional<Box> child(String name) {
    return boxes.stream().filter(box -> box.label().equals(name)).findFirst();
  }

  boolean is(BoxType type) {
    return uuid.equals(type.uuid()) && (toggles & ~SALTED) == Boxes.TOGGLES;
  }

  /** The payload of its CBOR box. */
  byte[] cbor() {
    return contents.stream()
        .filter(content -> content.type().equals(Boxes.CBOR))
        .findFirst()
        .map(
            content ->
                Arrays.copyOfRange(source, content.from(), content.from() + content.length()))
        .orElseThrow(() -> malformed("the box '%s' has no CBOR".formatted(label)));
  }

  /** Where the payload of its CBOR box lies in the store. */
  Content cborContent() {
    return contents.stream()
        .filter(content -> content.type().equals(Boxes.CBOR))
        .findFirst()
        .orElseThrow(() -> malformed("the box '%s' has no CBOR".formatted(label)));
  }

  /** The box with its head. */
  byte[] bytes() {
    return Arrays.copyOfRange(source, from, from + length);
  }

  /** SHA-256 of what a hashed URI of it covers. */
  byte[] hash() {
    return Sha256.of(source, from + Boxes.HEAD, length - Boxes.HEAD);
  }

  /** One pass; boxes are counted over all of it. */
  private static final class Reading {
    private final byte[] in;
    private int boxes;

    Reading(byte[] in) {
      this.in = in;
    }

    Box superbox(int from, int end, int depth) {
      if (depth > MAX_DEPTH) {
        throw new C2paException(
            Reason.TOO_LARGE, "the credentials are nested deeper than " + MAX_DEPTH);
      }
      int length = length(from, end);
      if (!type(from).equals(Boxes.SUPERBOX)) {
        throw malformed("a superbox is missing at byte %d of the credentials".formatted(from));
      }
      int at = from + Boxes.HEAD;
      int described = length(at, from + length);
      if (!type(at).equals(Boxes.DESCRIPTION) || described < Boxes.HEAD + UUID + 1) {
        throw malformed("a description is missing at byte %d of the credentials".formatted(at));
      }
      String uuid = HexFormat.of().formatHex(in, at + Boxes.HEAD, at + Boxes.HEAD + UUID);
      int toggles = in[at + Boxes.HEAD + UUID] & 0xFF;
      String label = label(at + Boxes.HEAD + UUID, at + described);
      List<Box> inner = new ArrayList<>();
      List<Content> contents = new ArrayList<>();
      for (at += described; at < from + length; at += length(at, from + length)) {
        int each = length(at, from + length);
        if (type(at).equals(Boxes.SUPERBOX)) {
          inner.add(superbox(at, at + each, depth + 1));
        } else {
          contents.add(new Content(type(at), at + Boxes.HEAD, each - Boxes.HEAD));
        }
      }
      requireDifferentNames(inner, from);
      return new Box(
          in, from, length, uuid, toggles, label, List.copyOf(inner), List.copyOf(contents));
    }

    /** One of two boxes of one name could be checked, and the other be believed. */
    private static void requireDifferentNames(List<Box> boxes, int at) {
      if (boxes.stream().map(Box::label).distinct().count() != boxes.size()) {
        throw malformed(
            "two boxes within that at byte %d of the credentials have one name".formatted(at));
      }
    }

    private String label(int from, int end) {
      if ((in[from] & HAS_LABEL) == 0) {
        return "";
      }
      int stop = from + 1;
      while (stop < end && in[stop] != 0) {
        stop++;
      }
      if (stop == end || stop - from > MAX_LABEL) {
        throw malformed("a label at byte %d of the credentials does not end".formatted(from));
      }
      requireParts(in[from], end - stop - 1, from);
      return new String(in, from + 1, stop - from - 1, StandardCharsets.UTF_8);
    }

    /** What follows a label is what the toggles say, and nothing else (ISO 19566-5 annex A). */
    private static void requireParts(int toggles, int rest, int at) {
      int left =
          rest
              - ((toggles & HAS_ID) == 0 ? 0 : ID_LENGTH)
              - ((toggles & HAS_HASH) == 0 ? 0 : HASH_LENGTH);
      if (left < 0 || (left > 0) != ((toggles & SALTED) != 0)) {
        throw malformed(
            "a description at byte %d of the credentials does not have what it says".formatted(at));
      }
    }

    private int length(int from, int end) {
      if (++boxes > 3 * MAX_BOXES) {
        throw new C2paException(
            Reason.TOO_LARGE, "the credentials have more than %d boxes".formatted(MAX_BOXES));
      }
      if (end - from < Boxes.HEAD) {
        throw malformed("the credentials are cut off at byte %d".formatted(from));
      }
      int length = ByteBuffer.wrap(in).getInt(from);
      if (length < Boxes.HEAD || length > end - from) {
        throw malformed(
            "a box at byte %d of the credentials has a length out of range".formatted(from));
      }
      return length;
    }

    private String type(int from) {
      return new String(in, from + 4, 4, StandardCharsets.ISO_8859_1);
    }
  }
}
