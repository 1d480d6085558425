package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.Inspection.Finding;
import com.credlink.ledger.cbor.CborItem;
import com.credlink.ledger.trust.ChainCheck;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Validates the manifests of one store (C2PA 2.2 sections 15.5 to 15.12). */
final class ManifestCheck {

  private static final String ABSOLUTE = "self#jumbf=/c2pa/";
  private static final String RELATIVE = "self#jumbf=";
  private static final String OPENED = "c2pa.opened";
  private static final String CREATED = "c2pa.created";

  /** Labels of claims of version 2 and 1. */
  private static final Set<String> CLAIMS = Set.of(ManifestWriter.CLAIM, "c2pa.claim");

  private static final Set<String> OTHER_BINDINGS =
      Set.of(
          "c2pa.hash.boxes", "c2pa.hash.bmff.v2", "c2pa.hash.bmff.v3", "c2pa.hash.collection.data");

  private final Box store;
  private final List<X509Certificate> roots;
  private final StampCheck stamps;
  private final Instant now;
  private final List<Finding> findings;
  private final Set<String> visited = new HashSet<>();

  ManifestCheck(
      Box store,
      List<X509Certificate> roots,
      StampCheck stamps,
      Instant now,
      List<Finding> findings) {
    this.store = store;
    this.roots = roots;
    this.stamps = stamps;
    this.now = now;
    this.findings = findings;
  }

  /** Validates the active manifest, which must fit its image; when it was stamped. */
  Optional<Instant> active(Binding binding) {
    Box manifest = store.boxes().getLast();
    Optional<Instant> stampedAt = manifest(manifest);
    Optional<Box> assertions = manifest.child(ManifestWriter.ASSERTIONS);
    Optional<Box> dataHash = assertions.flatMap(all -> all.child(ManifestWriter.DATA_HASH));
    String url = ABSOLUTE + manifest.label() + "/" + ManifestWriter.ASSERTIONS;
    if (dataHash.isPresent()) {
      Optional<String> mismatch =
          ManifestReader.item(dataHash.get())
              .map(binding::mismatch)
              .orElse(Optional.of("the hash of the image cannot be read"));
      say(
          mismatch.isPresent() ? Status.DATA_HASH_MISMATCH : Status.DATA_HASH_MATCH,
          url + "/" + ManifestWriter.DATA_HASH,
          mismatch.orElse("the image is as it was signed"));
    } else if (assertions.stream()
        .flatMap(all -> all.boxes().stream())
        .anyMatch(box -> OTHER_BINDINGS.contains(box.label()))) {
      say(
          Status.HARD_BINDING_NOT_COMPARED,
          url,
          "the image is bound in a way that is not compared here");
    } else {
      say(Status.HARD_BINDING_MISSING, url, "the claim is bound to no image");
    }
    return stampedAt;
  }

  /** Validates one manifest and those that it is made from. */
  private Optional<Instant> manifest(Box manifest) {
    if (!visited.add(manifest.label())) {
      return Optional.empty();
    }
    String url = ABSOLUTE + manifest.label();
    structure(manifest, url);
    Optional<Box> claimBox = ManifestReader.claim(manifest);
    if (claimBox.isEmpty()) {
      say(Status.CLAIM_MISSING, url, "the manifest has no claim");
      return Optional.empty();
    }
    String claimUrl = url + "/" + claimBox.get().label();
    Optional<CborItem> claim = ManifestReader.item(claimBox.get());
    if (claim.isEmpty()) {
      say(Status.CLAIM_MALFORMED, claimUrl, "the claim cannot be read");
      return Optional.empty();
    }
    if (!CborItem.isDeterministic(claimBox.get().cbor())) {
      say(Status.CLAIM_NOT_DETERMINISTIC, claimUrl, "the claim is not in deterministic form");
    }
    Optional<Instant> stampedAt = signature(manifest, claimBox.get().cbor());
    assertions(manifest, claim.get(), url);
    actions(manifest, url);
    ingredients(manifest);
    return stampedAt;
  }

