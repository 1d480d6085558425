package com.credlink.ledger.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A token of SoftHSM. Where its tokens lie is read from the environment when the module is loaded,
 * so that the build sets {@code SOFTHSM2_CONF} for the process of the tests.
 */
record SoftHsm(Path library, int slot, String pin) {

  private static final List<String> LIBRARIES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so");
  private static final String PIN = "648219";

  /** Makes one; the test is skipped, and says so, where there is no SoftHSM. */
  static SoftHsm start() throws Exception {
    Path library = LIBRARIES.stream().map(Path::of).filter(Files::exists).findFirst().orElse(null);
    String configuration = System.getenv("SOFTHSM2_CONF");
    Assumptions.assumeTrue(
        library != null && configuration != null,
        "SKIPPED: SoftHSM is not installed, so that keys in a token were not tried");
    Path tokens = Path.of(configuration).toAbsolutePath().resolveSibling("softhsm-tokens");
    empty(tokens);
    Files.createDirectories(tokens);
    Files.writeString(
        Path.of(configuration),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    Process made =
        new ProcessBuilder(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "ledger",
                "--pin",
                PIN,
                "--so-pin",
                "12345678")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
      throw new IOException("softhsm2-util made no token");
    }
    return new SoftHsm(library, 0, PIN);
  }

  private static void empty(Path tokens) throws IOException {
    if (Files.exists(tokens)) {
      try (Stream<Path> all = Files.walk(tokens)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
