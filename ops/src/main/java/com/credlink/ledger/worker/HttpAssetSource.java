package com.credlink.ledger.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Images over HTTPS, with limits and a guard against private addresses. The guard sits in the
 * resolver, so that the address that was checked is the address that is connected to, after
 * redirects and whatever the name server says the second time.
 */
public final class HttpAssetSource implements AssetSource, AutoCloseable {

  /** How many redirects are followed. */
  static final int MAX_REDIRECTS = 3;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final String USER_AGENT = "CredLink-Signing-Ledger";

  private final HttpClient client = new HttpClient();
  private final Set<String> allowHosts;
  private final int maxBytes;
  private final Duration deadline;

  /**
   * A source over HTTP.
   *
   * @param allowHosts when not empty, the only hosts taken; plain http is admitted for these only
   * @param allowPrivate whether hosts of {@code allowHosts} may have private addresses
   * @param maxBytes the largest image taken
   * @param deadline for one image, all redirects included
   */
  public HttpAssetSource(
      Set<String> allowHosts, boolean allowPrivate, int maxBytes, Duration deadline) {
    this.allowHosts = Set.copyOf(allowHosts);
    this.maxBytes = maxBytes;
    this.deadline = deadline;
    client.setFollowRedirects(false);
    client.setConnectTimeout(CONNECT_TIMEOUT.toMillis());
    client.setUserAgentField(null);
    client.setMaxResponseHeadersSize(16 * 1024);
    client.getContentDecoderFactories().clear();
    client.setSocketAddressResolver(new GuardedResolver(allowPrivate));
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("The HTTP client did not start", e);
    }
  }

  @Override
  public Result fetch(String shop, URI source) {
    long giveUp = System.nanoTime() + deadline.toNanos();
    URI at = source;
    try {
      for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
        Optional<Result> refused = refuse(at);
        if (refused.isPresent()) {
          return refused.get();
        }
        Step step = get(at, giveUp);
        switch (step) {
          case Step.Done done -> {
            return done.result();
          }
          case Step.Redirect redirect -> at = at.resolve(redirect.location());
        }
      }
      return Result.Failed.permanent("too_many_redirects", "The source redirects too often.");
    } catch (IllegalArgumentException malformed) {
      return Result.Failed.permanent("bad_source", "The source redirects to no valid address.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Result.Failed.passing("interrupted", "The worker is stopping.");
    }
  }

  private Optional<Result> refuse(URI at) {
    String host = at.getHost() == null ? "" : at.getHost().toLowerCase(Locale.ROOT);
    boolean named = allowHosts.contains(host);
    String scheme = at.getScheme() == null ? "" : at.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(scheme.equals("http") && named)) {
      return Optional.of(Result.Failed.permanent("bad_source", "Only https sources are fetched."));
    }
    if (host.isEmpty() || at.getUserInfo() != null) {
      return Optional.of(
          Result.Failed.permanent("bad_source", "The source has no host, or carries credentials."));
    }
    if (!allowHosts.isEmpty() && !named) {
      return Optional.of(
          Result.Failed.permanent(
              "host_not_allowed", "The source's host is not in assets.http.allow_hosts."));
    }
    return Optional.empty();
  }

  /** One request: a result, or the next address. */
  private sealed interface Step {
    record Done(Result result) implements Step {}

    record Redirect(URI location) implements Step {}
  }

  private Step get(URI at, long giveUp) throws InterruptedException {
    long left = giveUp - System.nanoTime();
    if (left <= 0) {
      return new Step.Done(Result.Failed.passing("timeout", "The source did not answer in time."));
    }
    InputStreamResponseListener listener = new InputStreamResponseListener();
    client
        .newRequest(at)
        .agent(USER_AGENT)
        .headers(h -> h.put(HttpHeader.ACCEPT, "image/jpeg, image/png"))
        .timeout(left, TimeUnit.NANOSECONDS)
        .send(listener);
    try {
      Response response = listener.get(left, TimeUnit.NANOSECONDS);
      try (InputStream body = listener.getInputStream()) {
        return read(response, body);
      }
    } catch (TimeoutException slow) {
      return new Step.Done(Result.Failed.passing("timeout", "The source did not answer in time."));
    } catch (ExecutionException | IOException | UncheckedIOException broken) {
      return new Step.Done(classify(broken));
    }
  }

  private Step read(Response response, InputStream body) throws IOException {
    int status = response.getStatus();
    if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
      String location = response.getHeaders().get(HttpHeader.LOCATION);
      return location == null
          ? new Step.Done(Result.Failed.permanent("bad_source", "A redirect names no address."))
          : new Step.Redirect(URI.create(location));
    }
    if (status != 200) {
      boolean passing = status == 408 || status == 425 || status == 429 || status >= 500;
      return new Step.Done(
          new Result.Failed(
              "http_status",
              "The source answered " + status + ".",
              passing,
              retryAfter(response.getHeaders().get(HttpHeader.RETRY_AFTER))));
    }
    long declared = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    byte[] bytes = declared > maxBytes ? null : body.readNBytes(maxBytes + 1);
    return new Step.Done(
        bytes == null || bytes.length > maxBytes
            ? Result.Failed.permanent(
                "too_large", "The image is larger than " + maxBytes + " bytes.")
            : new Result.Fetched(bytes));
  }

  private static Optional<Duration> retryAfter(String header) {
    try {
      return header == null
          ? Optional.empty()
          : Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())))
              .filter(d -> d.isPositive());
    } catch (NumberFormatException date) {
      return Optional.empty();
    }
  }

  private static Result classify(Throwable broken) {
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      if (cause instanceof PrivateAddressException) {
        return Result.Failed.permanent(
            "private_address", "The source's host has no public address.");
      }
      if (cause instanceof UnknownHostException) {
        return Result.Failed.passing("unknown_host", "The source's host is not known.");
      }
      if (cause instanceof TimeoutException) {
        return Result.Failed.passing("timeout", "The source did not answer in time.");
      }
    }
    return Result.Failed.passing("connection", "The connection to the source failed.");
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The HTTP client did not stop", e);
    }
  }

  /** The host resolves to an address that is not public. */
  private static final class PrivateAddressException extends IOException {
    PrivateAddressException() {
      super("private address");
    }
  }

  /** Resolves on a virtual thread and drops every address that may not be connected to. */
  private final class GuardedResolver implements SocketAddressResolver {

    private final boolean allowPrivate;

    GuardedResolver(boolean allowPrivate) {
      this.allowPrivate = allowPrivate;
    }

    @Override
    public void resolve(
        String host,
        int port,
        Map<String, Object> context,
        Promise<List<InetSocketAddress>> promise) {
      Thread.ofVirtual()
          .name("resolve-asset-host")
          .start(
              () -> {
                try {
                  promise.succeeded(resolve(host, port));
                } catch (IOException e) {
                  promise.failed(e);
                }
              });
    }

    private List<InetSocketAddress> resolve(String host, int port) throws IOException {
      boolean trusted = allowPrivate && allowHosts.contains(host.toLowerCase(Locale.ROOT));
      List<InetSocketAddress> admitted = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (trusted || PublicAddresses.contains(address)) {
          admitted.add(new InetSocketAddress(address, port));
        }
      }
      if (admitted.isEmpty()) {
        throw new PrivateAddressException();
      }
      return admitted;
    }
  }
}
