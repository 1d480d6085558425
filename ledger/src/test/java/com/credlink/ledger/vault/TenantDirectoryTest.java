package com.credlink.ledger.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.vault.TenantDirectory.Shop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantDirectoryTest {

  private static final String DOMAIN = "snowdevil.myshopify.com";

  @TempDir Path root;

  private final MemoryWrappedKeyStore store = new MemoryWrappedKeyStore();

  private TenantDirectory open() {
    return new TestVault(root, store).directory;
  }

  @Test
  void shouldFindAnInstalledShopByEachOfItsNames() {
    TenantDirectory directory = open();

    Shop shop = directory.install("SnowDevil.myshopify.com", 954889);

    assertThat(shop.tenant()).matches("[a-z2-7]{26}");
    assertThat(shop).isEqualTo(new Shop(shop.tenant(), DOMAIN, 954889));
    for (TenantDirectory seen : List.of(directory, open())) {
      assertThat(seen.byDomain("SNOWDEVIL.myshopify.com")).contains(shop);
      assertThat(seen.byShopId(954889)).contains(shop);
      assertThat(seen.byTenant(shop.tenant())).contains(shop);
      assertThat(seen.all()).containsExactly(shop);
      assertThat(seen.byDomain("acme-prints.myshopify.com")).isEmpty();
      assertThat(seen.byShopId(1)).isEmpty();
      assertThat(seen.byTenant("platform")).isEmpty();
    }
  }

  @Test
  void shouldGiveTheSameTenantAgain() {
    TenantDirectory directory = open();

    assertThat(directory.install(DOMAIN, 954889)).isEqualTo(directory.install(DOMAIN, 954889));
  }

  @Test
  void shouldGiveOneTenantHoweverManyInstallAtOnce() throws Exception {
    List<TenantDirectory> processes = List.of(open(), open(), open());
    Set<Shop> seen = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(9)) {
      List<Callable<Shop>> calls = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        TenantDirectory process = processes.get(i % processes.size());
        calls.add(() -> process.install(DOMAIN, 954889));
      }
      for (Future<Shop> shop : threads.invokeAll(calls)) {
        seen.add(shop.get());
      }
    }

    assertThat(seen).hasSize(1);
    assertThat(open().all()).containsExactlyElementsOf(seen);
  }

  @Test
  void shouldGiveWayToTheFirstRecordAndHideItsOwn() {
    // Given two processes of which one has not seen the other's record when it decides
    TenantDirectory first = open();
    LaggingStore lagging = new LaggingStore(store);
    TenantDirectory second = new TestVault(root, lagging).directory;
    Shop shop = first.install(DOMAIN, 954889);

    // When
    Shop given = second.install(DOMAIN, 954889);

    // Then
    assertThat(given).isEqualTo(shop);
    assertThat(open().all()).containsExactly(shop);
    List<WrappedKeyStore.Entry> left = new ArrayList<>();
    store.follow(left::add);
    assertThat(left).hasSize(1);
  }

  @Test
  void shouldKeepTheTenantOfAShopWithANewDomain() {
    TenantDirectory directory = open();
    Shop before = directory.install(DOMAIN, 954889);

    Shop after = directory.install("devil.myshopify.com", 954889);

    assertThat(after).isEqualTo(new Shop(before.tenant(), "devil.myshopify.com", 954889));
    for (TenantDirectory seen : List.of(directory, open())) {
      assertThat(seen.byDomain(DOMAIN)).isEmpty();
      assertThat(seen.byTenant(before.tenant())).contains(after);
    }
  }

  @Test
  void shouldRefuseADomainThatBelongsToAnotherShop() {
    TenantDirectory directory = open();
    Shop _ = directory.install(DOMAIN, 954889);

    assertThatThrownBy(() -> directory.install(DOMAIN, 1))
        .isInstanceOf(ShopConflictException.class)
        .hasMessageContaining(DOMAIN);
  }

  @Test
  void shouldForgetAnErasedTenant() {
    TestVault node = new TestVault(root, store);
    Shop shop = node.directory.install(DOMAIN, 954889);

    node.keys.eraseTenant(shop.tenant());

    for (TenantDirectory seen : List.of(node.directory, open())) {
      assertThat(seen.byDomain(DOMAIN)).isEmpty();
      assertThat(seen.byTenant(shop.tenant())).isEmpty();
    }
    assertThat(node.directory.install(DOMAIN, 954889).tenant()).isNotEqualTo(shop.tenant());
  }

  @Test
  void shouldShowNothingOfTheShopInTheStore() {
    List<WrappedKeyStore.Entry> entries = new ArrayList<>();
    store.follow(entries::add);

    Shop shop = open().install(DOMAIN, 954889);

    WrappedKeyStore.Entry entry = entries.getFirst();
    assertThat(entry.key()).isEqualTo(shop.tenant() + "/directory");
    assertThat(new String(entry.value().orElseThrow().toArray(), StandardCharsets.UTF_8))
        .doesNotContain("snowdevil")
        .doesNotContain("954889");
  }

  @Test
  void shouldIgnoreARecordMovedToAnotherTenant() {
    Shop shop = open().install(DOMAIN, 954889);
    List<WrappedKeyStore.Entry> entries = new ArrayList<>();
    store.follow(entries::add);

    store.put("z".repeat(26) + "/directory", entries.getFirst().value().orElseThrow());

    assertThat(open().all()).containsExactly(shop);
  }

  @Test
  void shouldSayThatTheStoreIsUnavailableAndRecover() {
    TenantDirectory directory = open();
    store.fail(true);
    assertThatThrownBy(() -> directory.install(DOMAIN, 1))
        .isInstanceOf(VaultException.Unavailable.class);
    assertThat(directory.byDomain(DOMAIN)).isEmpty();

    store.fail(false);
    assertThat(directory.install(DOMAIN, 1).domain()).isEqualTo(DOMAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", "-a.com", "a_b.com", "a/b", "a.com ", "ü.com"})
  void shouldRefuseWhatIsNoDomain(String domain) {
    TenantDirectory directory = open();

    assertThatThrownBy(() -> directory.install(domain, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldTakeDomainsOfTheLengthThatIsAllowedAndNoLonger() {
    TenantDirectory directory = open();
    String label = "a".repeat(63) + ".";
    String longest = label + label + label + "a".repeat(61);

    assertThat(directory.install(longest, 1).domain()).hasSize(253);
    assertThatThrownBy(() -> directory.install(longest + "a", 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> directory.install("a".repeat(64) + ".com", 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** RFC 4648 section 10, in lower case and without padding. */
  @ParameterizedTest
  @CsvSource({
    "f,my",
    "fo,mzxq",
    "foo,mzxw6",
    "foob,mzxw6yq",
    "fooba,mzxw6ytb",
    "foobar,mzxw6ytboi"
  })
  void shouldWriteBase32AsRfc4648Prints(String text, String expected) {
    assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(expected);
  }

  /** A store as another process sees it: nothing of others is shown until the first own write. */
  private static final class LaggingStore implements WrappedKeyStore {
    private final WrappedKeyStore store;
    private final List<java.util.function.Consumer<Entry>> waiting = new ArrayList<>();

    private LaggingStore(WrappedKeyStore store) {
      this.store = store;
    }

    @Override
    public void follow(java.util.function.Consumer<Entry> reader) {
      waiting.add(reader);
    }

    @Override
    public void put(String key, com.credlink.ledger.event.Bytes value) {
      store.put(key, value);
      waiting.forEach(store::follow);
      waiting.clear();
    }

    @Override
    public void tombstone(String key) {
      store.tombstone(key);
    }

    @Override
    public void close() {}
  }
}
