package com.credlink.ledger.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Certificates and requests as text (RFC 7468). */
public final class Pem {

  /** A chain of eight certificates with RSA keys of 4,096 bits is far below it. */
  public static final int MAX_BYTES = 64 * 1024;

  /** Certificates of one text. */
  public static final int MAX_CERTIFICATES = 8;

  private static final String CERTIFICATE = "CERTIFICATE";

  private Pem() {}

  /** The certificates one after the other. */
  public static String of(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(certificate -> of(CERTIFICATE, encoded(certificate)))
        .collect(Collectors.joining());
  }

  /** One structure under its label, such as {@code CERTIFICATE REQUEST}. */
  public static String of(String label, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }

  /**
   * The certificates of a text, in its order.
   *
   * @throws TrustException.Unreadable when it is not one to {@value #MAX_CERTIFICATES} certificates
   *     in at most {@value #MAX_BYTES} bytes.
   */
  public static List<X509Certificate> certificates(byte[] text) {
    if (text.length > MAX_BYTES) {
      throw new TrustException.Unreadable(
          "a certificate chain has at most %d bytes, not %d".formatted(MAX_BYTES, text.length));
    }
    if (!new String(text, StandardCharsets.ISO_8859_1).contains("-----BEGIN " + CERTIFICATE)) {
      throw new TrustException.Unreadable(
          "there is no certificate in PEM form ('-----BEGIN CERTIFICATE-----')");
    }
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))) {
        found.add((X509Certificate) one);
      }
    } catch (CertificateException | RuntimeException e) {
      throw new TrustException.Unreadable("a certificate cannot be read", e);
    }
    if (found.isEmpty() || found.size() > MAX_CERTIFICATES) {
      throw new TrustException.Unreadable(
          "a certificate chain has 1 to %d certificates, not %d"
              .formatted(MAX_CERTIFICATES, found.size()));
    }
    return found;
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate in memory always has an encoding", e);
    }
  }
}
