package com.credlink.ledger.api;

import com.credlink.ledger.api.access.Action;
import com.credlink.ledger.api.access.DecisionFilter;
import com.credlink.ledger.api.access.DecisionFilter.Admitted;
import com.credlink.ledger.api.access.Principal;
import com.credlink.ledger.api.admin.KeyManagement;
import com.credlink.ledger.api.admin.ShopInstallation;
import com.credlink.ledger.api.admin.TokenManagement;
import com.credlink.ledger.api.document.ApiDocument;
import com.credlink.ledger.api.intake.AuthDecisions;
import com.credlink.ledger.api.intake.AuthDecisions.Submission;
import com.credlink.ledger.api.intake.Interventions;
import com.credlink.ledger.api.intake.ShopifyWebhooks;
import com.credlink.ledger.api.intake.Shops;
import com.credlink.ledger.api.intake.SigningBatch;
import com.credlink.ledger.api.intake.SigningRequests;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.api.problem.Problems;
import com.credlink.ledger.api.read.PublishedProjections;
import com.credlink.ledger.api.read.SealedLogs;
import com.credlink.ledger.api.read.SigningStatus;
import com.credlink.ledger.api.read.Trail;
import com.credlink.ledger.api.read.TransparencyLog;
import com.credlink.ledger.event.Ids;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.topology.query.TrailRow;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Optional;

/** All routes on one screen. */
public final class LedgerApi {

  private static final String REQUESTS = "/v1/shops/{shop}/signing-requests";

  private final ShopifyWebhooks webhooks;
  private final SigningRequests requests;
  private final SigningBatch batch;
  private final Interventions interventions;
  private final AuthDecisions authDecisions;
  private final ShopInstallation installation;
  private final TokenManagement tokens;
  private final KeyManagement keys;
  private final SigningStatus status;
  private final Trail trail;
  private final TransparencyLog transparency;
  private final PublishedProjections projections;
  private final DecisionFilter decisions;
  private final TenantDirectory shops;
  private final Operations operations;
  private final ApiDocument document;
  private final HttpMetrics metrics;
  private final Ids ids;

  /** The API over its parts. */
  public LedgerApi(
      ShopifyWebhooks webhooks,
      SigningRequests requests,
      SigningBatch batch,
      Interventions interventions,
      AuthDecisions authDecisions,
      ShopInstallation installation,
      TokenManagement tokens,
      KeyManagement keys,
      SigningStatus status,
      Trail trail,
      TransparencyLog transparency,
      PublishedProjections projections,
      DecisionFilter decisions,
      TenantDirectory shops,
      Operations operations,
      ApiDocument document,
      HttpMetrics metrics,
      Ids ids) {
    this.webhooks = webhooks;
    this.requests = requests;
    this.batch = batch;
    this.interventions = interventions;
    this.authDecisions = authDecisions;
    this.installation = installation;
    this.tokens = tokens;
    this.keys = keys;
    this.status = status;
    this.trail = trail;
    this.transparency = transparency;
    this.projections = projections;
    this.decisions = decisions;
    this.shops = shops;
    this.operations = operations;
    this.document = document;
    this.metrics = metrics;
    this.ids = ids;
  }

  /** A server that is not started yet. */
  public Javalin server(String host, int port) {
    return Javalin.create(
        config -> {
          config.startup.showJavalinBanner = false;
          config.jetty.host = host;
          config.jetty.port = port;
          config.concurrency.useVirtualThreads = true;
          config.http.prefer405over404 = true;
          config.http.maxRequestSize = Long.MAX_VALUE; // each route has its own limit
          config.jetty.multipartConfig.maxTotalRequestSize(
              SigningRequests.MAX_MULTIPART_BYTES, SizeUnit.BYTES);
          config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
          config.requestLogger.http(metrics::record);
          config.routes.before(this::identify);
          routes(config.routes);
          Problems.install(config.routes);
        });
  }

