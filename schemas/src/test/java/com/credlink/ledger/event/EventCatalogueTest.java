package com.credlink.ledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventCatalogueTest {

  private static final List<String> PRIVACY = List.of("pii", "purpose", "retention");

  private static final String STATE = "com.credlink.ledger.state";

  private final EventCatalogue catalogue = EventCatalogue.load();

  @Test
  void shouldHaveASchemaForEachEventAndNoOther() {
    List<String> types =
        Arrays.stream(LedgerEvent.class.getPermittedSubclasses()).map(Class::getName).toList();

    assertThat(catalogue.schemas()).extracting(Schema::getFullName).isEqualTo(types);
    assertThat(catalogue.roots())
        .filteredOn(schema -> schema.getField("header") != null)
        .extracting(Schema::getFullName)
        .containsExactlyInAnyOrderElementsOf(types);
  }

  @Test
  void shouldBeginEachEventWithTheHeader() {
    assertThat(catalogue.schemas())
        .allSatisfy(
            schema ->
                assertThat(schema.getFields().getFirst().schema().getFullName())
                    .isEqualTo(EventHeader.class.getName()));
  }

  @Test
  void shouldSayOfEachSealedFieldWhatItProtectsWhyAndHowLong() {
    List<String> silent = new ArrayList<>();
    for (Schema schema : records()) {
      for (Schema.Field field : schema.getFields()) {
        boolean sealed = mentions(field.schema(), Sealed.class.getName());
        for (String property : PRIVACY) {
          String value = field.getProp(property);
          if (sealed ? value == null || value.isBlank() : value != null) {
            silent.add(schema.getName() + "." + field.name() + " @" + property);
          }
        }
      }
    }

    assertThat(silent)
        .as("sealed fields must have, and other fields must not have, %s", PRIVACY)
        .isEmpty();
    assertThat(catalogue.schema(WebhookReceived.class).getField("body").getProp("pii"))
        .isEqualTo("webhook-body");
  }

  @Test
  void shouldDocumentEachTypeAndEachField() {
    List<String> silent = new ArrayList<>();
    for (Schema schema : catalogue.named()) {
      if (schema.getDoc() == null || schema.getDoc().isBlank()) {
        silent.add(schema.getFullName());
      }
    }
    for (Schema schema : records()) {
      for (Schema.Field field : schema.getFields()) {
        if (field.doc() == null || field.doc().isBlank()) {
          silent.add(schema.getName() + "." + field.name());
        }
      }
    }

    assertThat(silent).isEmpty();
  }

  @Test
  void shouldGiveEachEnumADefaultSoThatItCanGrow() {
    assertThat(catalogue.named())
        .filteredOn(schema -> schema.getType() == Schema.Type.ENUM)
        // What folds keep is derived, read by nobody else, and rebuilt when it changes.
        .filteredOn(schema -> !schema.getNamespace().equals(STATE))
        .isNotEmpty()
        .allSatisfy(schema -> assertThat(schema.getEnumDefault()).isNotNull());
  }

  @Test
  void shouldLoadFromInsideAJar(@TempDir Path directory) throws Exception {
    Path jar = directory.resolve("schemas.jar");
    Path classes =
        Path.of(EventCatalogue.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    zip(classes, jar);

    try (URLClassLoader loader = new OnlyFrom(jar.toUri().toURL())) {
      Class<?> inJar = Class.forName(EventCatalogue.class.getName(), true, loader);
      Object loaded = inJar.getMethod("load").invoke(null);
      Collection<?> schemas = (Collection<?>) inJar.getMethod("schemas").invoke(loaded);

      assertThat(inJar).isNotSameAs(EventCatalogue.class);
      assertThat(schemas).hasSameSizeAs(catalogue.schemas());
    }
  }

  /** Takes our own classes and files from the jar alone, and everything else from the parent. */
  private static final class OnlyFrom extends URLClassLoader {
    OnlyFrom(URL jar) {
      super(new URL[] {jar}, EventCatalogueTest.class.getClassLoader());
    }

    @Override
    public URL getResource(String name) {
      return name.startsWith("avro/") ? findResource(name) : super.getResource(name);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("com.credlink.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  private static void zip(Path directory, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(directory.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, zip);
      }
    }
  }

  private List<Schema> records() {
    return catalogue.named().stream()
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .toList();
  }

  private static boolean mentions(Schema schema, String name) {
    return switch (schema.getType()) {
      case RECORD -> schema.getFullName().equals(name);
      case ARRAY -> mentions(schema.getElementType(), name);
      case MAP -> mentions(schema.getValueType(), name);
      case UNION -> schema.getTypes().stream().anyMatch(branch -> mentions(branch, name));
      default -> false;
    };
  }
}
