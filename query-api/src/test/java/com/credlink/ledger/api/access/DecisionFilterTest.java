package com.credlink.ledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AuthDecided;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.RefusalsCounted;
import com.credlink.ledger.keys.Ed25519Keys;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.sign.Receipts;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard on a real server, with a log that is out of reach but shows what it is given. */
class DecisionFilterTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z"));
  private static final String TENANT = "tenant-1";

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<LedgerEvent> facts = new CopyOnWriteArrayList<>();
  private final AtomicInteger letIn = new AtomicInteger();
  private TokenStore tokens;
  private Ledger ledger;
  private Javalin server;

  @BeforeEach
  void start() {
    tokens = new TokenStore(directory.resolve("tokens.json"), CLOCK, new SecureRandom());
    ledger =
        new Ledger(
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
    Ids ids = Ids.uuidV7(CLOCK, new SecureRandom());
    DecisionFilter filter =
        new DecisionFilter(
            Authenticator.bearer(tokens),
            new Appender(
                ledger,
                new Receipts(
                    "a.ledger",
                    Ed25519Keys.signer(new byte[Ed25519Keys.LENGTH]),
                    type -> new byte[32])),
            new VoidedDecisions(ledger, CLOCK),
            new Refusals(facts::add, prefix -> Bytes.copyOf(new byte[32]), CLOCK, ids),
            CLOCK,
            ids);
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.routes.get(
                      "/guarded",
                      ctx -> {
                        Principal who = filter.authenticate(ctx);
                        filter.admit(
                            ctx, who, Action.EVENT_LIST, Optional.of(TENANT), "resource-1");
                        letIn.incrementAndGet();
                      });
                  Problems.install(config.routes);
                })
            .start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.stop();
    client.close();
    ledger.close();
  }

  @Test
  void shouldLetNobodyInWhenTheDecisionCannotBeWritten() throws Exception {
    String id = tokens.add("t", Role.AUDITOR, Optional.empty(), Optional.empty());

    HttpResponse<String> answer = get("Bearer t");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains(Problem.LOG_UNAVAILABLE.uri());
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    assertThat(letIn).hasValue(0);
    AuthDecided decision = decision();
    assertThat(decision.decision()).isEqualTo(Decision.ALLOW);
    assertThat(decision.header().tenant()).isEqualTo(TENANT);
    assertThat(decision.header().actor().type()).isEqualTo(ActorType.AUDITOR);
    assertThat(decision.header().actor().id()).isEqualTo("token:" + id);
    assertThat(decision.role()).isEqualTo("auditor");
    assertThat(decision.action()).isEqualTo("event.list");
    assertThat(decision.resource().type()).isEqualTo("event");
    assertThat(decision.resource().id()).isEqualTo("resource-1");
    assertThat(decision.reason()).isEqualTo("role_has_permission");
    assertThat(decision.policies()).containsExactly(Policy.REFERENCE);
    assertThat(decision.factors()).containsExactly("bearer");
  }

  @Test
  void shouldWriteADenialBeforeItIsAnswered() throws Exception {
    tokens.add("t", Role.MERCHANT, Optional.of("tenant-2"), Optional.empty());

    HttpResponse<String> answer = get("Bearer t");

    // Not 403: even the no has to be in the log first.
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(letIn).hasValue(0);
    assertThat(decision().decision()).isEqualTo(Decision.DENY);
    assertThat(decision().reason()).isEqualTo("other_shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer t", "bearer t", "BEARER t", "Bearer    t", "Bearer t  "})
  void shouldFindTheTokenOfACaller(String authorization) throws Exception {
    tokens.add("t", Role.AUDITOR, Optional.empty(), Optional.empty());

    get(authorization);

    assertThat(decision().decision()).isEqualTo(Decision.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer other",
        "Bearer T",
        "Bearert",
        "Basic t",
        "t",
        "Bearer t t",
        "Bearer t,Bearer t",
        "Token t"
      })
  void shouldRefuseAndCountWhoeverProvesNothing(String authorization) throws Exception {
    tokens.add("t", Role.AUDITOR, Optional.empty(), Optional.empty());

    HttpResponse<String> answer = get(authorization);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains(Problem.UNAUTHENTICATED.uri());
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(letIn).hasValue(0);
    assertThat(facts)
        .singleElement()
        .isInstanceOfSatisfying(
            RefusalsCounted.class,
            counted -> {
              assertThat(counted.route()).isEqualTo("GET api");
              assertThat(counted.reason()).isEqualTo("unauthenticated");
            });
  }

  @Test
  void shouldNotLetATokenInThatWasTakenBack() throws Exception {
    String id = tokens.add("t", Role.AUDITOR, Optional.empty(), Optional.empty());
    tokens.revoke(id);

    assertThat(get("Bearer t").statusCode()).isEqualTo(401);
  }

  private HttpResponse<String> get(String authorization) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/guarded"))
            .header("Authorization", authorization)
            .build(),
        BodyHandlers.ofString());
  }

  private AuthDecided decision() {
    assertThat(facts).hasSize(1);
    return (AuthDecided) facts.getFirst();
  }
}
