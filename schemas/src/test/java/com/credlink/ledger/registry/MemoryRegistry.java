package com.credlink.ledger.registry;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.registry.RegistryRules.Decision;
import com.credlink.ledger.registry.RegistryRules.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.Schema;

/** The real rules over a list in place of a topic, each record through its bytes. */
public final class MemoryRegistry implements SchemaRegistry {

  private final RegistryRules rules = new RegistryRules();
  private final RegistryRecordFormat format = new RegistryRecordFormat();
  private final List<RegistryRecordFormat.Entry> log = new ArrayList<>();

  /** All records, oldest first. */
  public synchronized List<RegistryRecordFormat.Entry> log() {
    return List.copyOf(log);
  }

  @Override
  public synchronized int register(String subject, Schema schema) {
    return asked(() -> apply(rules.register(subject, submission(schema))).id());
  }

  @Override
  public synchronized int lookup(String subject, Schema schema) {
    return asked(() -> rules.lookup(subject, submission(schema), false).id());
  }

  @Override
  public synchronized Schema byId(int id) {
    return asked(() -> parse(rules.byId(id).schema()));
  }

  @Override
  public synchronized SubjectVersion latest(String subject) {
    return asked(
        () -> {
          var stored = rules.version(subject, RegistryRules.LATEST, false);
          return new SubjectVersion(subject, stored.version(), stored.id(), parse(stored.schema()));
        });
  }

  @Override
  public synchronized boolean compatible(String subject, Schema schema) {
    return asked(() -> rules.test(subject, submission(schema)).isEmpty());
  }

  @Override
  public synchronized CompatibilityLevel level(String subject) {
    return rules.level(Optional.of(subject), true);
  }

  @Override
  public synchronized void setLevel(String subject, CompatibilityLevel level) {
    asked(() -> apply(rules.setLevel(Optional.of(subject), level.name())));
  }

  @Override
  public synchronized RegistryMode mode(String subject) {
    return rules.mode(Optional.of(subject), true);
  }

  @Override
  public synchronized void setMode(String subject, RegistryMode mode) {
    asked(() -> apply(rules.setMode(Optional.of(subject), mode.name())));
  }

  private <A> A apply(Decision<A> decision) {
    for (RegistryRecord record : decision.records()) {
      RegistryRecordFormat.Entry entry = format.write(record);
      log.add(entry);
      rules.replay(format.read(entry.key().toArray(), entry.value().map(Bytes::toArray)));
    }
    return decision.answer();
  }

  private static Submission submission(Schema schema) {
    return Submission.of(schema.toString());
  }

  private static Schema parse(String text) {
    return new Schema.Parser().parse(text);
  }

  private static <A> A asked(Supplier<A> question) {
    try {
      return question.get();
    } catch (RegistryRefusal e) {
      throw RegistryException.of(e.status(), e.errorCode(), e.getMessage());
    }
  }
}
