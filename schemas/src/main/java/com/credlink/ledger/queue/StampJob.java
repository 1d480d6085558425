package com.credlink.ledger.queue;

/**
 * Put a time-stamp into a signed file.
 *
 * @param tenant tenant.
 * @param requestId the request.
 * @param signedSha256 SHA-256 of the signed file, hex.
 * @param correlationId correlation id of the cause.
 * @param causationId the fact that it was signed by.
 */
public record StampJob(
    String tenant,
    String requestId,
    String signedSha256,
    String correlationId,
    String causationId) {}
