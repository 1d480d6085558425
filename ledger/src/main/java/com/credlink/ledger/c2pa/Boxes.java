package com.credlink.ledger.c2pa;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Writes JUMBF boxes (ISO 19566-5 annex A; C2PA 2.2 section 11.1.4). */
final class Boxes {

  static final int HEAD = 8;
  static final String SUPERBOX = "jumb";
  static final String DESCRIPTION = "jumd";
  static final String CBOR = "cbor";

  /** Requestable, with a label. */
  static final byte TOGGLES = 3;

  private Boxes() {}

  /** A superbox whose content is one CBOR item. */
  static byte[] cbor(BoxType type, String label, byte[] encoded) {
    return superbox(type, label, List.of(box(CBOR, encoded)));
  }

  /** A superbox of other boxes. */
  static byte[] superbox(BoxType type, String label, List<byte[]> content) {
    byte[] name = label.getBytes(StandardCharsets.UTF_8);
    byte[] description =
        ByteBuffer.allocate(16 + 1 + name.length + 1)
            .put(HexFormat.of().parseHex(type.uuid()))
            .put(TOGGLES)
            .put(name)
            .put((byte) 0)
            .array();
    int length = HEAD + description.length + content.stream().mapToInt(each -> each.length).sum();
    ByteBuffer all = ByteBuffer.allocate(Math.addExact(HEAD, length));
    head(all, SUPERBOX, length);
    head(all, DESCRIPTION, description.length);
    all.put(description);
    content.forEach(all::put);
    return all.array();
  }

  private static byte[] box(String type, byte[] payload) {
    ByteBuffer all = ByteBuffer.allocate(HEAD + payload.length);
    head(all, type, payload.length);
    return all.put(payload).array();
  }

  private static void head(ByteBuffer to, String type, int length) {
    to.putInt(HEAD + length).put(type.getBytes(StandardCharsets.US_ASCII));
  }

  /** What the hash of a hashed URI covers: a superbox without its head (section 8.4.2.3). */
  static byte[] hashed(byte[] superbox) {
    return Arrays.copyOfRange(superbox, HEAD, superbox.length);
  }
}
