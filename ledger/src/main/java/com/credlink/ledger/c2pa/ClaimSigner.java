package com.credlink.ledger.c2pa;

import com.credlink.ledger.keys.Signer;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A key that signs claims, with the chain that vouches for it.
 *
 * @param signer the key, of an algorithm that C2PA 2.2 section 13.2.1 admits
 * @param chain the key's certificate, then each intermediate; without the root
 */
public record ClaimSigner(Signer signer, List<X509Certificate> chain) {

  /** Checks that it can sign claims. */
  public ClaimSigner {
    chain = List.copyOf(chain);
    if (chain.isEmpty() || !signer.algorithm().signsContentCredentials()) {
      throw new IllegalArgumentException("no claim can be signed with this key");
    }
  }

  /** Signs, and verifies what it has signed. */
  byte[] sign(byte[] message) {
    byte[] signature = signer.sign(message);
    if (!signer.verify(message, signature)) {
      throw new C2paException(
          C2paException.Reason.NOT_VERIFIED, "a fresh claim signature did not verify");
    }
    return signature;
  }
}
