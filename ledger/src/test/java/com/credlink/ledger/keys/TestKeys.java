package com.credlink.ledger.keys;

import java.math.BigInteger;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** Signers with fixed keys for tests: equal tests see equal bytes. */
public final class TestKeys {

  private TestKeys() {}

  public static Signer signer(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> p256("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
      case ED25519 -> ed25519("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    };
  }

  public static Signer p256(String d) {
    return LocalSigner.of(new ECPrivateKeyParameters(new BigInteger(d, 16), PublicHalf.p256()));
  }

  public static Signer ed25519(String seed) {
    return LocalSigner.of(new Ed25519PrivateKeyParameters(HexFormat.of().parseHex(seed)));
  }

  /** DER of the SubjectPublicKeyInfo. */
  public static byte[] publicKey(Signer signer) {
    return ((LocalSigner) signer).publicHalf().encoded();
  }
}
