package com.credlink.ledger.bench;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.node.DataDirectory;
import com.credlink.ledger.node.DevCredentials;
import com.credlink.ledger.node.Node;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/** A whole node in this process, as {@code ledger up} runs it, in a directory that goes away. */
record BenchNode(Scratch scratch, DataDirectory directory, Node node, DevCredentials credentials)
    implements AutoCloseable {

  static final String SHOP = DevCredentials.SHOPS.getFirst().domain();

  static BenchNode start() throws Exception {
    Scratch scratch = Scratch.make();
    var path = scratch.path().resolve("data");
    Config config =
        Config.load(
            Config.Profile.EMBEDDED,
            Optional.empty(),
            Map.of(),
            Map.of(
                "data.directory", path.toString(),
                "http.port", "0",
                "kafka.port", "0",
                "registry.port", "0"));
    DataDirectory directory = DataDirectory.open(path);
    DevCredentials credentials =
        DevCredentials.loadOrCreate(directory.credentialsFile(), new SecureRandom());
    return new BenchNode(
        scratch, directory, Node.start(config, Optional.of(credentials)), credentials);
  }

  URI url() {
    return node.url();
  }

  String clientSecret() {
    return credentials.clientSecrets().getFirst().secret().reveal();
  }

  /** The Authorization field of a merchant of {@link #SHOP}. */
  String merchant() {
    return "Bearer "
        + credentials
            .token(DevCredentials.MERCHANT, Optional.of(SHOP))
            .orElseThrow(() -> new IllegalStateException("no merchant token"))
            .reveal();
  }

  @Override
  public void close() throws IOException {
    node.close();
    directory.close();
    scratch.close();
  }
}
