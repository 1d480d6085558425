package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.Inspection.Manifest;
import com.credlink.ledger.cbor.CborException;
import com.credlink.ledger.cbor.CborItem;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a manifest says of itself. */
final class ManifestReader {

  private static final Pattern ORGANIZATION = Pattern.compile("(?:^|,)O=((?:\\\\.|[^,\\\\])+)");

  private ManifestReader() {}

  static Manifest read(Box manifest) {
    CborItem claim = claim(manifest).flatMap(ManifestReader::item).orElse(CborItem.nil());
    Optional<CborItem> header =
        manifest
            .child(ManifestWriter.SIGNATURE)
            .flatMap(ManifestReader::signature)
            .flatMap(ClaimVerification::header);
    List<String> assertions =
        references(claim)
            .flatMap(each -> each.get("url").flatMap(CborItem::asText).stream())
            .map(url -> url.substring(url.lastIndexOf('/') + 1))
            .toList();
    return new Manifest(
        manifest.label(),
        claim.get("dc:title").flatMap(CborItem::asText),
        claim.get("claim_generator_info").flatMap(ManifestReader::generator),
        header
            .map(ClaimVerification::chain)
            .flatMap(chain -> chain.stream().findFirst())
            .map(ManifestReader::signer),
        header.flatMap(ClaimVerification::algorithm),
        assertions,
        manifest
            .child(ManifestWriter.ASSERTIONS)
            .flatMap(all -> all.child(ManifestWriter.DATA_HASH))
            .flatMap(ManifestReader::item)
            .flatMap(hash -> hash.get("hash"))
            .flatMap(CborItem::asBytes)
            .map(HexFormat.of()::formatHex));
  }

  /** The claim's box, of version 2 or 1. */
  static Optional<Box> claim(Box manifest) {
    return manifest.boxes().stream().filter(box -> box.is(BoxType.CLAIM)).findFirst();
  }

  /** The hashed URIs of all assertions that a claim lists. */
  static Stream<CborItem> references(CborItem claim) {
    return Stream.of("created_assertions", "gathered_assertions", "assertions")
        .flatMap(key -> claim.get(key).stream())
        .flatMap(list -> list.elements().stream());
  }

  /** The CBOR of a box; empty if it has none that can be read. */
  static Optional<CborItem> item(Box box) {
    try {
      return Optional.of(CborItem.decode(box.cbor()));
    } catch (CborException | C2paException e) {
      return Optional.empty();
    }
  }

  /** The signature in a box; empty if it is none. */
  static Optional<ClaimSignature> signature(Box box) {
    try {
      return Optional.of(ClaimSignature.parse(box.cbor()));
    } catch (C2paException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> generator(CborItem info) {
    CborItem one = info.elements().isEmpty() ? info : info.elements().getFirst();
    return one.get("name")
        .flatMap(CborItem::asText)
        .map(
            name ->
                one.get("version")
                    .flatMap(CborItem::asText)
                    .map(version -> name + " " + version)
                    .orElse(name));
  }

  private static String signer(X509Certificate leaf) {
    String subject = leaf.getSubjectX500Principal().getName();
    Matcher organization = ORGANIZATION.matcher(subject);
    return organization.find() ? organization.group(1).replace("\\", "") : subject;
  }
}
