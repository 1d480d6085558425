package com.credlink.ledger.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.vault.MemoryWrappedKeyStore;
import com.credlink.ledger.vault.TestVault;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryAssetStoreTest {

  private static final String TENANT = "tenant-a";

  @TempDir Path root;

  private final MemoryWrappedKeyStore keyStore = new MemoryWrappedKeyStore();
  private TestVault node;
  private AssetStore store;

  @BeforeEach
  void open() {
    node = new TestVault(root, keyStore);
    store = node.assets;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 300_000})
  void shouldGiveBackWhatWasPutUnderItsDigest(int length) throws Exception {
    byte[] plain = bytes(length);

    String sha256 = store.put(TENANT, plain);

    assertThat(sha256)
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain)));
    assertThat(store.get(TENANT, sha256)).contains(plain);
    open();
    assertThat(store.get(TENANT, sha256)).contains(plain);
    assertThat(store.put(TENANT, new ByteArrayInputStream(plain)))
        .isEqualTo(new AssetStore.Stored(sha256, length));
    assertThat(files()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 65_535, 65_536, 131_072, 300_000})
  void shouldTakeAnAssetOfTheLimitAndNoLarger(long limit) {
    AssetStore limited =
        new DirectoryAssetStore(
            root.resolve("assets"),
            node.keys,
            new AesGcm(),
            new SecureRandom(),
            Instant::now,
            limit);

    AssetStore.Stored stored = limited.put(TENANT, new Zeros(limit));
    assertThat(stored.size()).isEqualTo(limit);
    assertThat(store.contains(TENANT, stored.sha256())).isTrue();

    assertThatThrownBy(() -> limited.put(TENANT, new Zeros(limit + 1)))
        .isInstanceOf(AssetException.TooLarge.class);
    assertThat(files()).hasSize(1);
  }

  @Test
  void shouldTakeAssetsOfFiftyMebibytes() {
    assertThat(AssetStore.MAX_BYTES).isEqualTo(52_428_800);
  }

  @Test
  void shouldKeepTenantsApart() {
    byte[] plain = bytes(100);
    String sha256 = store.put(TENANT, plain);

    assertThat(store.get("tenant-b", sha256)).isEmpty();
    String again = store.put("tenant-b", plain);
    assertThat(again).isEqualTo(sha256);
    assertThat(files()).hasSize(2);
    store.deleteTenant(TENANT);
    assertThat(store.get(TENANT, sha256)).isEmpty();
    assertThat(store.get("tenant-b", sha256)).contains(plain);
    store.deleteTenant(TENANT);
  }

  @Test
  void shouldDeleteOneAsset() {
    String one = store.put(TENANT, bytes(10));
    String other = store.put(TENANT, bytes(10));

    store.delete(TENANT, one);
    store.delete(TENANT, one);

    assertThat(store.contains(TENANT, one)).isFalse();
    assertThat(store.contains(TENANT, other)).isTrue();
  }

  @Test
  void shouldShowNothingOnDisk() throws Exception {
    byte[] plain = "a photograph of somebody".repeat(10).getBytes(StandardCharsets.UTF_8);

    String sha256 = store.put(TENANT, plain);

    Path file = files().getFirst();
    assertThat(file.toString()).doesNotContain(TENANT).doesNotContain(sha256);
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .doesNotContain("photograph")
        .doesNotContain(TENANT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void shouldNoticeAnyChangedByteAndRepairByPuttingAgain() throws Exception {
    byte[] plain = bytes(300);
    String sha256 = store.put(TENANT, plain);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);

    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x04;
      Files.write(file, bad);
      // A changed key id names a key that is gone, which reads as erased; never as the content.
      boolean keyId = at >= 4 && at < 30;
      if (keyId) {
        assertThat(store.get(TENANT, sha256)).isEmpty();
      } else {
        assertThatThrownBy(() -> store.get(TENANT, sha256))
            .as("byte %d", at)
            .isInstanceOf(AssetException.Damaged.class);
      }
    }
    for (int length : new int[] {0, 3, 101, 102, 118, good.length - 1}) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> store.get(TENANT, sha256))
          .as("%d bytes", length)
          .isInstanceOf(AssetException.Damaged.class);
    }

    String again = store.put(TENANT, plain);
    assertThat(store.get(TENANT, again)).contains(plain);
  }

  @Test
  void shouldNoticeAFileUnderTheNameOfAnother() throws Exception {
    String one = store.put(TENANT, bytes(50));
    Path first = files().getFirst();
    String other = store.put(TENANT, bytes(50));
    Path second = files().stream().filter(file -> !file.equals(first)).findFirst().orElseThrow();

    Files.write(second, Files.readAllBytes(first));

    assertThatThrownBy(() -> store.get(TENANT, other)).isInstanceOf(AssetException.Damaged.class);
    assertThat(store.get(TENANT, one)).isPresent();
  }

  @Test
  void shouldReadAsErasedOnceTheKeyIsGone() {
    String sha256 = store.put(TENANT, bytes(50));

    node.keys.eraseTenant(TENANT);

    assertThat(store.get(TENANT, sha256)).isEmpty();
  }

  @Test
  void shouldKeepNothingOfASourceThatFails() {
    InputStream failing =
        new FilterInputStream(new Zeros(100_000)) {
          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            int count = super.read(into, from, length);
            if (count < 0) {
              throw new IOException("connection reset");
            }
            return count;
          }
        };

    assertThatThrownBy(() -> store.put(TENANT, failing))
        .isInstanceOf(AssetException.SourceFailed.class);
    assertThat(files()).isEmpty();
  }

  @Test
  void shouldSweepWhatADeadProcessLeftAndNothingYoung() throws Exception {
    Path old = Files.writeString(root.resolve("assets/unnamed/old"), "x");
    Path young = Files.writeString(root.resolve("assets/unnamed/young"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2026-11-23T08:59:59Z")));
    Files.setLastModifiedTime(young, FileTime.from(Instant.parse("2026-11-23T09:00:01Z")));

    open();

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void shouldStoreTheSameAssetFromManyThreadsOnce() throws Exception {
    byte[] plain = bytes(200_000);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        calls.add(() -> store.put(TENANT, plain));
      }
      for (Future<String> put : threads.invokeAll(calls)) {
        assertThat(store.get(TENANT, put.get())).contains(plain);
      }
    }
    assertThat(files()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../../etc/passwd",
        "ABCDEF",
        "0000000000000000000000000000000000000000000000000000000000000000a"
      })
  void shouldRefuseWhatIsNoDigest(String sha256) {
    assertThatThrownBy(() -> store.get(TENANT, sha256))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSayThatTheDirectoryCannotBeWritten() throws Exception {
    Path file = Files.writeString(root.resolve("taken"), "a file");

    assertThatThrownBy(
            () ->
                new DirectoryAssetStore(
                    file, node.keys, new AesGcm(), new SecureRandom(), Instant::now))
        .isInstanceOf(AssetException.Unavailable.class)
        .hasMessageContaining("taken");
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(root.resolve("assets"))) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
    return bytes;
  }

  /** So many zeros, without holding them. */
  private static final class Zeros extends InputStream {
    private long left;

    private Zeros(long length) {
      this.left = length;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      Arrays.fill(into, from, from + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
