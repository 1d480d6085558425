package com.credlink.ledger.asset;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** An image type that can be signed, known by its first bytes and not by what is claimed. */
public enum ImageType {
  /** SOI and the first byte of the next marker (ISO 10918-1 annex B). */
  JPEG("image/jpeg", "ffd8ff"),
  /** The signature of ISO 15948 section 5.2. */
  PNG("image/png", "89504e470d0a1a0a");

  private final String mediaType;

  /** In hexadecimal: an enum holds nothing that can change. */
  private final String magic;

  ImageType(String mediaType, String magic) {
    this.mediaType = mediaType;
    this.magic = magic;
  }

  /** The type that the first bytes say; empty when they say none of ours. */
  public static Optional<ImageType> sniff(byte[] content) {
    return Arrays.stream(values())
        .filter(
            type ->
                content.length >= type.magicLength()
                    && HexFormat.of().formatHex(content, 0, type.magicLength()).equals(type.magic))
        .findFirst();
  }

  /** Its media type. */
  public String mediaType() {
    return mediaType;
  }

  int magicLength() {
    return magic.length() / 2;
  }
}