  /** No hash covers the descriptions of these boxes, so they must be what their places ask for. */
  private void structure(Box manifest, String url) {
    boolean isManifest = manifest.is(BoxType.MANIFEST) || manifest.is(BoxType.UPDATE_MANIFEST);
    boolean hasParts =
        manifest
                .child(ManifestWriter.ASSERTIONS)
                .filter(box -> box.is(BoxType.ASSERTIONS))
                .isPresent()
            && manifest
                .child(ManifestWriter.SIGNATURE)
                .filter(box -> box.is(BoxType.SIGNATURE))
                .isPresent();
    boolean hasOneClaim =
        manifest.boxes().stream().filter(box -> box.is(BoxType.CLAIM)).count() == 1
            && ManifestReader.claim(manifest)
                .filter(box -> CLAIMS.contains(box.label()))
                .isPresent();
    if (!isManifest || !hasParts || !hasOneClaim) {
      say(Status.STRUCTURE, url, "the manifest is not made of the boxes that it must have");
    }
  }

  /** What findings about the signature of a manifest name. */
  static String signatureOf(String manifest) {
    return ABSOLUTE + manifest + "/" + ManifestWriter.SIGNATURE;
  }

  private Optional<Instant> signature(Box manifest, byte[] claim) {
    String url = signatureOf(manifest.label());
    Optional<ClaimSignature> read =
        manifest.child(ManifestWriter.SIGNATURE).flatMap(ManifestReader::signature);
    Optional<CborItem> header = read.flatMap(ClaimVerification::header);
    if (read.isEmpty() || header.isEmpty()) {
      say(Status.CLAIM_SIGNATURE_MISSING, url, "the claim has no signature that can be read");
      return Optional.empty();
    }
    ClaimSignature signature = read.get();
    Optional<Long> algorithm = ClaimVerification.algorithm(header.get());
    if (algorithm.flatMap(ClaimVerification::jdkName).isEmpty()) {
      say(Status.ALGORITHM_UNSUPPORTED, url, "the algorithm is none that may sign claims");
      return Optional.empty();
    }
    List<X509Certificate> chain = ClaimVerification.chain(header.get());
    if (chain.isEmpty()) {
      say(Status.CREDENTIAL_INVALID, url, "the signature has no certificate");
      return Optional.empty();
    }
    boolean verifies =
        ClaimVerification.verifies(
            algorithm.orElseThrow(), chain.getFirst().getPublicKey(), signature, claim);
    say(
        verifies ? Status.CLAIM_SIGNATURE_VALIDATED : Status.CLAIM_SIGNATURE_MISMATCH,
        url,
        verifies ? "the claim is as it was signed" : "the claim was not signed with this key");
    Optional<Instant> stampedAt = stamp(signature, url);
    credential(chain, stampedAt.orElse(now), url);
    return stampedAt;
  }

