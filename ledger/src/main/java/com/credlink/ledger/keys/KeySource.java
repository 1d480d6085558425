package com.credlink.ledger.keys;

import com.credlink.ledger.event.Bytes;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Where the private halves of a key ring's new keys are made and kept. The ring itself keeps what
 * is public (states, times, certificates), and the private halves of keys of this process.
 */
public interface KeySource extends AutoCloseable {

  /**
   * A key that was made or found.
   *
   * @param signer signs with it.
   * @param publicKey DER of its SubjectPublicKeyInfo.
   */
  record Made(Signer signer, Bytes publicKey) {}

  /** What it is, as a message names it: {@code the key file}, {@code the token 'ledger'}. */
  String name();

  /** Whether keys of this algorithm can be made in it. */
  boolean makes(Algorithm algorithm);

  /**
   * Makes a key.
   *
   * @throws KeyException.Unavailable when it cannot be reached now.
   */
  Made make(Algorithm algorithm);

  /**
   * Finds the private half of a key; empty when it does not have it.
   *
   * @throws KeyException.Unavailable when it cannot be reached now.
   */
  Optional<Signer> find(String keyId);

  /** Keeps the certificate chain beside the key, leaf first, where it has a place for it. */
  void certify(String keyId, List<X509Certificate> chain);

  /** Deletes the private half; nothing happens when it is gone already. */
  void destroy(String keyId);

  @Override
  void close();

  /** Keys of this process, which live in the ring's own file. */
  static KeySource ofThisProcess(SecureRandom random) {
    return new ThisProcess(random);
  }

  /** See {@link #ofThisProcess}. */
  record ThisProcess(SecureRandom random) implements KeySource {
    @Override
    public String name() {
      return "the key file";
    }

    @Override
    public boolean makes(Algorithm algorithm) {
      return true;
    }

    @Override
    public Made make(Algorithm algorithm) {
      LocalSigner signer = LocalSigner.generate(algorithm, random);
      return new Made(signer, Bytes.wrap(signer.publicHalf().encoded()));
    }

    @Override
    public Optional<Signer> find(String keyId) {
      return Optional.empty();
    }

    @Override
    public void certify(String keyId, List<X509Certificate> chain) {
      // The ring keeps it.
    }

    @Override
    public void destroy(String keyId) {
      // The ring's file is the only place.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
