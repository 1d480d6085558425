package com.credlink.ledger.vault;

/** A domain is installed under another shop id than the one given. */
public final class ShopConflictException extends RuntimeException {
  ShopConflictException(String domain, long known, long given) {
    super(
        "'%s' is installed as shop %d and cannot be installed as shop %d; erase the tenant first if the domain has a new owner"
            .formatted(domain, known, given));
  }
}
