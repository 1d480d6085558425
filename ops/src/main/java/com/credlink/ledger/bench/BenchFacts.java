package com.credlink.ledger.bench;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.PolicyReference;
import com.credlink.ledger.event.Resource;
import com.credlink.ledger.event.Signature;
import com.credlink.ledger.event.SignatureAlgorithm;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningQueued;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.SigningStarted;
import com.credlink.ledger.log.Ledger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What signed assets of several merchants leave in the log, fact by fact. */
final class BenchFacts {

  /** Facts of one {@link #lifecycle}. */
  static final int OF_A_REQUEST = 4;

  private static final int TENANTS = 16;
  private static final int UNDER_WAY = 4_000;

  private final SecureRandom random = new SecureRandom();
  private final Ids ids = Ids.uuidV7(InstantSource.system(), random);

  /** Appends facts, and returns when all are durable. */
  static void append(Ledger ledger, Stream<LedgerEvent> facts) {
    Queue<CompletableFuture<?>> pending = new ArrayDeque<>();
    facts.forEachOrdered(
        event -> {
          pending.add(ledger.append(event));
          while (pending.size() > UNDER_WAY) {
            var _ = pending.remove().join();
          }
        });
    pending.forEach(CompletableFuture::join);
  }

  /** The facts of so many requests, one request after the other. */
  Stream<LedgerEvent> lifecycles(int requests) {
    return IntStream.range(0, requests).boxed().flatMap(request -> lifecycle(request).stream());
  }

  /** An access decision: the commonest fact, of which nothing else follows. */
  LedgerEvent decision(int request) {
    String tenant = tenant(request);
    return new AuthDecided(
        header(tenant),
        Decision.ALLOW,
        "merchant",
        "signing-request.read",
        new Resource("signing-request", ids.next()),
        List.of(new PolicyReference("bench", "1")),
        List.of("bearer"),
        "role_permits",
        List.of(),
        "gateway/api",
        ids.next());
  }

  /** All facts of one request, of the merchant whose turn it is. */
  private List<LedgerEvent> lifecycle(int request) {
    String tenant = tenant(request);
    String requestId = ids.next();
    KeyVersion key = new KeyVersion("bench-key", SignatureAlgorithm.ES256);
    SigningRequested requested = requested(tenant, requestId, key);
    return List.of(
        requested,
        new SigningQueued(header(tenant), requestId, 1),
        new SigningStarted(header(tenant), requestId, 1, "bench"),
        new AssetSigned(
            header(tenant),
            requestId,
            1,
            requested.digest(),
            List.of(
                new Signature(
                    SignatureFormat.COSE,
                    SignatureAlgorithm.ES256,
                    key.keyId(),
                    Bytes.wrap(new byte[110]))),
            Optional.empty(),
            Optional.empty()));
  }

  /** The first fact of a request. */
  LedgerEvent request(int request) {
    return requested(
        tenant(request), ids.next(), new KeyVersion("bench-key", SignatureAlgorithm.ES256));
  }

  private static String tenant(int request) {
    return "tenant%020d".formatted(request % TENANTS);
  }

  private SigningRequested requested(String tenant, String requestId, KeyVersion key) {
    return new SigningRequested(
        header(tenant),
        requestId,
        sha256(random),
        false,
        List.of(SignatureFormat.COSE),
        Lane.STANDARD,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Bytes.wrap(new byte[32]),
        "urn:c2pa:" + requestId,
        "xmp:iid:" + requestId,
        Instant.now(),
        List.of(key),
        Optional.empty(),
        0,
        false,
        Optional.empty(),
        0);
  }

  private static String sha256(RandomGenerator random) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return HexFormat.of().formatHex(digest);
  }

  private EventHeader header(String tenant) {
    String id = ids.next();
    Instant now = Instant.now();
    return new EventHeader(
        id,
        tenant,
        now,
        now,
        new Actor(ActorType.SYSTEM, "bench"),
        "bench",
        id,
        Optional.empty(),
        Optional.empty());
  }
}
