package com.credlink.ledger.asset;

import com.credlink.ledger.asset.ImageCheck.Accepted;
import com.credlink.ledger.asset.ImageCheck.Reason;

/** Walks the markers of a JPEG from SOI to EOI (ISO 10918-1 annex B). */
final class JpegStructure {

  private static final int TEM = 0x01;
  private static final int SOF_FIRST = 0xC0;
  private static final int SOF_LAST = 0xCF;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int RST_FIRST = 0xD0;
  private static final int RST_LAST = 0xD7;
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHP = 0xDE;
  private static final int EXP = 0xDF;

  /** Length field, precision, height, width, number of components. */
  private static final int FRAME_HEADER = 8;

  private static final int FRAME_COMPONENT = 3;

  /** Length field and the number of components; each takes two bytes, three more end the header. */
  private static final int SCAN_HEADER = 6;

  private static final int SCAN_COMPONENT = 2;

  private final byte[] content;
  private int at = 2;
  private int width;
  private int height;
  private boolean frameSeen;
  private boolean scanSeen;

  JpegStructure(byte[] content) {
    this.content = content;
  }

  Accepted walk() throws RefusedException {
    while (true) {
      int marker = marker();
      switch (marker) {
        case EOI -> {
          return end();
        }
        case SOS -> scan();
        case SOI, TEM, DHP, EXP, JPG ->
            throw malformed("marker FF%02X is not allowed here".formatted(marker));
        default -> {
          if (marker < SOF_FIRST || (marker >= RST_FIRST && marker <= RST_LAST)) {
            throw malformed("marker FF%02X is not allowed here".formatted(marker));
          }
          if (marker <= SOF_LAST && marker != DHT && marker != DAC) {
            frame();
          } else {
            at += segmentLength();
          }
        }
      }
    }
  }

  private Accepted end() throws RefusedException {
    if (!frameSeen || !scanSeen) {
      throw malformed("it ends without an image");
    }
    if (at != content.length) {
      throw new RefusedException(
          Reason.TRAILING_GARBAGE, "%d bytes follow the end marker".formatted(content.length - at));
    }
    return new Accepted(ImageType.JPEG, width, height);
  }

  private void frame() throws RefusedException {
    if (frameSeen) {
      throw malformed("it has a second frame");
    }
    int length = segmentLength();
    if (length < FRAME_HEADER
        || length != FRAME_HEADER + FRAME_COMPONENT * (content[at + FRAME_HEADER - 1] & 0xFF)) {
      throw malformed("its frame header has a wrong length");
    }
    height = shortAt(at + 3);
    width = shortAt(at + 5);
    if (width == 0 || height == 0) {
      throw malformed("it has no width or no height");
    }
    if ((long) width * height > ImageCheck.MAX_PIXELS) {
      throw new RefusedException(
          Reason.TOO_MANY_PIXELS, "it claims %d x %d pixels".formatted(width, height));
    }
    frameSeen = true;
    at += length;
  }

  private void scan() throws RefusedException {
    if (!frameSeen) {
      throw malformed("a scan comes before the frame");
    }
    int length = segmentLength();
    if (length < SCAN_HEADER || length != SCAN_HEADER + SCAN_COMPONENT * (content[at + 2] & 0xFF)) {
      throw malformed("a scan header has a wrong length");
    }
    at += length;
    scanSeen = true;
    while (true) {
      while (at < content.length && content[at] != (byte) 0xFF) {
        at++;
      }
      if (at + 1 >= content.length) {
        throw truncated();
      }
      int next = content[at + 1] & 0xFF;
      // A stuffed FF and a restart belong to the scan; FF before FF is fill.
      if (next == 0xFF) {
        at++;
      } else if (next == 0 || (next >= RST_FIRST && next <= RST_LAST)) {
        at += 2;
      } else {
        return;
      }
    }
  }

  /** The code after FF and any fill bytes. */
  private int marker() throws RefusedException {
    if (at >= content.length) {
      throw truncated();
    }
    if (content[at] != (byte) 0xFF) {
      throw malformed("a marker is missing at byte %d".formatted(at));
    }
    while (at < content.length && content[at] == (byte) 0xFF) {
      at++;
    }
    if (at >= content.length) {
      throw truncated();
    }
    return content[at++] & 0xFF;
  }

  private int segmentLength() throws RefusedException {
    if (content.length - at < 2) {
      throw truncated();
    }
    int length = shortAt(at);
    if (length < 2) {
      throw malformed("a segment at byte %d is shorter than its length field".formatted(at));
    }
    if (length > content.length - at) {
      throw truncated();
    }
    return length;
  }

  private int shortAt(int offset) {
    return ((content[offset] & 0xFF) << 8) | (content[offset + 1] & 0xFF);
  }

  private RefusedException truncated() {
    return new RefusedException(
        Reason.TRUNCATED,
        "it ends after %d bytes without its end marker".formatted(content.length));
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(Reason.MALFORMED, detail);
  }
}
