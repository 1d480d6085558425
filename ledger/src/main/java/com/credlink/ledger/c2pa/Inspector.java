package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.Carrier.Found;
import com.credlink.ledger.c2pa.Inspection.Finding;
import com.credlink.ledger.c2pa.Inspection.Manifest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the credentials of images and says what of them holds (C2PA 2.2 section 15). */
public final class Inspector {

  private final List<X509Certificate> roots;
  private final StampCheck stamps;
  private final InstantSource clock;

  /**
   * An inspector.
   *
   * @param roots whose chains are trusted
   * @param stamps whose time-stamps are trusted
   */
  public Inspector(List<X509Certificate> roots, StampCheck stamps, InstantSource clock) {
    this.roots = List.copyOf(roots);
    this.stamps = stamps;
    this.clock = clock;
  }

  /**
   * Inspects an image.
   *
   * @throws C2paException if it is no image, or if its credentials cannot be read at all
   */
  public Inspection inspect(byte[] image) {
    Carrier carrier = Carrier.of(image, Optional.empty());
    return carrier
        .found()
        .map(found -> inspect(found.store(), new Binding.Embedded(image, found)))
        .orElse(Inspection.NONE);
  }

  /**
   * Inspects an image whose credentials are kept beside it.
   *
   * @throws C2paException if the credentials cannot be read at all
   */
  public Inspection inspectBeside(byte[] image, byte[] store) {
    return inspect(store, new Binding.Beside(image));
  }

  /** The store of credentials in an image, if it has any. */
  public static Optional<byte[]> store(byte[] image) {
    return Carrier.of(image, Optional.empty()).found().map(Found::store);
  }

  private Inspection inspect(byte[] bytes, Binding binding) {
    Box store = Box.read(bytes);
    if (!store.is(BoxType.STORE)
        || !store.label().equals(ManifestWriter.STORE)
        || store.boxes().isEmpty()) {
      throw C2paException.malformed("the store of the credentials has no manifest");
    }
    List<Finding> findings = new ArrayList<>();
    ManifestCheck check = new ManifestCheck(store, roots, stamps, clock.instant(), findings);
    Optional<Instant> stampedAt = check.active(binding);
    List<Manifest> manifests = store.boxes().stream().map(ManifestReader::read).toList();
    return new Inspection(manifests, findings, stampedAt);
  }
}
