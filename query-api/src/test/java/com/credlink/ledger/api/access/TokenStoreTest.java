package com.credlink.ledger.api.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenStoreTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir private Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private Path file;
  private TokenStore store;

  @BeforeEach
  void open() {
    file = directory.resolve("tokens.json");
    store = open(now::get);
  }

  private TokenStore open(InstantSource clock) {
    return new TokenStore(file, clock, new SecureRandom());
  }

  // ---- what is kept

  @Test
  void shouldLetInWhoHoldsATokenThatIsKept() {
    TokenStore.Created made = store.draw();
    assertThat(store.principal(made.token())).isEmpty();

    store.keep(made, Role.MERCHANT, Optional.of("tenant-1"), Optional.empty());

    assertThat(store.principal(made.token()))
        .contains(new Principal("token:" + made.id(), Role.MERCHANT, Optional.of("tenant-1")));
    assertThat(store.holder(made.id())).isEqualTo(store.principal(made.token()));
  }

  @Test
  void shouldDrawTokensOf256RandomBitsThatDiffer() {
    List<TokenStore.Created> drawn = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      drawn.add(store.draw());
    }

    assertThat(drawn).extracting(TokenStore.Created::token).doesNotHaveDuplicates();
    assertThat(drawn).extracting(TokenStore.Created::id).doesNotHaveDuplicates();
    assertThat(drawn)
        .allSatisfy(made -> assertThat(Base64.getUrlDecoder().decode(made.token())).hasSize(32));
  }

  @Test
  void shouldKeepTheHashAloneInAFileOfTheOwner() throws IOException {
    // printf %s a-token-made-elsewhere | openssl dgst -sha256
    String token = "a-token-made-elsewhere";
    String hash = "1b048074f8faa0f41858bae4fd36ad7d9619b9ea1e14dd7e225d02161020fa94";

    store.add(token, Role.ADMIN, Optional.empty(), Optional.empty());
    TokenStore.Created made = kept(Role.AUDITOR);

    String text = Files.readString(file);
    assertThat(text).doesNotContain(token, made.token()).contains(hash, made.id());
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Set.of(OWNER_READ, OWNER_WRITE));
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void shouldTakeTheFileFromEveryoneElse() throws IOException {
    kept(Role.ADMIN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    kept(Role.ADMIN);

    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Set.of(OWNER_READ, OWNER_WRITE));
  }

  @Test
  void shouldKnowItsTokensAfterARestart() {
    TokenStore.Created merchant = store.draw();
    store.keep(merchant, Role.MERCHANT, Optional.of("tenant-1"), Optional.of(NOW.plusSeconds(60)));
    TokenStore.Created admin = kept(Role.ADMIN);

    TokenStore restarted = open(now::get);

    assertThat(restarted.principal(merchant.token()))
        .contains(new Principal("token:" + merchant.id(), Role.MERCHANT, Optional.of("tenant-1")));
    assertThat(restarted.principal(admin.token()))
        .contains(new Principal("token:" + admin.id(), Role.ADMIN, Optional.empty()));
    now.set(NOW.plusSeconds(60));
    assertThat(restarted.principal(merchant.token())).isEmpty();
    assertThat(restarted.principal(admin.token())).isPresent();
  }

  @Test
  void shouldKeepTheIdOfATokenThatItKnows() {
    String id = store.add("made-elsewhere", Role.ADMIN, Optional.empty(), Optional.empty());

    assertThat(store.add("made-elsewhere", Role.ADMIN, Optional.empty(), Optional.empty()))
        .isEqualTo(id);
    assertThat(open(now::get).add("made-elsewhere", Role.ADMIN, Optional.empty(), Optional.empty()))
        .isEqualTo(id);
  }

  @Test
  void shouldTakeATokenIntoAnotherRoleUnderAnotherId() {
    String id = store.add("made-elsewhere", Role.ADMIN, Optional.empty(), Optional.empty());

    String other =
        store.add("made-elsewhere", Role.MERCHANT, Optional.of("tenant-1"), Optional.empty());

    assertThat(other).isNotEqualTo(id);
    assertThat(store.principal("made-elsewhere"))
        .contains(new Principal("token:" + other, Role.MERCHANT, Optional.of("tenant-1")));
    assertThat(store.holder(id)).isEmpty();
  }

  @Test
  void shouldSayWhetherNobodyCanBeLetIn() {
    assertThat(store.isEmpty()).isTrue();

    TokenStore.Created made = kept(Role.ADMIN);
    assertThat(store.isEmpty()).isFalse();

    store.revoke(made.id());
    assertThat(store.isEmpty()).isTrue();
  }

  /** Each start adds the development tokens again. */
  @Test
  void shouldNotBringARevokedTokenBack() {
    String id = store.add("made elsewhere", Role.ADMIN, Optional.empty(), Optional.empty());
    assertThat(store.revoke(id)).isTrue();

    assertThat(store.add("made elsewhere", Role.ADMIN, Optional.empty(), Optional.empty()))
        .isEqualTo(id);

    assertThat(store.holder(id)).isEmpty();
    assertThat(store.isEmpty()).isTrue();
  }

  // ---- what lets nobody in

  @Test
  void shouldNotLetInWhatIsNoToken() {
    TokenStore.Created made = kept(Role.ADMIN);
    String token = made.token();

    assertThat(store.principal("")).isEmpty();
    assertThat(store.principal(made.id())).isEmpty();
    assertThat(store.principal(token + " ")).isEmpty();
    assertThat(store.principal(token.substring(1))).isEmpty();
    assertThat(store.principal(token.toUpperCase(Locale.ROOT))).isEmpty();
    assertThat(store.principal("\u0000")).isEmpty();
    assertThat(store.principal("x".repeat(1_000_000))).isEmpty();
  }

  @Test
  void shouldNotTakeTheHashForTheToken() throws IOException {
    kept(Role.ADMIN);

    String hash = tokens().get(0).path("sha256").asText();

    assertThat(hash).hasSize(64);
    assertThat(store.principal(hash)).isEmpty();
  }

  @Test
  void shouldLookAtTokensOf200LettersAndAtNoneOfOneMore() {
    String longest = "t".repeat(TokenStore.MAX_TOKEN_LENGTH);
    store.add(longest, Role.ADMIN, Optional.empty(), Optional.empty());
    store.add(longest + "t", Role.ADMIN, Optional.empty(), Optional.empty());

    assertThat(store.principal(longest)).isPresent();
    assertThat(store.principal(longest + "t")).isEmpty();
  }

  @Test
  void shouldLetATokenInUntilBeforeItsEnd() {
    Instant end = NOW.plus(Duration.ofHours(12));
    TokenStore.Created made = store.draw();
    store.keep(made, Role.ADMIN, Optional.empty(), Optional.of(end));
    String id = store.add("other", Role.ADMIN, Optional.empty(), Optional.of(Duration.ofHours(12)));

    now.set(end.minusNanos(1));
    assertThat(store.principal(made.token())).isPresent();
    assertThat(store.principal("other")).isPresent();

    now.set(end);
    assertThat(store.principal(made.token())).isEmpty();
    assertThat(store.principal("other")).isEmpty();
    assertThat(store.holder(id)).isPresent();
  }

  @Test
  void shouldTakeATokenBackAtOnceAndForEver() {
    TokenStore.Created gone = kept(Role.ADMIN);
    TokenStore.Created stays = kept(Role.ADMIN);

    assertThat(store.revoke(gone.id())).isTrue();

    assertThat(store.principal(gone.token())).isEmpty();
    assertThat(store.holder(gone.id())).isEmpty();
    assertThat(open(now::get).principal(gone.token())).isEmpty();
    assertThat(store.principal(stays.token())).isPresent();
    assertThat(store.revoke(gone.id())).isFalse();
    assertThat(store.revoke("")).isFalse();
    assertThat(store.revoke(stays.token())).isFalse();
  }

  // ---- a file that changes

  @Test
  void shouldSeeWithinASecondWhatAnotherProcessChanged() {
    TokenStore.Created before = kept(Role.ADMIN);
    assertThat(store.principal(before.token())).isPresent();
    TokenStore other = open(now::get);
    TokenStore.Created made = other.draw();
    other.keep(made, Role.AUDITOR, Optional.empty(), Optional.empty());
    other.revoke(before.id());

    now.set(NOW.plusSeconds(1));

    assertThat(store.principal(made.token())).isPresent();
    assertThat(store.principal(before.token())).isEmpty();
  }

  @Test
  void shouldKeepWhatAnotherProcessAddedWhenItAddsItself() {
    TokenStore other = open(now::get);
    kept(Role.ADMIN);
    TokenStore.Created theirs = other.draw();
    other.keep(theirs, Role.AUDITOR, Optional.empty(), Optional.empty());

    TokenStore.Created ours = kept(Role.ADMIN);

    TokenStore restarted = open(now::get);
    assertThat(restarted.principal(theirs.token())).isPresent();
    assertThat(restarted.principal(ours.token())).isPresent();
  }

  @Test
  void shouldSeeAChangeThatKeptTheTimeOfTheFile() throws IOException {
    TokenStore.Created gone = kept(Role.ADMIN);
    FileTime time = Files.getLastModifiedTime(file);
    open(now::get).revoke(gone.id());
    Files.setLastModifiedTime(file, time);

    now.set(NOW.plusSeconds(1));

    assertThat(store.principal(gone.token())).isEmpty();
  }

  @Test
  void shouldSeeAChangeThatKeptTheTimeAndTheLengthOfTheFile() throws IOException {
    TokenStore.Created made = kept(Role.OPERATOR);
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, Files.readString(file).replace("operator", "producer"));
    Files.setLastModifiedTime(file, time);

    now.set(NOW.plusSeconds(1));

    assertThat(store.principal(made.token()).map(Principal::role)).contains(Role.PRODUCER);
  }

  // ---- a damaged file

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "{}",
        "7",
        "{\"tokens\"",
        "{\"tokens\":null}",
        "{\"tokens\":{}}",
        "{\"tokens\":\"none\"}",
        "{\"tokens\":[]} x",
        "{\"tokens\":[],\"tokens\":[]}",
        "{\"tokens\":[null]}",
        "{\"tokens\":[[]]}",
        "{\"tokens\":[{}]}",
        "{\"tokens\":[],\"others\":[]}",
        "\u0000\u0000\u0000\u0000",
      })
  void shouldSayThatTheFileIsDamagedAndLeaveItAlone(String damaged) throws IOException {
    Files.writeString(file, damaged);

    assertDamaged(damaged);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id|",
        "id|7",
        "id|\"\"",
        "sha256|",
        "sha256|\"\"",
        "sha256|\"abc\"",
        "sha256|7",
        "role|",
        "role|\"root\"",
        "role|7",
        "tenant|7",
        "tenant|null",
        "tenant|\"\"",
        "tenant|[\"tenant-1\"]",
        "expires_at|1795428000",
        "expires_at|null",
        "expires_at|\"\"",
        "expires_at|\"tomorrow\"",
        "Expires_At|\"2026-11-23T10:00:00Z\"",
      })
  void shouldSayThatAnEntryIsDamagedAndLeaveTheFileAlone(String field, String value)
      throws IOException {
    store.keep(store.draw(), Role.OPERATOR, Optional.of("t"), Optional.of(NOW.plusSeconds(60)));
    ObjectMapper json = new ObjectMapper();
    var root = json.readTree(file.toFile());
    var entry = (ObjectNode) root.path("tokens").get(0);
    if (value == null) {
      entry.remove(field);
    } else {
      entry.set(field, json.readTree(value));
    }
    String damaged = root.toString();
    Files.writeString(file, damaged);

    assertDamaged(damaged);
  }

  @Test
  void shouldNotChooseBetweenTwoEntriesOfOneToken() throws IOException {
    kept(Role.ADMIN);
    String entry = tokens().get(0).toString();
    String damaged =
        "{\"tokens\":[%s,%s]}".formatted(entry, entry.replace("\"admin\"", "\"auditor\""));
    Files.writeString(file, damaged);

    assertDamaged(damaged);
  }

  @Test
  void shouldSayThatAFileThatIsADirectoryCannotBeRead() throws IOException {
    Files.createDirectory(file);

    assertThatIllegalStateException()
        .isThrownBy(() -> store.principal("any"))
        .withMessageContaining(file.toString());
  }

  @Test
  void shouldLetNobodyInByWhatCouldNotBeWritten() throws IOException {
    Path blocked = Files.writeString(directory.resolve("a-file"), "").resolve("tokens.json");
    TokenStore nowhere = new TokenStore(blocked, now::get, new SecureRandom());
    TokenStore.Created made = nowhere.draw();

    assertThatIllegalStateException()
        .isThrownBy(() -> nowhere.keep(made, Role.ADMIN, Optional.empty(), Optional.empty()))
        .withMessage("The token file " + blocked + " cannot be written");

    assertThat(nowhere.principal(made.token())).isEmpty();
    assertThat(nowhere.holder(made.id())).isEmpty();
  }

  @Test
  void shouldFindItsTokensAgainWhenTheFileIsMended() throws IOException {
    TokenStore.Created made = kept(Role.ADMIN);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    now.set(NOW.plusSeconds(1));
    assertThatIllegalStateException().isThrownBy(() -> store.principal(made.token()));

    Files.write(file, whole);

    now.set(NOW.plusSeconds(2));
    assertThat(store.principal(made.token())).isPresent();
  }

  @Test
  void shouldReadEveryPrefixOfAFileAsDamaged() throws IOException {
    kept(Role.ADMIN);
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      TokenStore cut = open(now::get);

      assertThatIllegalStateException().as("%d bytes", length).isThrownBy(cut::isEmpty);
    }
  }

  private void assertDamaged(String text) throws IOException {
    for (TokenStore any : List.of(open(now::get), open(now::get))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> any.principal("any"))
          .withMessageContaining(file.toString());
      assertThatIllegalStateException()
          .isThrownBy(() -> any.keep(any.draw(), Role.ADMIN, Optional.empty(), Optional.empty()))
          .withMessageContaining(file.toString());
      assertThatIllegalStateException()
          .isThrownBy(() -> any.add("t", Role.ADMIN, Optional.empty(), Optional.empty()))
          .withMessageContaining(file.toString());
      assertThatIllegalStateException()
          .isThrownBy(() -> any.revoke("any"))
          .withMessageContaining(file.toString());
      assertThatIllegalStateException()
          .isThrownBy(any::isEmpty)
          .withMessageContaining(file.toString());
    }
    assertThat(file).content(UTF_8).isEqualTo(text);
  }

  // ---- many at once

  @Test
  void shouldLoseNoTokenOfManyThatComeAtOnce() throws Exception {
    int threads = 8;
    int each = 4;
    List<TokenStore.Created> made = new ArrayList<>();
    List<TokenStore.Created> revoked = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<List<TokenStore.Created>>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        results.add(
            pool.submit(
                () -> {
                  start.await();
                  List<TokenStore.Created> own = new ArrayList<>();
                  for (int i = 0; i < each; i++) {
                    TokenStore.Created one = kept(Role.ADMIN);
                    assertThat(store.principal(one.token())).isPresent();
                    own.add(one);
                    if (i % 2 == 1) {
                      assertThat(store.revoke(one.id())).isTrue();
                    }
                  }
                  return own;
                }));
      }
      start.countDown();
      for (Future<List<TokenStore.Created>> result : results) {
        List<TokenStore.Created> own = result.get();
        for (int i = 0; i < own.size(); i++) {
          (i % 2 == 1 ? revoked : made).add(own.get(i));
        }
      }
    }

    TokenStore restarted = open(now::get);
    assertThat(made).hasSize(16).allMatch(one -> restarted.principal(one.token()).isPresent());
    assertThat(revoked).hasSize(16).allMatch(one -> restarted.principal(one.token()).isEmpty());
  }

  private TokenStore.Created kept(Role role) {
    TokenStore.Created made = store.draw();
    store.keep(made, role, Optional.empty(), Optional.empty());
    return made;
  }

  private JsonNode tokens() throws IOException {
    return new ObjectMapper().readTree(file.toFile()).path("tokens");
  }
}