  private void routes(RoutesConfig routes) {
    routes.post("/webhooks/shopify", webhooks::receive);

    routes.post(REQUESTS, this::create);
    routes.post(REQUESTS + ":batch", this::createBatch);
    routes.get(REQUESTS, this::list);
    routes.get(REQUESTS + "/{id}", ctx -> read(ctx, status::one));
    routes.get(REQUESTS + "/{id}/history", ctx -> read(ctx, status::history));
    routes.get(REQUESTS + "/{id}/signature", ctx -> read(ctx, status::signature));
    routes.get(REQUESTS + "/{id}/asset", ctx -> read(ctx, status::asset));
    routes.post(
        REQUESTS + "/{id}/approvals",
        ctx -> intervene(ctx, Action.SIGNING_REQUEST_APPROVE, interventions::decide));
    routes.post(
        REQUESTS + "/{id}/cancel",
        ctx -> intervene(ctx, Action.SIGNING_REQUEST_CANCEL, interventions::cancel));
    routes.post(
        REQUESTS + "/{id}/redrive",
        ctx -> intervene(ctx, Action.SIGNING_REQUEST_REDRIVE, interventions::redrive));
    routes.get("/v1/shops/{shop}/unrecorded-signatures", this::unrecorded);
    routes.put("/v1/shops/{shop}/assets/{sha256}", this::upload);

    routes.post("/v1/auth-decisions", this::appendDecisions);

    routes.put("/v1/shops/{shop}", this::installShop);
    routes.post("/v1/tokens", this::createToken);
    routes.delete("/v1/tokens/{id}", this::revokeToken);

    routes.get("/v1/keys", ctx -> keys.list(ctx, aboutKey(ctx, Action.KEY_READ, "")));
    routes.post("/v1/keys/rotate", ctx -> keys.rotate(ctx, aboutKey(ctx, Action.KEY_MANAGE, "")));
    routes.post("/v1/keys/{id}/activate", ctx -> keys.activate(ctx, aboutKey(ctx)));
    routes.post("/v1/keys/{id}/retire", ctx -> keys.retire(ctx, aboutKey(ctx)));
    routes.post("/v1/keys/{id}/destroy", ctx -> keys.destroy(ctx, aboutKey(ctx)));
    routes.post("/v1/keys/{id}/csr", ctx -> keys.request(ctx, aboutKey(ctx)));
    routes.put("/v1/keys/{id}/certificates", ctx -> keys.importChain(ctx, aboutKey(ctx)));

    routes.get("/v1/shops/{shop}/events", this::shopEvents);
    routes.get("/v1/events", this::allEvents);
    routes.get("/v1/events/{event_id}", this::event);
    routes.get("/v1/events/{event_id}/proof", this::proof);

    getOrHead(routes, "/tlog", transparency::list);
    getOrHead(routes, "/tlog/{partition}/checkpoint", transparency::checkpoint);
    getOrHead(routes, "/tlog/{partition}/tile/<path>", transparency::tile);
    getOrHead(routes, "/tlog/{partition}/consistency", transparency::consistency);
    getOrHead(routes, "/tlog/{partition}/projections", projections::answer);
    SealedLogs sealed = transparency.sealed();
    getOrHead(routes, "/tlog/{partition}/{generation}/checkpoint", sealed::checkpoint);
    getOrHead(routes, "/tlog/{partition}/{generation}/tile/<path>", sealed::tile);
    getOrHead(routes, "/tlog/{partition}/{generation}/seal", sealed::seal);

    operations.addTo(routes);
    routes.get("/openapi.yaml", document::yaml);
    routes.get("/openapi.json", document::json);
    routes.get("/docs", document::page);
  }

  /** Without a handler of its own, HEAD would be answered 200 whether there is anything or not. */
  private static void getOrHead(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }

  private void identify(Context ctx) {
    String id = ids.next();
    ctx.attribute(Problems.REQUEST_ID, id);
    ctx.header("Ledger-Request-Id", id);
    ctx.header("X-Content-Type-Options", "nosniff");
  }

  private void create(Context ctx) {
    InShop in = inShop(ctx, Action.SIGNING_REQUEST_CREATE, "");
    requests.create(ctx, in.shop(), in.admitted().actor(), in.admitted().decisionId());
  }

  private void createBatch(Context ctx) {
    InShop in = inShop(ctx, Action.SIGNING_REQUEST_CREATE, "");
    batch.create(ctx, in.shop(), in.admitted().actor(), in.admitted().decisionId());
  }

  private interface Intervention {
    void answer(Context ctx, Shop shop, String requestId, Admitted admitted);
  }

  private void intervene(Context ctx, Action action, Intervention intervention) {
    String id = ctx.pathParam("id");
    InShop in = inShop(ctx, action, id);
    intervention.answer(ctx, in.shop(), id, in.admitted());
  }

  private void unrecorded(Context ctx) {
    status.unrecorded(ctx, inShop(ctx, Action.SIGNING_REQUEST_LIST, "").shop().tenant());
  }

