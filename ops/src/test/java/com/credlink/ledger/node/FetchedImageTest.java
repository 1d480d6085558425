package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.SNOWDEVIL;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are fetched, from a server that is allowed and from one that is not. */
class FetchedImageTest {

  private static final byte[] IMAGE = TestNode.image("jpeg", 31);

  @TempDir private Path directory;

  @Test
  void shouldFetchAnImageThatTheDirectoryDoesNotHave() throws Exception {
    Queue<String> accepts = new ConcurrentLinkedQueue<>();
    var server = server(accepts);
    try (var node =
        TestNode.start(
            directory, "assets.http: {allow_hosts: [localhost], allow_private: true}\n")) {
      var port = server.getAddress().getPort();
      var delivered =
          node.client()
              .deliver(
                  node.delivery(
                      "products/create",
                      SNOWDEVIL,
                      product(
                          newId(),
                          "http://localhost:" + port + "/board.jpg",
                          "http://127.0.0.1:" + port + "/other-host.jpg")))
              .expect(200);

      var signed =
          node.client()
              .awaitRequestsOf(delivered.required("Ledger-Event-Id"), SNOWDEVIL, 1, "SIGNED");

      assertThat(signed.getFirst().path("asset_sha256").asText())
          .isEqualTo(TestNode.hex(TestNode.sha256(IMAGE)));
      assertThat(accepts).containsExactly("image/jpeg, image/png");
      assertThat(
              node.client()
                  .awaitAll(
                      "/v1/shops/" + SNOWDEVIL + "/events?limit=50&type=AssetFetchFailed",
                      node.client().role("auditor"),
                      items -> !items.isEmpty()))
          .as("the host that is not allowed")
          .isNotEmpty();
    } finally {
      server.stop(0);
    }
  }

  private static HttpServer server(Queue<String> accepts) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          accepts.addAll(exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
          exchange.sendResponseHeaders(200, IMAGE.length);
          try (var body = exchange.getResponseBody()) {
            body.write(IMAGE);
          }
        });
    server.start();
    return server;
  }
}
