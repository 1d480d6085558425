package com.credlink.ledger.timestamp;

import com.credlink.ledger.timestamp.TimestampException.NotReliable;
import com.credlink.ledger.timestamp.TimestampException.Refused;
import com.credlink.ledger.timestamp.TimestampException.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A time-stamping authority by HTTP (RFC 3161 section 3.4). */
public final class HttpTimestampAuthority implements TimestampAuthority, AutoCloseable {

  /** From the request to the last byte of the answer. */
  static final Duration TIME_LIMIT = Duration.ofSeconds(10);

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** A token with a long chain has some 8 KiB. */
  private static final int MAX_BYTES = 64 * 1024;

  private static final int OK = 200;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final String QUERY = "application/timestamp-query";
  private static final String REPLY = "application/timestamp-reply";

  private final String name;
  private final URI url;
  private final TimestampVerifier verifier;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Duration limit;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** The authority at {@code url}, called by its host. */
  public HttpTimestampAuthority(
      URI url, TimestampVerifier verifier, SecureRandom random, InstantSource clock) {
    this(url, verifier, random, clock, TIME_LIMIT);
  }

  HttpTimestampAuthority(
      URI url,
      TimestampVerifier verifier,
      SecureRandom random,
      InstantSource clock,
      Duration limit) {
    this.name = url.getAuthority();
    this.url = url;
    this.verifier = verifier;
    this.random = random;
    this.clock = clock;
    this.limit = limit;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Timestamp stamp(byte[] sha256) {
    TimestampExchange exchange = new TimestampExchange(name, sha256, verifier, random, clock);
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(limit)
            .header("Content-Type", QUERY)
            .header("Accept", REPLY)
            .POST(BodyPublishers.ofByteArray(exchange.request()))
            .build();
    return exchange.answered(ask(request));
  }

  /** The answer within the limit, however slowly it drips. */
  private byte[] ask(HttpRequest request) {
    CompletableFuture<byte[]> answer =
        client.sendAsync(request, BodyHandlers.ofInputStream()).thenApplyAsync(this::body);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      var _ = answer.cancel(true);
      throw new Unavailable(
          "%s did not answer within %d ms".formatted(name, limit.toMillis()), Optional.empty(), e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      var _ = answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted", Optional.empty(), e);
    }
  }

  private TimestampException failure(Throwable cause) {
    return cause instanceof TimestampException known
        ? known
        : new Unavailable(name + " cannot be reached", Optional.empty(), cause);
  }

  private byte[] body(HttpResponse<InputStream> answer) {
    try (InputStream in = answer.body()) {
      requireSuccess(answer);
      byte[] body = in.readNBytes(MAX_BYTES + 1);
      if (body.length > MAX_BYTES) {
        throw new NotReliable("%s answered more than %d bytes".formatted(name, MAX_BYTES), null);
      }
      return body;
    } catch (IOException e) {
      throw new Unavailable(name + " broke off its answer", Optional.empty(), e);
    }
  }

  private void requireSuccess(HttpResponse<InputStream> answer) {
    int status = answer.statusCode();
    if (status == TOO_MANY || status == REQUEST_TIMEOUT || status >= SERVER_ERROR) {
      throw new Unavailable(
          "%s answered %d".formatted(name, status), retryAfter(answer.headers()), null);
    }
    if (status != OK) {
      throw new Refused("%s answered %d".formatted(name, status));
    }
    boolean isReply =
        answer
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.startsWith(REPLY))
            .isPresent();
    if (!isReply) {
      throw new NotReliable(name + " answered something that is no " + REPLY, null);
    }
  }

  /** RFC 9110 section 10.2.3: seconds or a date. */
  private Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .flatMap(
            value ->
                value.matches("\\d{1,9}")
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                    : date(value));
  }

  private Optional<Duration> date(String value) {
    try {
      Duration until =
          Duration.between(
              clock.instant(),
              ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return Optional.of(until.isNegative() ? Duration.ZERO : until);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
