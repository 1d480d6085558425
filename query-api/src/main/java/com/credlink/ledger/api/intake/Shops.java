package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.credlink.ledger.vault.TenantDirectory;
import io.javalin.http.Context;
import java.util.Locale;

/** The shop that a path names. */
public final class Shops {

  private final TenantDirectory directory;

  /** Shops in {@code directory}. */
  public Shops(TenantDirectory directory) {
    this.directory = directory;
  }

  /** The shop in the path, which must be installed; asked only after the caller was let in. */
  public TenantDirectory.Shop installed(Context ctx) {
    return directory
        .byDomain(domain(ctx))
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.NOT_FOUND, "No shop of that domain has installed the app."));
  }

  /** The domain in the path. */
  public static String domain(Context ctx) {
    return ctx.pathParam("shop").toLowerCase(Locale.ROOT);
  }
}
