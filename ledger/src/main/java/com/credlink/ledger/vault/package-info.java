/**
 * Personal data enter the log only through here: encrypted, under keys that can be destroyed.
 *
 * <pre>
 * epoch key (vault.p12) ─wraps─▶ data key (privacy.keys) ─wraps─▶ content key (in the event) ─seals─▶ value
 *                       └seals─▶ shop of a tenant (privacy.keys)
 * look-up key (vault.p12) ─HMAC─▶ look-up hashes and file names
 * </pre>
 *
 * <p>Invariants: a value opens only in the event, tenant, purpose and field that it was sealed for;
 * a value whose data key is gone reads as erased and nothing else does; every content key seals one
 * value; no unwrapped key is written anywhere.
 */
package com.credlink.ledger.vault;
