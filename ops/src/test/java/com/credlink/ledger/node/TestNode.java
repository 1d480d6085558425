package com.credlink.ledger.node;

import com.credlink.ledger.config.Config;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** A whole node in this process, on free ports, in a directory of its own. */
final class TestNode implements AutoCloseable {

  private final DataDirectory directory;
  private final Node node;
  private final LedgerClient client;
  private final String secret;

  private TestNode(DataDirectory directory, Node node, DevCredentials credentials) {
    this.directory = directory;
    this.node = node;
    this.client = new LedgerClient(node.url(), credentials);
    this.secret = credentials.clientSecrets().getFirst().secret().reveal();
  }

  /**
   * Starts a node like {@code ledger up}.
   *
   * @param yaml lines of its configuration
   * @param shops installed beside the development shops
   */
  static TestNode start(Path parent, String yaml, DevCredentials.Shop... shops) throws Exception {
    var path = parent.resolve("data");
    // Named, so that no test looks for an image on the network.
    var sources = Files.createDirectories(parent.resolve("sources"));
    var file = Files.writeString(parent.resolve("ledger.yaml"), yaml);
    var config =
        Config.load(
            Config.Profile.EMBEDDED,
            Optional.of(file),
            Map.of(),
            Map.of(
                "data.directory",
                path.toString(),
                "assets.directory",
                sources.toString(),
                "http.port",
                "0",
                "kafka.port",
                "0",
                "registry.port",
                "0"));
    var directory = DataDirectory.open(path);
    try {
      var made = DevCredentials.loadOrCreate(directory.credentialsFile(), new SecureRandom());
      List<DevCredentials.Shop> installed = new ArrayList<>(made.shops());
      installed.addAll(List.of(shops));
      var credentials = new DevCredentials(made.tokens(), made.clientSecrets(), installed);
      return new TestNode(directory, Node.start(config, Optional.of(credentials)), credentials);
    } catch (NodeStartException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  LedgerClient client() {
    return client;
  }

  Node node() {
    return node;
  }

  /** A signed webhook. */
  ShopifyDelivery delivery(String topic, String shop, String body) {
    return ShopifyDelivery.of(secret, topic, shop, body);
  }

  /** A signed webhook. */
  ShopifyDelivery delivery(String topic, String shop, byte[] body) {
    return ShopifyDelivery.of(secret, topic, shop, body);
  }

  /** Puts an image where the node looks for the images of {@code shop}. */
  void offerImage(String shop, String name, byte[] image) throws IOException {
    offerIn(directory.path().resolveSibling("sources"), shop, name, image);
  }

  /** The same, for the directory of a node in another process. */
  static void offerImage(Path data, String shop, String name, byte[] image) throws IOException {
    offerIn(data.resolve("sources"), shop, name, image);
  }

  private static void offerIn(Path sources, String shop, String name, byte[] image)
      throws IOException {
    var folder = Files.createDirectories(sources.resolve(shop));
    Files.write(folder.resolve(name), image);
  }

  /** A real image that no other {@code seed} gives. */
  static byte[] image(String format, int seed) {
    var image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        image.setRGB(x, y, (x * 9 + seed * 7919) << 8 ^ y * 13);
      }
    }
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    client.close();
    try {
      node.close();
    } finally {
      directory.close();
    }
  }
}
