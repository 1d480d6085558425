package com.credlink.ledger.c2pa;

import com.credlink.ledger.asset.ImageType;
import com.credlink.ledger.c2pa.C2paException.Reason;
import com.credlink.ledger.c2pa.Carrier.Kind;
import com.credlink.ledger.c2pa.Carrier.Part;
import com.credlink.ledger.c2pa.Carrier.Parts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/** PNG: a store goes into a chunk {@code caBX} behind the header (C2PA 2.2 section A.3.2). */
record Png() implements Carrier.Format {

  private static final String CREDENTIALS = "caBX";
  private static final String INTERNATIONAL_TEXT = "iTXt";

  /** Behind the signature and IHDR. */
  private static final int PLACE = 33;

  private static final int SIGNATURE = 8;

  /** Length, type and CRC. */
  private static final int CHUNK_OVERHEAD = 12;

  /** Keyword of an XMP packet that is not compressed, has no language and no translation. */
  private static final byte[] XMP_NAME =
      "XML:com.adobe.xmp\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private static final int KEYWORD = 18;

  @Override
  public ImageType type() {
    return ImageType.PNG;
  }

  @Override
  public byte[] wrap(byte[] store) {
    return chunk(CREDENTIALS, new byte[0], store);
  }

  @Override
  public int wrapped(int storeLength) {
    return CHUNK_OVERHEAD + storeLength;
  }

  @Override
  public byte[] wrapXmp(byte[] packet) {
    return chunk(INTERNATIONAL_TEXT, XMP_NAME, packet);
  }

  private static byte[] chunk(String type, byte[] head, byte[] body) {
    int length = head.length + body.length;
    ByteBuffer out = ByteBuffer.allocate(CHUNK_OVERHEAD + length);
    out.putInt(length).put(type.getBytes(StandardCharsets.US_ASCII)).put(head).put(body);
    CRC32 crc = new CRC32();
    crc.update(out.array(), 4, 4 + length);
    return out.putInt((int) crc.getValue()).array();
  }

  /** Takes apart an image whose structure was checked. */
  static Parts parts(byte[] image) {
    List<Part> parts = new ArrayList<>();
    Optional<byte[]> store = Optional.empty();
    Optional<byte[]> xmp = Optional.empty();
    parts.add(new Part(Kind.CONTENT, 0, PLACE));
    for (int at = PLACE; at < image.length; ) {
      int length = ByteBuffer.wrap(image).getInt(at);
      int end = at + CHUNK_OVERHEAD + length;
      int body = at + SIGNATURE;
      String type = new String(image, at + 4, 4, StandardCharsets.US_ASCII);
      Kind kind = Kind.CONTENT;
      if (type.equals(CREDENTIALS)) {
        if (store.isPresent()) {
          throw new C2paException(
              Reason.SEVERAL_STORES, "the image has more than one store of credentials");
        }
        store = Optional.of(Arrays.copyOfRange(image, body, body + length));
        kind = Kind.CREDENTIALS;
      } else if (type.equals(INTERNATIONAL_TEXT) && isXmp(image, body, length) && xmp.isEmpty()) {
        xmp = Optional.of(packet(image, body, length));
        kind = Kind.XMP;
      }
      parts.add(new Part(kind, at, end));
      at = end;
    }
    return new Parts(new Png(), parts, PLACE, store, xmp);
  }

  private static boolean isXmp(byte[] image, int from, int length) {
    return length >= XMP_NAME.length
        && Arrays.equals(image, from, from + KEYWORD, XMP_NAME, 0, KEYWORD);
  }

  /** The text behind keyword, compression flag and method, language and translated keyword. */
  private static byte[] packet(byte[] image, int from, int length) {
    boolean plain =
        Arrays.equals(image, from, from + XMP_NAME.length, XMP_NAME, 0, XMP_NAME.length);
    // A compressed packet, or one with a language, is none that XMP part 3 section 1.1.5 allows.
    return plain ? Arrays.copyOfRange(image, from + XMP_NAME.length, from + length) : new byte[0];
  }
}
