package com.credlink.ledger.c2pa;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an image's credentials say, and what of it holds.
 *
 * @param manifests from the oldest to the active one; none if the image has no credentials
 * @param findings of the active manifest and of those that it is made from
 * @param stampedAt what a trusted time-stamp of the active manifest proves
 */
public record Inspection(
    List<Manifest> manifests, List<Finding> findings, Optional<Instant> stampedAt) {

  /** Copies the lists. */
  public Inspection {
    manifests = List.copyOf(manifests);
    findings = List.copyOf(findings);
  }

  /** An image without credentials. */
  static final Inspection NONE = new Inspection(List.of(), List.of(), Optional.empty());

  /**
   * What a manifest says of itself; nothing of it is to be believed without the findings.
   *
   * @param id its label
   * @param title how the image is called
   * @param generator what made the claim, with its version
   * @param signer organization of the leaf certificate, else its whole subject
   * @param algorithm COSE number of the signature's algorithm
   * @param assertions labels, in the order of the claim
   * @param digest SHA-256 that its hard binding states, lower-case hex
   */
  public record Manifest(
      String id,
      Optional<String> title,
      Optional<String> generator,
      Optional<String> signer,
      Optional<Long> algorithm,
      List<String> assertions,
      Optional<String> digest) {
    public Manifest {
      assertions = List.copyOf(assertions);
    }
  }

  /**
   * One result.
   *
   * @param url what it is about, as a JUMBF URI
   * @param explanation one sentence, without personal data
   */
  public record Finding(Status status, String url, String explanation) {}

  /** The one that speaks for the image. */
  public Optional<Manifest> active() {
    return manifests.isEmpty() ? Optional.empty() : Optional.of(manifests.getLast());
  }

  /** Whether there are credentials and nothing of them fails. */
  public boolean isValid() {
    return !manifests.isEmpty()
        && findings.stream().noneMatch(each -> each.status().kind() == Status.Kind.FAILURE);
  }

  /**
   * Whether they are valid and their own signer is trusted, whoever signed what they are made of.
   */
  public boolean isTrusted() {
    return isValid()
        && findings.stream()
            .filter(
                each -> each.url().equals(ManifestCheck.signatureOf(active().orElseThrow().id())))
            .anyMatch(each -> each.status() == Status.CREDENTIAL_TRUSTED);
  }

  /** Whether something was found. */
  public boolean has(Status status) {
    return findings.stream().anyMatch(each -> each.status() == status);
  }
}
