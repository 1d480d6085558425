package com.credlink.ledger.broker;

import com.credlink.ledger.broker.KafkaNodeException.DirectoryInUse;
import com.credlink.ledger.broker.KafkaNodeException.DirectoryUnusable;
import com.credlink.ledger.broker.KafkaNodeException.OtherCluster;
import com.credlink.ledger.broker.KafkaNodeException.OtherVersion;
import com.credlink.ledger.broker.KafkaNodeException.UnknownFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The node's directory, locked while it is open.
 *
 * <pre>
 * node.lock      held by the running node
 * kafka/         Kafka's log directory; exists only completely formatted
 * kafka/ledger-node.properties   layout, Kafka version and cluster, written by us
 * formatting/    a format that has not finished; thrown away by the next start
 * </pre>
 */
final class DataDirectory implements AutoCloseable {

  /** The layout above. A change that an older program would misread raises it. */
  static final String LAYOUT = "1";

  private static final String LOCK = "node.lock";
  private static final String LOGS = "kafka";
  private static final String FORMATTING = "formatting";
  private static final String MARKER = "ledger-node.properties";
  private static final String KAFKA_META = "meta.properties";
  private static final String KAFKA_META_VERSION = "1";

  private static final String KEY_LAYOUT = "layout";
  private static final String KEY_KAFKA = "kafka.version";
  private static final String KEY_CLUSTER = "cluster.id";

  private final Path root;
  private final FileChannel lockFile;
  private final String clusterId;

  private DataDirectory(Path root, FileChannel lockFile, String clusterId) {
    this.root = root;
    this.lockFile = lockFile;
    this.clusterId = clusterId;
  }

  /**
   * Creates, locks, and formats or recognises {@code root}.
   *
   * @param wantedCluster the cluster id that it must have, or gets when it is empty
   */
  static DataDirectory open(
      Path root, int nodeId, String controllerListener, Optional<String> wantedCluster) {
    FileChannel lock = lock(root);
    try {
      Path logs = root.resolve(LOGS);
      String cluster =
          Files.exists(logs)
              ? recognise(root, logs, nodeId, wantedCluster)
              : format(root, logs, nodeId, controllerListener, wantedCluster);
      return new DataDirectory(root, lock, cluster);
    } catch (IOException e) {
      closeQuietly(lock, e);
      throw new DirectoryUnusable(root, describe(e), e);
    } catch (RuntimeException e) {
      closeQuietly(lock, e);
      throw e;
    }
  }

  Path logs() {
    return root.resolve(LOGS);
  }

