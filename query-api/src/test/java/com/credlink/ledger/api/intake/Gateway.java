package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.access.Appender;
import com.credlink.ledger.api.access.Refusals;
import com.credlink.ledger.api.intake.WebhookSecrets.Secret;
import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.asset.DirectoryAssetStore;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RefusalsCounted;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.sign.Receipts;
import com.credlink.ledger.vault.DataKeys;
import com.credlink.ledger.vault.EpochKeys;
import com.credlink.ledger.vault.SealContext;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.Vault;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The webhook route on a real server with real secrets, shops and vault. Only the log is out of
 * reach: a delivery that passes every check is therefore answered 503, and the fact that would have
 * been appended is kept here.
 */
final class Gateway implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final String SNOWDEVIL = "snowdevil.myshopify.com";
  static final long SNOWDEVIL_ID = 954889;
  static final String ACME = "acme-prints.myshopify.com";
  static final long ACME_ID = 690933842;

  private static final String PATH = "/webhooks/shopify";

  final MemoryKeyStore keys = new MemoryKeyStore();
  final SeenFacts known = new SeenFacts();
  final TenantDirectory shops;
  private final Vault vault;
  private final Ledger ledger;
  private final Refusals refusals;
  private final Javalin server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<LedgerEvent> facts = new CopyOnWriteArrayList<>();

  Gateway(Path directory, Secret... secrets) {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.fixed(NOW);
    AesGcm cipher = new AesGcm();
    EpochKeys epochs =
        EpochKeys.open(
            directory.resolve("vault.p12"),
            new Password.FromFile(directory.resolve("vault.password")),
            random);
    DataKeys dataKeys = DataKeys.open(epochs, keys, cipher, random, clock);
    vault =
        new Vault(
            dataKeys,
            new DirectoryAssetStore(directory.resolve("assets"), dataKeys, cipher, random, clock),
            cipher,
            random);
    shops = TenantDirectory.open(epochs, keys, cipher, random, clock);
    shops.install(SNOWDEVIL, SNOWDEVIL_ID);
    shops.install(ACME, ACME_ID);
    ledger = outOfReach();
    Ids ids = Ids.uuidV7(clock, random);
    refusals =
        new Refusals(facts::add, prefix -> vault.lookupHash("source-prefix", prefix), clock, ids);
    ShopifyWebhooks webhooks =
        new ShopifyWebhooks(
            new WebhookSecrets(List.of(secrets)),
            shops,
            known,
            vault,
            new Appender(
                ledger,
                new Receipts(
                    "a.ledger",
                    Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]),
                    type -> new byte[32])),
            refusals,
            clock,
            ids);
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.http.maxRequestSize = Long.MAX_VALUE;
                  config.routes.post(PATH, webhooks::receive);
                  Problems.install(config.routes);
                })
            .start("127.0.0.1", 0);
  }

  private Ledger outOfReach() {
    return new Ledger(
        new LedgerConfig(
            KafkaConnection.plain("127.0.0.1:9"),
            Topics.EVENTS,
            1,
            LedgerConfig.SHORTEST_DEADLINE,
            "out-of-reach"),
        event -> {
          facts.add(event);
          throw new IllegalStateException("The log is out of reach");
        });
  }

  /** An answer as the caller has it. */
  record Answer(int status, Map<String, List<String>> headers, String body) {

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }

    /** Name of the problem, the end of its type. */
    String problem() {
      String type = json().path("type").asText();
      return type.substring(type.lastIndexOf('/') + 1);
    }

    Optional<String> header(String name) {
      return headers.getOrDefault(name, List.of()).stream().findFirst();
    }
  }

  Answer post(Map<String, String> headers, byte[] body) {
    return post(headers, HttpRequest.BodyPublishers.ofByteArray(body));
  }

  Answer post(Map<String, String> headers, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + PATH))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(30))
            .POST(body);
    headers.forEach(request::header);
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.headers().map(), answer.body());
    } catch (IOException e) {
      throw new AssertionError("The gateway did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted", e);
    }
  }

  /** Deliveries that passed every check, oldest first. */
  List<WebhookReceived> taken() {
    return facts.stream()
        .filter(WebhookReceived.class::isInstance)
        .map(WebhookReceived.class::cast)
        .toList();
  }

  /** As if nothing had been sent yet. */
  void forget() {
    keys.away(false);
    known.forget();
    refusals.flush();
    facts.clear();
  }

  /** Reasons of the refusals that were counted. */
  List<String> counted() {
    return facts.stream()
        .filter(RefusalsCounted.class::isInstance)
        .map(fact -> ((RefusalsCounted) fact).reason())
        .toList();
  }

  Shop shop(String domain) {
    return shops.byDomain(domain).orElseThrow();
  }

  /** The raw body that {@code event} has sealed. */
  byte[] opened(WebhookReceived event) {
    Sealed body = event.body();
    return vault.open(
        new SealContext(
            event.header().eventId(),
            event.header().tenant(),
            "evidence",
            "WebhookReceived",
            "body"),
        body);
  }

  @Override
  public void close() {
    server.stop();
    client.close();
    ledger.close();
    vault.close();
  }
}
