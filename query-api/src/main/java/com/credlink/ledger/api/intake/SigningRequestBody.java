package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.read.Rfc3339;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.SignatureFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a caller asks to be signed.
 *
 * @param assetSha256 digest of an uploaded asset, hex
 * @param digest digest to sign without an asset, hex
 * @param format what to make
 * @param lane which lane it queues in
 * @param title the merchant's title
 * @param expiresAt not to be signed after this
 * @param remoteManifest whether its manifest may be served publicly
 */
record SigningRequestBody(
    Optional<String> assetSha256,
    Optional<String> digest,
    SignatureFormat format,
    Lane lane,
    Optional<String> title,
    Optional<Instant> expiresAt,
    boolean remoteManifest) {

  /** Longest title taken, in characters. */
  static final int MAX_TITLE_LENGTH = 500;

  private static final Set<String> FIELDS =
      Set.of(
          "asset_sha256",
          "digest",
          "signature_format",
          "lane",
          "title",
          "expires_at",
          "remote_manifest");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** Reads and checks a request; {@code now} decides whether it has expired already. */
  static SigningRequestBody parse(ObjectNode root, Instant now) {
    JsonBodies.refuseUnknown(root, "", FIELDS);
    SigningRequestBody request =
        new SigningRequestBody(
            text(root, "asset_sha256").map(hex -> sha256("asset_sha256", hex)),
            digest(root.path("digest")),
            format(text(root, "signature_format").orElse("cose")),
            lane(text(root, "lane").orElse("standard")),
            text(root, "title").map(SigningRequestBody::title),
            text(root, "expires_at").map(at -> expiry(at, now)),
            flag(root, "remote_manifest"));
    if (request.assetSha256().isPresent() && request.digest().isPresent()) {
      throw JsonBodies.malformed("Give either asset_sha256 or digest, not both.");
    }
    if (request.format() == SignatureFormat.C2PA && request.digest().isPresent()) {
      throw unprocessable("The format c2pa needs the image itself; a digest is not enough.");
    }
    if (request.format() != SignatureFormat.C2PA && request.remoteManifest()) {
      throw unprocessable("A remote manifest needs the format c2pa.");
    }
    return request;
  }

  private static Optional<String> text(JsonNode root, String field) {
    JsonNode node = root.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw JsonBodies.malformed("The field '" + field + "' is not text.");
    }
    return Optional.of(node.textValue());
  }

  private static boolean flag(JsonNode root, String field) {
    JsonNode node = root.path(field);
    if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
      throw JsonBodies.malformed("The field '" + field + "' is neither true nor false.");
    }
    return node.asBoolean(false);
  }

  private static Optional<String> digest(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isObject()) {
      throw JsonBodies.malformed("The field 'digest' is not an object with alg and value.");
    }
    if (!"sha-256".equals(node.path("alg").asText())) {
      throw unprocessable("The digest's alg is not sha-256.");
    }
    return Optional.of(sha256("digest.value", node.path("value").asText()));
  }

  static String sha256(String field, String hex) {
    String lower = hex.toLowerCase(Locale.ROOT);
    if (!SHA_256.matcher(lower).matches()) {
      throw JsonBodies.malformed("The field '" + field + "' is not a SHA-256 in hexadecimal.");
    }
    return lower;
  }

  private static SignatureFormat format(String name) {
    return switch (name) {
      case "cose" -> SignatureFormat.COSE;
      case "jws" -> SignatureFormat.JWS;
      case "c2pa" -> SignatureFormat.C2PA;
      default -> throw unprocessable("The signature_format is none of cose, jws, c2pa.");
    };
  }

  private static Lane lane(String name) {
    return switch (name) {
      case "interactive" -> Lane.INTERACTIVE;
      case "standard" -> Lane.STANDARD;
      case "bulk" -> Lane.BULK;
      default -> throw unprocessable("The lane is none of interactive, standard, bulk.");
    };
  }

  private static String title(String title) {
    if (title.length() > MAX_TITLE_LENGTH) {
      throw unprocessable("The title is longer than " + MAX_TITLE_LENGTH + " characters.");
    }
    return title;
  }

  private static Instant expiry(String text, Instant now) {
    Instant at;
    try {
      at = Rfc3339.instant(text);
    } catch (DateTimeException e) {
      throw JsonBodies.malformed("The field 'expires_at' is not an RFC 3339 time.");
    }
    if (!at.isAfter(now)) {
      throw unprocessable("The time expires_at has passed.");
    }
    return at;
  }

  private static ProblemException unprocessable(String detail) {
    return new ProblemException(Problem.UNPROCESSABLE, detail);
  }
}
