package com.credlink.ledger.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What was set, still as text: {@code ledger.yaml} first, environment variables over it,
 * command-line options over both. Every name is one that {@link ConfigKeys} declares; an unknown
 * one has been refused.
 */
final class ConfigSettings {

  /** Every environment variable that sets a key begins with this. */
  static final String PREFIX = "LEDGER_";

  /** Variables of that prefix that are read elsewhere: by the launcher and by client commands. */
  private static final Set<String> NOT_SETTINGS = Set.of("LEDGER_TOKEN", "LEDGER_JAVA_OPTS");

  /** What Kubernetes sets in every pod beside a service named "ledger". */
  private static final Pattern KUBERNETES =
      Pattern.compile("LEDGER_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP).*)?)");

  private static final Pattern LIST_INDEX = Pattern.compile("\\[\\d+]");
  private static final int SUGGESTION_DISTANCE_MAX = 4;

  /**
   * One value and who gave it. {@code base} is the directory that a relative path in it starts
   * from.
   */
  record Setting(String text, String origin, Path base) {}

  private final SortedMap<String, Setting> settings = new TreeMap<>();

  private ConfigSettings() {}

  /**
   * Gathers what was set.
   *
   * @param file a YAML file, if one is wanted
   * @param environment the process's environment
   * @param options values given as command-line options, by key; they win
   */
  static ConfigSettings gather(
      Optional<Path> file, Map<String, String> environment, Map<String, String> options)
      throws ConfigException {
    var gathered = new ConfigSettings();
    if (file.isPresent()) {
      gathered.readFile(file.get());
    }
    gathered.readEnvironment(environment);
    for (var option : options.entrySet()) {
      gathered.put(option.getKey(), new Setting(option.getValue(), "option", Path.of("")));
    }
    return gathered;
  }

  Optional<Setting> get(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  /** The names that were set and begin with {@code prefix}. */
  List<String> namesUnder(String prefix) {
    return settings.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  Map<String, Setting> all() {
    return Collections.unmodifiableMap(settings);
  }

  private void readFile(Path file) throws ConfigException {
    JsonNode root;
    try {
      var mapper =
          YAMLMapper.builder(
                  YAMLFactory.builder()
                      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                      .build())
              .build();
      root = mapper.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      var line = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      var reason = e.getOriginalMessage().lines().findFirst().orElse("it cannot be parsed");
      throw new ConfigException("'" + file + "' is not valid YAML" + line + ": " + reason);
    } catch (IOException e) {
      throw new ConfigException(
          "'" + file + "' cannot be read; name a configuration file that exists and may be read");
    }
    if (root.isMissingNode() || root.isNull()) {
      return;
    }
    if (!root.isObject()) {
      throw new ConfigException(
          "'" + file + "' must hold keys and values, such as 'http.port: 8080'");
    }
    var directory = file.toAbsolutePath().getParent();
    flatten("", root, new Setting("", file.toString(), directory));
  }

  private void flatten(String name, JsonNode node, Setting from) throws ConfigException {
    if (node.isObject()) {
      for (var field : node.properties()) {
        flatten(
            name.isEmpty() ? field.getKey() : name + "." + field.getKey(), field.getValue(), from);
      }
    } else if (node.isArray()) {
      var texts = new ArrayList<String>();
      for (int i = 0; i < node.size(); i++) {
        if (node.get(i).isValueNode()) {
          texts.add(node.get(i).asText());
        } else {
          flatten(name + "[" + i + "]", node.get(i), from);
        }
      }
      if (!texts.isEmpty()) {
        put(name, new Setting(String.join(",", texts), from.origin(), from.base()));
      }
    } else if (node.isNull()) {
      requireKnown(name, "'" + name + "' in " + from.origin());
      throw new ConfigException(
          "'" + name + "' in " + from.origin() + " has no value; give it one or remove the line");
    } else {
      if (settings.containsKey(name)) {
        throw new ConfigException(
            "'" + name + "' stands twice in " + from.origin() + "; remove one of the two");
      }
      put(name, new Setting(node.asText(), from.origin(), from.base()));
    }
  }

  private void readEnvironment(Map<String, String> environment) throws ConfigException {
    for (var variable : new TreeMap<>(environment).entrySet()) {
      var name = variable.getKey();
      if (!name.startsWith(PREFIX)
          || NOT_SETTINGS.contains(name)
          || KUBERNETES.matcher(name).matches()) {
        continue;
      }
      var key = keyOf(name.substring(PREFIX.length()));
      if (key.isEmpty()) {
        throw new ConfigException(
            "the environment variable "
                + name
                + " sets no key of the ledger"
                + suggestion(name, variables()));
      }
      put(key.get(), new Setting(variable.getValue(), name, Path.of("")));
    }
  }

  /**
   * {@code HTTP_PORT} to {@code http.port}, {@code SHOPIFY_CLIENT_SECRETS_0_ID} to {@code
   * shopify.client_secrets[0].id}.
   */
  private static Optional<String> keyOf(String variable) {
    for (var key : ConfigKeys.all()) {
      var plain = key.variable().substring(PREFIX.length());
      if (key.isMap()) {
        var prefix = plain.substring(0, plain.length() - 1);
        if (variable.startsWith(prefix)
            && variable.length() > prefix.length()
            && !variable.equals(
                ConfigKeys.KAFKA_PROPERTIES_FILE.variable().substring(PREFIX.length()))) {
          var rest = variable.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '.');
          return Optional.of(key.name().substring(0, key.name().length() - 1) + rest);
        }
      } else if (key.inList()) {
        var parts = plain.split(Pattern.quote("[]_"), 2);
        var matcher =
            Pattern.compile(Pattern.quote(parts[0]) + "_(\\d{1,3})_" + Pattern.quote(parts[1]))
                .matcher(variable);
        if (matcher.matches()) {
          return Optional.of(
              key.name().replace("[]", "[" + Integer.parseInt(matcher.group(1)) + "]"));
        }
      } else if (plain.equals(variable)) {
        return Optional.of(key.name());
      }
    }
    return Optional.empty();
  }

  private void put(String name, Setting setting) throws ConfigException {
    requireKnown(name, "'" + name + "' in " + setting.origin());
    settings.put(name, setting);
  }

  private static void requireKnown(String name, String where) throws ConfigException {
    var replacement = ConfigKeys.REPLACED.get(name);
    if (replacement != null) {
      throw new ConfigException(where + " is not a key any more; write '" + replacement + "'");
    }
    var pattern = LIST_INDEX.matcher(name).replaceAll("[]");
    for (var key : ConfigKeys.all()) {
      if (key.isMap()
          ? name.startsWith(key.name().substring(0, key.name().length() - 1))
          : key.name().equals(pattern)) {
        return;
      }
    }
    throw new ConfigException(where + " is not a key of the ledger" + suggestion(name, names()));
  }

  private static List<String> names() {
    return ConfigKeys.all().stream().map(ConfigKey::name).toList();
  }

  private static List<String> variables() {
    return ConfigKeys.all().stream()
        .filter(key -> !key.isMap() && !key.inList())
        .map(ConfigKey::variable)
        .toList();
  }

  private static String suggestion(String name, List<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(candidate -> distance(name, candidate) <= SUGGESTION_DISTANCE_MAX)
        .map(candidate -> "; did you mean '" + candidate + "'?")
        .orElse("; 'ledger config show' lists those there are");
  }

  /** The number of single-character edits between two words. */
  private static int distance(String one, String other) {
    var previous = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      var current = new int[other.length() + 1];
      current[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[other.length()];
  }
}
