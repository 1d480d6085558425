package com.credlink.ledger.registry;

import com.credlink.ledger.registry.RegistryRecord.Foreign;
import com.credlink.ledger.registry.RegistryRecord.LevelSet;
import com.credlink.ledger.registry.RegistryRecord.ModeSet;
import com.credlink.ledger.registry.RegistryRecord.Noop;
import com.credlink.ledger.registry.RegistryRecord.SchemaRemoved;
import com.credlink.ledger.registry.RegistryRecord.SchemaStored;
import com.credlink.ledger.registry.RegistryRecord.SubjectDeleted;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/**
 * A schema registry without its transport and its storage: <em>decide, write, replay</em>. A
 * command looks at the state and returns records and an answer, but changes nothing; {@link
 * #replay} changes the state, and is the only one that does. So what a restart sees is what was
 * answered before.
 *
 * <p>Methods that refuse throw {@link RegistryRefusal}. Not safe for many threads: a command and
 * the replay of its records belong under one lock.
 */
public final class RegistryRules {

  /** The level of what sets none: every reader, old or new, reads every record. */
  public static final CompatibilityLevel DEFAULT_LEVEL = CompatibilityLevel.FULL_TRANSITIVE;

  /** The longest name of a subject. */
  public static final int MAX_SUBJECT_LENGTH = 1_024;

  /** How {@link #version} names the newest one. */
  public static final String LATEST = "latest";

  private static final String LATEST_AS_NUMBER = "-1";
  private static final int FIRST = 1;

  private final Map<String, NavigableMap<Integer, SchemaStored>> subjects = new TreeMap<>();

  /** Where each id is used; one that is used nowhere is forgotten. */
  private final Map<Integer, NavigableMap<Use, SchemaStored>> uses = new HashMap<>();

  private final Map<Content, Integer> ids = new HashMap<>();
  private final Map<Content, Schema> parsed = new HashMap<>();
  private final Map<Optional<String>, CompatibilityLevel> levels = new HashMap<>();
  private final Map<Optional<String>, RegistryMode> modes = new HashMap<>();
  private int highestId;

  /**
   * What a command answers, and the records that must be written and replayed before it is true.
   *
   * @param records to be written in this order; empty if nothing changes.
   * @param answer the answer.
   */
  public record Decision<A>(List<RegistryRecord> records, A answer) {
    public Decision {
      records = List.copyOf(records);
    }
  }

  /**
   * A schema as a client submits it.
   *
   * @param schema its text; empty if the client sent none.
   * @param schemaType {@code AVRO}, or what this registry refuses.
   * @param hasReferences whether it needs other subjects, which this registry refuses.
   * @param id an id that the client wants to give, which needs a mode that is not offered.
   * @param version a version that the client wants to give: only the next one.
   */
  public record Submission(
      String schema,
      String schemaType,
      boolean hasReferences,
      OptionalInt id,
      OptionalInt version) {

    /** An Avro schema and nothing else. */
    public static Submission of(String schema) {
      return new Submission(
          schema, RegistryRecordFormat.AVRO, false, OptionalInt.empty(), OptionalInt.empty());
    }
  }

  /**
   * A version of a subject.
   *
   * @param subject the subject.
   * @param version the version.
   */
  public record Use(String subject, int version) implements Comparable<Use> {
    @Override
    public int compareTo(Use that) {
      int bySubject = subject.compareTo(that.subject);
      return bySubject != 0 ? bySubject : Integer.compare(version, that.version);
    }
  }

  /** What gives a schema its identity. */
  private record Content(String schemaType, String schema) {}

  // ---- commands

