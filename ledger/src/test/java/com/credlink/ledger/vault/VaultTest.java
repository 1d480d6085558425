package com.credlink.ledger.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyWrap;
import com.credlink.ledger.event.Sealed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {

  private static final SealContext CONTEXT =
      new SealContext("event-1", "tenant-a", "webhook", "WebhookReceived", "body");
  private static final byte[] SECRET = "jane@example.com".getBytes(StandardCharsets.UTF_8);

  @TempDir Path root;

  private final MemoryWrappedKeyStore store = new MemoryWrappedKeyStore();

  private TestVault open() {
    return new TestVault(root, store);
  }

  private TestVault openKeyFile() {
    return TestVault.onItsOwnKeyFile(root, store);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 65_535, 65_536, 65_537, 131_072, Vault.MAX_INLINE_BYTES})
  void shouldOpenInlineWhatItSealed(int length) {
    Vault vault = open().vault;
    byte[] plain = bytes(length);

    Sealed sealed = vault.seal(CONTEXT, plain);

    assertThat(sealed.storedAs()).isEmpty();
    assertThat(sealed.length()).isEqualTo(length);
    assertThat(sealed.wraps()).hasSize(1);
    assertThat(vault.open(CONTEXT, sealed)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(ints = {Vault.MAX_INLINE_BYTES + 1, 1024 * 1024})
  void shouldStoreALargeValueByReference(int length) {
    TestVault node = open();
    byte[] plain = bytes(length);

    Sealed sealed = node.vault.seal(CONTEXT, plain);

    assertThat(sealed.ciphertext()).isEqualTo(Bytes.EMPTY);
    assertThat(sealed.length()).isEqualTo(length);
    assertThat(node.vault.open(CONTEXT, sealed)).isEqualTo(plain);

    node.assets.delete("tenant-a", sealed.storedAs().orElseThrow());
    assertThatThrownBy(() -> node.vault.open(CONTEXT, sealed))
        .isInstanceOf(VaultException.ContentMissing.class);
  }

  @Test
  void shouldOpenAfterARestartAndFromAnotherProcess() {
    Sealed sealed = openKeyFile().vault.seal(CONTEXT, SECRET);

    assertThat(openKeyFile().vault.open(CONTEXT, sealed)).isEqualTo(SECRET);
  }

  @Test
  void shouldOpenNowhereElse() {
    Vault vault = open().vault;
    Sealed sealed = vault.seal(CONTEXT, SECRET);

    for (SealContext other :
        List.of(
            new SealContext("event-2", "tenant-a", "webhook", "WebhookReceived", "body"),
            new SealContext("event-1", "tenant-b", "webhook", "WebhookReceived", "body"),
            new SealContext("event-1", "tenant-a", "other", "WebhookReceived", "body"),
            new SealContext("event-1", "tenant-a", "webhook", "AssetStored", "body"),
            new SealContext("event-1", "tenant-a", "webhook", "WebhookReceived", "title"),
            // the same text, cut elsewhere
            new SealContext("event-1tenant-a", "", "webhook", "WebhookReceived", "body"),
            new SealContext("event-1", "tenant-a", "webhookWebhookReceived", "", "body"))) {
      assertThatThrownBy(() -> vault.open(other, sealed))
          .as("%s", other)
          .isInstanceOf(VaultException.Tampered.class);
    }
  }

  @Test
  void shouldRejectAnyFlippedBit() {
    Vault vault = open().vault;
    Sealed sealed = vault.seal(CONTEXT, SECRET);
    KeyWrap wrap = sealed.wraps().getFirst();

    List<Sealed> bad = new ArrayList<>();
    for (Bytes flipped : flips(sealed.ciphertext())) {
      bad.add(with(sealed.wraps(), sealed.nonce(), flipped, sealed.length()));
    }
    for (Bytes flipped : flips(sealed.nonce())) {
      bad.add(with(sealed.wraps(), flipped, sealed.ciphertext(), sealed.length()));
    }
    for (Bytes flipped : flips(wrap.nonce())) {
      KeyWrap other = new KeyWrap(wrap.keyId(), flipped, wrap.wrapped());
      bad.add(with(List.of(other), sealed.nonce(), sealed.ciphertext(), sealed.length()));
    }
    for (Bytes flipped : flips(wrap.wrapped())) {
      KeyWrap other = new KeyWrap(wrap.keyId(), wrap.nonce(), flipped);
      bad.add(with(List.of(other), sealed.nonce(), sealed.ciphertext(), sealed.length()));
    }
    bad.add(with(List.of(), sealed.nonce(), sealed.ciphertext(), sealed.length()));
    bad.add(with(List.of(wrap, wrap), sealed.nonce(), sealed.ciphertext(), sealed.length()));
    bad.add(with(sealed.wraps(), Bytes.EMPTY, sealed.ciphertext(), sealed.length()));
    bad.add(with(sealed.wraps(), sealed.nonce(), Bytes.EMPTY, sealed.length()));
    bad.add(with(sealed.wraps(), sealed.nonce(), sealed.ciphertext(), 1));

    assertThat(bad)
        .hasSizeGreaterThan(800)
        .allSatisfy(
            one ->
                assertThatThrownBy(() -> vault.open(CONTEXT, one))
                    .isInstanceOf(VaultException.Tampered.class));
  }

  @Test
  void shouldRejectPiecesDroppedRepeatedOrSwapped() {
    Vault vault = open().vault;
    Sealed sealed = vault.seal(CONTEXT, bytes(3 * 65_536));
    byte[] all = sealed.ciphertext().toArray();
    int piece = 65_536 + 16;

    for (int[] order : new int[][] {{0, 1}, {0, 2}, {1, 0, 2}, {0, 0, 2}, {0, 1, 2, 2}}) {
      byte[] other = new byte[order.length * piece];
      for (int i = 0; i < order.length; i++) {
        System.arraycopy(all, order[i] * piece, other, i * piece, piece);
      }
      Sealed bad = with(sealed.wraps(), sealed.nonce(), Bytes.wrap(other), order.length * 65_536L);
      assertThatThrownBy(() -> vault.open(CONTEXT, bad))
          .isInstanceOf(VaultException.Tampered.class);
    }
  }

  @Test
  void shouldReadAsErasedOnceTheKeyIsGone() {
    TestVault node = open();
    TestVault other = open();
    Sealed sealed = node.vault.seal(CONTEXT, SECRET);
    Sealed neighbour = node.vault.seal(new SealContext("e", "tenant-b", "p", "r", "f"), SECRET);
    assertThat(other.vault.open(CONTEXT, sealed)).isEqualTo(SECRET);

    node.keys.eraseTenant("tenant-a");

    for (Vault vault : List.of(node.vault, other.vault, open().vault)) {
      assertThatThrownBy(() -> vault.open(CONTEXT, sealed))
          .isInstanceOf(VaultException.KeyMissing.class);
      assertThat(vault.open(new SealContext("e", "tenant-b", "p", "r", "f"), neighbour))
          .isEqualTo(SECRET);
    }
    // What comes later is sealed under a new key.
    assertThat(node.vault.open(CONTEXT, node.vault.seal(CONTEXT, SECRET))).isEqualTo(SECRET);
  }

  @Test
  void shouldNeedEverySubjectsKey() {
    TestVault node = open();
    DataKeys.Scope jane = new DataKeys.Scope("tenant-a", "jane", "values");
    DataKeys.Scope joe = new DataKeys.Scope("tenant-a", "joe", "values");
    List<DataKeys.DataKey> both = List.of(node.keys.forSealing(jane), node.keys.forSealing(joe));

    Sealed sealed = node.vault.seal(CONTEXT, SECRET, both);

    assertThat(node.vault.open(CONTEXT, sealed)).isEqualTo(SECRET);
    assertThatThrownBy(
            () ->
                node.vault.open(
                    CONTEXT,
                    with(
                        sealed.wraps().reversed(),
                        sealed.nonce(),
                        sealed.ciphertext(),
                        sealed.length())))
        .isInstanceOf(VaultException.Tampered.class);
    store.tombstone("tenant-a/joe/" + both.get(1).id());
    assertThatThrownBy(() -> node.vault.open(CONTEXT, sealed))
        .isInstanceOf(VaultException.KeyMissing.class);
  }

  @Test
  void shouldUseOneDataKeyForATenantHoweverManySealAtOnce() throws Exception {
    TestVault node = open();
    Set<String> keyIds = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Sealed>> calls = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        calls.add(() -> node.vault.seal(CONTEXT, SECRET));
      }
      for (Future<Sealed> sealed : threads.invokeAll(calls)) {
        keyIds.add(sealed.get().wraps().getFirst().keyId());
        assertThat(node.vault.open(CONTEXT, sealed.get())).isEqualTo(SECRET);
      }
    }

    assertThat(keyIds).hasSize(1);
  }

  @Test
  void shouldNeverRepeatAKeyOrNonce() {
    Vault vault = open().vault;
    Set<Bytes> seen = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      Sealed sealed = vault.seal(CONTEXT, SECRET);
      assertThat(seen.add(sealed.nonce())).isTrue();
      assertThat(seen.add(sealed.ciphertext())).isTrue();
      assertThat(seen.add(sealed.wraps().getFirst().nonce())).isTrue();
      assertThat(seen.add(sealed.wraps().getFirst().wrapped())).isTrue();
    }
  }

  @Test
  void shouldTakeANewDataKeyAfterThirtyDays() {
    TestVault node = open();
    Sealed first = node.vault.seal(CONTEXT, SECRET);

    node.advance(DataKeys.MAX_AGE.minus(Duration.ofMillis(1)));
    Sealed last = node.vault.seal(CONTEXT, SECRET);
    node.advance(Duration.ofMillis(1));
    Sealed next = node.vault.seal(CONTEXT, SECRET);

    assertThat(keyId(last)).isEqualTo(keyId(first));
    assertThat(keyId(next)).isNotEqualTo(keyId(first));
    assertThat(node.vault.open(CONTEXT, first)).isEqualTo(SECRET);
  }

  @Test
  void shouldTakeANewDataKeyAfterTheLastWrap() {
    TestVault node = open();
    Sealed first = node.vault.seal(CONTEXT, SECRET);
    DataKeys.DataKey key = node.keys.forOpening(keyId(first)).orElseThrow();

    key.wraps().set(DataKeys.MAX_WRAPS - 1);
    Sealed last = node.vault.seal(CONTEXT, SECRET);
    Sealed next = node.vault.seal(CONTEXT, SECRET);

    assertThat(keyId(last)).isEqualTo(keyId(first));
    assertThat(keyId(next)).isNotEqualTo(keyId(first));
  }

  @Test
  void shouldSayThatKeysAreUnavailableAndRecover() {
    TestVault node = open();
    store.fail(true);
    assertThatThrownBy(() -> node.vault.seal(CONTEXT, SECRET))
        .isInstanceOf(VaultException.Unavailable.class);

    store.fail(false);
    Sealed sealed = node.vault.seal(CONTEXT, SECRET);
    store.fail(true);

    // A key that is there needs no store.
    assertThat(node.vault.open(CONTEXT, node.vault.seal(CONTEXT, SECRET))).isEqualTo(SECRET);
    assertThat(node.vault.open(CONTEXT, sealed)).isEqualTo(SECRET);
  }

  @Test
  void shouldRefuseToStartWithTheKeyFileOfAnotherLedger() throws Exception {
    Sealed _ = openKeyFile().vault.seal(CONTEXT, SECRET);
    Files.delete(root.resolve("vault.p12"));

    assertThatThrownBy(this::openKeyFile).isInstanceOf(VaultException.WrongEpoch.class);
  }

  @Test
  void shouldNotTakeARecordFromUnderAnotherKey() {
    TestVault node = open();
    List<WrappedKeyStore.Entry> entries = new ArrayList<>();
    store.follow(entries::add);
    Sealed sealed = node.vault.seal(CONTEXT, SECRET);
    WrappedKeyStore.Entry own = entries.getLast();

    store.put("tenant-b/shop/" + keyId(sealed), own.value().orElseThrow());

    assertThatThrownBy(() -> open().vault.open(CONTEXT, sealed))
        .isInstanceOf(VaultException.Tampered.class);
  }

  @Test
  void shouldKeepOnlyWrappedKeysInTheStore() {
    TestVault node = open();
    List<WrappedKeyStore.Entry> entries = new ArrayList<>();
    store.follow(entries::add);
    Sealed sealed = node.vault.seal(CONTEXT, SECRET);
    String raw =
        java.util.Base64.getEncoder()
            .encodeToString(node.keys.forOpening(keyId(sealed)).orElseThrow().key().getEncoded());

    assertThat(entries).hasSize(1);
    assertThat(
            new String(entries.getFirst().value().orElseThrow().toArray(), StandardCharsets.UTF_8))
        .contains("\"epoch\":\"epoch-000001-")
        .doesNotContain(raw);
    assertThat(entries.getFirst().key()).isEqualTo("tenant-a/shop/" + keyId(sealed));
  }

  @Test
  void shouldIgnoreRecordsThatItCannotRead() {
    store.put("tenant-a/shop/x", Bytes.wrap("not JSON".getBytes(StandardCharsets.UTF_8)));
    store.put("tenant-a/shop/y", Bytes.wrap("{\"v\":2}".getBytes(StandardCharsets.UTF_8)));
    store.put("odd", Bytes.EMPTY);

    Vault vault = open().vault;

    assertThat(vault.open(CONTEXT, vault.seal(CONTEXT, SECRET))).isEqualTo(SECRET);
  }

  @Test
  void shouldHashForLookUpsByDomainAndParts() {
    Vault vault = open().vault;
    byte[] a = {1, 2};
    byte[] b = {3};

    Bytes hash = vault.lookupHash("webhook.body", a, b);

    assertThat(hash.length()).isEqualTo(32);
    assertThat(open().vault.lookupHash("webhook.body", a, b)).isEqualTo(hash);
    assertThat(
            Set.of(
                hash,
                vault.lookupHash("webhook.body", b, a),
                vault.lookupHash("webhook.body", new byte[] {1, 2, 3}),
                vault.lookupHash("webhook.body", new byte[] {1}, new byte[] {2, 3}),
                vault.lookupHash("other", a, b)))
        .hasSize(5);
  }

  @Test
  void shouldKeepItsKeyFileForItsOwnerAlone() throws Exception {
    TestVault _ = openKeyFile();

    for (String file : List.of("vault.p12", "vault.password")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file))))
          .isEqualTo("rw-------");
    }
  }

  private static String keyId(Sealed sealed) {
    return sealed.wraps().getFirst().keyId();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
    return bytes;
  }

  private static List<Bytes> flips(Bytes of) {
    List<Bytes> flips = new ArrayList<>();
    for (int bit = 0; bit < of.length() * 8; bit++) {
      byte[] flipped = of.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      flips.add(Bytes.wrap(flipped));
    }
    return flips;
  }

  private static Sealed with(List<KeyWrap> wraps, Bytes nonce, Bytes ciphertext, long length) {
    return new Sealed(wraps, nonce, ciphertext, length, Optional.empty());
  }
}
