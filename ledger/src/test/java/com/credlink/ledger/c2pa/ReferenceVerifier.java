package com.credlink.ledger.c2pa;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The reference implementation of C2PA (c2pa-rs, as the npm package {@code @contentauth/c2pa-wasm})
 * under Node.js: an opinion from outside.
 */
final class ReferenceVerifier implements AutoCloseable {

  private static final String PACKAGE = "@contentauth/c2pa-wasm@0.13.3";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;
  private final Path directory;
  private final Path roots;

  private ReferenceVerifier(Process process, Path directory, Path roots) {
    this.process = process;
    this.to = process.outputWriter(StandardCharsets.UTF_8);
    this.from = process.inputReader(StandardCharsets.UTF_8);
    this.directory = directory;
    this.roots = roots;
  }

  /**
   * What it says of a file.
   *
   * @param state Trusted, Valid or Invalid; what went wrong if it could not read the file
   * @param success codes of what holds
   * @param failure codes of what does not
   */
  record Verdict(String state, List<String> success, List<String> failure, JsonNode json) {}

  /** Starts it; the test is skipped, and says so, where there is no Node.js or no package. */
  static ReferenceVerifier start(Path directory, String rootsPem) throws Exception {
    Path home = Path.of("target", "c2pa-wasm").toAbsolutePath();
    Assumptions.assumeTrue(
        works(List.of("node", "--version")) && works(List.of("npm", "--version")),
        "SKIPPED: Node.js is not installed, so that the reference verifier was not asked");
    if (!Files.exists(home.resolve("node_modules/@contentauth/c2pa-wasm/package.json"))) {
      Files.createDirectories(home);
      Assumptions.assumeTrue(
          works(
              List.of(
                  "npm",
                  "install",
                  "--no-package-lock",
                  "--ignore-scripts",
                  "--no-audit",
                  "--no-fund",
                  "--prefix",
                  home.toString(),
                  PACKAGE)),
          "SKIPPED: npm cannot install " + PACKAGE + ", so that it was not asked");
    }
    Path roots = Files.writeString(directory.resolve("roots.pem"), rootsPem);
    Path script = directory.resolve("reference.mjs");
    try (var in = ReferenceVerifier.class.getResourceAsStream("reference.mjs")) {
      Files.write(script, in.readAllBytes());
    }
    Process process =
        new ProcessBuilder("node", script.toString(), home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ReferenceVerifier(process, directory, roots);
  }

  private static boolean works(List<String> command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  Verdict verify(String mediaType, byte[] image) {
    try {
      Path file = Files.write(directory.resolve("asked"), image);
      to.write(String.join("\t", mediaType, file.toString(), roots.toString()) + "\n");
      to.flush();
      JsonNode answer = JSON.readTree(from.readLine());
      if (answer.has("error")) {
        return new Verdict(answer.path("error").asText(), List.of(), List.of(), answer);
      }
      JsonNode active = answer.at("/validation_results/activeManifest");
      return new Verdict(
          answer.path("validation_state").asText(),
          codes(active.path("success")),
          codes(active.path("failure")),
          answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> codes(JsonNode results) {
    List<String> codes = new ArrayList<>();
    results.forEach(each -> codes.add(each.path("code").asText()));
    return codes;
  }

  @Override
  public void close() throws IOException {
    to.close();
    process.destroy();
  }
}
