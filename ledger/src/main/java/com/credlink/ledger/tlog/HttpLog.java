package com.credlink.ledger.tlog;

import com.credlink.ledger.merkle.Tile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A log over HTTP. */
public final class HttpLog implements TiledLog, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int SHOWN = 300;

  private final String prefix;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * The log below {@code prefix}, such as {@code https://ledger.example.com/tlog/0}.
   *
   * @throws IllegalArgumentException when it is no http or https URL
   */
  public HttpLog(String prefix) {
    if (!prefix.matches("https?://.+")) {
      throw new IllegalArgumentException(prefix + " is no http or https URL");
    }
    this.prefix = prefix.replaceAll("/+$", "");
  }

  @Override
  public byte[] checkpoint() {
    return get("checkpoint")
        .orElseThrow(() -> new LogUnreachable("there is no checkpoint at " + prefix));
  }

  @Override
  public Optional<byte[]> read(Tile tile) {
    return get(tile.path());
  }

  /** The body at {@code path} below the prefix; nothing where there is none. */
  public Optional<byte[]> get(String path) {
    try {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(prefix + "/" + path)).timeout(ANSWER).build(),
              BodyHandlers.ofByteArray());
      return switch (answer.statusCode()) {
        case 200 -> Optional.of(answer.body());
        case 404, 410 -> Optional.empty();
        default -> throw refused(path, answer);
      };
    } catch (IOException e) {
      throw new LogUnreachable("nothing answers at " + prefix, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnreachable("interrupted", e);
    }
  }

  private LogUnreachable refused(String path, HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    return new LogUnreachable(
        "%s/%s was answered %d: %s"
            .formatted(
                prefix,
                path,
                answer.statusCode(),
                body.substring(0, Math.min(body.length(), SHOWN))));
  }

  @Override
  public String place() {
    return prefix;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
