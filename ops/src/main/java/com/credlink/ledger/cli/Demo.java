package com.credlink.ledger.cli;

import static com.credlink.ledger.cli.DemoImages.ACME;
import static com.credlink.ledger.cli.DemoImages.SNOWDEVIL;

import com.credlink.ledger.cli.DemoHttp.Answer;
import com.credlink.ledger.cli.DemoImages.Image;
import com.credlink.ledger.config.Secret;
import com.credlink.ledger.node.DevCredentials;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Plays real traffic against a node over HTTP and says of each step whether it came out as it
 * should.
 */
final class Demo {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Map<String, String> PLAIN = Map.of();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DevCredentials credentials;
  private final PrintStream out;
  private final DemoShopify shopify;
  private final Console console;
  private final URI url;
  private final List<Step> steps = new ArrayList<>();

  /** One line of the outcome. */
  record Step(String what, boolean good, String detail) {}

  /**
   * What a step does; answers a detail for people, throws if the step did not come out as it
   * should.
   */
  @FunctionalInterface
  private interface Action {
    String run() throws IOException, Unexpected;
  }

  /** Something came out otherwise. */
  private static final class Unexpected extends Exception {
    private static final long serialVersionUID = 1L;

    Unexpected(String message) {
      super(message);
    }
  }

  Demo(URI url, DevCredentials credentials, Console console) {
    this.url = url;
    this.credentials = credentials;
    this.console = console;
    this.out = console.out();
    this.shopify =
        new DemoShopify(
            credentials.clientSecrets().getFirst().secret(),
            console.clock().instant(),
            console.random());
  }

  /** The steps so far, in order. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Plays everything; true only if every step came out as it should. */
  boolean play() {
    try (var http = new DemoHttp(url)) {
      out.println("Playing traffic against " + url);
      step(
          "the node is ready",
          () -> expect(http.get("/healthz/ready", Optional.empty(), PLAIN), 200).text().strip());
      webhooks(http);
      var requested = requests(http);
      refusals(http);
      waitForWebhookImages(http);
      signatures(http, requested);
      trail(http);
      tables(http);
    }
    long failed = steps.stream().filter(step -> !step.good()).count();
    out.println();
    out.println(
        failed == 0
            ? "All " + steps.size() + " steps came out as they should."
            : failed + " of " + steps.size() + " steps did not come out as they should.");
    return failed == 0;
  }

  private final Map<String, String> eventIds = new LinkedHashMap<>();

  private void webhooks(DemoHttp http) {
    heading("Shopify delivers");
    long board = shopify.newId();
    step(
        "products/create of " + SNOWDEVIL + " with two images is in the log",
        () -> {
          var body =
              shopify.product(
                  board,
                  "Alpine Board 158",
                  "Snowdevil",
                  List.of(DemoImages.FRONT, DemoImages.BINDINGS),
                  0);
          var delivery = shopify.sign("products/create", SNOWDEVIL, body);
          var id = accepted(deliver(http, delivery));
          eventIds.put("created", id);
          var again = accepted(deliver(http, delivery));
          eventIds.put("duplicate", again);
          return "event " + id;
        });
    step(
        "the same delivery once more is answered 200 and is a fact of its own",
        () -> {
          var first = known("created");
          var second = known("duplicate");
          require(!first.equals(second), "it has the first one's event id");
          return "event " + second;
        });
    step(
        "products/update adds a third image",
        () -> {
          var body =
              shopify.product(
                  board,
                  "Alpine Board 158",
                  "Snowdevil",
                  List.of(DemoImages.FRONT, DemoImages.BINDINGS, DemoImages.SUNRISE),
                  5);
          return "event "
              + accepted(deliver(http, shopify.sign("products/update", SNOWDEVIL, body)));
        });
    step(
        "products/create of " + ACME + " with two images is in the log",
        () -> {
          var body =
              shopify.product(
                  shopify.newId(),
                  "Studio Mug",
                  "Acme Prints",
                  List.of(DemoImages.MUG, DemoImages.POSTER),
                  0);
          return "event " + accepted(deliver(http, shopify.sign("products/create", ACME, body)));
        });
    step(
        "a body with one changed byte is refused",
        () -> {
          var body =
              shopify.product(shopify.newId(), "Forged", "Nobody", List.of(DemoImages.FRONT), 0);
          var delivery = shopify.sign("products/create", SNOWDEVIL, body);
          var forged = body.clone();
          forged[forged.length - 2] ^= 1;
          return problem(deliver(http, delivery.withBody(forged)), 401);
        });
    step(
        "a body that names " + ACME + " is refused under " + SNOWDEVIL,
        () -> {
          var body = shopify.customersRedact(shop(ACME));
          var answer = deliver(http, shopify.sign("customers/redact", SNOWDEVIL, body));
          var problem = problem(answer, 409);
          require(
              "shop_mismatch".equals(answer.problem()),
              "the problem is '" + answer.problem() + "', not shop_mismatch");
          return problem;
        });
    step(
        "customers/redact of " + ACME + " is accepted",
        () -> {
          var body = shopify.customersRedact(shop(ACME));
          var id = accepted(deliver(http, shopify.sign("customers/redact", ACME, body)));
          eventIds.put("redact", id);
          return "event " + id;
        });
  }

