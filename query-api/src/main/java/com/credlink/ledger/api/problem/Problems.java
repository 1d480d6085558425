package com.credlink.ledger.api.problem;

import com.credlink.ledger.asset.AssetException;
import com.credlink.ledger.log.IntegrityFault;
import com.credlink.ledger.topology.query.StoreQueries.NotServingException;
import com.credlink.ledger.vault.VaultException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure into {@code application/problem+json} (RFC 9457), without ever showing a
 * stack trace.
 */
public final class Problems {

  /** Request attribute with the request's id. */
  public static final String REQUEST_ID = "request-id";

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final int RETRY_AFTER_SECONDS = 1;
  private static final int STORAGE_RETRY_AFTER_SECONDS = 5;

  private Problems() {}

  /** Installs the handlers. */
  public static void install(RoutesConfig routes) {
    routes.exception(ProblemException.class, (e, ctx) -> write(ctx, e));
    routes.exception(
        NotServingException.class,
        (e, ctx) ->
            write(
                ctx,
                new ProblemException(Problem.NOT_READY, e.getMessage() + ".")
                    .retryAfter(RETRY_AFTER_SECONDS)));
    routes.exception(
        IntegrityFault.class,
        (e, ctx) -> write(ctx, new ProblemException(Problem.LOG_INTEGRITY, e.getMessage())));
    routes.exception(
        VaultException.Unavailable.class, (e, ctx) -> notStored(ctx, "The keys to seal with"));
    routes.exception(
        AssetException.Unavailable.class, (e, ctx) -> notStored(ctx, "The stored assets"));
    routes.exception(BadRequestResponse.class, (e, ctx) -> malformed(ctx));
    routes.exception(HttpResponseException.class, (e, ctx) -> write(ctx, ofStatus(e.getStatus())));
    routes.exception(Exception.class, Problems::unexpected);
  }

  /** What an event must hold cannot be stored, so neither can the event. */
  private static void notStored(Context ctx, String what) {
    write(
        ctx,
        new ProblemException(Problem.LOG_UNAVAILABLE, what + " cannot be reached now.")
            .retryAfter(STORAGE_RETRY_AFTER_SECONDS));
  }

  private static void malformed(Context ctx) {
    write(ctx, new ProblemException(Problem.MALFORMED, "The request cannot be read."));
  }

  private static ProblemException ofStatus(int status) {
    return switch (status) {
      case 404 -> new ProblemException(Problem.NOT_FOUND, "There is nothing at this path.");
      case 405 ->
          new ProblemException(
              Problem.METHOD_NOT_ALLOWED, "The path exists, but not with this method.");
      case 413 -> new ProblemException(Problem.TOO_LARGE, "The request is too large.");
      case 415 ->
          new ProblemException(
              Problem.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported.");
      default ->
          status < 500
              ? new ProblemException(Problem.MALFORMED, "The request cannot be read.")
              : new ProblemException(Problem.INTERNAL, "The request failed here.");
    };
  }

  private static void unexpected(Exception e, Context ctx) {
    LOG.atError()
        .setCause(e)
        .addKeyValue("requestId", requestId(ctx))
        .addKeyValue("method", ctx.method())
        .log("A request failed unexpectedly");
    write(
        ctx,
        new ProblemException(
            Problem.INTERNAL, "The request failed here; the log names it by its instance."));
  }

  private static void write(Context ctx, ProblemException e) {
    Problem problem = e.problem();
    if (problem.status() == 401 && problem == Problem.UNAUTHENTICATED) {
      ctx.header("WWW-Authenticate", "Bearer");
    }
    e.retryAfterSeconds().ifPresent(s -> ctx.header("Retry-After", Integer.toString(s)));
    ctx.status(problem.status());
    ctx.contentType("application/problem+json");
    ctx.result(body(ctx, e).toString());
  }

  /** The document that says what is wrong. */
  public static ObjectNode body(Context ctx, ProblemException e) {
    Problem problem = e.problem();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", problem.uri());
    body.put("title", problem.title());
    body.put("status", problem.status());
    body.put("detail", e.getMessage());
    body.put("instance", requestId(ctx));
    body.put("retryable", problem.retryable());
    return body;
  }

  /** Id of the request. */
  public static String requestId(Context ctx) {
    String id = ctx.attribute(REQUEST_ID);
    return id == null ? "" : id;
  }
}
