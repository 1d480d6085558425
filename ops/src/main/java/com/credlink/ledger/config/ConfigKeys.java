package com.credlink.ledger.config;

import static com.credlink.ledger.config.Config.Profile.CLUSTER;
import static com.credlink.ledger.config.Config.Profile.EMBEDDED;

import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.log.Durability;
import com.credlink.ledger.log.LedgerConfig;
import com.credlink.ledger.log.Topics;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.VerifierKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every key there is, once, in the order in which {@code config show} prints them. */
final class ConfigKeys {

  /** Shopify gives up on a delivery after 5 s in all, and our answer must arrive before that. */
  static final Duration APPEND_DEADLINE_MAX = Duration.ofSeconds(4);

  static final Duration APPEND_DEADLINE_MIN = LedgerConfig.SHORTEST_DEADLINE;
  static final Duration LEASE_MIN = Duration.ofSeconds(5);
  static final Duration LEASE_MAX = Duration.ofHours(1);
  static final int PARTITIONS_MAX = 1024;
  static final int PENDING_MAX = 1_000_000;
  static final int WORKERS_MAX = 64;
  static final int APPROVALS_MAX = 10;
  static final int SCRUB_RATE_MAX = 1_000_000;
  static final Duration SCRUB_INTERVAL_MIN = Duration.ofSeconds(1);
  static final Duration SCRUB_INTERVAL_MAX = Duration.ofDays(30);