  /** A signing request that was made, with the format of its signature. */
  private record Requested(String location, Image image, String format) {}

  private List<Requested> requests(DemoHttp http) {
    heading("The merchant asks for signatures");
    var made = new ArrayList<Requested>();
    request(http, DemoImages.DIRECT_JPEG, "cose").ifPresent(made::add);
    request(http, DemoImages.DIRECT_PNG, "jws").ifPresent(made::add);
    for (var requested : made) {
      step(
          requested.image().file() + " is SIGNED",
          () -> {
            var status = awaitSigned(http, requested.location());
            require(
                sha256Hex(requested.image()).equals(status.path("asset_sha256").asText()),
                "the status has another digest");
            return "attempt " + status.path("attempt").asText();
          });
    }
    return made;
  }

  private Optional<Requested> request(DemoHttp http, Image image, String format) {
    var path = "/v1/shops/" + ACME + "/signing-requests";
    var headers =
        Map.of(
            "Idempotency-Key",
            new UUID(console.random().nextLong(), console.random().nextLong()).toString());
    var request =
        JSON.createObjectNode()
            .put("signature_format", format)
            .put("lane", "standard")
            .put("title", image.file());
    var location = new ArrayList<String>();
    step(
        "a request for " + image.file() + " (" + format + ") is accepted",
        () -> {
          var answer = expect(http.postFile(path, merchant(ACME), headers, image, request), 202);
          location.add(
              answer
                  .header("Location")
                  .orElseThrow(() -> new Unexpected("the answer has no Location")));
          var id = answer.json().path("request_id").asText();
          var again = expect(http.postFile(path, merchant(ACME), headers, image, request), 202);
          require(
              id.equals(again.json().path("request_id").asText()),
              "the same Idempotency-Key made a second request");
          return "request " + id;
        });
    return location.stream().findFirst().map(made -> new Requested(made, image, format));
  }

  private void refusals(DemoHttp http) {
    heading("Calls that must not go through");
    var path = "/v1/shops/" + ACME + "/signing-requests";
    var json = Map.of("Content-Type", "application/json");
    step(
        "an auditor cannot ask for a signature",
        () -> problem(http.post(path, role("auditor"), json, digestRequest()), 403));
    step(
        SNOWDEVIL + "'s merchant cannot read " + ACME + "'s requests",
        () -> problem(http.get(path, merchant(SNOWDEVIL), PLAIN), 403));
    step("nobody can without a token", () -> problem(http.get(path, Optional.empty(), PLAIN), 401));
    step(
        "an auditor can read the events of all shops",
        () ->
            expect(http.get("/v1/events?limit=5", role("auditor"), PLAIN), 200)
                    .json()
                    .path("items")
                    .size()
                + " on the first page");
  }

  private void waitForWebhookImages(DemoHttp http) {
    heading("Webhook images are fetched and signed");
    for (var image :
        List.of(
            DemoImages.FRONT,
            DemoImages.BINDINGS,
            DemoImages.SUNRISE,
            DemoImages.MUG,
            DemoImages.POSTER)) {
      step(
          image.folder() + " " + image.file() + " is SIGNED",
          () -> {
            var digest = sha256Hex(image);
            var path = "/v1/shops/" + image.folder() + "/signing-requests?limit=500";
            var item =
                await(
                    () -> items(http.get(path, merchant(image.folder()), PLAIN)),
                    candidate ->
                        digest.equals(candidate.path("asset_sha256").asText())
                            && isSigned(candidate));
            return "request " + item.path("request_id").asText();
          });
    }
  }

  private void signatures(DemoHttp http, List<Requested> requested) {
    heading("Signatures, checked with " + DemoSignatureCheck.CHECKED_BY);
    for (var made : requested) {
      step(
          "the " + made.format() + " signature of " + made.image().file() + " holds",
          () ->
              checkSignature(
                  http, made.location() + "/signature", ACME, made.format(), digest(made.image())));
    }
    step(
        "the signature of " + DemoImages.FRONT.file() + ", which a webhook asked for, holds",
        () -> {
          var digest = sha256Hex(DemoImages.FRONT);
          var base = "/v1/shops/" + SNOWDEVIL + "/signing-requests";
          var item =
              await(
                  () -> items(http.get(base + "?limit=500", merchant(SNOWDEVIL), PLAIN)),
                  candidate ->
                      digest.equals(candidate.path("asset_sha256").asText())
                          && isSigned(candidate));
          var signature = base + "/" + item.path("request_id").asText() + "/signature";
          return checkSignature(http, signature, SNOWDEVIL, "cose", digest(DemoImages.FRONT));
        });
  }

