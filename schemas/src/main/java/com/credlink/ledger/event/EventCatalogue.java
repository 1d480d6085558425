package com.credlink.ledger.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.idl.IdlReader;

/**
 * Every Avro schema of the product, read from the {@code /avro/*.avdl} files on the class path. The
 * IDL is the one source: nothing is generated from it, so nothing can be stale.
 */
public final class EventCatalogue {

  private static final String DIRECTORY = "avro/";
  private static final String SUFFIX = ".avdl";

  /** The file that must be there, and so tells where the others are. */
  private static final String ANCHOR = DIRECTORY + "header" + SUFFIX;

  private final Map<String, Schema> named;
  private final Map<Class<? extends LedgerEvent>, Schema> events;
  private final List<Schema> roots;

  private EventCatalogue(Map<String, Schema> named) {
    this.named = Collections.unmodifiableMap(named);
    Map<Class<? extends LedgerEvent>, Schema> byType = new LinkedHashMap<>();
    for (Class<?> type : LedgerEvent.class.getPermittedSubclasses()) {
      Class<? extends LedgerEvent> event = type.asSubclass(LedgerEvent.class);
      byType.put(event, schema(event.getName()));
    }
    this.events = Collections.unmodifiableMap(byType);
    this.roots = roots(named.values());
  }

  /**
   * Parses the IDL files, 0.7 s of CPU in a cold JVM: load once and hand it on.
   *
   * @throws IllegalStateException if a file is missing, malformed, or has no schema for an event.
   */
  public static EventCatalogue load() {
    ClassLoader loader = EventCatalogue.class.getClassLoader();
    StringBuilder everything = new StringBuilder();
    for (String file : files(loader)) {
      everything.append("import idl \"").append(file).append("\";\n");
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Avro's IDL reader looks imports up through the thread's loader, whatever that may be here.
    thread.setContextClassLoader(loader);
    try {
      Map<String, Schema> named =
          new IdlReader()
              .parse(URI.create("classpath:/" + DIRECTORY), everything)
              .getNamedSchemas();
      return new EventCatalogue(new LinkedHashMap<>(named));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The schemas of all events, in the order of {@link LedgerEvent}'s closed list. */
  public Collection<Schema> schemas() {
    return events.values();
  }

  /** The schema of an event. */
  public Schema schema(Class<? extends LedgerEvent> type) {
    return schema(type.getName());
  }

  /**
   * The schema of that full name, which may also be a part of an event or a record of another
   * topic.
   *
   * @throws IllegalStateException if the catalogue has none.
   */
  public Schema schema(String fullName) {
    Schema schema = named.get(fullName);
    if (schema == null) {
      throw new IllegalStateException(
          "no schema '" + fullName + "' in /" + DIRECTORY + "*" + SUFFIX);
    }
    return schema;
  }

  /** All named schemas: events, their parts, and records of other topics. */
  public Collection<Schema> named() {
    return named.values();
  }

  /** Records that are no other record's part: all events, and what else is a Kafka value. */
  public List<Schema> roots() {
    return roots;
  }

  /** The Java types of all events. */
  public Set<Class<? extends LedgerEvent>> types() {
    return events.keySet();
  }

  private static List<Schema> roots(Collection<Schema> all) {
    Set<String> parts = new LinkedHashSet<>();
    for (Schema schema : all) {
      if (schema.getType() == Schema.Type.RECORD) {
        schema.getFields().forEach(field -> collectNames(field.schema(), parts));
      }
    }
    return all.stream()
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .filter(schema -> !parts.contains(schema.getFullName()))
        .toList();
  }

  private static void collectNames(Schema schema, Set<String> names) {
    switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> names.add(schema.getFullName());
      case ARRAY -> collectNames(schema.getElementType(), names);
      case MAP -> collectNames(schema.getValueType(), names);
      case UNION -> schema.getTypes().forEach(branch -> collectNames(branch, names));
      default -> {
        // Primitive types have no name.
      }
    }
  }

  /** Names of the IDL files, sorted: in a directory while building, in a jar when installed. */
  private static List<String> files(ClassLoader loader) {
    URL anchor = loader.getResource(ANCHOR);
    if (anchor == null) {
      throw new IllegalStateException("'" + ANCHOR + "' is not on the class path");
    }
    try {
      return switch (anchor.getProtocol()) {
        case "jar" -> inJar(anchor);
        default -> inDirectory(Path.of(anchor.toURI()).resolveSibling("."));
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("'" + anchor + "' is no place for schemas", e);
    }
  }

  private static List<String> inJar(URL anchor) throws IOException {
    JarURLConnection connection = (JarURLConnection) anchor.openConnection();
    // A cached JarFile belongs to the class loader: closing it would take its classes away.
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(DIRECTORY) && name.endsWith(SUFFIX))
          .map(name -> name.substring(DIRECTORY.length()))
          .sorted()
          .toList();
    }
  }

  private static List<String> inDirectory(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