  static final int SLOTS_MAX = 1_000;
  static final Duration TIMESTAMP_GAP_MAX = Duration.ofMinutes(10);
  static final Duration KEY_AGE_MIN = Duration.ofHours(1);
  static final Duration KEY_AGE_MAX = Duration.ofDays(3650);
  static final Duration VALIDITY_MIN = Duration.ofHours(1);
  static final Duration VALIDITY_MAX = Duration.ofDays(1095);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
  private static final Pattern LEDGER_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,99}(/[A-Za-z0-9._-]{1,50}){0,3}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+]?");
  private static final Pattern HOST_PORT =
      Pattern.compile("[^\\s,:/]+:\\d{1,5}|\\[[^\\s,]+]:\\d{1,5}");

  private static final List<ConfigKey<?>> ALL = new ArrayList<>();

  static final ConfigKey<String> LEDGER_NAME_KEY =
      key(
          "ledger.name",
          ConfigKeys::ledgerName,
          "ledger.localhost",
          "Name of the ledger; the origin of its transparency logs is NAME/PARTITION. Never"
              + " change it.");
  static final ConfigKey<Integer> LEDGER_PARTITIONS =
      key(
          "ledger.partitions",
          whole(1, PARTITIONS_MAX),
          Integer.toString(Topics.EMBEDDED_PARTITIONS),
          Integer.toString(Topics.CLUSTER_PARTITIONS),
          "Partitions of ledger.events, fixed for ever when the ledger is created.");
  static final ConfigKey<Set<NodeRole>> ROLES =
      key(
          "roles",
          setOf(NodeRole.class),
          "api, topology, clerk, signer",
          "What this process does.");
  static final ConfigKey<Durability> DURABILITY =
      key(
          "durability",
          oneOf(Durability.class),
          "process",
          "power",
          "What an acknowledged fact survives: the end of the process, or a power cut (each append"
              + " is flushed).");
  static final ConfigKey<Path> DATA_DIRECTORY =
      key("data.directory", Path::of, "data", "Where this process keeps what it must not lose.");
  static final ConfigKey<Duration> APPEND_DEADLINE =
      key(
          "append.deadline",
          duration(APPEND_DEADLINE_MIN, APPEND_DEADLINE_MAX),
          "2s",
          "How long an append may take before the caller is refused (webhooks: 503).");

  static final ConfigKey<String> HTTP_HOST =
      key(
          "http.host",
          ConfigKeys::host,
          "127.0.0.1",
          "0.0.0.0",
          "Address that HTTP, and with 'up' all else, listens on.");
  static final ConfigKey<Integer> HTTP_PORT =
      key("http.port", whole(0, 65_535), "8080", "Port of the API; 0 picks a free one.");

  static final ConfigKey<List<String>> KAFKA_BOOTSTRAP =
      only(
          CLUSTER,
          "kafka.bootstrap",
          listOf(ConfigKeys::hostPort),
          "",
          "Brokers to start from, host:port, comma separated.");
  static final ConfigKey<Integer> KAFKA_PORT =
      only(
          EMBEDDED,
          "kafka.port",
          whole(0, 65_535),
          "9092",
          "Port of the broker in this process; 0 picks a free one.");
  static final ConfigKey<Integer> KAFKA_REPLICATION =
      only(
          CLUSTER,
          "kafka.replication",
          whole(1, 9),
          Short.toString(Topics.CLUSTER_REPLICATION),
          "Replicas of each topic; one fewer must be in sync for an append.");
  static final ConfigKey<String> KAFKA_PROPERTIES =
      only(
          CLUSTER,
          "kafka.properties.*",
          Function.identity(),
          "",
          "Client properties for a secured cluster (security.protocol, sasl.*, ssl.*).");
  static final ConfigKey<Optional<Path>> KAFKA_PROPERTIES_FILE =
      only(
          CLUSTER,
          "kafka.properties_file",
          optional(Path::of),
          "",
          "A Java properties file with more of them, for those that are secret.");

  static final ConfigKey<List<URI>> REGISTRY_URLS =
      only(
          CLUSTER,
          "registry.urls",
          listOf(ConfigKeys::httpUrl),
          "",
          "Confluent-compatible schema registries, tried in this order.");
  static final ConfigKey<Integer> REGISTRY_PORT =
      only(
          EMBEDDED,
          "registry.port",
          whole(0, 65_535),
          "8081",
          "Port of the registry in this process; 0 picks a free one.");
  static final ConfigKey<RegistryAuthKind> REGISTRY_AUTH =
      only(
          CLUSTER,
          "registry.auth",
          oneOf(RegistryAuthKind.class),
          "none",
          "How to sign in to the registry: none, basic or bearer.");
  static final ConfigKey<Optional<String>> REGISTRY_USERNAME =
      only(
          CLUSTER,
          "registry.username",
          optional(Function.identity()),
          "",
          "User for registry.auth=basic.");
  static final ConfigKey<Optional<Secret>> REGISTRY_PASSWORD =
      secret("registry.password", Optional.of(CLUSTER), "Password for registry.auth=basic.");
  static final ConfigKey<Optional<Path>> REGISTRY_PASSWORD_FILE =
      only(CLUSTER, "registry.password_file", optional(Path::of), "", "A file with that password.");
  static final ConfigKey<Optional<Secret>> REGISTRY_TOKEN =
      secret("registry.token", Optional.of(CLUSTER), "Token for registry.auth=bearer.");
  static final ConfigKey<Optional<Path>> REGISTRY_TOKEN_FILE =
      only(CLUSTER, "registry.token_file", optional(Path::of), "", "A file with that token.");

  static final ConfigKey<String> SECRET_ID =
      key(
          "shopify.client_secrets[].id",
          ConfigKeys::plainId,
          "",
          "Name of the secret, recorded with each webhook it verified.");
  static final ConfigKey<Optional<Secret>> SECRET_VALUE =
      secret(
          "shopify.client_secrets[].secret",
          Optional.empty(),
          "A client secret of the Shopify app.");
  static final ConfigKey<Optional<Path>> SECRET_FILE =
      key(
          "shopify.client_secrets[].secret_file",
          optional(Path::of),
          "",
          "A file with it, instead.");
  static final ConfigKey<Optional<Instant>> SECRET_NOT_BEFORE =
      key(
          "shopify.client_secrets[].not_before",
          optional(ConfigKeys::instant),
          "",
          "The secret counts from this time on.");
  static final ConfigKey<Optional<Instant>> SECRET_NOT_AFTER =
      key(
          "shopify.client_secrets[].not_after",
          optional(ConfigKeys::instant),
          "",
          "The secret counts before this time.");

  static final ConfigKey<Optional<Path>> ASSETS_DIRECTORY =
      key(
          "assets.directory",
          optional(Path::of),
          "",
          "Image sources are looked up here as SHOP-DOMAIN/LAST-PATH-SEGMENT (sources in"
              + " data.directory if not set with up). If it is set and assets.http.allow_hosts is"
              + " not, nothing is fetched over the network.");
  static final ConfigKey<List<String>> ASSETS_ALLOW_HOSTS =
      key(
          "assets.http.allow_hosts",
          listOf(ConfigKeys::host),
          "",
          "If set, images are fetched from these hosts only, by https or plain http.");
  static final ConfigKey<Boolean> ASSETS_ALLOW_PRIVATE =
      key(
          "assets.http.allow_private",
          ConfigKeys::trueOrFalse,
          "false",
          "Whether those hosts may have private or loopback addresses.");

  static final ConfigKey<List<Algorithm>> SIGNING_ALGORITHMS =
      key(
          "signing.algorithms",
          listOf(ConfigKeys::algorithm),
          "ES256, Ed25519",
          "Algorithms that keys are made for, the default first: ES256, ES384, PS256, Ed25519, and"
              + " ML-DSA-65 beside Ed25519 for detached signatures.");
  static final ConfigKey<Duration> SIGNING_LEASE =
      key(
          "signing.lease",
          duration(LEASE_MIN, LEASE_MAX),
          "60s",
          "A dispatched job without an outcome is dispatched again after this time.");
  static final ConfigKey<Integer> SIGNING_PENDING_LIMIT =
      key(
          "signing.pending_limit",
          whole(1, PENDING_MAX),
          "10000",
          "Signing requests of one tenant that may be open at once.");

  static final ConfigKey<Duration> SIGNING_KEYS_MAX_AGE =
      key(
          "signing.keys.max_age",
          duration(KEY_AGE_MIN, KEY_AGE_MAX),
          "180d",
          "A signing key is replaced when it has been active for this time.");
  static final ConfigKey<Integer> SIGNING_KEYS_MAX_USES =
      key(
          "signing.keys.max_uses",
          whole(0, Integer.MAX_VALUE),
          "0",
          "A signing key is replaced when it has made this many signatures that are in the log; 0"
              + " for no limit.");
  static final ConfigKey<Optional<Path>> SIGNING_KEYS_PKCS11_LIBRARY =
      key(
          "signing.keys.pkcs11.library",
          optional(Path::of),
          "",
          "The PKCS#11 module of a token in which new signing keys are made (ES256, ES384, PS256);"
              + " they are made in the key file if not set.");
  static final ConfigKey<Integer> SIGNING_KEYS_PKCS11_SLOT =
      key(
          "signing.keys.pkcs11.slot",
          whole(0, SLOTS_MAX),
          "0",
          "Index of the token's slot among those that have a token.");
  static final ConfigKey<Optional<Path>> SIGNING_KEYS_PKCS11_PIN_FILE =
      key(
          "signing.keys.pkcs11.pin_file",
          optional(Path::of),
          "",
          "File with the PIN of the token's user.");
  static final ConfigKey<AuthorityKind> SIGNING_CERTIFICATES_AUTHORITY =
      key(
          "signing.certificates.authority",
          oneOf(AuthorityKind.class),
          "development",
          "Who vouches for the signing keys: a certificate authority in the data directory"
              + " (development), or one elsewhere (external).");
  static final ConfigKey<String> SIGNING_CERTIFICATES_ORGANIZATION =
      key(
          "signing.certificates.organization",
          ConfigKeys::organization,
          "CredLink",
          "The organization (O) of the certificates, which verifiers show as the signer.");
  static final ConfigKey<Duration> SIGNING_CERTIFICATES_VALIDITY =
      key(
          "signing.certificates.validity",
          duration(VALIDITY_MIN, VALIDITY_MAX),
          "365d",
          "How long certificates of the development authority are valid.");
  static final ConfigKey<Boolean> SIGNING_CERTIFICATES_INTERMEDIATE =
      key(
          "signing.certificates.intermediate",
          ConfigKeys::trueOrFalse,
          "false",
          "Whether the development authority issues them by an intermediate.");
  static final ConfigKey<Optional<Path>> SIGNING_CERTIFICATES_ROOT_FILE =
      key(
          "signing.certificates.root_file",
          optional(Path::of),
          "",
          "The root certificates of the external authority, in PEM; served as"
              + " /v1/trust/root.pem.");

  static final ConfigKey<String> SIGNING_MANIFESTS_URL =
      key(
          "signing.manifests_url",
          ConfigKeys::urlPrefix,
          "",
          "Where a file of a request with remote_manifest says, in its XMP, that its manifest is:"
              + " this, and the digest of the image. Files say nothing of it if not set.");

  static final ConfigKey<List<String>> SIGNING_TIMESTAMPS_AUTHORITIES =
      key(
          "signing.timestamps.authorities",
          listOf(ConfigKeys::timestampAuthority),
          "development",
          "",
          "Time-stamping authorities (RFC 3161) in order of preference, as URLs; 'development' is"
              + " one in this process. Requests for content credentials are not time-stamped if"
              + " none is named.");
  static final ConfigKey<Optional<Path>> SIGNING_TIMESTAMPS_ROOT_FILE =
      key(
          "signing.timestamps.root_file",
          optional(Path::of),
          "",
          "The roots of the authorities with a URL, in PEM.");
  static final ConfigKey<Duration> SIGNING_TIMESTAMPS_GAP =
      key(
          "signing.timestamps.gap",
          duration(Duration.ZERO, TIMESTAMP_GAP_MAX),
          "0s",
          "Shortest time between two requests to the same authority.");

  static final ConfigKey<Integer> SIGNING_APPROVALS_REQUIRED =
      key(
          "signing.approvals.required",
          whole(0, APPROVALS_MAX),
          "0",
          "Operators who must approve a request before it is signed.");
  static final ConfigKey<List<String>> SIGNING_APPROVALS_SHOPS =
      key(
          "signing.approvals.shops",
          listOf(text -> text.toLowerCase(Locale.ROOT)),
          "",
          "Domains of the shops whose requests need approvals; all shops when none is named.");

  static final ConfigKey<Integer> SIGNING_WORKERS_INTERACTIVE =
      workers("interactive", "3", "images that somebody waits for");
  static final ConfigKey<Integer> SIGNING_WORKERS_STANDARD =
      workers("standard", "2", "everything else, the images of webhooks too");
  static final ConfigKey<Integer> SIGNING_WORKERS_BULK =
      workers("bulk", "1", "whole libraries of images");

  static final ConfigKey<Size> STREAMS_MEMORY =
      key(
          "streams.memory",
          Size::parse,
          "64MiB",
          "256MiB",
          "Memory of all RocksDB stores of this process together.");

  static final ConfigKey<Integer> LOG_SCRUB_RATE =
      key(
          "log.scrub.rate",
          whole(1, SCRUB_RATE_MAX),
          "5000",
          "Records a second that are hashed again in the background, to find what was changed.");
  static final ConfigKey<Duration> LOG_SCRUB_INTERVAL =
      key(
          "log.scrub.interval",
          duration(SCRUB_INTERVAL_MIN, SCRUB_INTERVAL_MAX),
          "6h",
          "From the end of a pass over all logs to the next; the first one begins a minute after"
              + " the start at the latest.");

  static final ConfigKey<Optional<URI>> WITNESS_URL =
      key(
          "witnesses[].url",
          optional(ConfigKeys::httpUrl),
          "",
          "Where a witness takes checkpoints: its add-checkpoint is below this URL"
              + " (c2sp.org/tlog-witness).");
  static final ConfigKey<List<VerifierKey>> WITNESS_VKEYS =
      key(
          "witnesses[].vkeys",
          listOf(ConfigKeys::cosignerKey),
          "",
          "Its verifier keys, one or more; cosignatures of others are not published.");

  /** Names that people try or that a release took away, and what to write instead. */
  static final Map<String, String> REPLACED =
      Map.of(
          "kafka.bootstrap_servers", "kafka.bootstrap",
          "kafka.bootstrap.servers", "kafka.bootstrap",
          "registry.url", "registry.urls",
          "shopify.client_secret", "shopify.client_secrets[]",
          "shopify.secrets", "shopify.client_secrets[]",
          "data", "data.directory",
          "port", "http.port");

  private ConfigKeys() {}

  /** How to sign in to a schema registry. */
  enum RegistryAuthKind {
    NONE,
    BASIC,
    BEARER
  }

  /** Where certificates of signing keys come from. */
  enum AuthorityKind {
    DEVELOPMENT,
    EXTERNAL
  }

  static List<ConfigKey<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  private static <T> ConfigKey<T> key(
      String name, Function<String, T> parse, String value, String description) {
    return key(name, parse, value, value, description);
  }

  private static <T> ConfigKey<T> key(
      String name, Function<String, T> parse, String embedded, String cluster, String description) {
    return declare(
        new ConfigKey<>(name, parse, embedded, cluster, Optional.empty(), false, description));
  }

  private static <T> ConfigKey<T> only(
      Config.Profile profile,
      String name,
      Function<String, T> parse,
      String value,
      String description) {
    return declare(
        new ConfigKey<>(name, parse, value, value, Optional.of(profile), false, description));
  }

  private static ConfigKey<Optional<Secret>> secret(
      String name, Optional<Config.Profile> only, String description) {
    return declare(new ConfigKey<>(name, optional(Secret::of), "", "", only, true, description));
  }

  private static <T> ConfigKey<T> declare(ConfigKey<T> key) {
    ALL.add(key);
    return key;
  }

  private static <T> Function<String, Optional<T>> optional(Function<String, T> parse) {
    return text -> text.isEmpty() ? Optional.empty() : Optional.of(parse.apply(text));
  }

  private static <T> Function<String, List<T>> listOf(Function<String, T> parse) {
    return text ->
        Stream.of(text.split(",", -1))
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .map(parse)
            .toList();
  }

  private static <E extends Enum<E>> Function<String, Set<E>> setOf(Class<E> type) {
    var one = oneOf(type);
    return text -> {
      var values = listOf(one).apply(text);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("names none of " + names(type));
      }
      if (EnumSet.copyOf(values).size() != values.size()) {
        throw new IllegalArgumentException("names one of them twice");
      }
      return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    };
  }

  private static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
    return text ->
        Arrays.stream(type.getEnumConstants())
            .filter(constant -> constant.name().equalsIgnoreCase(text.strip()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("is none of " + names(type)));
  }

  private static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static ConfigKey<Integer> workers(String lane, String standard, String what) {
    return key(
        "signing.workers." + lane,
        whole(1, WORKERS_MAX),
        standard,
        "Workers of this process for the lane `" + lane + "`: " + what + ".");
  }

  private static Function<String, Integer> whole(int least, int most) {
    return text -> {
      try {
        int value = Integer.parseInt(text);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Said below, together with what is out of range.
      }
      throw new IllegalArgumentException("is not a whole number from " + least + " to " + most);
    };
  }

  private static Function<String, Duration> duration(Duration least, Duration most) {
    return text -> {
      var matcher = DURATION.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "is not a time with its unit, such as 500ms, 30s or 12h");
      }
      long amount = Long.parseLong(matcher.group(1));
      var value =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
        throw new IllegalArgumentException("is not between " + text(least) + " and " + text(most));
      }
      return value;
    };
  }

  /** {@code value} as the configuration writes it. */
  static String text(Duration value) {
    long millis = value.toMillis();
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static Algorithm algorithm(String text) {
    return Algorithm.named(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is none of ES256, ES384, PS256, Ed25519 and ML-DSA-65"));
  }

  private static String ledgerName(String text) {
    return matching(LEDGER_NAME, text, "is not a name such as ledger.example.com");
  }

  private static String organization(String text) {
    return matching(
        Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} .,&'()-]{0,63}"),
        text,
        "is not the name of an organization, of up to 64 letters and digits");
  }

  private static String host(String text) {
    return matching(HOST, text, "is not a host name or address (without scheme and port)")
        .toLowerCase(Locale.ROOT);
  }

  private static String hostPort(String text) {
    return matching(HOST_PORT, text, "is not host:port");
  }

  private static String plainId(String text) {
    return matching(
        Pattern.compile("[A-Za-z0-9._-]{1,64}"),
        text,
        "is not a short name of letters, digits, dots and dashes");
  }

  private static String matching(Pattern pattern, String text, String otherwise) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(otherwise);
    }
    return text;
  }

  private static String timestampAuthority(String text) {
    return text.equals(Config.Timestamps.DEVELOPMENT) ? text : httpUrl(text).toString();
  }

  private static String urlPrefix(String text) {
    return text.isEmpty() ? text : httpUrl(text).toString();
  }

  private static URI httpUrl(String text) {
    try {
      var url = URI.create(text);
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getUserInfo() == null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Said below: what is no URI is no URL of ours either.
    }
    throw new IllegalArgumentException("is not an http or https URL without user and password");
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("is not a time such as 2026-11-23T00:00:00Z", e);
    }
  }

  private static VerifierKey cosignerKey(String text) {
    try {
      var key = VerifierKey.parse(text);
      if (key.type().isTimed()) {
        return key;
      }
    } catch (NoteException e) {
      throw new IllegalArgumentException("has a key that is none: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        "has the key of a log, not of a witness (of type 0x04 or 0x06)");
  }

  private static boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }
}