  private String checkSignature(
      DemoHttp http, String path, String shop, String format, byte[] digest)
      throws IOException, Unexpected {
    var accept = Map.of("Accept", "cose".equals(format) ? "application/cose" : "application/jose");
    var signature = expect(http.get(path, merchant(shop), accept), 200);
    var keys = expect(http.get("/.well-known/jwks.json", Optional.empty(), PLAIN), 200).text();
    try {
      var check = new DemoSignatureCheck(keys);
      return "cose".equals(format)
          ? check.cose(signature.body(), digest)
          : check.jws(signature.text(), digest);
    } catch (DemoSignatureCheck.NotValid e) {
      throw new Unexpected(e.getMessage());
    }
  }

  private void trail(DemoHttp http) {
    heading("The audit trail");
    step(
        "names the duplicate as one of the first delivery",
        () -> {
          var first = known("created");
          var second = known("duplicate");
          var item =
              await(
                  () ->
                      items(http.get(events(SNOWDEVIL, "WebhookReceived"), role("auditor"), PLAIN)),
                  candidate -> second.equals(candidate.path("event_id").asText()));
          require(
              first.equals(item.path("duplicate_of").asText()),
              "duplicate_of is '" + item.path("duplicate_of").asText() + "'");
          return "duplicate_of " + first;
        });
    step(
        "has the erasure request, and nothing of the customer in clear",
        () -> {
          var id = known("redact");
          await(
              () -> items(http.get(events(ACME, "WebhookReceived"), role("auditor"), PLAIN)),
              candidate -> id.equals(candidate.path("event_id").asText()));
          var event = expect(http.get("/v1/events/" + id, role("auditor"), PLAIN), 200).text();
          require(
              !event.contains(DemoShopify.CUSTOMER_EMAIL),
              "the customer's e-mail address is readable");
          return "event " + id;
        });
    step(
        "has the refused calls as decisions",
        () -> {
          var denied =
              await(
                  () -> items(http.get(events(ACME, "AuthDecided"), role("auditor"), PLAIN)),
                  candidate ->
                      "DENY".equalsIgnoreCase(candidate.path("payload").path("decision").asText()));
          return "event " + denied.path("event_id").asText();
        });
  }

  private void tables(DemoHttp http) {
    heading("Signing requests");
    out.printf(
        "  %-28s %-10s %-16s %-8s %-20s %s%n",
        "shop", "request", "status", "attempt", "asset", "signed with");
    for (var shop : List.of(SNOWDEVIL, ACME)) {
      for (var item :
          listed(http, "/v1/shops/" + shop + "/signing-requests?limit=20", merchant(shop))) {
        var signature = item.path("signature");
        out.printf(
            "  %-28s %-10s %-16s %-8s %-20s %s%n",
            shop,
            end(item.path("request_id").asText()),
            item.path("status").asText(),
            item.path("attempt").asText("-"),
            start(item.path("asset_sha256").asText("-")),
            signature.isObject()
                ? signature.path("alg").asText() + " " + signature.path("key_id").asText()
                : "-");
      }
    }
    heading("Trail (newest first)");
    for (var shop : List.of(SNOWDEVIL, ACME)) {
      for (var item : listed(http, "/v1/shops/" + shop + "/events?limit=12", role("auditor"))) {
        var duplicate = item.path("duplicate_of").asText("");
        out.printf(
            "  %-27s %-28s %-22s %s%s%n",
            item.path("recorded_at").asText(),
            shop,
            item.path("type").asText(),
            "at " + item.path("partition").asText() + ":" + item.path("offset").asText(),
            duplicate.isEmpty() ? "" : " duplicate of ..." + end(duplicate));
      }
    }
  }

  private List<JsonNode> listed(DemoHttp http, String path, Optional<Secret> token) {
    try {
      return items(http.get(path, token, PLAIN));
    } catch (IOException | Unexpected e) {
      step(
          "the list " + path + " can be read",
          () -> {
            throw new Unexpected(String.valueOf(e.getMessage()));
          });
      return List.of();
    }
  }

