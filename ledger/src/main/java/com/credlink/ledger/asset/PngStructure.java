package com.credlink.ledger.asset;

import com.credlink.ledger.asset.ImageCheck.Accepted;
import com.credlink.ledger.asset.ImageCheck.Reason;
import java.util.zip.CRC32;

/** Walks the chunks of a PNG from IHDR to IEND (ISO 15948 sections 5 and 11). */
final class PngStructure {

  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;

  private static final int HEADER_LENGTH = 13;

  /** Length, type and CRC. */
  private static final int CHUNK_OVERHEAD = 12;

  private static final int MAX_PALETTE = 256;

  /** Bit 5 of the first letter: a reader may skip the chunk. */
  private static final int ANCILLARY = 0x20000000;

  /** Bit 5 of the third letter: reserved, must be upper case. */
  private static final int RESERVED = 0x00002000;

  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int INDEXED = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  private final byte[] content;
  private int at = ImageType.PNG.magicLength();
  private int width;
  private int height;
  private int colourType;
  private boolean paletteSeen;
  private boolean dataSeen;
  private boolean dataEnded;

  PngStructure(byte[] content) {
    this.content = content;
  }

  Accepted walk() throws RefusedException {
    int length = length();
    if (type() != IHDR || length != HEADER_LENGTH) {
      throw malformed("the first chunk is not a header");
    }
    checkCrc(length);
    header();
    at += CHUNK_OVERHEAD + length;
    while (true) {
      length = length();
      int type = type();
      checkCrc(length);
      at += CHUNK_OVERHEAD + length;
      dataEnded |= dataSeen && type != IDAT;
      switch (type) {
        case IEND -> {
          return end(length);
        }
        case IDAT -> data();
        case PLTE -> palette(length);
        case IHDR -> throw malformed("it has a second header");
        default -> {
          if ((type & ANCILLARY) == 0) {
            throw malformed("it has a critical chunk that no standard knows");
          }
        }
      }
    }
  }

  private Accepted end(int length) throws RefusedException {
    if (!dataSeen || length != 0) {
      throw malformed("it ends without an image");
    }
    if (at != content.length) {
      throw new RefusedException(
          Reason.TRAILING_GARBAGE, "%d bytes follow the end chunk".formatted(content.length - at));
    }
    return new Accepted(ImageType.PNG, width, height);
  }

  private void header() throws RefusedException {
    int body = at + 8;
    width = intAt(body);
    height = intAt(body + 4);
    int depth = content[body + 8];
    colourType = content[body + 9];
    if (width <= 0 || height <= 0) {
      throw malformed("its width or height is out of range");
    }
    boolean depthFits =
        switch (colourType) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    int compression = content[body + 10];
    int filter = content[body + 11];
    int interlace = content[body + 12];
    if (!depthFits || compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
      throw malformed("its header names a colour type, depth or method that does not exist");
    }
    if ((long) width * height > ImageCheck.MAX_PIXELS) {
      throw new RefusedException(
          Reason.TOO_MANY_PIXELS, "it claims %d x %d pixels".formatted(width, height));
    }
  }

  private void data() throws RefusedException {
    if (dataEnded) {
      throw malformed("its image data are not in one piece");
    }
    if (colourType == INDEXED && !paletteSeen) {
      throw malformed("its palette is missing");
    }
    dataSeen = true;
  }

  private void palette(int length) throws RefusedException {
    boolean belongs = colourType != GREY && colourType != GREY_ALPHA;
    if (paletteSeen || dataSeen || !belongs) {
      throw malformed("a palette is not allowed here");
    }
    if (length == 0 || length % 3 != 0 || length > 3 * MAX_PALETTE) {
      throw malformed("its palette has a wrong length");
    }
    paletteSeen = true;
  }

  /** The length of the chunk at hand, which lies within the file with all that belongs to it. */
  private int length() throws RefusedException {
    if (content.length - at < CHUNK_OVERHEAD) {
      throw truncated();
    }
    int length = intAt(at);
    if (length < 0) {
      throw malformed("a chunk at byte %d has a length out of range".formatted(at));
    }
    if (length > content.length - at - CHUNK_OVERHEAD) {
      throw truncated();
    }
    return length;
  }

  private int type() throws RefusedException {
    for (int i = at + 4; i < at + 8; i++) {
      int letter = content[i] & ~0x20;
      if (letter < 'A' || letter > 'Z') {
        throw malformed("a chunk at byte %d has no type".formatted(at));
      }
    }
    int type = intAt(at + 4);
    if ((type & RESERVED) != 0) {
      throw malformed("a chunk at byte %d has a reserved type".formatted(at));
    }
    return type;
  }

  private void checkCrc(int length) throws RefusedException {
    CRC32 crc = new CRC32();
    crc.update(content, at + 4, 4 + length);
    if ((int) crc.getValue() != intAt(at + 8 + length)) {
      throw malformed("a chunk at byte %d has a wrong checksum".formatted(at));
    }
  }

  private int intAt(int offset) {
    return ((content[offset] & 0xFF) << 24)
        | ((content[offset + 1] & 0xFF) << 16)
        | ((content[offset + 2] & 0xFF) << 8)
        | (content[offset + 3] & 0xFF);
  }

  private RefusedException truncated() {
    return new RefusedException(
        Reason.TRUNCATED, "it ends after %d bytes without its end chunk".formatted(content.length));
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(Reason.MALFORMED, detail);
  }
}
