package com.credlink.ledger.config;

import com.credlink.ledger.config.ConfigKeys.AuthorityKind;
import com.credlink.ledger.config.ConfigKeys.RegistryAuthKind;
import com.credlink.ledger.config.ConfigSettings.Setting;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.Pkcs11Keys;
import com.credlink.ledger.log.Durability;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.projections.signing.SigningTerms;
import com.credlink.ledger.registry.Authentication;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The effective configuration of one process: typed, complete and checked, so that nobody behind it
 * has to ask whether a value is there or makes sense. Keys, defaults and what they mean: {@link
 * ConfigKeys}.
 *
 * @param ledgerName origin prefix of the transparency logs
 * @param partitions partitions of {@code ledger.events}
 * @param appendDeadline how long an append may take before its caller is refused
 */
public record Config(
    Profile profile,
    String ledgerName,
    int partitions,
    Set<NodeRole> roles,
    Durability durability,
    Path dataDirectory,
    Duration appendDeadline,
    Http http,
    Kafka kafka,
    Registry registry,
    Shopify shopify,
    Assets assets,
    Signing signing,
    Streams streams,
    Scrub scrub,
    List<Witness> witnesses) {

  /** Which defaults apply, and which keys mean anything. */
  public enum Profile {
    /** {@code ledger up}: broker and registry in this process. */
    EMBEDDED,
    /** {@code ledger serve}: an external cluster and registry. */
    CLUSTER
  }

  /** Where HTTP listens; port 0 is any free one. */
  public record Http(String host, int port) {}

  /**
   * The brokers.
   *
   * @param bootstrap where to find an external cluster; empty with {@link Profile#EMBEDDED}
   * @param port of the broker in this process; 0 is any free one
   * @param replication replicas of each topic on an external cluster
   * @param properties client properties for an external cluster; may hold secrets, so {@link
   *     #toString} leaves them out
   */
  public record Kafka(
      List<String> bootstrap, int port, int replication, Map<String, String> properties) {
    @Override
    public String toString() {
      return "Kafka[bootstrap=%s, port=%d, replication=%d, properties=%s]"
          .formatted(bootstrap, port, replication, new TreeSet<>(properties.keySet()));
    }
  }

  /** The schema registry: external ones by URL, or the port of the one in this process. */
  public record Registry(List<URI> urls, int port, Authentication authentication) {}

  /**
   * The client secrets that webhooks may be signed with; with {@code up} those of the data
   * directory come on top.
   */
  public record Shopify(List<ClientSecret> clientSecrets) {}

  /** One client secret, good from {@code notBefore} (inclusive) to {@code notAfter} (exclusive). */
  public record ClientSecret(
      String id, Secret secret, Optional<Instant> notBefore, Optional<Instant> notAfter) {}

  /**
   * Where image sources are read from.
   *
   * @param directory looked into first
   * @param fetched whether what is not there is fetched over the network
   * @param allowHosts may also be fetched from by plain http
   * @param allowPrivate whether those may have private addresses
   */
  public record Assets(
      Optional<Path> directory, boolean fetched, Set<String> allowHosts, boolean allowPrivate) {}

  /**
   * How assets are signed.
   *
   * @param algorithms the first is the default
   * @param lease a job without an outcome goes out again after it
   * @param workers how many workers of this process each lane has
   * @param terms what policy asks of a request
   * @param keys how long a key is used, and who vouches for it
   * @param timestamps who stamps signed files
   * @param manifests where public manifests are served, up to the digest; files refer to it if
   *     given
   */
  public record Signing(
      List<Algorithm> algorithms,
      Duration lease,
      Map<Lane, Integer> workers,
      SigningTerms terms,
      Keys keys,
      Optional<String> manifests,
      Timestamps timestamps) {

    public Signing {
      workers = Map.copyOf(workers);
    }
  }

  /**
   * When signing keys are replaced, and who vouches for them.
   *
   * @param maxUses signatures in the log; empty for no limit
   * @param token where new keys are made; in the key file if there is none
   */
  public record Keys(
      Duration maxAge,
      Optional<Integer> maxUses,
      Optional<Token> token,
      Certificates certificates) {}

  /**
   * A token with a PKCS#11 module.
   *
   * @param slot index among the slots that have a token
   */
  public record Token(Path library, int slot, Path pinFile) {}

  /**
   * Certificates of the signing keys.
   *
   * @param organization of the subjects
   * @param issuer who issues them
   */
  public record Certificates(String organization, Issuer issuer) {}

  /**
   * Who stamps signed files.
   *
   * @param authorities in order of preference: {@link #DEVELOPMENT} or URLs; none if files are not
   *     stamped
   * @param roots of those with a URL
   * @param gap shortest time between two requests to the same one
   */
  public record Timestamps(List<String> authorities, Optional<Path> roots, Duration gap) {
    /** The authority in this process. */
    public static final String DEVELOPMENT = "development";

    public Timestamps {
      authorities = List.copyOf(authorities);
    }
  }

  /** Who issues certificates. */
  public sealed interface Issuer {}

  /** An authority in the data directory. */
  public record OwnIssuer(Duration validity, boolean intermediate) implements Issuer {}

  /** An authority elsewhere, with a file of its roots. */
  public record OtherIssuer(Path roots) implements Issuer {}

  /** Limits of the topologies of this process. */
  public record Streams(Size memory) {}

  /** How fast, in records a second, and how often the logs are hashed again. */
  public record Scrub(int rate, Duration interval) {}

  /** A witness that is asked to cosign checkpoints, and the keys that it does so with. */
  public record Witness(URI url, List<VerifierKey> keys) {}

  /** One effective value as {@code config show} prints it: secrets are masked already. */
  public record Shown(String value, String origin) {}

  /**
   * Client properties that the ledger's promises rest on: they are set in code and nowhere else.
   */
  private static final Set<String> FIXED_PROPERTIES =
      Set.of(
          "acks",
          "bootstrap.servers",
          "enable.idempotence",
          "transactional.id",
          "isolation.level",
          "processing.guarantee",
          "application.id",
          "group.id",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "auto.offset.reset",
          "delivery.timeout.ms");

  private static final Pattern SECRET_PROPERTY =
      Pattern.compile("(?i).*(password|secret|jaas|token|\\.key).*");

  /**
   * Reads and checks everything.
   *
   * @throws ConfigException with the first thing that is wrong, as a sentence
   */
  public static Config load(
      Profile profile,
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> options)
      throws ConfigException {
    return new Loader(profile, ConfigSettings.gather(file, environment, options)).load();
  }

  /**
   * Every effective value by key, in the order of declaration, secrets masked, after the same
   * checks as {@link #load}.
   */
  public static SequencedMap<String, Shown> show(
      Profile profile,
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> options)
      throws ConfigException {
    var settings = ConfigSettings.gather(file, environment, options);
    var loader = new Loader(profile, settings);
    loader.load();
    return loader.show();
  }

  /** Turns settings into a {@link Config}; each check names the key that it is about. */
  private static final class Loader {
    private final Profile profile;
    private final ConfigSettings settings;

    Loader(Profile profile, ConfigSettings settings) {
      this.profile = profile;
      this.settings = settings;
    }

    Config load() throws ConfigException {
      requireProfile();
      var roles = roles();
      var data = path(ConfigKeys.DATA_DIRECTORY.name(), value(ConfigKeys.DATA_DIRECTORY));
      var config =
          new Config(
              profile,
              value(ConfigKeys.LEDGER_NAME_KEY),
              value(ConfigKeys.LEDGER_PARTITIONS),
              roles,
              value(ConfigKeys.DURABILITY),
              data,
              value(ConfigKeys.APPEND_DEADLINE),
              new Http(value(ConfigKeys.HTTP_HOST), value(ConfigKeys.HTTP_PORT)),
              kafka(),
              registry(),
              shopify(roles),
              assets(data),
              signing(),
              new Streams(value(ConfigKeys.STREAMS_MEMORY)),
              new Scrub(value(ConfigKeys.LOG_SCRUB_RATE), value(ConfigKeys.LOG_SCRUB_INTERVAL)),
              witnesses());
      requireDifferentPorts(config);
      return config;
    }

    SequencedMap<String, Shown> show() {
      var shown = new LinkedHashMap<String, Shown>();
      for (var key : ConfigKeys.all()) {
        if (key.only().isPresent() && key.only().get() != profile) {
          continue;
        }
        if (key.inList() || key.isMap()) {
          var prefix = key.name().split("\\[|\\*", 2)[0];
          for (var name : settings.namesUnder(prefix)) {
            if (key.isMap() || key.name().equals(name.replaceAll("\\[\\d+]", "[]"))) {
              var setting = settings.get(name).orElseThrow();
              boolean hidden =
                  key.secret() || (key.isMap() && SECRET_PROPERTY.matcher(name).matches());
              shown.put(name, new Shown(hidden ? Secret.MASK : setting.text(), setting.origin()));
            }
          }
        } else {
          var setting = settings.get(key.name());
          var text = setting.map(Setting::text).orElseGet(() -> key.defaultIn(profile));
          shown.put(
              key.name(),
              new Shown(
                  key.secret() && !text.isEmpty() ? Secret.MASK : text,
                  setting.map(Setting::origin).orElse("default")));
        }
      }
      return shown;
    }

    private void requireProfile() throws ConfigException {
      for (var key : ConfigKeys.all()) {
        if (key.only().isEmpty() || key.only().get() == profile) {
          continue;
        }
        var prefix = key.isMap() ? key.name().substring(0, key.name().length() - 1) : key.name();
        for (var name : key.isMap() ? settings.namesUnder(prefix) : List.of(key.name())) {
          var setting = settings.get(name);
          if (setting.isPresent()) {
            throw new ConfigException(
                switch (profile) {
                  case EMBEDDED ->
                      "'%s' (from %s) is for 'ledger serve': 'ledger up' runs a broker and a registry of its own; remove it"
                          .formatted(name, setting.get().origin());
                  case CLUSTER ->
                      "'%s' (from %s) is for 'ledger up': 'ledger serve' uses the cluster of kafka.bootstrap; remove it"
                          .formatted(name, setting.get().origin());
                });
          }
        }
      }
    }

    private Kafka kafka() throws ConfigException {
      var bootstrap = value(ConfigKeys.KAFKA_BOOTSTRAP);
      if (profile == Profile.CLUSTER && bootstrap.isEmpty()) {
        throw new ConfigException(
            "'kafka.bootstrap' is not set; name the brokers of the cluster, or run 'ledger up' for"
                + " one in this process");
      }
      var properties = new TreeMap<String, String>();
      var file = value(ConfigKeys.KAFKA_PROPERTIES_FILE);
      if (file.isPresent()) {
        var fromFile = new Properties();
        try (Reader reader =
            Files.newBufferedReader(path(ConfigKeys.KAFKA_PROPERTIES_FILE.name(), file.get()))) {
          fromFile.load(reader);
        } catch (IOException | IllegalArgumentException e) {
          throw new ConfigException(
              "'kafka.properties_file' names '%s', which cannot be read as Java properties"
                  .formatted(file.get()));
        }
        fromFile.forEach((name, text) -> properties.put((String) name, (String) text));
      }
      var prefix = "kafka.properties.";
      for (var name : settings.namesUnder(prefix)) {
        properties.put(name.substring(prefix.length()), settings.get(name).orElseThrow().text());
      }
      for (var name : properties.keySet()) {
        if (FIXED_PROPERTIES.contains(name)) {
          throw new ConfigException(
              "'%s%s' cannot be set: the ledger's promises rest on its own value; remove it"
                  .formatted(prefix, name));
        }
      }
      return new Kafka(
          bootstrap,
          value(ConfigKeys.KAFKA_PORT),
          value(ConfigKeys.KAFKA_REPLICATION),
          Map.copyOf(properties));
    }

    private Registry registry() throws ConfigException {
      var urls = value(ConfigKeys.REGISTRY_URLS);
      if (profile == Profile.CLUSTER && urls.isEmpty()) {
        throw new ConfigException(
            "'registry.urls' is not set; name at least one Confluent-compatible schema registry");
      }
      var username = value(ConfigKeys.REGISTRY_USERNAME);
      var password =
          secret(
              "registry.password",
              value(ConfigKeys.REGISTRY_PASSWORD),
              value(ConfigKeys.REGISTRY_PASSWORD_FILE));
      var token =
          secret(
              "registry.token",
              value(ConfigKeys.REGISTRY_TOKEN),
              value(ConfigKeys.REGISTRY_TOKEN_FILE));
      var kind = value(ConfigKeys.REGISTRY_AUTH);
      if (kind != RegistryAuthKind.BASIC && (username.isPresent() || password.isPresent())) {
        throw new ConfigException(
            "'registry.username' and 'registry.password' need 'registry.auth: basic'; set it or"
                + " remove them");
      }
      if (kind != RegistryAuthKind.BEARER && token.isPresent()) {
        throw new ConfigException(
            "'registry.token' needs 'registry.auth: bearer'; set it or remove the token");
      }
      if (kind != RegistryAuthKind.NONE) {
        for (var url : urls) {
          if ("http".equals(url.getScheme()) && !isLoopback(url.getHost())) {
            throw new ConfigException(
                "'registry.urls' has '%s', where 'registry.auth' would send its secret in the clear; use https"
                    .formatted(url));
          }
        }
      }
      var authentication =
          switch (kind) {
            case NONE -> Authentication.none();
            case BASIC ->
                Authentication.basic(
                    username.orElseThrow(
                        () -> missing("registry.username", "registry.auth: basic")),
                    password
                        .orElseThrow(() -> missing("registry.password", "registry.auth: basic"))
                        .reveal());
            case BEARER -> {
              var bearer =
                  token.orElseThrow(() -> missing("registry.token", "registry.auth: bearer"));
              yield Authentication.bearer(bearer::reveal);
            }
          };
      return new Registry(urls, value(ConfigKeys.REGISTRY_PORT), authentication);
    }

    /** Questions are answered from the projections of the same process. */
    private Set<NodeRole> roles() throws ConfigException {
      var roles = value(ConfigKeys.ROLES);
      if (roles.contains(NodeRole.API) != roles.contains(NodeRole.TOPOLOGY)) {
        throw new ConfigException(
            "'roles' names only one of 'api' and 'topology', and the API answers from the"
                + " projections of its own process; name both or neither");
      }
      return roles;
    }

    private Shopify shopify(Set<NodeRole> roles) throws ConfigException {
      var prefix = "shopify.client_secrets";
      var secrets = new ArrayList<ClientSecret>();
      var ids = new HashSet<String>();
      for (int index : indexes(prefix)) {
        var secret = clientSecret(prefix + "[" + index + "]");
        if (!ids.add(secret.id())) {
          throw new ConfigException(
              "'%s[%d].id' is '%s' like another's; give each its own"
                  .formatted(prefix, index, secret.id()));
        }
        for (var other : secrets) {
          if (other.secret().equals(secret.secret())) {
            throw new ConfigException(
                "'%s[%d].secret' is the same as that of '%s'; remove one of the two"
                    .formatted(prefix, index, other.id()));
          }
        }
        secrets.add(secret);
      }
      if (profile == Profile.CLUSTER && roles.contains(NodeRole.API) && secrets.isEmpty()) {
        throw new ConfigException(
            "'shopify.client_secrets' is empty, so no webhook could be verified; add an id and a"
                + " secret_file");
      }
      return new Shopify(List.copyOf(secrets));
    }

    /** The numbers of the entries of a list that were set. */
    private Set<Integer> indexes(String list) {
      var indexes = new TreeSet<Integer>();
      for (var name : settings.namesUnder(list + "[")) {
        indexes.add(Integer.valueOf(name.substring(list.length() + 1, name.indexOf(']'))));
      }
      return indexes;
    }

    private List<Witness> witnesses() throws ConfigException {
      var witnesses = new ArrayList<Witness>();
      var known = new HashSet<Bytes>();
      for (int index : indexes("witnesses")) {
        var entry = "witnesses[%d]".formatted(index);
        var url =
            value(ConfigKeys.WITNESS_URL, entry + ".url")
                .orElseThrow(() -> missing(entry + ".url", "an entry of witnesses"));
        var keys = value(ConfigKeys.WITNESS_VKEYS, entry + ".vkeys");
        if (keys.isEmpty()) {
          throw missing(entry + ".vkeys", "an entry of witnesses");
        }
        for (var key : keys) {
          if (!known.add(key.publicKey())) {
            throw new ConfigException(
                "'%s.vkeys' has the key '%s' again; name each witness once, with a key of its own"
                    .formatted(entry, key.name()));
          }
        }
        witnesses.add(new Witness(url, keys));
      }
      return List.copyOf(witnesses);
    }

    private ClientSecret clientSecret(String entry) throws ConfigException {
      var id = settings.get(entry + ".id");
      if (id.isEmpty()) {
        throw new ConfigException(
            "'%s.id' is not set; name the secret, for example by the year of its making"
                .formatted(entry));
      }
      var secret =
          secret(
                  entry + ".secret",
                  value(ConfigKeys.SECRET_VALUE, entry + ".secret"),
                  value(ConfigKeys.SECRET_FILE, entry + ".secret_file"))
              .orElseThrow(() -> missing(entry + ".secret", "an entry of shopify.client_secrets"));
      var notBefore = value(ConfigKeys.SECRET_NOT_BEFORE, entry + ".not_before");
      var notAfter = value(ConfigKeys.SECRET_NOT_AFTER, entry + ".not_after");
      if (notBefore.isPresent()
          && notAfter.isPresent()
          && !notBefore.get().isBefore(notAfter.get())) {
        throw new ConfigException(
            "'%s.not_after' is not after its not_before; the secret would never count"
                .formatted(entry));
      }
      return new ClientSecret(
          value(ConfigKeys.SECRET_ID, entry + ".id"), secret, notBefore, notAfter);
    }

    private Assets assets(Path data) throws ConfigException {
      var configured = value(ConfigKeys.ASSETS_DIRECTORY);
      Optional<Path> directory =
          configured.isPresent()
              ? Optional.of(path(ConfigKeys.ASSETS_DIRECTORY.name(), configured.get()))
              : profile == Profile.EMBEDDED
                  ? Optional.of(data.resolve("sources"))
                  : Optional.empty();
      if (configured.isPresent() && !Files.isDirectory(directory.orElseThrow())) {
        throw new ConfigException(
            "'assets.directory' names '%s', which is not a directory".formatted(directory.get()));
      }
      var hosts = value(ConfigKeys.ASSETS_ALLOW_HOSTS);
      boolean allowPrivate = value(ConfigKeys.ASSETS_ALLOW_PRIVATE);
      for (var host : hosts) {
        if (isLoopback(host) && !allowPrivate) {
          throw new ConfigException(
              "'assets.http.allow_hosts' names the loopback host '%s'; also set 'assets.http.allow_private: true', or remove it"
                  .formatted(host));
        }
      }
      if (allowPrivate && hosts.isEmpty()) {
        throw new ConfigException(
            "'assets.http.allow_private' is true but 'assets.http.allow_hosts' names no host it"
                + " could hold for; name them");
      }
      boolean fetched = configured.isEmpty() || !hosts.isEmpty();
      return new Assets(directory, fetched, Set.copyOf(hosts), allowPrivate);
    }

    private Signing signing() throws ConfigException {
      var algorithms = value(ConfigKeys.SIGNING_ALGORITHMS);
      if (algorithms.isEmpty() || Set.copyOf(algorithms).size() != algorithms.size()) {
        throw new ConfigException(
            "'signing.algorithms' must name one algorithm or more, each once");
      }
      if (algorithms.contains(Algorithm.ML_DSA_65) && !algorithms.contains(Algorithm.ED25519)) {
        throw new ConfigException(
            "'signing.algorithms' names ML-DSA-65 without Ed25519; the two sign together");
      }
      if (!algorithms.getFirst().signsContentCredentials()) {
        throw new ConfigException(
            "'signing.algorithms' begins with ML-DSA-65, which content credentials do not admit;"
                + " name it last");
      }
      return new Signing(
          algorithms,
          value(ConfigKeys.SIGNING_LEASE),
          Map.of(
              Lane.INTERACTIVE, value(ConfigKeys.SIGNING_WORKERS_INTERACTIVE),
              Lane.STANDARD, value(ConfigKeys.SIGNING_WORKERS_STANDARD),
              Lane.BULK, value(ConfigKeys.SIGNING_WORKERS_BULK)),
          new SigningTerms(
              value(ConfigKeys.SIGNING_APPROVALS_REQUIRED),
              Set.copyOf(value(ConfigKeys.SIGNING_APPROVALS_SHOPS)),
              !value(ConfigKeys.SIGNING_TIMESTAMPS_AUTHORITIES).isEmpty(),
              value(ConfigKeys.SIGNING_PENDING_LIMIT)),
          keys(),
          Optional.of(value(ConfigKeys.SIGNING_MANIFESTS_URL)).filter(url -> !url.isEmpty()),
          timestamps());
    }

    private Timestamps timestamps() throws ConfigException {
      var authorities = value(ConfigKeys.SIGNING_TIMESTAMPS_AUTHORITIES);
      var roots = value(ConfigKeys.SIGNING_TIMESTAMPS_ROOT_FILE);
      if (authorities.contains(Timestamps.DEVELOPMENT)
          && value(ConfigKeys.SIGNING_CERTIFICATES_AUTHORITY) != AuthorityKind.DEVELOPMENT) {
        throw new ConfigException(
            "'signing.timestamps.authorities' names 'development', which needs"
                + " 'signing.certificates.authority: development'; name the URL of an authority, or"
                + " none");
      }
      boolean hasUrl = authorities.stream().anyMatch(each -> !each.equals(Timestamps.DEVELOPMENT));
      if (hasUrl && roots.isEmpty()) {
        throw missing(
            ConfigKeys.SIGNING_TIMESTAMPS_ROOT_FILE.name(),
            ConfigKeys.SIGNING_TIMESTAMPS_AUTHORITIES.name());
      }
      Optional<Path> file =
          roots.isPresent()
              ? Optional.of(path(ConfigKeys.SIGNING_TIMESTAMPS_ROOT_FILE.name(), roots.get()))
              : Optional.empty();
      return new Timestamps(authorities, file, value(ConfigKeys.SIGNING_TIMESTAMPS_GAP));
    }

    private Keys keys() throws ConfigException {
      return new Keys(
          value(ConfigKeys.SIGNING_KEYS_MAX_AGE),
          Optional.of(value(ConfigKeys.SIGNING_KEYS_MAX_USES)).filter(limit -> limit > 0),
          token(),
          new Certificates(value(ConfigKeys.SIGNING_CERTIFICATES_ORGANIZATION), issuer()));
    }

    private Optional<Token> token() throws ConfigException {
      var library = value(ConfigKeys.SIGNING_KEYS_PKCS11_LIBRARY);
      var pin = value(ConfigKeys.SIGNING_KEYS_PKCS11_PIN_FILE);
      if (library.isEmpty()) {
        if (pin.isPresent()) {
          throw missing(
              ConfigKeys.SIGNING_KEYS_PKCS11_LIBRARY.name(),
              ConfigKeys.SIGNING_KEYS_PKCS11_PIN_FILE.name());
        }
        return Optional.empty();
      }
      for (var algorithm : value(ConfigKeys.SIGNING_ALGORITHMS)) {
        if (!Pkcs11Keys.MADE.contains(algorithm)) {
          throw new ConfigException(
              "'signing.algorithms' has %s, which no key can be made for in the token of 'signing.keys.pkcs11.library'; name ES256, ES384 or PS256 only"
                  .formatted(algorithm.label()));
        }
      }
      if (pin.isEmpty()) {
        throw missing(
            ConfigKeys.SIGNING_KEYS_PKCS11_PIN_FILE.name(),
            ConfigKeys.SIGNING_KEYS_PKCS11_LIBRARY.name());
      }
      return Optional.of(
          new Token(
              path(ConfigKeys.SIGNING_KEYS_PKCS11_LIBRARY.name(), library.get()),
              value(ConfigKeys.SIGNING_KEYS_PKCS11_SLOT),
              path(ConfigKeys.SIGNING_KEYS_PKCS11_PIN_FILE.name(), pin.get())));
    }

    private Issuer issuer() throws ConfigException {
      var roots = value(ConfigKeys.SIGNING_CERTIFICATES_ROOT_FILE);
      return switch (value(ConfigKeys.SIGNING_CERTIFICATES_AUTHORITY)) {
        case DEVELOPMENT -> {
          if (roots.isPresent()) {
            throw new ConfigException(
                "'signing.certificates.root_file' needs 'signing.certificates.authority:"
                    + " external'; set it or remove the file");
          }
          yield new OwnIssuer(
              value(ConfigKeys.SIGNING_CERTIFICATES_VALIDITY),
              value(ConfigKeys.SIGNING_CERTIFICATES_INTERMEDIATE));
        }
        case EXTERNAL ->
            new OtherIssuer(
                path(
                    ConfigKeys.SIGNING_CERTIFICATES_ROOT_FILE.name(),
                    roots.orElseThrow(
                        () ->
                            missing(
                                "signing.certificates.root_file",
                                "signing.certificates.authority: external"))));
      };
    }

    private static void requireDifferentPorts(Config config) throws ConfigException {
      if (config.profile() == Profile.CLUSTER) {
        return;
      }
      var taken = new LinkedHashMap<Integer, String>();
      var ports = new LinkedHashMap<String, Integer>();
      ports.put("http.port", config.http().port());
      ports.put("kafka.port", config.kafka().port());
      ports.put("registry.port", config.registry().port());
      for (var port : ports.entrySet()) {
        if (port.getValue() == 0) {
          continue;
        }
        var other = taken.putIfAbsent(port.getValue(), port.getKey());
        if (other != null) {
          throw new ConfigException(
              "'%s' and '%s' are both %d; give each its own port, or 0 for a free one"
                  .formatted(other, port.getKey(), port.getValue()));
        }
      }
    }

    private Optional<Secret> secret(String name, Optional<Secret> given, Optional<Path> file)
        throws ConfigException {
      if (given.isPresent() && file.isPresent()) {
        throw new ConfigException(
            "'%s' and '%s_file' are both set; remove one of the two".formatted(name, name));
      }
      if (settings.get(name).isPresent() && given.isEmpty()) {
        throw new ConfigException(
            "'%s' is empty; an empty secret protects nothing".formatted(name));
      }
      if (file.isEmpty()) {
        return given;
      }
      String text;
      try {
        // Editors end a file with a line break; a secret never has one.
        text = Files.readString(path(name + "_file", file.get())).strip();
      } catch (IOException e) {
        throw new ConfigException(
            "'%s_file' names '%s', which cannot be read".formatted(name, file.get()));
      }
      if (text.isEmpty()) {
        throw new ConfigException(
            "'%s_file' names '%s', which is empty; an empty secret protects nothing"
                .formatted(name, file.get()));
      }
      return Optional.of(Secret.of(text));
    }

    private <T> T value(ConfigKey<T> key) throws ConfigException {
      return value(key, key.name());
    }

    private <T> T value(ConfigKey<T> key, String name) throws ConfigException {
      var setting = settings.get(name);
      var text = setting.map(Setting::text).orElseGet(() -> key.defaultIn(profile));
      if (key.secret() && !text.isEmpty() && text.isBlank()) {
        throw new ConfigException(
            "'%s' is empty; an empty secret protects nothing".formatted(name));
      }
      try {
        return key.parse().apply(text.strip());
      } catch (IllegalArgumentException | ArithmeticException e) {
        if (text.isBlank()) {
          throw new ConfigException(
              "'%s' has no value; give it one, or remove it for the default".formatted(name));
        }
        var shown = key.secret() ? "" : " '" + text + "'";
        var origin = setting.map(given -> " (from " + given.origin() + ")").orElse("");
        throw new ConfigException("'%s'%s%s %s".formatted(name, shown, origin, e.getMessage()));
      }
    }

    /**
     * {@code path}, a relative one from where it was written: the file's directory, or the working
     * directory.
     */
    private Path path(String name, Path path) {
      return settings
          .get(name)
          .map(setting -> setting.base().resolve(path))
          .orElse(path)
          .toAbsolutePath()
          .normalize();
    }

    private static ConfigException missing(String name, String by) {
      return new ConfigException("'%s' is not set, but %s needs it".formatted(name, by));
    }

    private static boolean isLoopback(String host) {
      var bare = host.replace("[", "").replace("]", "");
      if ("localhost".equals(bare) || bare.endsWith(".localhost")) {
        return true;
      }
      // Only addresses are looked at: a name is not resolved when the configuration is read.
      if (!bare.matches("[0-9.]+|.*:.*")) {
        return false;
      }
      try {
        return InetAddress.getByName(bare).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }
  }
}
