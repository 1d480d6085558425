package com.credlink.ledger.asset;

import java.util.Optional;

/**
 * What a look at an image's structure says. Pixels are never decoded: a hostile file costs one walk
 * over its bytes, whatever it claims.
 */
public sealed interface ImageCheck {

  /** Most pixels that an image may claim: 50 megapixels. */
  long MAX_PIXELS = 50_000_000;

  /**
   * The file is complete and well-formed as far as its structure goes.
   *
   * @param width claimed width in pixels.
   * @param height claimed height in pixels.
   */
  record Accepted(ImageType type, int width, int height) implements ImageCheck {}

  /**
   * The file is not taken.
   *
   * @param detail what was found and where, free of content, for people.
   */
  record Refused(Reason reason, String detail) implements ImageCheck {}

  /** Why a file is not taken. */
  enum Reason {
    /** Neither JPEG nor PNG by its first bytes. */
    NOT_AN_IMAGE,
    /** It ends before its end marker. */
    TRUNCATED,
    /** Bytes follow its end marker: a place to hide things, and not covered by any decoder. */
    TRAILING_GARBAGE,
    /** It claims more than {@link #MAX_PIXELS}. */
    TOO_MANY_PIXELS,
    /** It breaks the rules of its format. */
    MALFORMED
  }

  /** Looks at the structure of {@code content}. */
  static ImageCheck inspect(byte[] content) {
    Optional<ImageType> type = ImageType.sniff(content);
    if (type.isEmpty()) {
      return new Refused(Reason.NOT_AN_IMAGE, "the first bytes are neither JPEG nor PNG");
    }
    try {
      return switch (type.get()) {
        case JPEG -> new JpegStructure(content).walk();
        case PNG -> new PngStructure(content).walk();
      };
    } catch (RefusedException e) {
      return e.refusal();
    }
  }
}
