package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.C2paException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reference to remote credentials in an XMP packet: {@code dcterms:provenance} (C2PA 2.2
 * section 11.5). All else in a packet stays as it is.
 */
final class Xmp {

  private static final Pattern ATTRIBUTE =
      Pattern.compile("dcterms:provenance\\s*=\\s*(\"[^\"]*\"|'[^']*')");
  private static final Pattern ELEMENT =
      Pattern.compile("<dcterms:provenance\\s*>[^<]*</dcterms:provenance\\s*>");
  private static final Pattern DESCRIPTION = Pattern.compile("<rdf:Description(?=[\\s/>])");

  private static final String END = "<?xpacket end=";

  /** More is no description of an image. */
  private static final int MAX_BYTES = 1024 * 1024;

  private Xmp() {}

  /** A packet with nothing but the reference. */
  static byte[] of(String url) {
    return ("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
            + "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
            + "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
            + "<rdf:Description rdf:about=\"\" xmlns:dcterms=\"http://purl.org/dc/terms/\""
            + " dcterms:provenance=\""
            + escaped(url)
            + "\"/></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A packet with the reference in it, in place of another one if it has one.
   *
   * @throws C2paException if it is no packet that this can be done to
   */
  static byte[] refer(byte[] packet, String url) {
    if (packet.length > MAX_BYTES) {
      throw unusable();
    }
    String text = withoutPadding(utf8(packet));
    String attribute = "dcterms:provenance=\"" + escaped(url) + "\"";
    String changed =
        replaced(text, ATTRIBUTE, attribute)
            .or(
                () ->
                    replaced(
                        text,
                        ELEMENT,
                        "<dcterms:provenance>" + escaped(url) + "</dcterms:provenance>"))
            .or(
                () ->
                    replaced(
                        text,
                        DESCRIPTION,
                        "<rdf:Description xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                            + attribute))
            .orElseThrow(() -> unusable());
    return withoutSecondDeclaration(changed).getBytes(StandardCharsets.UTF_8);
  }

  /** Without the room that editors leave before the end of a packet: the reference needs some. */
  private static String withoutPadding(String text) {
    int end = text.lastIndexOf(END);
    return end < 0 ? text : text.substring(0, end).stripTrailing() + "\n" + text.substring(end);
  }

  /** An element must not declare a prefix twice. */
  private static String withoutSecondDeclaration(String text) {
    Matcher first = DESCRIPTION.matcher(text);
    if (!first.find()) {
      return text;
    }
    int end = text.indexOf('>', first.start());
    String tag = text.substring(first.start(), end < 0 ? text.length() : end);
    int one = tag.indexOf("xmlns:dcterms=");
    int two = tag.indexOf("xmlns:dcterms=", one + 1);
    if (one < 0 || two < 0) {
      return text;
    }
    String once = tag.replaceFirst("xmlns:dcterms=\"[^\"]*\" ", "");
    return text.substring(0, first.start()) + once + text.substring(first.start() + tag.length());
  }

  private static Optional<String> replaced(String text, Pattern what, String by) {
    Matcher found = what.matcher(text);
    return found.find()
        ? Optional.of(found.replaceFirst(Matcher.quoteReplacement(by)))
        : Optional.empty();
  }

  private static String utf8(byte[] packet) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(packet)).toString();
    } catch (CharacterCodingException e) {
      throw unusable();
    }
  }

  private static C2paException unusable() {
    return new C2paException(
        Reason.XMP, "the XMP packet cannot take the reference to the credentials");
  }

  private static String escaped(String url) {
    return url.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