  /** Registers a schema as the newest version of {@code subject}, unless it is one already. */
  public Decision<SchemaStored> register(String subject, Submission submission) {
    requireSubjectName(subject);
    Schema schema = parse(submission);
    Content content = new Content(RegistryRecordFormat.AVRO, schema.toString());
    Optional<SchemaStored> existing = find(subject, content, false);
    if (existing.isPresent()) {
      return new Decision<>(List.of(), existing.get());
    }
    requireWritable(subject);
    if (submission.id().isPresent()) {
      throw RegistryRefusal.notPermitted("Subject " + subject + " is not in import mode");
    }
    NavigableMap<Integer, SchemaStored> all = subjects.getOrDefault(subject, new TreeMap<>());
    List<String> problems = problems(subject, schema, live(all));
    if (!problems.isEmpty()) {
      throw RegistryRefusal.incompatible(subject, problems);
    }
    int version = all.isEmpty() ? FIRST : all.lastKey() + 1;
    if (submission.version().isPresent() && submission.version().getAsInt() != version) {
      throw RegistryRefusal.invalidSchema("Version is not one more than previous version");
    }
    int id = Optional.ofNullable(ids.get(content)).orElse(highestId + 1);
    List<RegistryRecord> records = new ArrayList<>();
    // As Confluent does: a deleted version of the same content makes way for the new one.
    all.values().stream()
        .filter(earlier -> earlier.id() == id)
        .forEach(earlier -> records.add(new SchemaRemoved(subject, earlier.version())));
    SchemaStored stored =
        new SchemaStored(
            subject,
            version,
            id,
            RegistryRecordFormat.AVRO,
            content.schema(),
            false,
            JsonNodeFactory.instance.objectNode());
    records.add(stored);
    return new Decision<>(records, stored);
  }

  /** Deletes a subject: softly, so that ids still resolve, or for good what is softly deleted. */
  public Decision<List<Integer>> deleteSubject(String subject, boolean permanent) {
    NavigableMap<Integer, SchemaStored> all = requireSubject(subject);
    List<Integer> live = live(all).stream().map(SchemaStored::version).toList();
    if (!permanent) {
      if (live.isEmpty()) {
        throw RegistryRefusal.subjectSoftDeleted(subject);
      }
      requireWritable(subject);
      return new Decision<>(List.of(new SubjectDeleted(subject, live.getLast())), live);
    }
    if (!live.isEmpty()) {
      throw RegistryRefusal.subjectNotSoftDeleted(subject);
    }
    requireWritable(subject);
    List<RegistryRecord> records = new ArrayList<>();
    all.descendingKeySet().forEach(version -> records.add(new SchemaRemoved(subject, version)));
    records.addAll(givenUp(subject));
    return new Decision<>(records, List.copyOf(all.keySet()));
  }

  /** Deletes one version: softly, or for good if it is softly deleted. */
  public Decision<Integer> deleteVersion(String subject, String version, boolean permanent) {
    NavigableMap<Integer, SchemaStored> all = requireSubject(subject);
    SchemaStored stored = version(subject, version, true);
    if (!permanent) {
      if (stored.deleted()) {
        throw RegistryRefusal.versionSoftDeleted(subject, stored.version());
      }
      requireWritable(subject);
      return new Decision<>(List.of(stored.asDeleted()), stored.version());
    }
    if (!stored.deleted()) {
      throw RegistryRefusal.versionNotSoftDeleted(subject, stored.version());
    }
    requireWritable(subject);
    List<RegistryRecord> records = new ArrayList<>();
    records.add(new SchemaRemoved(subject, stored.version()));
    if (all.size() == 1) {
      records.addAll(givenUp(subject));
    }
    return new Decision<>(records, stored.version());
  }

  /** Sets a compatibility level, of a subject or the global one. */
  public Decision<CompatibilityLevel> setLevel(Optional<String> subject, String name) {
    subject.ifPresent(RegistryRules::requireSubjectName);
    CompatibilityLevel level =
        CompatibilityLevel.of(name).orElseThrow(() -> RegistryRefusal.invalidLevel(name));
    return new Decision<>(List.of(new LevelSet(subject, Optional.of(level))), level);
  }

  /** Gives a level up; answers the one that was set. */
  public Decision<CompatibilityLevel> removeLevel(Optional<String> subject) {
    CompatibilityLevel before =
        subject.isPresent() ? level(subject, false) : levels.getOrDefault(subject, DEFAULT_LEVEL);
    return new Decision<>(List.of(new LevelSet(subject, Optional.empty())), before);
  }

