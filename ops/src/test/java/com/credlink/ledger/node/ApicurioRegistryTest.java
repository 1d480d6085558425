package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same contract, asked of Apicurio's Confluent-compatible API: a registry that others wrote.
 * The profile {@code contract} unpacks it from Maven Central; it runs as a process of its own, in
 * memory, on a free port of the loopback address.
 */
@Tag("contract")
class ApicurioRegistryTest extends RegistryContract {

  private static final Duration BOOT = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Path HOME = Path.of("target", "apicurio");

  @TempDir private static Path directory;
  private static Process process;
  private static URI url;

  @BeforeAll
  static void start() throws IOException {
    Path jar = HOME.resolve("quarkus-run.jar").toAbsolutePath();
    assertThat(jar).as("the profile 'contract' unpacks it").exists();
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-jar",
            jar.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("QUARKUS_"));
    builder
        .environment()
        .putAll(
            Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port)));
    process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "apicurio.log").toFile())
            .start();
    url = URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
    await().atMost(BOOT).pollInterval(Duration.ofMillis(200)).until(ApicurioRegistryTest::ready);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  URI url() {
    return url;
  }

  @Override
  Set<Difference> differences() {
    return EnumSet.allOf(Difference.class);
  }

  private static boolean ready() throws InterruptedException {
    assertThat(process.isAlive()).as("see target/apicurio.log").isTrue();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/subjects")).timeout(PATIENCE).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
