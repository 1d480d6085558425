package com.credlink.ledger.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.credlink.ledger.broker.KafkaNode;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.TopicAdmin;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import com.credlink.ledger.vault.WrappedKeyStore.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaWrappedKeyStoreTest {

  @TempDir static Path broker;
  @TempDir Path root;

  private static KafkaNode node;

  @BeforeAll
  static void start() {
    node = KafkaNode.start(KafkaNode.Settings.in(broker));
    try (TopicAdmin admin = new TopicAdmin(connection())) {
      Set<String> _ = admin.create(node.topics());
    }
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static KafkaConnection connection() {
    return KafkaConnection.plain(node.bootstrap());
  }

  @Test
  void shouldShowAWriteToItsReadersBeforeItReturns() {
    try (WrappedKeyStore store = KafkaWrappedKeyStore.open(connection())) {
      List<Entry> seen = new CopyOnWriteArrayList<>();
      store.follow(seen::add);
      seen.clear();

      for (int i = 0; i < 20; i++) {
        String key = "own-%d/shop/k".formatted(i);
        Bytes value = Bytes.wrap(new byte[] {(byte) i});
        store.put(key, value);
        assertThat(seen).last().isEqualTo(new Entry(key, Optional.of(value)));
      }
      store.tombstone("own-0/shop/k");
      assertThat(seen).last().isEqualTo(new Entry("own-0/shop/k", Optional.empty()));
    }
  }

  @Test
  void shouldShowWhatOthersWroteAndWhatWasThereBefore() {
    Bytes value = Bytes.wrap(new byte[] {1, 2, 3});
    try (WrappedKeyStore one = KafkaWrappedKeyStore.open(connection());
        WrappedKeyStore other = KafkaWrappedKeyStore.open(connection())) {
      List<Entry> seen = new CopyOnWriteArrayList<>();
      other.follow(seen::add);
      one.put("others/shop/a", value);
      one.put("others/shop/b", value);
      one.tombstone("others/shop/a");
      await()
          .untilAsserted(
              () -> assertThat(seen).contains(new Entry("others/shop/a", Optional.empty())));
    }

    try (WrappedKeyStore later = KafkaWrappedKeyStore.open(connection())) {
      List<Entry> found = new ArrayList<>();
      later.follow(found::add);
      assertThat(found)
          .contains(new Entry("others/shop/b", Optional.of(value)))
          .noneMatch(entry -> entry.key().equals("others/shop/a"));
    }
  }

  @Test
  void shouldCarryAVaultOverARestartAndAnErasureToEveryProcess() {
    SealContext context = new SealContext("e", "tenant-k", "p", "r", "f");
    Sealed sealed;
    try (WrappedKeyStore store = KafkaWrappedKeyStore.open(connection())) {
      sealed =
          new TestVault(root, new OneTenant(store, "tenant-k/")).vault.seal(context, new byte[7]);
    }
    try (WrappedKeyStore one = KafkaWrappedKeyStore.open(connection());
        WrappedKeyStore other = KafkaWrappedKeyStore.open(connection())) {
      TestVault first = new TestVault(root, new OneTenant(one, "tenant-k/"));
      TestVault second = new TestVault(root, new OneTenant(other, "tenant-k/"));
      assertThat(first.vault.open(context, sealed)).isEqualTo(new byte[7]);
      assertThat(second.vault.open(context, sealed)).isEqualTo(new byte[7]);

      first.keys.eraseTenant("tenant-k");

      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> second.vault.open(context, sealed))
                      .isInstanceOf(VaultException.KeyMissing.class));
    }
  }

  @Test
  void shouldGiveOneTenantHoweverManyProcessesInstallAtOnce() throws Exception {
    try (WrappedKeyStore one = KafkaWrappedKeyStore.open(connection());
        WrappedKeyStore other = KafkaWrappedKeyStore.open(connection());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<TenantDirectory> processes =
          List.of(new TestVault(root, one).directory, new TestVault(root, other).directory);
      for (int shop = 1; shop <= 20; shop++) {
        long shopId = shop;
        List<Callable<Shop>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          TenantDirectory process = processes.get(i % 2);
          calls.add(() -> process.install("shop-%d.example".formatted(shopId), shopId));
        }
        Set<Shop> given = new HashSet<>();
        for (Future<Shop> installed : threads.invokeAll(calls)) {
          given.add(installed.get());
        }
        assertThat(given).as("shop %d", shop).hasSize(1);
      }
      await()
          .untilAsserted(
              () -> assertThat(processes.get(0).all()).isEqualTo(processes.get(1).all()));
      assertThat(processes.get(0).all()).hasSize(20);
    }
  }

  @Test
  void shouldSayThatTheTopicIsMissing() {
    assertThatThrownBy(
            () ->
                KafkaWrappedKeyStore.open(
                    connection(), "nothing", Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .isInstanceOf(VaultException.Unavailable.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void shouldSayThatAWriteIsNotPossibleWithoutABroker(@TempDir Path own) {
    KafkaNode mortal = KafkaNode.start(KafkaNode.Settings.in(own));
    KafkaConnection connection = KafkaConnection.plain(mortal.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      Set<String> _ = admin.create(mortal.topics());
    }
    try (WrappedKeyStore store =
        KafkaWrappedKeyStore.open(
            connection,
            Topics.PRIVACY_KEYS,
            Duration.ofMillis(700),
            KafkaWrappedKeyStore.START_DEADLINE)) {
      store.put("a/shop/k", Bytes.wrap(new byte[1]));
      mortal.close();

      long before = System.nanoTime();
      assertThatThrownBy(() -> store.put("a/shop/l", Bytes.wrap(new byte[1])))
          .isInstanceOf(VaultException.Unavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }
  }

  /** What a test sees of a topic that it shares with the others: the records of its own tenant. */
  private record OneTenant(WrappedKeyStore store, String prefix) implements WrappedKeyStore {
    @Override
    public void follow(java.util.function.Consumer<Entry> reader) {
      store.follow(
          entry -> {
            if (entry.key().startsWith(prefix)) {
              reader.accept(entry);
            }
          });
    }

    @Override
    public void put(String key, Bytes value) {
      store.put(key, value);
    }

    @Override
    public void tombstone(String key) {
      store.tombstone(key);
    }

    @Override
    public void close() {}
  }
}
