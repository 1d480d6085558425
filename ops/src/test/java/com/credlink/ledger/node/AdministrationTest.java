package com.credlink.ledger.node;

import static com.credlink.ledger.node.LedgerClient.ACME;
import static com.credlink.ledger.node.LedgerClient.json;
import static com.credlink.ledger.node.ShopifyDelivery.newId;
import static com.credlink.ledger.node.ShopifyDelivery.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.node.LedgerClient.Caller;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators do to a running node. */
class AdministrationTest {

  private static final String NEW_SHOP = "fresh-paint.myshopify.com";

  @TempDir private static Path directory;
  private static TestNode node;
  private static LedgerClient client;
  private static Caller admin;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(directory, "");
    client = node.client();
    admin = client.role("admin");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void shouldTakeTheWebhooksOfAShopFromItsInstallationOn() {
    client
        .deliver(node.delivery("products/create", NEW_SHOP, product(newId())))
        .expectProblem(403, "shop_not_installed");

    var installed =
        client.send(
            "PUT", "/v1/shops/" + NEW_SHOP, admin, LedgerClient.utf8("{\"shop_id\":\"424242\"}"));

    installed.expect(201);
    await()
        .atMost(LedgerClient.PATIENCE)
        .until(
            () -> client.deliver(node.delivery("products/create", NEW_SHOP, product(newId()))),
            answer -> answer.status() == 200);
    assertThat(client.facts(Optional.of(NEW_SHOP), "ShopInstalled")).hasSize(1);
  }

  @Test
  void shouldNotGiveADomainToAnotherShop() {
    client
        .send("PUT", "/v1/shops/" + ACME, admin, LedgerClient.utf8("{\"shop_id\":\"1\"}"))
        .expectProblem(409, "shop_mismatch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"shop_id\":\"0\"}", "{\"shop_id\":\"x\"}", "{\"id\":1}"})
  void shouldRefuseAnInstallationWithoutAShopId(String body) {
    client
        .send("PUT", "/v1/shops/other.myshopify.com", admin, LedgerClient.utf8(body))
        .expectProblem(400, "malformed");
  }

  @Test
  void shouldLetAHolderInFromCreationToRevocation() {
    var made =
        client
            .postJson(
                "/v1/tokens", admin, json(Map.of("role", "merchant", "shop", ACME, "ttl", "1h")))
            .expect(201)
            .json();
    var holder = Caller.with(made.path("token").asText());
    var path = "/v1/shops/" + ACME + "/signing-requests";
    client.get(path, holder).expect(200);

    client.send("DELETE", "/v1/tokens/" + made.path("id").asText(), admin, new byte[0]).expect(204);

    client.get(path, holder).expectProblem(401, "unauthenticated");
    client
        .send("DELETE", "/v1/tokens/" + made.path("id").asText(), admin, new byte[0])
        .expectProblem(404, "not_found");
    assertThat(client.facts(Optional.of(ACME), "TokenCreated"))
        .anyMatch(
            fact -> fact.path("payload").path("token_id").asText().equals(made.path("id").asText()))
        .noneMatch(fact -> fact.toString().contains(made.path("token").asText()));
    client.awaitAll(
        "/v1/shops/" + ACME + "/events?limit=50&type=TokenRevoked",
        client.role("auditor"),
        items -> !items.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"role\":\"king\"}",
        "{\"role\":\"merchant\"}",
        "{\"role\":\"auditor\",\"ttl\":\"soon\"}",
        "{\"role\":\"auditor\",\"ttl\":\"0s\"}",
        "{\"role\":\"auditor\",\"colour\":\"red\"}"
      })
  void shouldRefuseATokenThatCannotBe(String body) {
    client.postJson("/v1/tokens", admin, body).expectProblem(400, "malformed");
  }

  @Test
  void shouldLetAdministratorsDoThisOnly() {
    for (String role : new String[] {"auditor", "operator", "producer", "privacy-officer"}) {
      client
          .postJson("/v1/tokens", client.role(role), "{\"role\":\"admin\"}")
          .expectProblem(403, "forbidden");
    }
    client
        .send(
            "PUT",
            "/v1/shops/" + NEW_SHOP,
            client.merchant(ACME),
            LedgerClient.utf8("{\"shop_id\":\"424242\"}"))
        .expectProblem(403, "forbidden");
  }
}