  /** Sets a mode, of a subject or the global one. */
  public Decision<RegistryMode> setMode(Optional<String> subject, String name) {
    subject.ifPresent(RegistryRules::requireSubjectName);
    RegistryMode mode =
        RegistryMode.of(name)
            .filter(known -> known != RegistryMode.IMPORT)
            .orElseThrow(() -> RegistryRefusal.invalidMode(name));
    return new Decision<>(List.of(new ModeSet(subject, Optional.of(mode))), mode);
  }

  /** Gives a mode up; answers the one that was set. */
  public Decision<RegistryMode> removeMode(Optional<String> subject) {
    RegistryMode before =
        subject.isPresent()
            ? mode(subject, false)
            : modes.getOrDefault(subject, RegistryMode.READWRITE);
    return new Decision<>(List.of(new ModeSet(subject, Optional.empty())), before);
  }

  // ---- questions

  /** Names of subjects that begin with {@code prefix}, sorted. */
  public List<String> subjects(String prefix, boolean deleted) {
    return subjects.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> deleted || !live(entry.getValue()).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Every version of every subject. */
  public List<SchemaStored> all(String prefix, boolean deleted) {
    return subjects.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .flatMap(entry -> entry.getValue().values().stream())
        .filter(stored -> deleted || !stored.deleted())
        .toList();
  }

  /** The versions of {@code subject}, oldest first. */
  public List<Integer> versions(String subject, boolean deleted) {
    List<Integer> versions =
        requireSubject(subject).values().stream()
            .filter(stored -> deleted || !stored.deleted())
            .map(SchemaStored::version)
            .toList();
    if (versions.isEmpty()) {
      throw RegistryRefusal.subjectNotFound(subject);
    }
    return versions;
  }

  /**
   * One version of {@code subject}.
   *
   * @param version a number, or {@value #LATEST}.
   * @param deleted whether a soft-deleted one may be shown.
   */
  public SchemaStored version(String subject, String version, boolean deleted) {
    OptionalInt number = number(version);
    NavigableMap<Integer, SchemaStored> all = requireSubject(subject);
    if (!deleted && live(all).isEmpty()) {
      throw RegistryRefusal.subjectNotFound(subject);
    }
    if (number.isEmpty()) {
      List<SchemaStored> live = live(all);
      return live.isEmpty() ? all.lastEntry().getValue() : live.getLast();
    }
    return Optional.ofNullable(all.get(number.getAsInt()))
        .filter(stored -> deleted || !stored.deleted())
        .orElseThrow(() -> RegistryRefusal.versionNotFound(version));
  }

  /** The version of {@code subject} that has this schema. */
  public SchemaStored lookup(String subject, Submission submission, boolean deleted) {
    NavigableMap<Integer, SchemaStored> all = requireSubject(subject);
    if (!deleted && live(all).isEmpty()) {
      throw RegistryRefusal.subjectNotFound(subject);
    }
    Content content = new Content(RegistryRecordFormat.AVRO, parse(submission).toString());
    return find(subject, content, deleted).orElseThrow(RegistryRefusal::schemaNotFound);
  }

  /** The schema of that id, under whichever subject. */
  public SchemaStored byId(int id) {
    return requireUses(id).firstEntry().getValue();
  }

  /** Subjects and versions that have the schema of that id. */
  public List<Use> uses(int id, boolean deleted) {
    return requireUses(id).entrySet().stream()
        .filter(entry -> deleted || !entry.getValue().deleted())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The highest id that was ever given. */
  public int highestId() {
    return highestId;
  }

  /**
   * A level.
   *
   * @param inherit whether a subject without one has the global one, or is refused.
   */
  public CompatibilityLevel level(Optional<String> subject, boolean inherit) {
    CompatibilityLevel own = levels.get(subject);
    if (own != null) {
      return own;
    }
    if (subject.isPresent() && !inherit) {
      throw RegistryRefusal.noLevel(subject.get());
    }
    return levels.getOrDefault(Optional.<String>empty(), DEFAULT_LEVEL);
  }

  /**
   * A mode.
   *
   * @param inherit whether a subject without one has the global one, or is refused.
   */
  public RegistryMode mode(Optional<String> subject, boolean inherit) {
    RegistryMode own = modes.get(subject);
    if (own != null) {
      return own;
    }
    if (subject.isPresent() && !inherit) {
      throw RegistryRefusal.noMode(subject.get());
    }
    return modes.getOrDefault(Optional.<String>empty(), RegistryMode.READWRITE);
  }

  /**
   * What keeps a schema from being compatible with one version, by the subject's level. With
   * {@value #LATEST}, a subject that does not exist is compatible with anything.
   */
  public List<String> test(String subject, String version, Submission submission) {
    Schema schema = parse(submission);
    if (number(version).isEmpty() && live(subject).isEmpty()) {
      return List.of();
    }
    return problems(subject, schema, List.of(version(subject, version, false)));
  }

  /** What keeps a schema from being registered under {@code subject}, by its level. */
  public List<String> test(String subject, Submission submission) {
    return problems(subject, parse(submission), live(subject));
  }

  // ---- replay

  /** Applies a record of the log, whoever wrote it. The only way to change the state. */
  public void replay(RegistryRecord record) {
    switch (record) {
      case SchemaStored stored -> {
        remove(stored.subject(), stored.version());
        subjects
            .computeIfAbsent(stored.subject(), _ -> new TreeMap<>())
            .put(stored.version(), stored);
        uses.computeIfAbsent(stored.id(), _ -> new TreeMap<>())
            .put(new Use(stored.subject(), stored.version()), stored);
        ids.putIfAbsent(content(stored), stored.id());
        highestId = Math.max(highestId, stored.id());
      }
      case SchemaRemoved removed -> remove(removed.subject(), removed.version());
      case SubjectDeleted deleted ->
          List.copyOf(subjects.getOrDefault(deleted.subject(), new TreeMap<>()).values()).stream()
              .filter(stored -> stored.version() <= deleted.version())
              .map(SchemaStored::asDeleted)
              .forEach(this::replay);
      case LevelSet set ->
          set.level()
              .ifPresentOrElse(
                  level -> levels.put(set.subject(), level), () -> levels.remove(set.subject()));
      case ModeSet set ->
          set.mode()
              .ifPresentOrElse(
                  mode -> modes.put(set.subject(), mode), () -> modes.remove(set.subject()));
      case Noop _, Foreign _ -> {
        // Nothing of ours.
      }
    }
  }

  private void remove(String subject, int version) {
    NavigableMap<Integer, SchemaStored> all = subjects.get(subject);
    SchemaStored stored = all == null ? null : all.remove(version);
    if (stored == null) {
      return;
    }
    if (all.isEmpty()) {
      subjects.remove(subject);
    }
    NavigableMap<Use, SchemaStored> where = uses.get(stored.id());
    where.remove(new Use(subject, version));
    if (where.isEmpty()) {
      uses.remove(stored.id());
      ids.remove(content(stored), stored.id());
      parsed.remove(content(stored));
    }
  }

  // ---- inside

  private List<String> problems(String subject, Schema schema, List<SchemaStored> previous) {
    // A schema of another type or beyond Avro's grammar was put there by another registry.
    List<Schema> schemas = previous.stream().map(this::parsed).flatMap(Optional::stream).toList();
    if (schemas.size() < previous.size()) {
      return List.of("subject '" + subject + "' has versions that are no Avro schemas");
    }
    return Compatibility.problems(level(Optional.of(subject), true), schema, schemas);
  }

  private Optional<Schema> parsed(SchemaStored stored) {
    if (!stored.schemaType().equals(RegistryRecordFormat.AVRO)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        parsed.computeIfAbsent(
            content(stored),
            content -> {
              try {
                return new Schema.Parser(NameValidator.NO_VALIDATION)
                    .setValidateDefaults(false)
                    .parse(content.schema());
              } catch (RuntimeException e) {
                return null;
              }
            }));
  }

  private static Schema parse(Submission submission) {
    if (!submission.schemaType().equals(RegistryRecordFormat.AVRO)) {
      throw RegistryRefusal.invalidSchema(
          "Invalid schema type " + submission.schemaType() + ": this registry keeps AVRO only");
    }
    if (submission.hasReferences()) {
      throw RegistryRefusal.invalidSchema(
          "Invalid schema: this registry does not resolve references to other subjects");
    }
    if (submission.schema().isBlank()) {
      throw RegistryRefusal.invalidSchema("Empty schema");
    }
    try {
      return new Schema.Parser(NameValidator.STRICT_VALIDATOR)
          .setValidateDefaults(true)
          .parse(submission.schema());
    } catch (RuntimeException e) {
      throw RegistryRefusal.invalidSchema("Invalid schema: " + e.getMessage());
    }
  }

  private Optional<SchemaStored> find(String subject, Content content, boolean deleted) {
    return subjects.getOrDefault(subject, new TreeMap<>()).descendingMap().values().stream()
        .filter(stored -> deleted || !stored.deleted())
        .filter(stored -> content(stored).equals(content))
        .findFirst();
  }

  private static Content content(SchemaStored stored) {
    return new Content(stored.schemaType(), stored.schema());
  }

  private List<SchemaStored> live(String subject) {
    return live(subjects.getOrDefault(subject, new TreeMap<>()));
  }

  private static List<SchemaStored> live(Map<Integer, SchemaStored> all) {
    return all.values().stream().filter(stored -> !stored.deleted()).toList();
  }

  /** A permanently deleted subject leaves neither level nor mode behind. */
  private Collection<RegistryRecord> givenUp(String subject) {
    Optional<String> key = Optional.of(subject);
    List<RegistryRecord> records = new ArrayList<>();
    if (modes.containsKey(key)) {
      records.add(new ModeSet(key, Optional.empty()));
    }
    if (levels.containsKey(key)) {
      records.add(new LevelSet(key, Optional.empty()));
    }
    return records;
  }

  private NavigableMap<Integer, SchemaStored> requireSubject(String subject) {
    NavigableMap<Integer, SchemaStored> all = subjects.get(subject);
    if (all == null) {
      throw RegistryRefusal.subjectNotFound(subject);
    }
    return all;
  }

  private NavigableMap<Use, SchemaStored> requireUses(int id) {
    NavigableMap<Use, SchemaStored> where = uses.get(id);
    if (where == null) {
      throw RegistryRefusal.schemaNotFound(id);
    }
    return where;
  }

  private void requireWritable(String subject) {
    RegistryMode global = mode(Optional.empty(), true);
    RegistryMode mode =
        global == RegistryMode.READONLY_OVERRIDE ? global : mode(Optional.of(subject), true);
    switch (mode) {
      case READWRITE -> {
        // May be written.
      }
      case READONLY, READONLY_OVERRIDE ->
          throw RegistryRefusal.notPermitted("Subject " + subject + " is in read-only mode");
      case IMPORT ->
          throw RegistryRefusal.notPermitted(
              "Subject " + subject + " is in import mode, which this registry does not offer");
    }
  }

  private static void requireSubjectName(String subject) {
    if (subject.isBlank()
        || subject.length() > MAX_SUBJECT_LENGTH
        || subject.chars().anyMatch(Character::isISOControl)) {
      throw RegistryRefusal.invalidSubject(
          "The specified subject is not a valid subject: it must have 1 to "
              + MAX_SUBJECT_LENGTH
              + " characters, none of them a control character");
    }
  }

  /** Empty for the newest version. */
  private static OptionalInt number(String version) {
    if (version.equals(LATEST) || version.equals(LATEST_AS_NUMBER)) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(version);
      if (number >= FIRST) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      throw RegistryRefusal.invalidVersion(version);
    }
    throw RegistryRefusal.invalidVersion(version);
  }
}
