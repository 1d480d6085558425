package com.credlink.ledger.api.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text as HTML. */
final class Html {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern BLANK_LINE = Pattern.compile("\\n\\s*\\n");

  private Html() {}

  /** {@code text} where markup has no meaning. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** The little of CommonMark that descriptions use, in a line: {@code `code`}. */
  static String inline(String text) {
    return CODE.matcher(escaped(text.strip()))
        .replaceAll(match -> "<code>" + Matcher.quoteReplacement(match.group(1)) + "</code>");
  }

  /** The same in paragraphs, which a blank line separates. */
  static String paragraphs(String text) {
    StringBuilder html = new StringBuilder();
    for (String paragraph : BLANK_LINE.split(text.strip(), -1)) {
      if (!paragraph.isBlank()) {
        html.append("<p>").append(inline(paragraph)).append("</p>\n");
      }
    }
    return html.toString();
  }

  /** A code element. */
  static String code(String text) {
    return "<code>" + escaped(text) + "</code>";
  }
}
