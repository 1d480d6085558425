package com.credlink.ledger.api.intake;

import io.javalin.http.Context;
import java.util.Locale;

/** The shop that a path names. */
public final class Shops {

  private Shops() {}

  /** The domain in the path. */
  public static String domain(Context ctx) {
    return ctx.pathParam("shop").toLowerCase(Locale.ROOT);
  }
}
