package com.credlink.ledger.api.intake;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads request bodies with a bound, whatever Content-Length says. */
public final class Bodies {

  private Bodies() {}

  /** The body, or {@code limit + 1} bytes of it when it is larger. */
  public static byte[] read(Context ctx, int limit) {
    try (InputStream in = ctx.req().getInputStream()) {
      return in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("The request body could not be read", e);
    }
  }
}
