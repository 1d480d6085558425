package com.credlink.ledger.api.access;

import java.util.regex.Pattern;

/** The W3C Trace Context header, version 00: only a well-formed one is kept. */
public final class Traceparent {

  private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private Traceparent() {}

  /** Whether {@code header} is a version 00 traceparent. */
  public static boolean isValid(String header) {
    return FORM.matcher(header).matches();
  }
}
