package com.credlink.ledger.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/configuration.md lists every key as the code declares it. */
class ConfigurationPageTest {

  @Test
  void shouldListEveryKeyWithItsDefaultsAndMeaning() throws Exception {
    var root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/configuration.md"))) {
      root = root.getParent();
    }

    assertThat(Files.readString(root.resolve("docs/configuration.md"))).contains(table());
  }

  private static String table() {
    return ConfigKeys.all().stream()
        .map(ConfigurationPageTest::row)
        .collect(Collectors.joining("\n"));
  }

  private static String row(ConfigKey<?> key) {
    var only = key.only();
    return "| `%s` | %s | %s | %s |"
        .formatted(
            key.name(),
            only.filter(Config.Profile.CLUSTER::equals).isPresent() ? "-" : value(key.embedded()),
            only.filter(Config.Profile.EMBEDDED::equals).isPresent() ? "-" : value(key.cluster()),
            key.description());
  }

  private static String value(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
