package com.credlink.ledger.api.access;

import io.javalin.http.Context;
import java.util.Optional;

/** Finds out who calls. The seam for OpenID Connect; today there are bearer tokens. */
@FunctionalInterface
public interface Authenticator {

  /** Who calls, if they have proved it. */
  Optional<Principal> authenticate(Context ctx);

  /** By {@code Authorization: Bearer}. */
  static Authenticator bearer(TokenStore tokens) {
    return ctx ->
        Optional.ofNullable(ctx.header("Authorization"))
            .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
            .map(header -> header.substring(7).strip())
            .flatMap(tokens::principal);
  }
}
