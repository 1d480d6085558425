package com.credlink.ledger.c2pa;

import com.credlink.ledger.cbor.CborItem;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the store of an image that somebody else made (C2PA 2.2 sections 10 and 18): opened with
 * the original as its parent, whose own manifests are kept.
 */
final class ManifestWriter {

  static final String ASSERTIONS = "c2pa.assertions";
  static final String INGREDIENT = "c2pa.ingredient.v3";
  static final String ACTIONS = "c2pa.actions.v2";
  static final String DATA_HASH = "c2pa.hash.data";
  static final String CLAIM = "c2pa.claim.v2";
  static final String SIGNATURE = "c2pa.signature";
  static final String STORE = "c2pa";

  /** RFC 3339 text (RFC 8949 section 3.4.1). */
  private static final int DATE_TIME = 0;

  private final ClaimTerms terms;
  private final String mediaType;
  private final byte[] digest;
  private final Optional<Parent> parent;

  /**
   * The manifests of the original.
   *
   * @param store its store
   * @param results what a validation of its active manifest found, as the ingredient is to say it
   */
  record Parent(Box store, CborItem results) {
    Box active() {
      return store.boxes().getLast();
    }
  }

  /** A writer for one image with this media type and digest without credentials. */
  ManifestWriter(ClaimTerms terms, String mediaType, byte[] digest, Optional<Parent> parent) {
    this.terms = terms;
    this.mediaType = mediaType;
    this.digest = digest.clone();
    this.parent = parent;
  }

  /** A part of the file that the hash leaves out, because the credentials stand there. */
  record Exclusion(int start, int length) {}

  /**
   * A store whose signature is still to come.
   *
   * @param claim what is to be signed
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, not compared.
  record Unsigned(byte[] claim, List<byte[]> assertions) {}

  /** The claim and its assertions. */
  Unsigned unsigned(Optional<Exclusion> exclusion) {
    byte[] ingredient = Boxes.cbor(BoxType.CBOR, INGREDIENT, ingredient().encode());
    byte[] actions = Boxes.cbor(BoxType.CBOR, ACTIONS, actions(ingredient).encode());
    byte[] hash = Boxes.cbor(BoxType.CBOR, DATA_HASH, dataHash(exclusion).encode());
    CborItem claim =
        claim(
            List.of(
                reference(INGREDIENT, ingredient),
                reference(ACTIONS, actions),
                reference(DATA_HASH, hash)));
    return new Unsigned(claim.encode(), List.of(ingredient, actions, hash));
  }

  /** The whole store: the parent's manifests, and this one as the last and active one. */
  byte[] store(Unsigned unsigned, ClaimSignature signature) {
    byte[] manifest =
        Boxes.superbox(
            BoxType.MANIFEST,
            terms.manifestId(),
            List.of(
                Boxes.superbox(BoxType.ASSERTIONS, ASSERTIONS, unsigned.assertions()),
                Boxes.cbor(BoxType.CLAIM, CLAIM, unsigned.claim()),
                Boxes.cbor(BoxType.SIGNATURE, SIGNATURE, signature.encode())));
    List<byte[]> manifests = new ArrayList<>();
    parent.ifPresent(of -> of.store().boxes().forEach(box -> manifests.add(box.bytes())));
    manifests.add(manifest);
    return Boxes.superbox(BoxType.STORE, STORE, manifests);
  }

  private CborItem claim(List<CborItem> assertions) {
    Map<String, CborItem> claim = new LinkedHashMap<>();
    claim.put("alg", CborItem.text(Sha256.NAME));
    claim.put("instanceID", CborItem.text(terms.instanceId()));
    claim.put("signature", CborItem.text(uri(SIGNATURE)));
    claim.put("created_assertions", new CborItem.Array(assertions));
    claim.put("claim_generator_info", generator());
    terms.title().ifPresent(title -> claim.put("dc:title", CborItem.text(title)));
    return CborItem.map(claim);
  }

  private CborItem generator() {
    return CborItem.map(
        Map.of(
            "name", CborItem.text(terms.generator().name()),
            "version", CborItem.text(terms.generator().version())));
  }

  private CborItem ingredient() {
    Map<String, CborItem> ingredient = new LinkedHashMap<>();
    ingredient.put("relationship", CborItem.text("parentOf"));
    ingredient.put("dc:format", CborItem.text(mediaType));
    terms.title().ifPresent(title -> ingredient.put("dc:title", CborItem.text(title)));
    parent.ifPresent(
        of -> {
          String manifest = "self#jumbf=/c2pa/" + of.active().label();
          ingredient.put("activeManifest", hashed(manifest, of.active().hash()));
          of.active()
              .child(SIGNATURE)
              .ifPresent(
                  signature ->
                      ingredient.put(
                          "claimSignature", hashed(manifest + "/" + SIGNATURE, signature.hash())));
          ingredient.put("validationResults", CborItem.map(Map.of("activeManifest", of.results())));
        });
    return CborItem.map(ingredient);
  }

  private CborItem actions(byte[] ingredient) {
    CborItem opened =
        CborItem.map(
            Map.of(
                "action", CborItem.text("c2pa.opened"),
                "when",
                    new CborItem.Tagged(
                        DATE_TIME,
                        CborItem.text(
                            terms.claimedAt().truncatedTo(ChronoUnit.SECONDS).toString())),
                "softwareAgent", generator(),
                "parameters",
                    CborItem.map(
                        Map.of("ingredients", CborItem.array(reference(INGREDIENT, ingredient))))));
    return CborItem.map(Map.of("actions", CborItem.array(opened)));
  }

  private CborItem dataHash(Optional<Exclusion> exclusion) {
    Map<String, CborItem> hash = new LinkedHashMap<>();
    exclusion.ifPresent(
        part ->
            hash.put(
                "exclusions",
                CborItem.array(
                    CborItem.map(
                        Map.of(
                            "start", new CborItem.Int(part.start()),
                            "length", new CborItem.Int(part.length()))))));
    hash.put("alg", CborItem.text(Sha256.NAME));
    hash.put("hash", CborItem.bytes(digest));
    hash.put("name", CborItem.text("jumbf manifest"));
    hash.put("pad", CborItem.bytes(new byte[0]));
    return CborItem.map(hash);
  }

  private CborItem reference(String label, byte[] box) {
    return hashed(uri(ASSERTIONS + "/" + label), Sha256.of(Boxes.hashed(box)));
  }

  private String uri(String within) {
    return "self#jumbf=/c2pa/" + terms.manifestId() + "/" + within;
  }

  private static CborItem hashed(String url, byte[] hash) {
    return CborItem.map(Map.of("url", CborItem.text(url), "hash", CborItem.bytes(hash)));
  }
}
