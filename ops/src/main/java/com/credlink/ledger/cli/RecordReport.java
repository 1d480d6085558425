package com.credlink.ledger.cli;

import com.credlink.ledger.log.LogSeal;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignatureType;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.verify.CheckState;
import com.credlink.ledger.verify.RecordCheck;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code verify} says of the records of one partition. */
final class RecordReport {

  private final int partition;

  RecordReport(int partition) {
    this.partition = partition;
  }

  /** Nothing was appended yet. */
  ObjectNode empty() {
    return result(true).put("size", 0).put("sentence", "partition %d: empty".formatted(partition));
  }

  ObjectNode intact(
      RecordCheck.Verified verified,
      RecordCheck.Subject subject,
      Optional<CheckState> before,
      Optional<List<String>> cosigners) {
    ObjectNode result = result(true);
    result.put("log", verified.origin().toString());
    result.put("size", verified.size());
    result.put("root", verified.root().base64());
    result.put("signed", verified.signed());
    result.put("checkpoints", verified.checkpoints());
    result.put("opaque", verified.opaque());
    result.put("tiles", verified.tiles());
    verified.ended().forEach(seal -> result.withArray("ended").add(ended(seal)));
    before.ifPresent(state -> result.put("resumed_at", state.size()));
    subject.held().forEach(held -> result.put("continues", held.size()));
    cosigners.ifPresent(names -> names.forEach(result.putArray("cosigned_by")::add));
    return result.put("sentence", sentence(verified, subject, before, cosigners));
  }

  private String sentence(
      RecordCheck.Verified verified,
      RecordCheck.Subject subject,
      Optional<CheckState> before,
      Optional<List<String>> cosigners) {
    StringBuilder said = new StringBuilder();
    said.append(
        "%s: intact, %d records of partition %d, root %s, %d checkpoints signed with %s"
            .formatted(
                verified.origin(),
                verified.size(),
                partition,
                verified.root().base64(),
                verified.checkpoints(),
                algorithms(subject.keys().algorithms())));
    if (verified.signed() < verified.size()) {
      said.append(", the newest %d not signed yet".formatted(verified.size() - verified.signed()));
    }
    said.append(verified.tiles() ? ", tiles compared" : ", no tiles compared");
    cosigners
        .map(names -> names.isEmpty() ? "nobody" : String.join(", ", names))
        .ifPresent(names -> said.append(", accepted by the policy, cosigned by ").append(names));
    subject
        .held()
        .forEach(
            held -> said.append(", continues the checkpoint of size %d".formatted(held.size())));
    if (verified.opaque() > 0) {
      said.append(", %d of a type that this version does not know".formatted(verified.opaque()));
    }
    verified
        .ended()
        .forEach(
            seal ->
                said.append(
                    "; '%s' was ended at %d of %d records (%s)"
                        .formatted(
                            seal.origin(),
                            seal.kept().size(),
                            seal.signed().size(),
                            seal.reason())));
    before.ifPresent(
        state -> said.append(", the first %d by an earlier pass".formatted(state.size())));
    return said.toString();
  }

  private static ObjectNode ended(LogSeal seal) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("log", seal.origin().toString())
        .put("size", seal.kept().size())
        .put("signed_size", seal.signed().size())
        .put("sealed_at", seal.at().toString())
        .put("reason", seal.reason());
  }

  private static String algorithms(List<SignatureType> types) {
    return types.stream()
        .map(SignatureType::algorithm)
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  ObjectNode tampered(LogTampered fault) {
    ObjectNode result = result(false);
    fault.index().ifPresent(offset -> result.put("first_bad_offset", offset));
    result.put("fault", fault.reason());
    String where =
        fault.index().isPresent() ? "offset %d: ".formatted(fault.index().getAsLong()) : "";
    return result.put(
        "sentence", "partition %d: NOT INTACT, %s%s".formatted(partition, where, fault.reason()));
  }

  ObjectNode notAccepted(NoteException why) {
    return result(false)
        .put("accepted", false)
        .put("fault", why.getMessage())
        .put(
            "sentence",
            "partition %d: NOT ACCEPTED by the policy, %s".formatted(partition, why.getMessage()));
  }

  private ObjectNode result(boolean intact) {
    return JsonNodeFactory.instance.objectNode().put("partition", partition).put("intact", intact);
  }
}
