package com.credlink.ledger.bench;

import com.credlink.ledger.bench.IngestBench.Connections;
import com.credlink.ledger.c2pa.ClaimSigner;
import com.credlink.ledger.c2pa.ClaimTerms;
import com.credlink.ledger.c2pa.ContentCredentials;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyChange;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeySource;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.RingKey;
import com.credlink.ledger.trust.DevelopmentAuthority;
import com.credlink.ledger.trust.SigningKeys;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JPEG of about 100 kB with content credentials: in this process, beside nothing but the
 * signature; and through a node, from the upload to the status that says that it is signed.
 */
final class SignBench implements Scenario {

  private static final int THREADS = 2;
  private static final int ROUNDS = 5;
  private static final Duration ROUND = Duration.ofSeconds(3);
  private static final double IN_PROCESS = 6_000;
  private static final int WORKERS = 48;
  private static final Duration CLOSED = Duration.ofSeconds(20);
  private static final double THROUGH_KAFKA = 500;
  private static final int RATE = 100;
  private static final int RATE_WORKERS = 64;
  private static final Duration AT_RATE = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final double P95_MILLIS = 300;
  private static final String BOUNDARY = "bench8c1d0f2ab9";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecureRandom random = new SecureRandom();
  private final Ids ids = Ids.uuidV7(InstantSource.system(), random);

  @Override
  public String name() {
    return "sign";
  }

  @Override
  public void run(Report report) throws Exception {
    BenchImages images = new BenchImages();
    inProcess(report, images);
    throughNode(report, images);
  }

  private void inProcess(Report report, BenchImages images) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      ClaimSigner key = key(scratch.path());
      byte[] message = new byte[512];
      report.progress("sign: " + ROUNDS + " pairs in this process");
      Rounds.Ratio ratio =
          Rounds.of(
              ROUNDS,
              () -> ClosedLoop.run(ROUND, THREADS, worker -> sign(images.next(), key)),
              () ->
                  ClosedLoop.run(
                      ROUND,
                      THREADS,
                      worker -> {
                        byte[] signature = key.signer().sign(message);
                        message[worker] ^= signature[0];
                      }));
      report.ratio("sign", "JPEG of 100 kB with credentials : bare ES256 signature (/s)", ratio);
      report.atLeast("sign", "in process, ES256, median", ratio.ours(), "files/s", IN_PROCESS);
    }
  }

  private void sign(byte[] image, ClaimSigner key) {
    ClaimTerms terms =
        new ClaimTerms(
            "urn:c2pa:" + ids.next(),
            "xmp:iid:" + ids.next(),
            Instant.now(),
            Optional.empty(),
            Optional.empty(),
            new ClaimTerms.Generator("bench", "1"));
    if (ContentCredentials.sign(image, terms, key).sha256().isEmpty()) {
      throw new IllegalStateException("no digest");
    }
  }

  private ClaimSigner key(Path directory) {
    DevelopmentAuthority authority =
        DevelopmentAuthority.open(
            directory.resolve("authority.p12"),
            new Password.Given("bench"),
            new DevelopmentAuthority.Settings("bench", Duration.ofDays(30), false),
            random,
            InstantSource.system());
    KeyRing ring =
        KeyRing.open(
            directory.resolve("ring.p12"),
            new Password.Given("bench"),
            List.of(Algorithm.ES256),
            KeySource.ofThisProcess(random),
            random,
            InstantSource.system());
    new SigningKeys(ring, authority, InstantSource.system())
        .certifyAll(
            new KeyChange.Cause(new Actor(ActorType.SYSTEM, "bench"), "bench", Optional.empty()));
    RingKey entry = ring.entries().getFirst();
    return new ClaimSigner(ring.signer(entry.keyId()), entry.certificateChain());
  }

  private static void throughNode(Report report, BenchImages images) throws Exception {
    try (Scratch scratch = Scratch.make();
        NodeProcess node = NodeProcess.start(scratch.path().resolve("data"))) {
      Map<String, String> merchant =
          Map.of(
              "Authorization",
              "Bearer "
                  + node.credentials()
                      .token("merchant", Optional.of(BenchNode.SHOP))
                      .orElseThrow()
                      .reveal());
      report.progress("sign: through a node, as fast as it goes");
      try (Connections to = Connections.to(node.url(), WORKERS)) {
        OpenLoop.Request request = worker -> signed(to.get(worker), merchant, images.next());
        ClosedLoop.run(WARM_UP, WORKERS, request);
        report.atLeast(
            "sign",
            "upload to SIGNED through a node, %d at once".formatted(WORKERS),
            ClosedLoop.run(CLOSED, WORKERS, request),
            "files/s",
            THROUGH_KAFKA);
      }
      report.progress("sign: through a node at " + RATE + "/s");
      try (Connections to = Connections.to(node.url(), RATE_WORKERS)) {
        var micros =
            OpenLoop.run(
                RATE,
                AT_RATE,
                RATE_WORKERS,
                worker -> signed(to.get(worker), merchant, images.next()));
        report.reference("sign", "upload to SIGNED at 100/s", micros);
        report.below(
            "sign",
            "p95 of upload to SIGNED at 100/s",
            micros.getValueAtPercentile(95) / 1_000.0,
            "ms",
            P95_MILLIS);
      }
    }
  }

  /** Hands in an image and waits until it is signed. */
  private static void signed(HttpConnection node, Map<String, String> merchant, byte[] image)
      throws IOException {
    Map<String, String> headers = new HashMap<>(merchant);
    headers.put("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    String requests = "/v1/shops/" + BenchNode.SHOP + "/signing-requests";
    String id =
        JSON.readTree(node.send("POST", requests, headers, form(image)))
            .path("request_id")
            .asText();
    JsonNode status =
        JSON.readTree(
            node.send(
                "GET", requests + "/" + id + "?wait=30s&until=SIGNED", merchant, new byte[0]));
    if (status.path("signed_sha256").asText().length() != 64) {
      throw new IOException("not signed: " + status);
    }
  }

  private static byte[] form(byte[] image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(image.length + 512);
    String head =
        "--%1$s\r\nContent-Disposition: form-data; name=\"request\"\r\nContent-Type: application/json\r\n\r\n{\"signature_format\":\"c2pa\",\"lane\":\"interactive\"}\r\n--%1$s\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
            .formatted(BOUNDARY);
    try {
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(image);
      out.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
