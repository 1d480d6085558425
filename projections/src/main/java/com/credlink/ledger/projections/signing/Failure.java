package com.credlink.ledger.projections.signing;

/**
 * Why an attempt ended without a signature.
 *
 * @param errorClass class in the table of errors
 * @param reason one sentence
 */
public record Failure(String errorClass, String reason) {}
