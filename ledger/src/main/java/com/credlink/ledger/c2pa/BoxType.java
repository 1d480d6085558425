package com.credlink.ledger.c2pa;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Content types of superboxes (C2PA 2.2 section 11.1.4; ISO 19566-5 annex B). */
enum BoxType {
  STORE("c2pa"),
  MANIFEST("c2ma"),
  UPDATE_MANIFEST("c2um"),
  ASSERTIONS("c2as"),
  CLAIM("c2cl"),
  SIGNATURE("c2cs"),
  CBOR("cbor");

  /** All of ours are four letters before this. */
  private static final String SUFFIX = "00110010800000aa00389b71";

  private final String letters;

  BoxType(String letters) {
    this.letters = letters;
  }

  /** Its UUID in hexadecimal digits. */
  String uuid() {
    return HexFormat.of().formatHex(letters.getBytes(StandardCharsets.US_ASCII)) + SUFFIX;
  }
}
