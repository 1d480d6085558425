/**
 * The images and other large bytes of each tenant, encrypted, and the check that an image is what
 * it says.
 *
 * <p>Invariants: what has a name is complete, flushed and authenticated; nothing on disk, not even
 * a name, says whose bytes these are or what their digest is; bytes are never shared across
 * tenants; without the tenant's asset key they are noise.
 */
package com.credlink.ledger.asset;
