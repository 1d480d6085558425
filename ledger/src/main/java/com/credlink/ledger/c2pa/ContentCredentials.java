package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.C2paException.Reason;
import com.credlink.ledger.c2pa.Carrier.Found;
import com.credlink.ledger.c2pa.ManifestWriter.Exclusion;
import com.credlink.ledger.c2pa.ManifestWriter.Parent;
import com.credlink.ledger.c2pa.ManifestWriter.Unsigned;
import java.util.List;
import java.util.Optional;

/** Puts content credentials into images, and time-stamps into credentials. */
public final class ContentCredentials {

  /** Only the length of the exclusion feeds back, and its encoding grows by a few bytes at most. */
  private static final int MOST_PASSES = 8;

  private ContentCredentials() {}

  /**
   * Signs an image that we did not make. Nothing of it changes but what is inserted; credentials
   * that it has are kept as those of its parent.
   *
   * @param image JPEG or PNG; not to be changed while the result is in use
   * @throws C2paException if the image cannot be signed; no key was touched then
   * @throws com.credlink.ledger.keys.KeyException if the key cannot sign
   */
  public static SignedImage sign(byte[] image, ClaimTerms terms, ClaimSigner key) {
    Carrier carrier = Carrier.of(image, terms.provenance());
    byte[] digest = carrier.digest();
    ManifestWriter writer = writer(image, carrier, terms, digest);
    byte[] header = ClaimSignature.protectedHeader(key);
    byte[] blank = new byte[key.signer().signatureLength()];
    Unsigned unsigned = writer.unsigned(Optional.of(new Exclusion(carrier.place(), 0)));
    int length = 0;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      int needed =
          carrier
              .format()
              .wrapped(writer.store(unsigned, ClaimSignature.unstamped(header, blank)).length);
      if (needed == length) {
        byte[] store = writer.store(unsigned, signature(key, header, unsigned.claim()));
        return new SignedImage(carrier.with(carrier.format().wrap(store)), store, digest);
      }
      length = needed;
      unsigned = writer.unsigned(Optional.of(new Exclusion(carrier.place(), length)));
    }
    throw new IllegalStateException("the length of the credentials does not settle");
  }

  /**
   * Signs an image whose credentials are kept beside it. The image changes only if the terms have a
   * reference, which goes into its XMP; credentials that it has are taken out and kept as those of
   * its parent.
   *
   * @return the image without credentials, with the store beside it
   * @throws C2paException as {@link #sign}
   */
  public static SignedImage beside(byte[] image, ClaimTerms terms, ClaimSigner key) {
    Carrier carrier = Carrier.of(image, terms.provenance());
    byte[] digest = carrier.digest();
    ManifestWriter writer = writer(image, carrier, terms, digest);
    Unsigned unsigned = writer.unsigned(Optional.empty());
    byte[] header = ClaimSignature.protectedHeader(key);
    byte[] store = writer.store(unsigned, signature(key, header, unsigned.claim()));
    return new SignedImage(carrier.with(new byte[0]), store, digest);
  }

  private static ManifestWriter writer(
      byte[] image, Carrier carrier, ClaimTerms terms, byte[] digest) {
    Optional<Parent> parent =
        carrier.found().map(found -> new Parent(Box.read(found.store()), Results.of(image)));
    if (parent.filter(of -> of.store().child(terms.manifestId()).isPresent()).isPresent()) {
      throw C2paException.malformed("the image has credentials of that id already");
    }
    return new ManifestWriter(terms, carrier.format().type().mediaType(), digest, parent);
  }

  private static ClaimSignature signature(ClaimSigner key, byte[] header, byte[] claim) {
    return ClaimSignature.unstamped(header, key.sign(ClaimSignature.toBeSigned(header, claim)));
  }

  /**
   * Looks whether an image can be signed, and whether the credentials that it has can be kept.
   *
   * @throws C2paException if not
   */
  public static void requireSignable(byte[] image) {
    var _ = Carrier.of(image, Optional.empty()).found().map(found -> Box.read(found.store()));
  }

  /**
   * What a time-stamp of the newest credentials of an image is to be over; its SHA-256 is the
   * message imprint (C2PA 2.2 section 10.3.2.5).
   *
   * @throws C2paException if it has no credentials that can be stamped
   */
  public static byte[] toBeStamped(byte[] image) {
    return signature(store(required(Carrier.of(image, Optional.empty())))).toBeStamped();
  }

  /**
   * Puts a time-stamp token into the newest credentials of an image, in the place of zeros that
   * were reserved for it: no other byte moves or changes.
   *
   * @param token a TimeStampToken in DER
   * @throws C2paException if there are no credentials or no room
   */
  public static SignedImage stamp(byte[] image, byte[] token) {
    Carrier carrier = Carrier.of(image, Optional.empty());
    Found found = required(carrier);
    Box root = store(found);
    ClaimSignature stamped = signature(root).stamped(token);
    byte[] store = found.store().clone();
    Box.Content place = signatureBox(root).cborContent();
    byte[] encoded = stamped.encode();
    if (encoded.length != place.length()) {
      throw new C2paException(
          Reason.NO_ROOM, "the claim signature is not in the form that can be stamped");
    }
    System.arraycopy(encoded, 0, store, place.from(), encoded.length);
    byte[] wrapped = carrier.format().wrap(store);
    if (wrapped.length != found.length() || found.from() != carrier.place()) {
      throw new C2paException(
          Reason.NO_ROOM, "the credentials are not placed as they must be to be stamped");
    }
    return new SignedImage(carrier.with(wrapped), store, carrier.digest());
  }

  private static Found required(Carrier carrier) {
    return carrier
        .found()
        .orElseThrow(
            () -> new C2paException(Reason.NO_CREDENTIALS, "the image has no credentials"));
  }

  private static Box store(Found found) {
    return Box.read(found.store());
  }

  private static ClaimSignature signature(Box store) {
    return ClaimSignature.parse(signatureBox(store).cbor());
  }

  private static Box signatureBox(Box store) {
    List<Box> manifests = store.boxes();
    if (manifests.isEmpty()) {
      throw C2paException.malformed("the store of the credentials has no manifest");
    }
    return manifests
        .getLast()
        .child(ManifestWriter.SIGNATURE)
        .orElseThrow(() -> C2paException.malformed("the manifest has no signature"));
  }
}
