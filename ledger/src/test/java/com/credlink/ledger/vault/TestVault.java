package com.credlink.ledger.vault;

import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.asset.DirectoryAssetStore;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.Password;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A vault as a node builds it, on a directory and a store of the test's. */
public final class TestVault {

  private static final EpochKeys SHARED = shared();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
  private final InstantSource clock = now::get;

  public final EpochKeys epochs;
  public final DataKeys keys;
  public final AssetStore assets;
  public final Vault vault;
  public final TenantDirectory directory;

  /** With keys that all tests share: opening a key file is slow on purpose. */
  public TestVault(Path root, WrappedKeyStore store) {
    this(SHARED, root, store);
  }

  /** With the key file in {@code root}. */
  static TestVault onItsOwnKeyFile(Path root, WrappedKeyStore store) {
    return new TestVault(open(root), root, store);
  }

  private static EpochKeys open(Path root) {
    return EpochKeys.open(
        root.resolve("vault.p12"),
        new Password.FromFile(root.resolve("vault.password")),
        new SecureRandom());
  }

  private static EpochKeys shared() {
    try {
      return open(Files.createTempDirectory("shared-vault"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestVault(EpochKeys epochs, Path root, WrappedKeyStore store) {
    SecureRandom random = new SecureRandom();
    AesGcm cipher = new AesGcm();
    this.epochs = epochs;
    keys = DataKeys.open(epochs, store, cipher, random, clock);
    assets = new DirectoryAssetStore(root.resolve("assets"), keys, cipher, random, clock);
    vault = new Vault(keys, assets, cipher, random);
    directory = TenantDirectory.open(epochs, store, cipher, random, clock);
  }

  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }
}