  private Optional<Instant> stamp(ClaimSignature signature, String url) {
    if (signature.token().isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> time = stamps.time(signature.toBeStamped(), signature.token().get());
    say(
        time.isPresent() ? Status.TIMESTAMP_TRUSTED : Status.TIMESTAMP_UNTRUSTED,
        url,
        time.map(at -> "the signature existed at " + at)
            .orElse(
                "the time-stamp is of no authority that is trusted here, or of something else"));
    return time;
  }

  private void credential(List<X509Certificate> chain, Instant at, String url) {
    switch (ChainCheck.standing(chain, roots, at)) {
      case TRUSTED -> say(Status.CREDENTIAL_TRUSTED, url, "the signer is trusted");
      case UNTRUSTED -> say(Status.CREDENTIAL_UNTRUSTED, url, "the signer is not known here");
      case EXPIRED ->
          say(
              Status.CREDENTIAL_EXPIRED,
              url,
              "the certificate is not valid now, and no time-stamp proves that it was");
      case OUTSIDE_PROFILE ->
          say(Status.CREDENTIAL_INVALID, url, "the certificate is none that may sign claims");
    }
  }

  private void assertions(Box manifest, CborItem claim, String url) {
    Set<String> declared = new HashSet<>();
    ManifestReader.references(claim)
        .forEach(
            reference -> {
              String target = reference.get("url").flatMap(CborItem::asText).orElse("");
              Optional<Box> box = find(manifest, target);
              byte[] hash = reference.get("hash").flatMap(CborItem::asBytes).orElse(new byte[0]);
              if (box.isEmpty()) {
                say(Status.ASSERTION_MISSING, target, "an assertion of the claim is not there");
              } else {
                declared.add(box.get().label());
                boolean same = Arrays.equals(hash, box.get().hash());
                say(
                    same ? Status.ASSERTION_MATCH : Status.ASSERTION_MISMATCH,
                    target,
                    same ? "the assertion is as it was claimed" : "the assertion was changed");
              }
            });
    manifest.child(ManifestWriter.ASSERTIONS).stream()
        .flatMap(all -> all.boxes().stream())
        .filter(box -> !declared.contains(box.label()))
        .forEach(
            box ->
                say(
                    Status.ASSERTION_UNDECLARED,
                    url + "/" + ManifestWriter.ASSERTIONS + "/" + box.label(),
                    "the assertion is not in the claim"));
  }

  /** The first action says how the image came to be, once (section 15.10.3.2). */
  private void actions(Box manifest, String url) {
    Optional<Box> box =
        manifest.child(ManifestWriter.ASSERTIONS).stream()
            .flatMap(all -> all.boxes().stream())
            .filter(each -> each.label().startsWith("c2pa.actions"))
            .findFirst();
    if (box.isEmpty() || !box.get().label().equals(ManifestWriter.ACTIONS)) {
      // Required from version 2 of the claim on.
      boolean isOld =
          ManifestReader.claim(manifest).filter(c -> c.label().equals("c2pa.claim")).isPresent();
      if (!isOld && manifest.is(BoxType.MANIFEST)) {
        say(Status.ACTION_MALFORMED, url, "the manifest does not say how the image came to be");
      }
      return;
    }
    List<String> actions =
        ManifestReader.item(box.get())
            .flatMap(item -> item.get("actions"))
            .map(CborItem::elements)
            .orElse(List.of())
            .stream()
            .map(each -> each.get("action").flatMap(CborItem::asText).orElse(""))
            .toList();
    boolean first =
        !actions.isEmpty()
            && (actions.getFirst().equals(OPENED) || actions.getFirst().equals(CREATED));
    boolean once =
        actions.stream().filter(each -> each.equals(OPENED) || each.equals(CREATED)).count() == 1;
    if (!first || !once) {
      say(
          Status.ACTION_MALFORMED,
          url + "/" + ManifestWriter.ASSERTIONS + "/" + ManifestWriter.ACTIONS,
          "the first action does not say, once, how the image came to be");
    }
  }

  private void ingredients(Box manifest) {
    List<Box> all =
        manifest.child(ManifestWriter.ASSERTIONS).stream()
            .flatMap(assertions -> assertions.boxes().stream())
            .filter(box -> box.label().startsWith("c2pa.ingredient"))
            .toList();
    for (Box box : all) {
      Optional<CborItem> reference =
          ManifestReader.item(box)
              .flatMap(item -> item.get("activeManifest").or(() -> item.get("c2pa_manifest")));
      if (reference.isEmpty()) {
        continue;
      }
      String target = reference.get().get("url").flatMap(CborItem::asText).orElse("");
      Optional<Box> found = find(manifest, target);
      byte[] hash = reference.get().get("hash").flatMap(CborItem::asBytes).orElse(new byte[0]);
      if (found.isEmpty()) {
        say(Status.INGREDIENT_MISSING, target, "the manifest of an ingredient is not there");
      } else if (!Arrays.equals(hash, found.get().hash())) {
        say(Status.INGREDIENT_MISMATCH, target, "the manifest of an ingredient was changed");
      } else {
        say(Status.INGREDIENT_VALIDATED, target, "the manifest of the ingredient is as it was");
        var _ = manifest(found.get());
      }
    }
  }

  /** What a JUMBF URI names. */
  private Optional<Box> find(Box manifest, String url) {
    Optional<Box> box;
    String path;
    if (url.startsWith(ABSOLUTE)) {
      box = Optional.of(store);
      path = url.substring(ABSOLUTE.length());
    } else if (url.startsWith(RELATIVE)) {
      box = Optional.of(manifest);
      path = url.substring(RELATIVE.length());
    } else {
      return Optional.empty();
    }
    for (String label : path.split("/", -1)) {
      box = box.flatMap(in -> in.child(label));
    }
    return box;
  }

  private void say(Status status, String url, String explanation) {
    findings.add(new Finding(status, url, explanation));
  }
}
