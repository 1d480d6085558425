package com.credlink.ledger;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. The rules are the text of the contributors' page; here they are enforced. */
class LayeringTest {

  private static final String ROOT = "com.credlink.ledger.";

  private static final String[] SCHEMAS = in("event", "queue", "registry", "wire");
  private static final String[] LEDGER =
      in(
          "log",
          "broker",
          "keys",
          "trust",
          "sign",
          "vault",
          "asset",
          "merkle",
          "note",
          "tlog",
          "verify",
          "cbor",
          "c2pa",
          "timestamp");
  private static final String[] PROJECTIONS = in("projections");
  private static final String[] TOPOLOGY = in("topology");
  private static final String[] QUERY_API = in("api");
  private static final String[] OPS = in("config", "node", "worker", "cli", "bench");

  /** Where a process begins: here time and chance come from the machine and are handed on. */
  private static final String[] EDGES = in("cli", "bench");

  /** What asks the machine for the time or a random number, whatever the caller was given. */
  private static final Map<String, Set<String>> TIME_AND_CHANCE =
      Map.of(
          System.class.getName(), Set.of("currentTimeMillis"),
          java.time.Instant.class.getName(), Set.of("now"),
          java.time.Clock.class.getName(), Set.of("systemUTC", "systemDefaultZone"),
          InstantSource.class.getName(), Set.of("system"),
          java.time.LocalDate.class.getName(), Set.of("now"),
          java.time.LocalDateTime.class.getName(), Set.of("now"),
          java.time.OffsetDateTime.class.getName(), Set.of("now"),
          java.time.ZonedDateTime.class.getName(), Set.of("now"),
          UUID.class.getName(), Set.of("randomUUID"),
          Math.class.getName(), Set.of("random"));

  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.credlink.ledger");
  }

  // ---- layers

  @Test
  void shouldSeeEveryModule() {
    assertThat(product)
        .extracting(JavaClass::getPackageName)
        .contains(
            ROOT + "event",
            ROOT + "log",
            ROOT + "projections.signing",
            ROOT + "topology.signing",
            ROOT + "api.intake",
            ROOT + "node");
  }

  @Test
  void shouldHaveALayerForEveryClass() {
    classes()
        .should()
        .resideInAnyPackage(all(SCHEMAS, LEDGER, PROJECTIONS, TOPOLOGY, QUERY_API, OPS))
        .because("a package that no layer names would escape every rule below")
        .check(product);
  }

  @Test
  void shouldDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("schemas")
        .definedBy(SCHEMAS)
        .layer("ledger")
        .definedBy(LEDGER)
        .layer("projections")
        .definedBy(PROJECTIONS)
        .layer("topology")
        .definedBy(TOPOLOGY)
        .layer("query-api")
        .definedBy(QUERY_API)
        .layer("ops")
        .definedBy(OPS)
        .whereLayer("ops")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("query-api")
        .mayOnlyBeAccessedByLayers("ops")
        .whereLayer("topology")
        .mayOnlyBeAccessedByLayers("query-api", "ops")
        .whereLayer("projections")
        .mayOnlyBeAccessedByLayers("topology", "query-api", "ops")
        .whereLayer("ledger")
        .mayOnlyBeAccessedByLayers("topology", "query-api", "ops")
        .check(product);
  }

  @Test
  void shouldHaveNoCyclesBetweenPackages() {
    slices().matching("com.credlink.ledger.(**)").should().beFreeOfCycles().check(product);
  }

  // ---- libraries

  static Stream<Arguments> libraries() {
    return Stream.of(
        library(
            "Kafka's server",
            in("broker"),
            "kafka..",
            "org.apache.kafka.server..",
            "org.apache.kafka.metadata..",
            "org.apache.kafka.controller..",
            "org.apache.kafka.raft.."),
        library(
            "Kafka's clients",
            all(in("log", "vault", "broker", "node", "worker", "bench"), TOPOLOGY),
            "org.apache.kafka.clients..",
            "org.apache.kafka.common.."),
        library("Kafka Streams", all(TOPOLOGY, in("node", "bench")), "org.apache.kafka.streams.."),
        library("RocksDB", TOPOLOGY, "org.rocksdb.."),
        library("the HTTP server", all(QUERY_API, in("node", "bench")), "io.javalin.."),
        library("Avro", in("event", "registry", "wire", "cli"), "org.apache.avro.."),
        library("Bouncy Castle", in("keys", "trust", "timestamp"), "org.bouncycastle.."),
        library("the HTTP client of image sources", in("worker"), "org.eclipse.jetty.client.."),
        library("metrics", all(QUERY_API, in("node")), "io.micrometer.."),
        library("the command line", in("cli"), "picocli..", "ch.qos.logback.."),
        library("the demo's own checks of signatures", in("cli"), "com.nimbusds.."));
  }

  private static Arguments library(String name, String[] users, String... packages) {
    return Arguments.of(name, users, packages);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("libraries")
  void shouldKnowALibraryInItsPlaceOnly(String name, String[] users, String[] packages) {
    assertThat(product.that(resideInAnyPackage(users)))
        .as("a rule about a library that nobody uses would prove nothing")
        .anyMatch(type -> dependsOn(type, packages));
    noClasses()
        .that(resideOutsideOfPackages(users))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .as("Only " + String.join(", ", users) + " know " + name)
        .check(product);
  }

  private static boolean dependsOn(JavaClass type, String... packages) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(one -> resideInAnyPackage(packages).test(one.getTargetClass()));
  }

  // ---- purity

  @Test
  void shouldFoldWithoutKafkaOrClock() {
    noClasses()
        .that()
        .resideInAnyPackage(PROJECTIONS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "org.rocksdb..",
            "io.javalin..",
            "org.slf4j..",
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.security..",
            "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(InstantSource.class, java.time.Clock.class, java.util.Random.class)
        .because("a fold is a pure function: anybody can run it again over the log")
        .check(product);
  }

  @Test
  void shouldBuildTreesAndReadNotesWithoutKafkaOrFiles() {
    noClasses()
        .that()
        .resideInAnyPackage(in("merkle", "note"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "org.rocksdb..",
            "org.slf4j..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            java.io.InputStream.class,
            java.io.Reader.class,
            java.io.File.class,
            InstantSource.class,
            java.time.Clock.class)
        .because("anybody checks a log with them, from wherever its bytes come")
        .check(product);
  }

  @Test
  void shouldBeGivenTimeAndChanceInsteadOfAskingForThem() {
    noClasses()
        .that()
        .resideOutsideOfPackages(EDGES)
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "node.Node") // begins the process, as the edges do
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "keys.PrivateFile") // names a temporary file
        .should()
        .accessTargetWhere(asksForTimeOrChance())
        .check(product);
  }

  /** Method references too: {@code Instant::now} is as bad as {@code Instant.now()}. */
  private static DescribedPredicate<JavaAccess<?>> asksForTimeOrChance() {
    return DescribedPredicate.describe(
        "asks the machine for the time or a random number",
        access ->
            access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().isEmpty()
                && TIME_AND_CHANCE
                    .getOrDefault(target.getOwner().getFullName(), Set.of())
                    .contains(target.getName()));
  }

  @Test
  void shouldMakeRandomNumbersAtTheEdgesOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(EDGES)
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "node.Node")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "keys.MlDsa65$NoRandomness") // has none to give
        .should()
        .callConstructor(java.security.SecureRandom.class)
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(java.util.concurrent.ThreadLocalRandom.class)
        .check(product);
  }

  @Test
  void shouldKnowOneKindOfTime() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            in("keys", "trust", "timestamp")) // a certificate's validity is a pair of Dates
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            java.util.Date.class, java.util.Calendar.class, java.text.SimpleDateFormat.class)
        .check(product);
  }

  @Test
  void shouldHaveNoStaticStateThatChanges() {
    fields().that().areStatic().should().beFinal().check(product);
  }

  @Test
  void shouldPrintOnTheCommandLineOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(product);
  }

  private static String[] in(String... names) {
    return Arrays.stream(names).map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  private static String[] all(String[]... packages) {
    return Arrays.stream(packages).flatMap(Arrays::stream).toArray(String[]::new);
  }
}