  String clusterId() {
    return clusterId;
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private static FileChannel lock(Path root) {
    FileChannel channel;
    try {
      Files.createDirectories(root);
      channel =
          FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new DirectoryUnusable(root, describe(e), e);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new DirectoryInUse(root);
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      closeQuietly(channel, e);
      throw new DirectoryInUse(root);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new DirectoryUnusable(root, describe(e), e);
    }
  }

  private static String recognise(Path root, Path logs, int nodeId, Optional<String> wantedCluster)
      throws IOException {
    Properties marker = properties(root, logs.resolve(MARKER));
    String layout = value(root, marker, MARKER, KEY_LAYOUT);
    String writtenBy = value(root, marker, MARKER, KEY_KAFKA);
    String cluster = value(root, marker, MARKER, KEY_CLUSTER);
    if (!layout.equals(LAYOUT)) {
      throw new OtherVersion(root, "layout " + layout, "layout " + LAYOUT);
    }
    Properties meta = properties(root, logs.resolve(KAFKA_META));
    String metaVersion = value(root, meta, KAFKA_META, "version");
    if (!metaVersion.equals(KAFKA_META_VERSION)) {
      throw new OtherVersion(
          root, "Kafka storage format " + metaVersion, "format " + KAFKA_META_VERSION);
    }
    int order;
    try {
      order = compareVersions(writtenBy, kafkaVersion());
    } catch (NumberFormatException e) {
      throw new UnknownFormat(root, "its Kafka version '" + writtenBy + "' is no version", e);
    }
    if (order > 0) {
      throw new OtherVersion(root, "Kafka " + writtenBy, "Kafka " + kafkaVersion());
    }
    String kafkaCluster = value(root, meta, KAFKA_META, KEY_CLUSTER);
    if (!kafkaCluster.equals(cluster)) {
      throw new OtherCluster(root, kafkaCluster, cluster);
    }
    if (wantedCluster.isPresent() && !wantedCluster.get().equals(cluster)) {
      throw new OtherCluster(root, cluster, wantedCluster.get());
    }
    String node = value(root, meta, KAFKA_META, "node.id");
    if (!node.equals(Integer.toString(nodeId))) {
      throw new UnknownFormat(root, "it belongs to the Kafka node " + node, null);
    }
    if (order < 0) {
      // From here on a newer program has written to it, and the older one must refuse it.
      writeMarker(logs, cluster);
    }
    return cluster;
  }

  private static String format(
      Path root, Path logs, int nodeId, String controllerListener, Optional<String> wantedCluster)
      throws IOException {
    Path formatting = root.resolve(FORMATTING);
    deleteTree(formatting);
    try (Stream<Path> entries = Files.list(root)) {
      Optional<Path> foreign =
          entries.filter(entry -> !entry.getFileName().toString().equals(LOCK)).findFirst();
      if (foreign.isPresent()) {
        throw new UnknownFormat(
            root, "it holds '" + foreign.get().getFileName() + "' and no ledger", null);
      }
    }
    String cluster = wantedCluster.orElseGet(() -> Uuid.randomUuid().toString());
    Files.createDirectory(formatting);
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(cluster)
          .setNodeId(nodeId)
          .setDirectories(List.of(formatting.toString()))
          .setControllerListenerName(controllerListener)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
    writeMarker(formatting, cluster);
    // One rename: whoever is killed before it leaves an empty directory, after it a complete one.
    Files.move(formatting, logs, StandardCopyOption.ATOMIC_MOVE);
    sync(root);
    return cluster;
  }

  private static void writeMarker(Path logs, String cluster) throws IOException {
    Properties marker = new Properties();
    marker.setProperty(KEY_LAYOUT, LAYOUT);
    marker.setProperty(KEY_KAFKA, kafkaVersion());
    marker.setProperty(KEY_CLUSTER, cluster);
    Path fresh = logs.resolve(MARKER + ".new");
    try (Writer writer = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
      marker.store(writer, "Written by the ledger's node. Do not edit.");
    }
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        fresh,
        logs.resolve(MARKER),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(logs);
  }

  private static Properties properties(Path root, Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UnknownFormat(root, "the file " + file.getFileName() + " is missing", null);
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new UnknownFormat(root, "the file " + file.getFileName() + " cannot be read", e);
    }
    return properties;
  }

  private static String value(Path root, Properties properties, String file, String key) {
    String value = properties.getProperty(key);
    if (value == null || value.isBlank()) {
      throw new UnknownFormat(root, "the file " + file + " lacks '" + key + "'", null);
    }
    return value.strip();
  }

  private static String kafkaVersion() {
    return AppInfoParser.getVersion();
  }

  /** Numerically by part, so that 4.10 comes after 4.9. */
  static int compareVersions(String left, String right) {
    List<Integer> a = Stream.of(left.split("\\.", -1)).map(Integer::valueOf).toList();
    List<Integer> b = Stream.of(right.split("\\.", -1)).map(Integer::valueOf).toList();
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      int order = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> entries = Files.walk(tree)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String describe(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case FileAlreadyExistsException file -> file.getFile() + " is not a directory";
      case NotDirectoryException file -> file.getFile() + " is not a directory";
      case FileSystemException file when file.getReason() != null ->
          file.getFile() + ": " + file.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private static void closeQuietly(AutoCloseable closeable, Exception cause) {
    try {
      closeable.close();
    } catch (Exception e) {
      cause.addSuppressed(e);
    }
  }
}
