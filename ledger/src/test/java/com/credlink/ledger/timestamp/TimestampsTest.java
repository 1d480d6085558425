package com.credlink.ledger.timestamp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.Password;
import com.credlink.ledger.timestamp.TimestampException.NotReliable;
import com.credlink.ledger.timestamp.TimestampException.Refused;
import com.credlink.ledger.timestamp.TimestampException.Unavailable;
import com.credlink.ledger.trust.DevelopmentAuthority;
import com.credlink.ledger.trust.OpenSsl;
import com.credlink.ledger.trust.Pem;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.bouncycastle.tsp.TimeStampResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimestampsTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private static Path directory;
  private static DevelopmentAuthority authority;
  private static DevelopmentTsa tsa;
  private static TimestampVerifier verifier;
  private static byte[] data;
  private static byte[] sha256;
  private static HttpServer server;
  private static volatile Handler handler;
  private static final CountDownLatch OVER = new CountDownLatch(1);

  /** What the authority at the other end does. */
  private interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  @BeforeAll
  static void start() throws Exception {
    authority = authority("ours");
    tsa = new DevelopmentTsa(authority, RANDOM, CLOCK);
    verifier = new TimestampVerifier(authority.roots());
    data = "signed".getBytes(UTF_8);
    sha256 = MessageDigest.getInstance("SHA-256").digest(data);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> handler.answer(exchange));
    server.start();
  }

  @AfterAll
  static void stop() {
    OVER.countDown();
    server.stop(0);
  }

  private static DevelopmentAuthority authority(String name) {
    return DevelopmentAuthority.open(
        directory.resolve(name + ".p12"),
        new Password.Given("secret"),
        new DevelopmentAuthority.Settings(name, Duration.ofDays(30), false),
        RANDOM,
        CLOCK);
  }

  // ---- what OpenSSL says

  @Test
  void shouldMakeTokensThatOpenSslVerifies() throws Exception {
    OpenSsl openSsl = OpenSsl.in(directory);
    Files.write(directory.resolve("data"), data);
    Files.writeString(directory.resolve("root.pem"), Pem.of(authority.roots()));
    openSsl.done("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq");
    byte[] answer = tsa.answer(Files.readAllBytes(directory.resolve("query.tsq")));
    Files.write(directory.resolve("reply.tsr"), answer);

    String said =
        openSsl.done(
            "ts", "-verify", "-queryfile", "query.tsq", "-in", "reply.tsr", "-CAfile", "root.pem");

    assertThat(said).contains("Verification: OK");
    Files.writeString(directory.resolve("other"), "something else");
    assertThat(
            openSsl
                .run("ts", "-verify", "-data", "other", "-in", "reply.tsr", "-CAfile", "root.pem")
                .code())
        .isNotZero();
  }

  @Test
  void shouldRefuseWhatIsNoRequestOrOfAnotherHash() throws Exception {
    TimeStampResponse noRequest = new TimeStampResponse(tsa.answer(new byte[] {1, 2, 3}));
    assertThat(noRequest.getStatus()).isEqualTo(2);
    assertThat(noRequest.getTimeStampToken()).isNull();

    OpenSsl openSsl = OpenSsl.in(directory);
    Files.write(directory.resolve("data"), data);
    openSsl.done("ts", "-query", "-data", "data", "-sha512", "-out", "sha512.tsq");
    byte[] query = Files.readAllBytes(directory.resolve("sha512.tsq"));
    assertThat(new TimeStampResponse(tsa.answer(query)).getStatus()).isEqualTo(2);
  }

  // ---- what is not believed

  @Test
  void shouldBelieveAToken() {
    Timestamp stamp = tsa.stamp(sha256);

    assertThat(verifier.verify(stamp.token().toArray(), sha256, Optional.empty()))
        .isEqualTo(stamp.time());
    assertThat(stamp.authority()).isEqualTo("development");
  }

  @Test
  void shouldNotBelieveATokenOfSomethingElseOrOfSomebodyElse() {
    byte[] token = tsa.stamp(sha256).token().toArray();
    byte[] other = sha256.clone();
    other[0] ^= 1;

    assertThatThrownBy(() -> verifier.verify(token, other, Optional.empty()))
        .isInstanceOf(NotReliable.class)
        .hasMessageContaining("something else");
    assertThatThrownBy(() -> verifier.verify(token, sha256, Optional.of(BigInteger.ONE)))
        .isInstanceOf(NotReliable.class)
        .hasMessageContaining("nonce");
    TimestampVerifier stranger = new TimestampVerifier(authority("theirs").roots());
    assertThatThrownBy(() -> stranger.verify(token, sha256, Optional.empty()))
        .isInstanceOf(NotReliable.class)
        .hasMessageContaining("not known");
    assertThatThrownBy(
            () -> new TimestampVerifier(List.of()).verify(token, sha256, Optional.empty()))
        .isInstanceOf(NotReliable.class);
  }

  @Test
  void shouldNotBelieveAnyChangedToken() {
    byte[] token = tsa.stamp(sha256).token().toArray();
    Random random = new Random(3);
    int believed = 0;
    for (int i = 0; i < 400; i++) {
      byte[] changed = token.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        Instant time = verifier.verify(changed, sha256, Optional.empty());
        // What is not signed may differ: a tag of the encoding, a flag of the certificate set.
        assertThat(time).isEqualTo(verifier.verify(token, sha256, Optional.empty()));
        believed++;
      } catch (NotReliable expected) {
        assertThat(expected).hasMessageContaining("time-stamp");
      }
    }
    // Of some nine hundred bytes about thirty: names of algorithms and versions around the rest.
    assertThat(believed).isLessThan(40);
  }

  @Test
  void shouldNotBelieveAChangedImprintTimeOrSignature() {
    byte[] token = tsa.stamp(sha256).token().toArray();
    int imprint = indexOf(token, sha256);
    int time = indexOf(token, "20".getBytes(UTF_8), imprint);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      places.add(imprint + i);
    }
    for (int i = 2; i < 14; i++) {
      places.add(time + i);
    }
    for (int i = 1; i <= 32; i++) {
      places.add(token.length - i);
    }
    for (int place : places) {
      byte[] changed = token.clone();
      changed[place] ^= 1;
      assertThatThrownBy(() -> verifier.verify(changed, sha256, Optional.empty()))
          .as("byte %d", place)
          .isInstanceOf(NotReliable.class);
    }
  }

  private static int indexOf(byte[] in, byte[] what) {
    return indexOf(in, what, 0);
  }

  private static int indexOf(byte[] in, byte[] what, int from) {
    for (int i = from; i + what.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }

  // ---- authorities by HTTP

  private static HttpTimestampAuthority http(Duration limit) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tsa");
    return new HttpTimestampAuthority(url, verifier, RANDOM, CLOCK, limit);
  }

  private static void reply(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void shouldFail(Handler doing, Class<? extends TimestampException> how) {
    handler = doing;
    try (HttpTimestampAuthority http = http(Duration.ofSeconds(2))) {
      assertThatThrownBy(() -> http.stamp(sha256)).isInstanceOf(how);
    }
  }

  @Test
  void shouldStampByHttp() {
    handler =
        exchange ->
            reply(
                exchange,
                200,
                "application/timestamp-reply",
                tsa.answer(exchange.getRequestBody().readAllBytes()));
    try (HttpTimestampAuthority http = http(Duration.ofSeconds(10))) {
      assertThat(http.stamp(sha256).authority()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void shouldTellApartWhatPassesAndWhatDoesNot() {
    shouldFail(exchange -> reply(exchange, 503, "text/plain", new byte[0]), Unavailable.class);
    shouldFail(exchange -> reply(exchange, 403, "text/plain", new byte[0]), Refused.class);
    shouldFail(HttpExchange::close, Unavailable.class);
    shouldFail(
        exchange -> reply(exchange, 200, "text/html", "<html>".getBytes(UTF_8)), NotReliable.class);
    shouldFail(
        exchange -> reply(exchange, 200, "application/timestamp-reply", new byte[] {1, 2}),
        NotReliable.class);
    shouldFail(
        exchange -> reply(exchange, 200, "application/timestamp-reply", new byte[2 * 1024 * 1024]),
        NotReliable.class);
    shouldFail(
        exchange -> {
          exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
          reply(exchange, 302, "text/plain", new byte[0]);
        },
        Refused.class);
  }

  @Test
  void shouldNotBelieveALiar() throws Exception {
    byte[] other = MessageDigest.getInstance("SHA-256").digest("other".getBytes(UTF_8));
    shouldFail(
        exchange ->
            reply(
                exchange,
                200,
                "application/timestamp-reply",
                tsa.answer(new TimestampExchange("x", other, verifier, RANDOM, CLOCK).request())),
        NotReliable.class);
    shouldFail(
        exchange ->
            reply(
                exchange,
                200,
                "application/timestamp-reply",
                tsa.answer(new TimestampExchange("x", sha256, verifier, RANDOM, CLOCK).request())),
        NotReliable.class);
    DevelopmentTsa late =
        new DevelopmentTsa(authority, RANDOM, () -> CLOCK.instant().minus(Duration.ofHours(1)));
    shouldFail(
        exchange ->
            reply(
                exchange,
                200,
                "application/timestamp-reply",
                late.answer(exchange.getRequestBody().readAllBytes())),
        NotReliable.class);
    DevelopmentTsa stranger = new DevelopmentTsa(authority("stranger"), RANDOM, CLOCK);
    shouldFail(
        exchange ->
            reply(
                exchange,
                200,
                "application/timestamp-reply",
                stranger.answer(exchange.getRequestBody().readAllBytes())),
        NotReliable.class);
  }

  @Test
  void shouldNotWaitLongerThanItsLimitHoweverSlowlyAnAnswerDrips() {
    handler =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          try {
            OVER.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try (HttpTimestampAuthority http = http(Duration.ofMillis(300))) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> http.stamp(sha256)).isInstanceOf(Unavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void shouldSayWhenItIsToBeAskedAgain() {
    handler =
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "120");
          reply(exchange, 429, "text/plain", new byte[0]);
        };
    try (HttpTimestampAuthority http = http(Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> http.stamp(sha256))
          .isInstanceOfSatisfying(
              Unavailable.class, e -> assertThat(e.retryAfter()).contains(Duration.ofMinutes(2)));
    }
  }

  // ---- several of them, over an hour

  /** Counts its calls, and fails while it is told to. */
  private static final class Scripted implements TimestampAuthority {
    private final String name;
    private final List<Instant> asked = new ArrayList<>();
    private final InstantSource clock;
    private Optional<TimestampException> failure = Optional.empty();

    Scripted(String name, InstantSource clock) {
      this.name = name;
      this.clock = clock;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Timestamp stamp(byte[] digest) {
      asked.add(clock.instant());
      failure.ifPresent(
          each -> {
            throw each;
          });
      Timestamp stamp = tsa.stamp(digest);
      return new Timestamp(stamp.token(), stamp.time(), name);
    }
  }

  @Test
  void shouldLeaveADeadAuthorityAloneAndComeBackToIt() {
    Instant[] now = {Instant.parse("2026-11-27T10:00:00Z")};
    Scripted first = new Scripted("first", () -> now[0]);
    Scripted second = new Scripted("second", () -> now[0]);
    FailoverAuthority both =
        new FailoverAuthority(List.of(first, second), Duration.ZERO, () -> now[0]);
    first.failure = Optional.of(new Unavailable("down", Optional.empty(), null));

    for (int moment = 0; moment < 3_600; moment++) {
      assertThat(both.stamp(sha256).authority()).isEqualTo("second");
      now[0] = now[0].plusSeconds(1);
    }

    assertThat(first.asked).as("an hour of pauses that grow to ten minutes").hasSizeBetween(8, 16);
    first.failure = Optional.empty();
    now[0] = now[0].plus(Duration.ofMinutes(10));
    assertThat(both.stamp(sha256).authority()).isEqualTo("first");
  }

  @Test
  void shouldKeepTheRateAndTheWishOfAnAuthority() {
    Instant[] now = {Instant.parse("2026-11-27T10:00:00Z")};
    Scripted only = new Scripted("only", () -> now[0]);
    FailoverAuthority one =
        new FailoverAuthority(List.of(only), Duration.ofSeconds(1), () -> now[0]);

    assertThat(one.stamp(sha256).authority()).isEqualTo("only");
    assertThatThrownBy(() -> one.stamp(sha256))
        .isInstanceOfSatisfying(
            Unavailable.class, e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(1)));

    now[0] = now[0].plusSeconds(1);
    only.failure = Optional.of(new Unavailable("429", Optional.of(Duration.ofMinutes(3)), null));
    assertThatThrownBy(() -> one.stamp(sha256)).isInstanceOf(Unavailable.class);
    only.failure = Optional.empty();
    now[0] = now[0].plus(Duration.ofMinutes(3)).minusSeconds(1);
    assertThatThrownBy(() -> one.stamp(sha256)).isInstanceOf(Unavailable.class);
    now[0] = now[0].plusSeconds(1);
    assertThat(one.stamp(sha256).authority()).isEqualTo("only");
    assertThat(only.asked).hasSize(3);
  }
}
