package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.projections.signing.SigningTerms;
import com.credlink.ledger.vault.SealContext;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a caller asks for as a fact: the digest, every random input, the keys and what policy asks
 * are fixed here, so that nothing that comes later can change what is signed.
 */
public final class RequestFacts {

  private final Assets assets;
  private final Vault vault;
  private final KeyRing keys;
  private final SigningTerms terms;
  private final Ids ids;

  /** Over its collaborators. */
  public RequestFacts(Assets assets, Vault vault, KeyRing keys, SigningTerms terms, Ids ids) {
    this.assets = assets;
    this.vault = vault;
    this.keys = keys;
    this.terms = terms;
    this.ids = ids;
  }

  /** Header of a fact that {@code caller} makes, with an id of its own. */
  EventHeader header(Shop shop, Actor caller, String correlationId, Instant now) {
    return new EventHeader(
        ids.next(),
        shop.tenant(),
        now,
        now,
        caller,
        "gateway/requests",
        correlationId,
        Optional.empty(),
        Optional.empty());
  }

  /** The digest that a request without a file names. */
  String digest(Shop shop, SigningRequestBody request) {
    if (request.assetSha256().isPresent()) {
      if (!assets.has(shop.tenant(), request.assetSha256().get())) {
        throw new ProblemException(
            Problem.UNPROCESSABLE, "No asset of that SHA-256 was uploaded to this shop.");
      }
      return request.assetSha256().get();
    }
    return request
        .digest()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.MALFORMED, "The request names neither asset_sha256 nor digest."));
  }

  /** The fact. */
  SigningRequested requested(
      Shop shop,
      SigningRequestBody request,
      String digest,
      EventHeader header,
      Optional<String> idempotencyKey) {
    if (request.format() == SignatureFormat.C2PA) {
      assets.refuseSigned(header.tenant(), digest);
    }
    String requestId = ids.next();
    return new SigningRequested(
        header,
        requestId,
        digest,
        request.digest().isEmpty(),
        formats(request.format()),
        request.lane(),
        request.title().map(title -> seal(header, title)),
        request.expiresAt(),
        request.remoteManifest(),
        idempotencyKey.map(
            key -> vault.lookupHash("idempotency", utf8(header.tenant()), utf8(key))),
        requestHash(request, digest),
        Ids.derived("manifest", requestId),
        Ids.derived("instance", requestId),
        header.recordedAt(),
        keys.active(),
        Optional.empty(),
        terms.approvals(shop.domain()),
        request.format() == SignatureFormat.C2PA && terms.timestamps(),
        request.title().map(title -> vault.lookupHash("title", utf8(header.tenant()), utf8(title))),
        terms.pendingLimit());
  }

  /** A file with content credentials has detached signatures over its digest beside it. */
  private static List<SignatureFormat> formats(SignatureFormat asked) {
    return asked == SignatureFormat.C2PA
        ? List.of(SignatureFormat.C2PA, SignatureFormat.COSE, SignatureFormat.JWS)
        : List.of(asked);
  }

  private Sealed seal(EventHeader header, String title) {
    return vault.seal(
        new SealContext(
            header.eventId(), header.tenant(), "content-credential", "SigningRequested", "title"),
        utf8(title));
  }

  /** What makes two requests the same request; keys and ids are not part of what was asked. */
  private Bytes requestHash(SigningRequestBody request, String digest) {
    return vault.lookupHash(
        "signing-request",
        utf8(digest),
        utf8(request.format().name()),
        utf8(request.lane().name()),
        utf8(request.title().orElse("")),
        utf8(request.expiresAt().map(Instant::toString).orElse("")),
        utf8(request.remoteManifest() ? "remote" : ""));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
