package com.credlink.ledger.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.registry.RegistryRecord.SchemaStored;
import com.credlink.ledger.registry.RegistryRules.Decision;
import com.credlink.ledger.registry.RegistryRules.Submission;
import com.credlink.ledger.registry.RegistryRules.Use;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RegistryRulesTest {

  private static final String ONE = record("{'name':'a','type':'string'}");
  private static final String TWO =
      record("{'name':'a','type':'string'},{'name':'b','type':'int','default':0}");
  private static final String REQUIRED =
      record("{'name':'a','type':'string'},{'name':'b','type':'int'}");

  private final RegistryRecordFormat format = new RegistryRecordFormat();
  private final List<RegistryRecordFormat.Entry> log = new ArrayList<>();
  private final RegistryRules rules = new RegistryRules();

  @Test
  void shouldChangeNothingBeforeTheRecordsAreReplayed() {
    Decision<SchemaStored> decision = rules.register("s", Submission.of(ONE));

    assertThat(decision.answer().id()).isEqualTo(1);
    assertThat(decision.records()).containsExactly(decision.answer());
    assertThat(rules.subjects("", true)).isEmpty();

    rules.replay(decision.records().getFirst());

    assertThat(rules.versions("s", false)).containsExactly(1);
  }

  @Test
  void shouldRegisterTheSameSchemaOnce() {
    int first = register("s", ONE);

    Decision<SchemaStored> again = rules.register("s", Submission.of(ONE.replace(":", " : ")));

    assertThat(again.records()).isEmpty();
    assertThat(again.answer().id()).isEqualTo(first);
  }

  @Test
  void shouldGiveOneIdToOneContentUnderAllSubjects() {
    int here = register("s", ONE);
    int there = register("t", ONE);
    int other = register("s", TWO);

    assertThat(there).isEqualTo(here);
    assertThat(other).isEqualTo(2);
    assertThat(rules.uses(here, false)).containsExactly(new Use("s", 1), new Use("t", 1));
    assertThat(rules.versions("s", false)).containsExactly(1, 2);
    assertThat(rules.version("s", "latest", false).id()).isEqualTo(other);
    assertThat(rules.version("s", "-1", false).version()).isEqualTo(2);
  }

  @Test
  void shouldRejectAnIncompatibleSchemaByTheLevelOfItsSubject() {
    register("s", ONE);

    refused(() -> register("s", REQUIRED), 409)
        .hasMessageContaining("incompatible")
        .hasMessageContaining("\"s\"");
    apply(rules.setLevel(Optional.of("s"), "FORWARD"));
    assertThat(register("s", REQUIRED)).isEqualTo(2);
  }

  @Test
  void shouldTestWithoutRegistering() {
    register("s", ONE);

    assertThat(rules.test("s", "latest", Submission.of(TWO))).isEmpty();
    assertThat(rules.test("s", "1", Submission.of(REQUIRED))).isNotEmpty();
    assertThat(rules.test("s", Submission.of(REQUIRED))).isNotEmpty();
    assertThat(rules.test("nowhere", "latest", Submission.of(REQUIRED))).isEmpty();
    refused(() -> rules.test("s", "7", Submission.of(ONE)), 40402);
    assertThat(rules.versions("s", false)).containsExactly(1);
  }

  @Test
  void shouldRefuseWhatIsNotThere() {
    register("s", ONE);

    refused(() -> rules.versions("t", false), 40401).hasMessageContaining("'t'");
    refused(() -> rules.lookup("t", Submission.of(ONE), false), 40401);
    refused(() -> rules.version("s", "2", false), 40402).hasMessageContaining("2");
    refused(() -> rules.lookup("s", Submission.of(TWO), false), 40403);
    refused(() -> rules.byId(99), 40403).hasMessageContaining("99");
    refused(() -> rules.level(Optional.of("s"), false), 40408);
    refused(() -> rules.mode(Optional.of("s"), false), 40409);
  }

  @Test
  void shouldRefuseWhatIsNotValid() {
    refused(() -> register("s", "{'type':'nonsense'}"), 42201);
    refused(() -> register("s", ""), 42201).hasMessage("Empty schema");
    refused(() -> register("s", record("{'name':'a','type':'int','default':'text'}")), 42201);
    refused(() -> register("s", ONE.replace("\"a\"", "\"a-b\"")), 42201);
    refused(() -> register(" ", ONE), 42208);
    refused(() -> register("s\n", ONE), 42208);
    refused(() -> rules.setLevel(Optional.empty(), "SOMETIMES"), 42203);
    refused(() -> rules.setMode(Optional.empty(), "IMPORT"), 42204);
    register("s", ONE);
    for (String version : List.of("0", "-2", "x", "1.5", "99999999999")) {
      refused(() -> rules.version("s", version, false), 42202).hasMessageContaining(version);
    }
  }

  @Test
  void shouldAcceptASubjectNameAtTheLimitAndRefuseOneAbove() {
    String longest = "s".repeat(RegistryRules.MAX_SUBJECT_LENGTH);

    assertThat(register(longest, ONE)).isEqualTo(1);
    refused(() -> register(longest + "s", ONE), 42208);
  }

  @Test
  void shouldRefuseTypesAndReferencesThatItDoesNotKeep() {
    Submission json = new Submission("{}", "JSON", false, OptionalInt.empty(), OptionalInt.empty());
    Submission references =
        new Submission(ONE, "AVRO", true, OptionalInt.empty(), OptionalInt.empty());

    refused(() -> rules.register("s", json), 42201).hasMessageContaining("JSON");
    refused(() -> rules.register("s", references), 42201).hasMessageContaining("references");
  }

  @Test
  void shouldHideASoftlyDeletedSubjectButKeepItsIds() {
    int id = register("s", ONE);
    register("s", TWO);

    assertThat(apply(rules.deleteSubject("s", false))).containsExactly(1, 2);

    assertThat(rules.subjects("", false)).isEmpty();
    assertThat(rules.subjects("", true)).containsExactly("s");
    refused(() -> rules.versions("s", false), 40401);
    assertThat(rules.byId(id).schema()).isEqualTo(ONE);
    assertThat(rules.uses(id, false)).isEmpty();
    assertThat(rules.uses(id, true)).containsExactly(new Use("s", 1));
    refused(() -> rules.deleteSubject("s", false), 40404);
  }

  @Test
  void shouldDeleteForGoodOnlyWhatIsSoftlyDeleted() {
    int id = register("s", ONE);
    apply(rules.setLevel(Optional.of("s"), "NONE"));
    refused(() -> rules.deleteSubject("s", true), 40405);
    refused(() -> rules.deleteVersion("s", "1", true), 40407);
    apply(rules.deleteSubject("s", false));

    assertThat(apply(rules.deleteSubject("s", true))).containsExactly(1);

    refused(() -> rules.byId(id), 40403);
    refused(() -> rules.versions("s", true), 40401);
    refused(() -> rules.level(Optional.of("s"), false), 40408);
    assertThat(register("s", TWO)).as("an id is not given twice").isEqualTo(id + 1);
  }

  @Test
  void shouldDeleteOneVersionAndNeverGiveItsNumberAgain() {
    int id = register("s", ONE);
    register("s", TWO);

    assertThat(apply(rules.deleteVersion("s", "1", false))).isEqualTo(1);

    assertThat(rules.versions("s", false)).containsExactly(2);
    refused(() -> rules.version("s", "1", false), 40402);
    assertThat(rules.version("s", "1", true).deleted()).isTrue();
    refused(() -> rules.deleteVersion("s", "1", false), 40406);
    assertThat(register("s", ONE)).as("the same content keeps its id").isEqualTo(id);
    assertThat(rules.versions("s", true)).containsExactly(2, 3);
  }

  @Test
  void shouldNotMeasureAgainstDeletedVersions() {
    register("s", ONE);
    apply(rules.deleteSubject("s", false));

    assertThat(register("s", REQUIRED)).isEqualTo(2);
    assertThat(rules.versions("s", false)).containsExactly(2);
  }

  @Test
  void shouldGuardAReadOnlySubjectButStillKnowItsSchemas() {
    int id = register("s", ONE);
    apply(rules.setMode(Optional.of("s"), "READONLY"));

    assertThat(register("s", ONE)).isEqualTo(id);
    refused(() -> register("s", TWO), 42205).hasMessageContaining("read-only");
    refused(() -> rules.deleteSubject("s", false), 42205);
    assertThat(register("t", TWO)).isEqualTo(2);

    apply(rules.setMode(Optional.of("t"), "READWRITE"));
    apply(rules.setMode(Optional.empty(), "READONLY_OVERRIDE"));
    refused(() -> register("t", ONE), 42205);
  }

  @Test
  void shouldDefaultToFullTransitiveAndInheritTheGlobalLevel() {
    assertThat(rules.level(Optional.empty(), true)).isEqualTo(CompatibilityLevel.FULL_TRANSITIVE);

    apply(rules.setLevel(Optional.empty(), "backward"));

    assertThat(rules.level(Optional.of("s"), true)).isEqualTo(CompatibilityLevel.BACKWARD);
    apply(rules.setLevel(Optional.of("s"), "NONE"));
    assertThat(rules.level(Optional.of("s"), false)).isEqualTo(CompatibilityLevel.NONE);
    assertThat(apply(rules.removeLevel(Optional.of("s")))).isEqualTo(CompatibilityLevel.NONE);
    assertThat(rules.level(Optional.of("s"), true)).isEqualTo(CompatibilityLevel.BACKWARD);
  }

  @Test
  void shouldWriteRecordsAsConfluentDoes() {
    register("s", "\"string\"");
    apply(rules.setLevel(Optional.empty(), "FULL"));
    apply(rules.setLevel(Optional.of("s"), "NONE"));
    apply(rules.setMode(Optional.of("s"), "READWRITE"));
    apply(rules.removeMode(Optional.of("s")));
    apply(rules.deleteVersion("s", "1", false));
    apply(rules.deleteVersion("s", "1", true));
    register("s", "\"int\"");
    apply(rules.deleteSubject("s", false));
    log.add(format.write(new RegistryRecord.Noop()));

    assertThat(log.stream().map(RegistryRulesTest::text))
        .containsExactly(
            "{'keytype':'SCHEMA','subject':'s','version':1,'magic':1}"
                + " {'subject':'s','version':1,'id':1,'schema':'\\'string\\'','deleted':false}",
            "{'keytype':'CONFIG','subject':null,'magic':0} {'compatibilityLevel':'FULL'}",
            "{'keytype':'CONFIG','subject':'s','magic':0}"
                + " {'subject':'s','compatibilityLevel':'NONE'}",
            "{'keytype':'MODE','subject':'s','magic':0} {'subject':'s','mode':'READWRITE'}",
            "{'keytype':'MODE','subject':'s','magic':0} -",
            "{'keytype':'SCHEMA','subject':'s','version':1,'magic':1}"
                + " {'subject':'s','version':1,'id':1,'schema':'\\'string\\'','deleted':true}",
            "{'keytype':'SCHEMA','subject':'s','version':1,'magic':1} -",
            "{'keytype':'CONFIG','subject':'s','magic':0} -",
            "{'keytype':'SCHEMA','subject':'s','version':1,'magic':1}"
                + " {'subject':'s','version':1,'id':2,'schema':'\\'int\\'','deleted':false}",
            "{'keytype':'DELETE_SUBJECT','subject':'s','magic':0} {'subject':'s','version':1}",
            "{'keytype':'NOOP','magic':0} -");
  }

  @Test
  void shouldTakeOverATopicThatConfluentWrote() {
    replay("{'keytype':'NOOP','magic':0}", Optional.empty());
    replay(
        "{'keytype':'SCHEMA','subject':'s','version':3,'magic':1}",
        Optional.of(
            "{'subject':'s','version':3,'id':17,'md5':'kQ==','schema':'\\'string\\'',"
                + "'ruleSet':{'domainRules':[]},'deleted':false}"));
    replay(
        "{'keytype':'SCHEMA','subject':'j','version':1,'magic':1}",
        Optional.of(
            "{'subject':'j','version':1,'id':18,'schemaType':'JSON','schema':'{}','deleted':false}"));
    replay("{'keytype':'CONFIG','magic':0}", Optional.of("{'compatibilityLevel':'BACKWARD'}"));
    replay("{'keytype':'CONTEXT','tenant':'t','context':'c','magic':0}", Optional.of("{}"));
    replay("no json", Optional.of("{}"));

    assertThat(rules.version("s", "latest", false).id()).isEqualTo(17);
    assertThat(rules.byId(18).schemaType()).isEqualTo("JSON");
    assertThat(rules.level(Optional.empty(), true)).isEqualTo(CompatibilityLevel.BACKWARD);
    assertThat(register("t", ONE)).isEqualTo(19);
    refused(() -> register("j", ONE), 409).hasMessageContaining("no Avro schemas");

    apply(rules.deleteVersion("s", "3", false));

    assertThat(text(log.getLast())).contains("'md5':'kQ=='", "'ruleSet'", "'deleted':true");
  }

  @Property(tries = 100)
  void shouldBeTheSameAfterReplayingTheCompactedLog(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> schemas = List.of("\"string\"", "\"int\"", ONE, TWO, REQUIRED);
    for (int i = 0; i < 60; i++) {
      String subject = "s" + random.nextInt(3);
      try {
        switch (random.nextInt(8)) {
          case 0 -> apply(rules.deleteSubject(subject, random.nextBoolean()));
          case 1 -> apply(rules.deleteVersion(subject, "latest", random.nextBoolean()));
          case 2 -> apply(rules.deleteVersion(subject, "1", random.nextBoolean()));
          case 3 ->
              apply(
                  rules.setLevel(
                      Optional.of(subject).filter(_ -> random.nextBoolean()),
                      random.nextBoolean() ? "NONE" : "FULL_TRANSITIVE"));
          case 4 -> apply(rules.removeLevel(Optional.of(subject)));
          default -> register(subject, schemas.get(random.nextInt(schemas.size())));
        }
      } catch (RegistryRefusal refusal) {
        assertThat(refusal.errorCode()).isPositive();
      }
    }

    assertThat(view(replayed(log))).isEqualTo(view(rules));
    assertThat(view(replayed(compacted(log)))).isEqualTo(view(rules));
  }

  private RegistryRules replayed(List<RegistryRecordFormat.Entry> entries) {
    RegistryRules fresh = new RegistryRules();
    entries.forEach(
        entry ->
            fresh.replay(format.read(entry.key().toArray(), entry.value().map(Bytes::toArray))));
    return fresh;
  }

  /** What Kafka's cleaner leaves: the last record of each key, tombstones included. */
  private static List<RegistryRecordFormat.Entry> compacted(
      List<RegistryRecordFormat.Entry> entries) {
    Map<Bytes, RegistryRecordFormat.Entry> last = new LinkedHashMap<>();
    for (RegistryRecordFormat.Entry entry : entries) {
      last.remove(entry.key());
      last.put(entry.key(), entry);
    }
    return List.copyOf(last.values());
  }

  private static List<Object> view(RegistryRules rules) {
    List<Object> view = new ArrayList<>();
    view.add(rules.all("", true));
    for (String subject : rules.subjects("", true)) {
      view.add(rules.level(Optional.of(subject), true));
    }
    rules.all("", true).forEach(stored -> view.add(rules.uses(stored.id(), true)));
    return view;
  }

  private int register(String subject, String schema) {
    return apply(rules.register(subject, Submission.of(schema))).id();
  }

  private <A> A apply(Decision<A> decision) {
    decision
        .records()
        .forEach(
            record -> {
              RegistryRecordFormat.Entry entry = format.write(record);
              log.add(entry);
              RegistryRecord read =
                  format.read(entry.key().toArray(), entry.value().map(Bytes::toArray));
              assertThat(read).isEqualTo(record);
              rules.replay(read);
            });
    return decision.answer();
  }

  private void replay(String key, Optional<String> value) {
    rules.replay(format.read(json(key), value.map(RegistryRulesTest::json)));
  }

  private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call, int code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RegistryRefusal.class,
            refusal -> {
              assertThat(refusal.errorCode()).isEqualTo(code);
              assertThat(refusal.status()).isEqualTo(code < 1000 ? code : code / 100);
            });
  }

  private static String record(String fields) {
    return ("{'type':'record','name':'r','fields':[" + fields + "]}").replace('\'', '"');
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String text(RegistryRecordFormat.Entry entry) {
    return (text(entry.key()) + " " + entry.value().map(RegistryRulesTest::text).orElse("-"))
        .replace('"', '\'');
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }
}
