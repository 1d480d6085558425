package com.credlink.ledger.topology;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.ApprovalDecision;
import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.HeaderFamily;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.ImageReference;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.Provenance;
import com.credlink.ledger.event.Resource;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.ShopInstalled;
import com.credlink.ledger.event.ShopUninstalled;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.SigningAttemptFailed;
import com.credlink.ledger.event.SigningCancelled;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.event.WebhookExtract;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.event.WebhookReplaySuspected;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Facts as the gateways, workers and the clerk write them. */
final class Facts {

  static final String TENANT = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
  static final KeyVersion KEY = new KeyVersion("key-1", SignatureAlgorithm.ES256);

  private static final Sealed SEALED =
      new Sealed(List.of(), Bytes.EMPTY, Bytes.wrap(new byte[16]), 0, Optional.empty());

  private final String tenant;
  private Instant now = TestTopology.START;
  private int limit;
  private int count;

  Facts() {
    this(TENANT);
  }

  Facts(String tenant) {
    this.tenant = tenant;
  }

  /** The facts that follow are recorded at {@code time}. */
  Facts at(Instant time) {
    now = time;
    return this;
  }

  /** The facts that follow state how many requests may be open. */
  Facts limitedTo(int pending) {
    limit = pending;
    return this;
  }

  private EventHeader header() {
    return header(tenant + "-event-" + ++count);
  }

  private EventHeader header(String id) {
    return new EventHeader(
        id,
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "test"),
        "test",
        "correlation",
        Optional.empty(),
        Optional.empty());
  }

  ShopInstalled installed() {
    return new ShopInstalled(header(), SEALED);
  }

  ShopUninstalled uninstalled() {
    return new ShopUninstalled(header(), "delivery");
  }

  /** A delivery whose body is told apart by {@code body} alone. */
  WebhookReceived webhook(String deliveryId, String body, String... sources) {
    return delivery("products/update", deliveryId, body, sources);
  }

  /** A delivery of any topic. */
  WebhookReceived delivery(String topic, String deliveryId, String body, String... sources) {
    return delivery(topic, deliveryId, body, Optional.empty(), sources);
  }

  /** A delivery about a resource. */
  WebhookReceived about(String resource, String deliveryId, String body) {
    return delivery("orders/create", deliveryId, body, Optional.of(hash(resource)));
  }

  /** A product's delivery, with images. */
  WebhookReceived product(String resource, String deliveryId, String body, String... sources) {
    return delivery("products/update", deliveryId, body, Optional.of(hash(resource)), sources);
  }

  /** The clerk's word on a delivery. */
  WebhookReplaySuspected suspected(WebhookReceived delivery) {
    return new WebhookReplaySuspected(header(), delivery.eventId(), delivery.bodyHash());
  }

  /** An operator's word. */
  SigningApproved approved(String requestId, ApprovalDecision decision) {
    return new SigningApproved(header(), requestId, digest(requestId), decision);
  }

  private WebhookReceived delivery(
      String topic,
      String deliveryId,
      String body,
      Optional<Bytes> resourceHash,
      String... sources) {
    return new WebhookReceived(
        header(),
        topic,
        deliveryId,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        HeaderFamily.CLASSIC,
        Provenance.HEADER_NAMES_SHOP,
        "secret",
        hash(body),
        resourceHash,
        SEALED,
        new WebhookExtract(
            Optional.of("7"),
            Optional.empty(),
            Arrays.stream(sources)
                .map(source -> new ImageReference("i-" + source, source, Optional.empty()))
                .toList()),
        false);
  }

  AssetStored stored(ImageOrigin origin, String sha256) {
    return new AssetStored(
        header(), sha256, 10, "image/jpeg", Optional.of(origin), List.of(KEY), 0, false, limit);
  }

  /** A fetch that ended without an image; tried again if a time is given. */
  AssetFetchFailed fetchFailed(ImageOrigin origin, int attempt, Optional<Instant> dueAt) {
    return new AssetFetchFailed(
        header(), origin, attempt, "timeout", "Too slow.", dueAt.isPresent(), dueAt);
  }

  SigningRequested requested(String requestId) {
    return requested(requestId, Lane.STANDARD);
  }

  SigningRequested requested(String requestId, Lane lane) {
    return requested(requestId, lane, Optional.empty(), Bytes.wrap(new byte[32]));
  }

  /** A request with an idempotency key. */
  SigningRequested requested(String requestId, String idempotencyKey, String content) {
    return requested(requestId, Lane.STANDARD, Optional.of(hash(idempotencyKey)), hash(content));
  }

  private SigningRequested requested(
      String requestId, Lane lane, Optional<Bytes> idempotencyKeyHash, Bytes requestHash) {
    return new SigningRequested(
        header(),
        requestId,
        digest(requestId),
        false,
        List.of(SignatureFormat.COSE),
        lane,
        Optional.empty(),
        Optional.empty(),
        false,
        idempotencyKeyHash,
        requestHash,
        "urn:c2pa:" + requestId,
        "xmp:iid:" + requestId,
        TestTopology.START,
        List.of(KEY),
        Optional.empty(),
        0,
        false,
        Optional.empty(),
        limit);
  }

  /** Each request is about a file of its own. */
  static String digest(String requestId) {
    return HexFormat.of().formatHex(hash(requestId).toArray());
  }

  private static Bytes hash(String text) {
    return Bytes.wrap(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 32));
  }

  SigningQueued queued(String requestId, int attempt) {
    return new SigningQueued(header(), requestId, attempt);
  }

  SigningStarted started(String requestId, int attempt) {
    return new SigningStarted(header(), requestId, attempt, "worker");
  }

  AssetSigned signed(String requestId, int attempt) {
    return signed(requestId, attempt, digest(requestId));
  }

  AssetSigned signed(String requestId, int attempt, String digest) {
    return new AssetSigned(
        header(),
        requestId,
        attempt,
        digest,
        List.of(
            new Signature(
                SignatureFormat.COSE, SignatureAlgorithm.ES256, KEY.keyId(), Bytes.EMPTY)),
        Optional.empty(),
        Optional.empty());
  }

  SigningAttemptFailed failed(String requestId, int attempt, Instant dueAt) {
    return failed(requestId, attempt, Optional.of(dueAt));
  }

  /** An attempt that ended without a signature; tried again if a time is given. */
  SigningAttemptFailed failed(String requestId, int attempt, Optional<Instant> dueAt) {
    return new SigningAttemptFailed(
        header(),
        requestId,
        attempt,
        "signer_unavailable",
        "The signer is busy",
        dueAt.isPresent(),
        dueAt);
  }

  SigningCancelled cancelled(String requestId) {
    return new SigningCancelled(header(), requestId, "Asked for.");
  }

  /** A caller's call was allowed. */
  AuthDecided allowed(String action) {
    return new AuthDecided(
        header(),
        Decision.ALLOW,
        "auditor",
        action,
        new Resource("events", ""),
        List.of(),
        List.of(),
        "",
        List.of(),
        "api",
        "request");
  }
}
