package com.credlink.ledger.queue;

import com.credlink.ledger.event.ImageOrigin;

/**
 * Fetch an image that a webhook named.
 *
 * @param tenant tenant.
 * @param origin what to fetch, and which delivery named it.
 * @param attempt which attempt, from 1.
 * @param correlationId correlation id of the cause.
 */
public record FetchJob(String tenant, ImageOrigin origin, int attempt, String correlationId)
    implements Job {

  @Override
  public String name() {
    return String.join("/", "fetch", tenant, origin.source(), Integer.toString(attempt));
  }
}
