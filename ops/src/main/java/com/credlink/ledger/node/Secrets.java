package com.credlink.ledger.node;

import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.asset.DirectoryAssetStore;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.keys.ReceiptKeys;
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.vault.DataKeys;
import com.credlink.ledger.vault.EpochKeys;
import com.credlink.ledger.vault.KafkaWrappedKeyStore;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.Vault;

/** What must stay secret, and what it protects. */
record Secrets(
    SigningKeys assetKeys,
    LogKeys logKeys,
    ReceiptKeys receiptKeys,
    AssetStore assets,
    Vault vault,
    TenantDirectory shops) {

  /** The keys that sign assets. */
  KeyRing signingKeys() {
    return assetKeys.ring();
  }

  /** Opens the vault and all that is sealed by it. */
  static Secrets open(NodeContext node, LogAccess log, NodeFiles files) throws NodeStartException {
    EpochKeys epochs = NodeFiles.opened(files.epochs());
    KafkaWrappedKeyStore store = node.closing().add(KafkaWrappedKeyStore.open(log.connection()));
    node.faults().watch("the reader of the wrapped keys", store.fault());
    AesGcm cipher = new AesGcm();
    DataKeys dataKeys =
        node.closing().add(DataKeys.open(epochs, store, cipher, node.random(), node.clock()));
    AssetStore assets =
        new DirectoryAssetStore(node.path("assets"), dataKeys, cipher, node.random(), node.clock());
    Vault vault = node.closing().add(new Vault(dataKeys, assets, cipher, node.random()));
    TenantDirectory shops =
        TenantDirectory.open(epochs, store, cipher, node.random(), node.clock());
    SigningKeys signingKeys = NodeFiles.opened(files.signingKeys());
    KeyRing _ = node.closing().add(signingKeys.ring());
    return new Secrets(
        signingKeys,
        NodeFiles.opened(files.logKeys()),
        NodeFiles.opened(files.receiptKeys()),
        assets,
        vault,
        shops);
  }
}