  private void upload(Context ctx) {
    InShop in = inShop(ctx, Action.ASSET_WRITE, ctx.pathParam("sha256"));
    requests.upload(ctx, in.shop(), in.admitted().actor(), in.admitted().decisionId());
  }

  private void appendDecisions(Context ctx) {
    Principal who = decisions.authenticate(ctx);
    Submission submission = authDecisions.read(ctx);
    Optional<String> tenant = authDecisions.tenant(who, submission);
    Admitted admitted = decisions.admit(ctx, who, Action.DECISION_APPEND, tenant, "");
    authDecisions.append(ctx, submission, admitted);
  }

  private void installShop(Context ctx) {
    Principal who = decisions.authenticate(ctx);
    Optional<String> tenant = shops.byDomain(Shops.domain(ctx)).map(Shop::tenant);
    installation.install(ctx, decisions.admit(ctx, who, Action.SHOP_INSTALL, tenant, ""));
  }

  private void createToken(Context ctx) {
    Principal who = decisions.authenticate(ctx);
    tokens.create(ctx, decisions.admit(ctx, who, Action.TOKEN_MANAGE, Optional.empty(), ""));
  }

  private void revokeToken(Context ctx) {
    Principal who = decisions.authenticate(ctx);
    tokens.revoke(
        ctx, decisions.admit(ctx, who, Action.TOKEN_MANAGE, Optional.empty(), ctx.pathParam("id")));
  }

  private Admitted aboutKey(Context ctx) {
    return aboutKey(ctx, Action.KEY_MANAGE, ctx.pathParam("id"));
  }

  private Admitted aboutKey(Context ctx, Action action, String keyId) {
    Principal who = decisions.authenticate(ctx);
    return decisions.admit(ctx, who, action, Optional.empty(), keyId);
  }

  private void list(Context ctx) {
    status.list(ctx, inShop(ctx, Action.SIGNING_REQUEST_LIST, "").shop().tenant());
  }

  private interface Read {
    void answer(Context ctx, String tenant, String requestId);
  }

  private void read(Context ctx, Read read) {
    String id = ctx.pathParam("id");
    read.answer(ctx, inShop(ctx, Action.SIGNING_REQUEST_READ, id).shop().tenant(), id);
  }

  private void shopEvents(Context ctx) {
    trail.ofTenant(ctx, inShop(ctx, Action.EVENT_LIST, "").shop().tenant());
  }

  private void allEvents(Context ctx) {
    Principal who = decisions.authenticate(ctx);
    decisions.admit(ctx, who, Action.EVENT_LIST_ALL, Optional.empty(), "");
    trail.ofAll(ctx);
  }

  private void event(Context ctx) {
    TrailRow row = trail.required(readable(ctx));
    Position at = new Position(row.partition(), row.offset());
    trail.answer(ctx, row, transparency.proofs().of(ctx, at));
  }

  private void proof(Context ctx) {
    TrailRow row = trail.required(readable(ctx));
    transparency.proofs().answer(ctx, new Position(row.partition(), row.offset()));
  }

  /** The event that the path names, if there is one, to a caller who may read it. */
  private Optional<TrailRow> readable(Context ctx) {
    Principal who = decisions.authenticate(ctx);
    String id = ctx.pathParam("event_id");
    Optional<TrailRow> found;
    try {
      found = trail.find(ctx, id);
    } catch (RuntimeException cannotBeRead) {
      // The call is decided all the same: whose event it was about is not known.
      decisions.admit(ctx, who, Action.EVENT_READ, who.tenant(), id);
      throw cannotBeRead;
    }
    Optional<String> tenant = found.map(TrailRow::tenant).or(who::tenant);
    decisions.admit(ctx, who, Action.EVENT_READ, tenant, id);
    return found;
  }

  /** A caller that was let in, and the shop that the path names. */
  private record InShop(Shop shop, Admitted admitted) {}

  private InShop inShop(Context ctx, Action action, String resourceId) {
    Principal who = decisions.authenticate(ctx);
    Optional<Shop> shop = shops.byDomain(Shops.domain(ctx));
    Admitted admitted = decisions.admit(ctx, who, action, shop.map(Shop::tenant), resourceId);
    return new InShop(
        shop.orElseThrow(
            () -> new ProblemException(Problem.NOT_FOUND, "No such shop has installed the app.")),
        admitted);
  }
}
