package com.credlink.ledger.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.config.Config.Profile;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.log.Durability;
import com.credlink.ledger.note.SignatureType;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.projections.signing.SigningTerms;
import com.credlink.ledger.registry.Authentication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {

  private static final String CLUSTER =
      """
      kafka.bootstrap: broker-1:9092, broker-2:9092
      registry.urls: [https://registry.example.com/apis/ccompat/v7]
      shopify:
        client_secrets:
          - id: "2026"
            secret: shpss_0123456789abcdef0123456789abcdef
      """;

  private static final Config.Keys KEYS =
      new Config.Keys(
          Duration.ofDays(180),
          Optional.empty(),
          Optional.empty(),
          new Config.Certificates("CredLink", new Config.OwnIssuer(Duration.ofDays(365), false)));

  @TempDir private Path directory;

  @Test
  void shouldUseTheRecordedDefaultsForUp() throws ConfigException {
    var config = Config.load(Profile.EMBEDDED, Optional.empty(), Map.of(), Map.of());

    var data = Path.of("data").toAbsolutePath();
    assertThat(config)
        .isEqualTo(
            new Config(
                Profile.EMBEDDED,
                "ledger.localhost",
                4,
                Set.of(NodeRole.API, NodeRole.TOPOLOGY, NodeRole.CLERK, NodeRole.SIGNER),
                Durability.PROCESS,
                data,
                Duration.ofSeconds(2),
                new Config.Http("127.0.0.1", 8080),
                new Config.Kafka(List.of(), 9092, 3, Map.of()),
                new Config.Registry(List.of(), 8081, Authentication.none()),
                new Config.Shopify(List.of()),
                new Config.Assets(Optional.of(data.resolve("sources")), true, Set.of(), false),
                new Config.Signing(
                    List.of(Algorithm.ES256, Algorithm.ED25519),
                    Duration.ofSeconds(60),
                    Map.of(Lane.INTERACTIVE, 3, Lane.STANDARD, 2, Lane.BULK, 1),
                    new SigningTerms(0, Set.of(), true, SigningTerms.NONE.pendingLimit()),
                    KEYS,
                    Optional.empty(),
                    new Config.Timestamps(List.of("development"), Optional.empty(), Duration.ZERO)),
                new Config.Streams(new Size(64L << 20)),
                new Config.Scrub(5_000, Duration.ofHours(6)),
                List.of()));
  }

  @Test
  void shouldUseSaferDefaultsForServe() throws Exception {
    var config = cluster("");

    assertThat(config.partitions()).isEqualTo(12);
    assertThat(config.durability()).isEqualTo(Durability.POWER);
    assertThat(config.http()).isEqualTo(new Config.Http("0.0.0.0", 8080));
    assertThat(config.assets().directory()).isEmpty();
    assertThat(config.kafka().replication()).isEqualTo(3);
  }

  @Test
  void shouldMapEveryKeyToItsValue() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    Files.createDirectory(directory.resolve("images"));
    Files.writeString(directory.resolve("client.properties"), "sasl.mechanism=PLAIN\n");

    var config =
        load(
            Profile.CLUSTER,
            """
            ledger: {name: ledger.example.com/eu, partitions: 24}
            roles: [api, topology, clerk]
            durability: process
            data.directory: state
            append.deadline: 1500ms
            http: {host: "::1", port: 9080}
            kafka:
              bootstrap: [one:9092, "two:9093"]
              replication: 5
              properties: {security.protocol: SASL_SSL}
              properties_file: client.properties
            registry:
              urls: [https://a.example.com, https://b.example.com]
              auth: basic
              username: ledger
              password_file: secret
            shopify.client_secrets:
              - {id: old, secret: first, not_after: "2026-12-01T00:00:00Z"}
              - {id: new, secret_file: secret, not_before: "2026-11-01T00:00:00Z"}
            assets: {directory: images, http: {allow_hosts: [CDN.example.com, localhost], allow_private: true}}
            signing: {algorithms: [Ed25519], lease: 2m, pending_limit: 5, workers: {bulk: 4}, approvals: {required: 2, shops: [A.myshopify.com]}}
            streams.memory: 1GiB
            log.scrub: {rate: 250, interval: 90m}
            """);

    assertThat(config)
        .isEqualTo(
            new Config(
                Profile.CLUSTER,
                "ledger.example.com/eu",
                24,
                Set.of(NodeRole.API, NodeRole.TOPOLOGY, NodeRole.CLERK),
                Durability.PROCESS,
                directory.resolve("state"),
                Duration.ofMillis(1500),
                new Config.Http("::1", 9080),
                new Config.Kafka(
                    List.of("one:9092", "two:9093"),
                    9092,
                    5,
                    Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN")),
                new Config.Registry(
                    List.of(
                        URI.create("https://a.example.com"), URI.create("https://b.example.com")),
                    8081,
                    Authentication.basic("ledger", "s3cret")),
                new Config.Shopify(
                    List.of(
                        new Config.ClientSecret(
                            "old",
                            Secret.of("first"),
                            Optional.empty(),
                            Optional.of(Instant.parse("2026-12-01T00:00:00Z"))),
                        new Config.ClientSecret(
                            "new",
                            Secret.of("s3cret"),
                            Optional.of(Instant.parse("2026-11-01T00:00:00Z")),
                            Optional.empty()))),
                new Config.Assets(
                    Optional.of(directory.resolve("images")),
                    true,
                    Set.of("cdn.example.com", "localhost"),
                    true),
                new Config.Signing(
                    List.of(Algorithm.ED25519),
                    Duration.ofMinutes(2),
                    Map.of(Lane.INTERACTIVE, 3, Lane.STANDARD, 2, Lane.BULK, 4),
                    new SigningTerms(2, Set.of("a.myshopify.com"), false, 5),
                    KEYS,
                    Optional.empty(),
                    new Config.Timestamps(List.of(), Optional.empty(), Duration.ZERO)),
                new Config.Streams(new Size(1L << 30)),
                new Config.Scrub(250, Duration.ofMinutes(90)),
                List.of()));
  }

  @Test
  void shouldLetEnvironmentWinOverTheFileAndOptionsOverBoth() throws Exception {
    var file = write("http.port: 1000\nkafka.port: 1001\nregistry.port: 1002\n");

    var config =
        Config.load(
            Profile.EMBEDDED,
            Optional.of(file),
            Map.of("LEDGER_KAFKA_PORT", "2001", "LEDGER_REGISTRY_PORT", "2002", "PATH", "/bin"),
            Map.of("registry.port", "3002"));

    assertThat(config.http().port()).isEqualTo(1000);
    assertThat(config.kafka().port()).isEqualTo(2001);
    assertThat(config.registry().port()).isEqualTo(3002);
  }

  @Test
  void shouldReadListsMapsAndSecretsFromTheEnvironment() throws ConfigException {
    var config =
        Config.load(
            Profile.CLUSTER,
            Optional.empty(),
            Map.of(
                "LEDGER_KAFKA_BOOTSTRAP", "one:9092,two:9092",
                "LEDGER_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL",
                "LEDGER_REGISTRY_URLS", "http://registry:8080/apis/ccompat/v7",
                "LEDGER_SHOPIFY_CLIENT_SECRETS_0_ID", "main",
                "LEDGER_SHOPIFY_CLIENT_SECRETS_0_SECRET", "hush",
                "LEDGER_SERVICE_HOST", "10.0.0.1",
                "LEDGER_PORT_8080_TCP_ADDR", "10.0.0.1",
                "LEDGER_TOKEN", "not a setting"),
            Map.of());

    assertThat(config.kafka().bootstrap()).containsExactly("one:9092", "two:9092");
    assertThat(config.kafka().properties()).containsExactly(Map.entry("security.protocol", "SSL"));
    assertThat(config.shopify().clientSecrets())
        .extracting(Config.ClientSecret::id)
        .containsExactly("main");
    assertThat(config.toString()).doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http.prot: 1 | 'http.prot' | did you mean 'http.port'",
        "kafka.bootstrap.servers: a:1 | 'kafka.bootstrap.servers' | write 'kafka.bootstrap'",
        "shopify.client_secret: x | 'shopify.client_secret' | write 'shopify.client_secrets[]'",
        "shopify.client_secrets: [{id: a, secret: ''}] | 'shopify.client_secrets[0].secret' | is"
            + " empty",
        "shopify.client_secrets: [{id: a, secret: '  '}] | 'shopify.client_secrets[0].secret' | is"
            + " empty",
        "shopify.client_secrets: [{id: a, secret_file: empty}] |"
            + " 'shopify.client_secrets[0].secret_file' | is empty",
        "shopify.client_secrets: [{id: a}] | 'shopify.client_secrets[0].secret' | is not set",
        "shopify.client_secrets: [{secret: a}] | 'shopify.client_secrets[0].id' | is not set",
        "shopify.client_secrets: [{id: a, secret: x}, {id: a, secret: y}] |"
            + " 'shopify.client_secrets[1].id' | its own",
        "shopify.client_secrets: [{id: a, secret: x}, {id: b, secret: x}] |"
            + " 'shopify.client_secrets[1].secret' | same",
        "http.port: | 'http.port' | has no value",
        "http.port: 65536 | 'http.port' | from 0 to 65535",
        "http.port: 9092 | 'http.port' | both 9092",
        "append.deadline: 2 | 'append.deadline' | with its unit",
        "append.deadline: 5s | 'append.deadline' | between 200ms and 4s",
        "append.deadline: 199ms | 'append.deadline' | between 200ms and 4s",
        "log.scrub.rate: 0 | 'log.scrub.rate' | from 1 to 1000000",
        "log.scrub.interval: 10ms | 'log.scrub.interval' | between 1s and 720h",
        "streams.memory: 64 | 'streams.memory' | with its unit",
        "kafka.bootstrap: a:9092 | 'kafka.bootstrap' | is for 'ledger serve'",
        "assets.http.allow_hosts: [127.0.0.1] | 'assets.http.allow_hosts' | allow_private: true",
        "assets.http.allow_private: true | 'assets.http.allow_private' | names no host",
        "assets.directory: missing | 'assets.directory' | not a directory",
        "signing.algorithms: 'Ed25519, Ed25519' | 'signing.algorithms' | each once",
        "signing.algorithms: 'ES256, ML-DSA-65' | 'signing.algorithms' | without Ed25519",
        "signing.algorithms: 'ML-DSA-65, Ed25519' | 'signing.algorithms' | name it last",
        "signing.algorithms: RS256 | 'signing.algorithms' | none of ES256",
        "roles: [api, api] | 'roles' | twice",
        "roles: [api, clerk] | 'roles' | name both or neither",
        "roles: [topology, signer] | 'roles' | name both or neither",
        "durability: maybe | 'durability' | none of process, power",
      })
  void shouldNameTheKeyThatCannotBeUsed(String yaml, String key, String reason) throws IOException {
    Files.writeString(directory.resolve("empty"), "\n");

    assertThatThrownBy(() -> load(Profile.EMBEDDED, yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka.port: 9092 | 'kafka.port' | is for 'ledger up'",
        "kafka.properties: {acks: '1'} | 'kafka.properties.acks' | cannot be set",
        "registry.token: abc | 'registry.token' | registry.auth: bearer",
        "registry.auth: basic | 'registry.username' | is not set",
        "signing.keys.pkcs11.library: /p11.so | 'signing.algorithms' | Ed25519",
        "signing.keys.pkcs11.pin_file: /pin | 'signing.keys.pkcs11.library' | is not set",
        "signing: {algorithms: [ES256], keys: {pkcs11: {library: /p11.so}}} |"
            + " 'signing.keys.pkcs11.pin_file' | is not set",
        "signing.timestamps.authorities: 'http://tsa.example' | 'signing.timestamps.root_file' |"
            + " is not set",
        "signing: {certificates: {authority: external, root_file: /r.pem}, timestamps:"
            + " {authorities: development}} | 'signing.timestamps.authorities' | development",
      })
  void shouldNameTheKeyThatServeCannotUse(String yaml, String key, String reason) {
    assertThatThrownBy(() -> cluster(yaml + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(reason);
  }

  @Test
  void shouldNotSendARegistrySecretInTheClear() {
    assertThatThrownBy(
            () ->
                load(
                    Profile.CLUSTER,
                    CLUSTER.replace("https:", "http:")
                        + "registry.auth: bearer\nregistry.token: abc\n"))
        .hasMessageContaining("'registry.urls'")
        .hasMessageContaining("use https");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka.bootstrap", "registry.urls", "shopify.client_secrets"})
  void shouldAskForWhatServeCannotDoWithout(String key) {
    var without =
        CLUSTER
            .lines()
            .filter(line -> !line.startsWith(key.substring(0, key.indexOf('.'))))
            .collect(Collectors.joining("\n"));
    var yaml =
        key.startsWith("shopify") ? CLUSTER.substring(0, CLUSTER.indexOf("shopify")) : without;

    assertThatThrownBy(() -> load(Profile.CLUSTER, yaml)).hasMessageContaining("'" + key + "'");
  }

  @Test
  void shouldSayWhichVariableSetsNothing() {
    assertThatThrownBy(
            () ->
                Config.load(
                    Profile.EMBEDDED, Optional.empty(), Map.of("LEDGER_HTTP_PROT", "1"), Map.of()))
        .hasMessageContaining("LEDGER_HTTP_PROT")
        .hasMessageContaining("LEDGER_HTTP_PORT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http: [",
        "- a\n- b",
        "http.port: 1\nhttp.port: 2",
        "http.port: 1\nhttp: {port: 2}"
      })
  void shouldRefuseAFileThatIsNoSetOfKeys(String yaml) {
    assertThatThrownBy(() -> load(Profile.EMBEDDED, yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ledger.yaml")
        .hasMessageNotContaining("\n");
  }

  @Test
  void shouldMaskEverySecretThatItShows() throws Exception {
    var file = write(CLUSTER + "kafka.properties: {sasl.jaas.config: top-secret-jaas}\n");

    var shown = Config.show(Profile.CLUSTER, Optional.of(file), Map.of(), Map.of());

    assertThat(shown.toString()).doesNotContain("shpss_", "top-secret-jaas");
    assertThat(shown.get("shopify.client_secrets[0].secret").value()).isEqualTo(Secret.MASK);
    assertThat(shown.get("shopify.client_secrets[0].id").value()).isEqualTo("2026");
    assertThat(shown.get("http.port")).isEqualTo(new Config.Shown("8080", "default"));
  }

  @Test
  void shouldDeclareEveryKeyOnceWithADescription() {
    assertThat(ConfigKeys.all()).extracting(ConfigKey::name).doesNotHaveDuplicates();
    assertThat(ConfigKeys.all())
        .allSatisfy(key -> assertThat(key.description()).endsWith(".").hasSizeGreaterThan(15));
    assertThat(ConfigKeys.REPLACED.keySet())
        .doesNotContainAnyElementsOf(ConfigKeys.all().stream().map(ConfigKey::name).toList());
  }

  private Config cluster(String more) throws IOException, ConfigException {
    return load(Profile.CLUSTER, CLUSTER + more);
  }

  private Config load(Profile profile, String yaml) throws IOException, ConfigException {
    return Config.load(profile, Optional.of(write(yaml)), Map.of(), Map.of());
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("ledger.yaml"), yaml);
  }

  @Test
  void shouldReadWitnessesWithTheirKeys() throws Exception {
    VerifierKey first = witnessKey("w1.example.com");
    VerifierKey second = witnessKey("w2.example.com");

    var config =
        cluster(
            "witnesses: [{url: 'https://w1.example.com', vkeys: ['%s']}, {url: 'https://w2.example.com/x', vkeys: ['%s']}]%n"
                .formatted(first, second));

    assertThat(config.witnesses())
        .containsExactly(
            new Config.Witness(URI.create("https://w1.example.com"), List.of(first)),
            new Config.Witness(URI.create("https://w2.example.com/x"), List.of(second)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{vkeys: [KEY]}] | 'witnesses[0].url' | is not set",
        "[{url: 'https://w.example'}] | 'witnesses[0].vkeys' | is not set",
        "[{url: 'https://w.example', vkeys: []}] | 'witnesses[0].vkeys' | is not set",
        "[{url: 'ftp://w.example', vkeys: [KEY]}] | 'witnesses[0].url' | http",
        "[{url: 'https://w.example', vkeys: ['w+1+AA']}] | 'witnesses[0].vkeys' | verifier key",
        "[{url: 'https://w.example', vkeys: [LOG]}] | 'witnesses[0].vkeys' | has the key of a log",
        "[{url: 'https://w.example', vkeys: [KEY]}, {url: 'https://v.example', vkeys: [KEY]}] |"
            + " 'witnesses[1].vkeys' | again",
        "[{url: 'https://w.example', vkeys: [KEY], vkey: x}] | 'witnesses[0].vkey' | did you mean",
      })
  void shouldNameWhatIsWrongWithAWitness(String yaml, String key, String reason) throws Exception {
    VerifierKey good = witnessKey("w.example");
    VerifierKey log = new VerifierKey("w.example", SignatureType.ED25519, good.publicKey());
    String filled =
        yaml.replace("KEY", "'" + good.format() + "'").replace("LOG", "'" + log.format() + "'");

    assertThatThrownBy(() -> cluster("witnesses: " + filled + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(reason);
  }

  private static VerifierKey witnessKey(String name) throws GeneralSecurityException {
    byte[] spki =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    return new VerifierKey(
        name,
        SignatureType.ED25519_COSIGNATURE,
        Bytes.wrap(Arrays.copyOfRange(spki, spki.length - 32, spki.length)));
  }
}
