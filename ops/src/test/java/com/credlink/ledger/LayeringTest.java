package com.credlink.ledger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom. The rules are the text of the contributors' page; here they are enforced. */
class LayeringTest {

  private static final String ROOT = "com.credlink.ledger.";
  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.credlink.ledger");
  }

  @Test
  void shouldSeeEveryModule() {
    assertThat(product)
        .extracting(type -> type.getPackageName())
        .contains(
            ROOT + "event",
            ROOT + "log",
            ROOT + "projections.signing",
            ROOT + "topology.signing",
            ROOT + "api.intake",
            ROOT + "node");
  }

  @Test
  void shouldDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("schemas")
        .definedBy(in("event"), in("queue"), in("registry"), in("wire"))
        .layer("ledger")
        .definedBy(in("log"), in("broker"), in("keys"), in("sign"), in("vault"), in("asset"))
        .layer("projections")
        .definedBy(in("projections"))
        .layer("topology")
        .definedBy(in("topology"))
        .layer("query-api")
        .definedBy(in("api"))
        .layer("ops")
        .definedBy(in("config"), in("node"), in("worker"), in("cli"), in("bench"))
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
        .withOptionalLayers(true)
        .check(product);
  }

  @Test
  void shouldHaveNoCyclesBetweenPackages() {
    slices().matching("com.credlink.ledger.(**)").should().beFreeOfCycles().check(product);
  }

  @Test
  void shouldFoldWithoutKafkaOrClock() {
    noClasses()
        .that()
        .resideInAPackage(in("projections"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "org.rocksdb..",
            "io.javalin..",
            "org.slf4j..",
            "java.io..",
            "java.nio.file..")
        .because("a fold is a pure function: anybody can run it again over the log")
        .check(product);
  }

  @Test
  void shouldKnowHttpServersInTheApiAndTheRegistryOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(
            in("event"),
            in("queue"),
            in("registry"),
            in("wire"),
            in("log"),
            in("broker"),
            in("keys"),
            in("sign"),
            in("vault"),
            in("asset"),
            in("projections"),
            in("topology"),
            in("worker"),
            in("cli"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javalin..")
        .check(product);
  }

  @Test
  void shouldKnowRocksDbInTheTopologyOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("topology"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(product);
  }

  @Test
  void shouldKnowKafkasServerInTheBrokerOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("broker"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "kafka..",
            "org.apache.kafka.server..",
            "org.apache.kafka.metadata..",
            "org.apache.kafka.controller..",
            "org.apache.kafka.raft..")
        .check(product);
  }

  @Test
  void shouldBeGivenTheTimeInsteadOfAskingForIt() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("cli"), in("bench"))
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callConstructor(java.util.Date.class)
        .check(product);
  }

  @Test
  void shouldPrintOnTheCommandLineOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(product);
  }

  private static String in(String name) {
    return ROOT + name + "..";
  }
}
