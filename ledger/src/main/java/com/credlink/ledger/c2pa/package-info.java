/**
 * Content credentials (C2PA 2.2) in JPEG and PNG: made, read, and stamped afterwards.
 *
 * <p>Invariants: nothing of an image changes but what is inserted, and what is inserted follows
 * from the inputs alone; a file that is truncated, hostile or not understood is refused before a
 * key is touched; memory is one copy of the image and a small multiple of its credentials.
 */
package com.credlink.ledger.c2pa;
