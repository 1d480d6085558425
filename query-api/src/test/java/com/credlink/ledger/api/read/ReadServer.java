package com.credlink.ledger.api.read;

import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.topology.streams.AppliedOffsets;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A server that answers with what it understood of a request. */
final class ReadServer implements AutoCloseable {

  static final int PARTITIONS = 4;

  final AppliedOffsets applied = new AppliedOffsets();
  private final Positions positions = new Positions(applied, PARTITIONS);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Javalin server;

  ReadServer() {
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.routes.get("/once", echo(ctx -> Parameters.once(ctx, "p")));
                  config.routes.get("/limit", echo(Parameters::limit));
                  config.routes.get("/order", echo(Parameters::newestFirst));
                  config.routes.get("/time", echo(ctx -> Parameters.time(ctx, "p")));
                  config.routes.get("/wait", echo(Parameters::wait));
                  config.routes.get(
                      "/one", echo(ctx -> Parameters.oneOf(ctx, "p", Set.of("a", "b"))));
                  config.routes.get(
                      "/some", echo(ctx -> Parameters.someOf(ctx, "p", Set.of("a", "b"))));
                  config.routes.get(
                      "/cursor", echo(ctx -> Parameters.once(ctx, "p").map(Cursor::decode)));
                  config.routes.get(
                      "/request-cursor",
                      echo(ctx -> Parameters.once(ctx, "p").map(RequestCursor::decode)));
                  config.routes.get("/position", this::position);
                  Problems.install(config.routes);
                })
            .start("127.0.0.1", 0);
  }

  private static Handler echo(Function<Context, Object> read) {
    return ctx -> ctx.result(read.apply(ctx).toString());
  }

  private void position(Context ctx) {
    positions.awaitMinimum(ctx);
    String position = positions.ofAll();
    Positions.mark(ctx, position);
    ctx.result(position);
  }

  /** A request whose query is sent as it stands. */
  HttpResponse<String> get(String path, String... headers) {
    return getAsync(path, headers).join();
  }

  CompletableFuture<HttpResponse<String>> getAsync(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** A request of one parameter, encoded. */
  HttpResponse<String> get(String path, String name, String value) {
    return get(path + "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** The answer to a request line that no client would send. */
  String raw(String target) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      String request =
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.stop();
    client.close();
  }
}