  private void step(String what, Action action) {
    Step step;
    try {
      step = new Step(what, true, action.run());
    } catch (IOException | Unexpected e) {
      var reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      step = new Step(what, false, reason);
    }
    steps.add(step);
    out.println(
        (step.good() ? "  ✓ " : "  ✗ ")
            + what
            + (step.detail().isEmpty() ? "" : "  (" + step.detail() + ")"));
  }

  private void heading(String text) {
    out.println();
    out.println(text);
  }

  private static Answer deliver(DemoHttp http, DemoShopify.Delivery delivery) throws IOException {
    return http.post(
        "/webhooks/shopify", Optional.empty(), delivery.headers(), delivery.body().toArray());
  }

  private static String accepted(Answer answer) throws Unexpected {
    expect(answer, 200);
    return answer
        .header("Ledger-Event-Id")
        .orElseThrow(() -> new Unexpected("the answer has no Ledger-Event-Id"));
  }

  private static Answer expect(Answer answer, int status) throws Unexpected {
    if (answer.status() != status) {
      var detail = answer.json().path("detail").asText(answer.json().path("title").asText(""));
      throw new Unexpected(
          "answered %d, not %d: %s %s"
              .formatted(answer.status(), status, answer.problem(), detail)
              .strip());
    }
    return answer;
  }

  private static String problem(Answer answer, int status) throws Unexpected {
    expect(answer, status);
    return (status + " " + answer.problem()).strip();
  }

  private static JsonNode awaitSigned(DemoHttp http, String location, Optional<Secret> token)
      throws IOException, Unexpected {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    JsonNode status;
    do {
      status = expect(http.get(location + "?wait=10s", token, PLAIN), 200).json();
      if (isSigned(status)) {
        return status;
      }
      // A node that answers a long poll at once must not be asked in a tight loop.
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    } while (System.nanoTime() < deadline);
    throw new Unexpected(
        "its status is "
            + status.path("status").asText("missing")
            + " after "
            + PATIENCE.toSeconds()
            + " s");
  }

  private JsonNode awaitSigned(DemoHttp http, String location) throws IOException, Unexpected {
    return awaitSigned(http, location, merchant(ACME));
  }

  private static boolean isSigned(JsonNode status) {
    return switch (status.path("status").asText()) {
      case "SIGNED", "TIMESTAMPED" -> true;
      default -> false;
    };
  }

  /** Reads items. */
  @FunctionalInterface
  private interface Look {
    List<JsonNode> items() throws IOException, Unexpected;
  }

  /**
   * Looks until an item fits: a list shows what is in the log as soon as the fold has passed it.
   */
  private static JsonNode await(Look look, Predicate<JsonNode> fits)
      throws IOException, Unexpected {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int seen;
    do {
      var items = look.items();
      seen = items.size();
      var found = items.stream().filter(fits).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    } while (System.nanoTime() < deadline);
    throw new Unexpected("none of " + seen + " items fits after " + PATIENCE.toSeconds() + " s");
  }

  private static List<JsonNode> items(Answer answer) throws Unexpected {
    var items = new ArrayList<JsonNode>();
    expect(answer, 200).json().path("items").forEach(items::add);
    return items;
  }

  private static String events(String shop, String type) {
    return "/v1/shops/" + shop + "/events?limit=500&type=" + type;
  }

  private String known(String name) throws Unexpected {
    var id = eventIds.get(name);
    if (id == null) {
      throw new Unexpected("an earlier step has failed");
    }
    return id;
  }

  private static void require(boolean holds, String otherwise) throws Unexpected {
    if (!holds) {
      throw new Unexpected(otherwise);
    }
  }

  private Optional<Secret> merchant(String shop) {
    return credentials.token(DevCredentials.MERCHANT, Optional.of(shop));
  }

  private Optional<Secret> role(String role) {
    return credentials.token(role, Optional.empty());
  }

  private DevCredentials.Shop shop(String domain) throws Unexpected {
    return credentials.shops().stream()
        .filter(shop -> shop.domain().equals(domain))
        .findFirst()
        .orElseThrow(() -> new Unexpected("credentials.json has no shop " + domain));
  }

  private static byte[] digestRequest() {
    ObjectNode request = JSON.createObjectNode().put("signature_format", "cose");
    request.putObject("digest").put("alg", "sha-256").put("value", "00".repeat(32));
    return request.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] digest(Image image) throws IOException {
    try {
      return MessageDigest.getInstance("SHA-256").digest(image.bytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String sha256Hex(Image image) throws IOException {
    return HexFormat.of().formatHex(digest(image));
  }

  private static String start(String text) {
    return text.length() <= 16 ? text : text.substring(0, 16) + "...";
  }

  private static String end(String text) {
    return text.length() <= 8 ? text : text.substring(text.length() - 8);
  }
}
