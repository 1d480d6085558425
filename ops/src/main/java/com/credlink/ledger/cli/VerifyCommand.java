package com.credlink.ledger.cli;

import com.credlink.ledger.cli.LogSubjects.Subject;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.node.StoredLog;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.LogCheck;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.tlog.LogUnreachable;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger verify}. */
@Command(
    name = "verify",
    description = "Recompute a transparency log and say whether all of it holds.",
    footer = {
      "",
      "With --log or --url: checks every leaf, every tile, the root, the signatures of the"
          + " checkpoint and, with --old, that the log continues an older one. Any tiled log will"
          + " do (c2sp.org/tlog-tiles).",
      "With --data (./data, if that is a node's) or --bootstrap: reads the records themselves and"
          + " checks that none is missing, that key, partition, timestamp and headers are as the"
          + " value says, the root at every checkpoint that was ever stored, their signatures and,"
          + " where the log is served, its tiles.",
      "Exit code 1 when something does not hold: it is named, with the first entry that is wrong.",
      "With --receipt: 0 when the log has what was promised, 1 when it is missing or another entry"
          + " stands in its place, 3 when it is not due yet."
    })
final class VerifyCommand implements Callable<Integer> {

  private final Console console;
  @Mixin private ClientOptions node = new ClientOptions();

  @Option(
      names = "--log",
      paramLabel = "URL|DIR",
      description =
          "One log (.../tlog/0), a ledger with all of its logs, or a directory of tiles (default:"
              + " the node's).")
  private Optional<String> place = Optional.empty();

  @Option(
      names = "--vkey",
      paramLabel = "KEY",
      description =
          "Verifier key that must have signed; once for each, Ed25519 and ML-DSA-44. Without one,"
              + " the keys that the ledger itself names.")
  private List<String> vkeys = new ArrayList<>();

  @Option(
      names = "--old",
      paramLabel = "CHECKPOINT",
      description = "File with an older checkpoint of one of the logs.")
  private Optional<Path> older = Optional.empty();

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "Which logs and witnesses must have signed (c2sp.org/tlog-policy): log, witness, group"
              + " and quorum lines.")
  private Optional<Path> policy = Optional.empty();

  @Mixin private ReceiptVerification receipts = new ReceiptVerification();
  @Mixin private LogOptions brokers = new LogOptions();
  @Mixin private RecordVerification records = new RecordVerification();

  @Option(names = "--json", description = "Print one JSON object for each log.")
  private boolean json;

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, NodeStartException {
    try {
      if (readsRecords()) {
        return records();
      }
      String where = place.orElseGet(() -> node.url().toString());
      Optional<PolicyDemand> demand =
          policy.isPresent() ? Optional.of(PolicyDemand.read(policy.get())) : Optional.empty();
      List<String> keys = new ArrayList<>(vkeys);
      demand.map(PolicyDemand::logKeys).ifPresent(keys::addAll);
      LogSubjects subjects = LogSubjects.at(where, keys.stream().distinct().toList());
      subjects.remarks().forEach(remark -> console.err().println("ledger: " + remark));
      if (receipts.isAsked()) {
        return receipts.run(where, subjects, console, this::say);
      }
      Optional<byte[]> before = readOlder();
      int exitCode = before.isPresent() ? requireItsLog(subjects, before.get()) : ExitCode.DONE;
      for (Subject subject : subjects.all()) {
        exitCode = Math.max(exitCode, verify(subject, demand, before));
      }
      return exitCode;
    } catch (LogUnreachable e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  /** Whether the log itself is to be read, and not only what is published of it. */
  private boolean readsRecords() {
    boolean asked = brokers.named() || records.isAsked();
    if (place.isPresent() || receipts.isAsked()) {
      if (asked) {
        throw brokers.wrong(
            "--log and --receipt are about what is published; --bootstrap, --partition, --state,"
                + " --rows, --tenant and --projections are about the records");
      }
      return false;
    }
    if (records.asksTooMuchOfAState()) {
      throw brokers.wrong(
          "--rows, --tenant and --projections need every record; leave --state away");
    }
    return asked || node.namesData() || (node.named().isEmpty() && StoredLog.isNode(node.data()));
  }

  private int records() throws CommandException, NodeStartException {
    brokers.logAside(node.data());
    Optional<PolicyDemand> demand =
        policy.isPresent() ? Optional.of(PolicyDemand.read(policy.get())) : Optional.empty();
    List<String> keys = new ArrayList<>(vkeys);
    demand.map(PolicyDemand::logKeys).ifPresent(keys::addAll);
    List<String> distinct = keys.stream().distinct().toList();
    Optional<String> url =
        node.named()
            .or(() -> brokers.named() ? Optional.empty() : node.running())
            .map(URI::toString);
    if (records.comparesProjections() && url.isEmpty()) {
      throw brokers.wrong(
          "--projections compares with a node that runs: give --url, or the --data of one");
    }
    if (demand.isPresent() && url.isEmpty()) {
      throw brokers.wrong(
          "--policy is about what is served: give --url, or the --data of a node that runs");
    }
    List<VerifierKey> parsed = LogSubjects.keys(distinct);
    List<Subject> served = url.isPresent() ? served(url.get(), distinct) : List.of();
    if (parsed.isEmpty()) {
      console
          .err()
          .println(
              "ledger: the keys are those %s; --vkey makes sure whose they are"
                  .formatted(
                      brokers.named() ? "that the ledger names" : "of the node's own directory"));
    }
    try (StoredLog log = brokers.open(node.data(), console)) {
      RecordSubjects.Demands demands =
          new RecordSubjects.Demands(parsed, demanded(), served, demand, readOlder());
      RecordSubjects subjects = new RecordSubjects(log, demands, console);
      Optional<String> compared = url.filter(_ -> records.comparesProjections());
      int exitCode = records.run(log, brokers, compared, subjects, console, this::say);
      return older.isEmpty() || subjects.hasMetOlder() ? exitCode : sayOlderIsOfNone();
    }
  }

  private List<Subject> served(String url, List<String> keys) throws CommandException {
    try {
      return LogSubjects.at(url, keys).all();
    } catch (LogUnreachable | CommandException e) {
      if (node.named().isPresent() || policy.isPresent()) {
        throw e;
      }
      console.err().println("ledger: no tiles are compared: " + e.getMessage());
      return List.of();
    }
  }

  private Optional<byte[]> readOlder() throws CommandException {
    if (older.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(older.get()));
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(older.get()), e);
    }
  }

  /** An older checkpoint that is of none of the logs would be passed over in silence. */
  private int requireItsLog(LogSubjects subjects, byte[] before) {
    if (subjects.all().stream().anyMatch(subject -> isOf(subject, before))) {
      return ExitCode.DONE;
    }
    return sayOlderIsOfNone();
  }

  private int sayOlderIsOfNone() {
    console.err().println("ledger: '%s' is of none of these logs".formatted(older.orElseThrow()));
    return ExitCode.NO;
  }

  private static boolean isOf(Subject subject, byte[] note) {
    return new String(note, StandardCharsets.UTF_8)
        .startsWith(subject.keys().getFirst().name() + "\n");
  }

  private int verify(Subject given, Optional<PolicyDemand> demand, Optional<byte[]> before) {
    String origin = given.keys().getFirst().name();
    Optional<PolicyDemand.Accepted> accepted;
    try {
      accepted = demand.map(policy -> policy.accept(given, demanded()));
    } catch (NoteException e) {
      say(notAccepted(origin, e));
      return ExitCode.NO;
    }
    Subject subject = accepted.map(PolicyDemand.Accepted::subject).orElse(given);
    ProgressLine progress = new ProgressLine(console, "verify: " + origin);
    try {
      Optional<Checkpoint> old =
          before
              .filter(note -> isOf(subject, note))
              .map(note -> LogCheck.checkpoint(note, subject.keys()).checkpoint());
      LogCheck.Verified verified =
          LogCheck.run(subject.log(), subject.keys(), old, progress::entries);
      say(intact(verified, old, accepted.map(PolicyDemand.Accepted::cosigners)));
      return ExitCode.DONE;
    } catch (LogTampered e) {
      say(tampered(origin, e));
      return ExitCode.NO;
    }
  }

  /** The keys of the command line, which have been read before. */
  private List<VerifierKey> demanded() {
    return vkeys.stream().map(VerifierKey::parse).toList();
  }

  private void say(ObjectNode result) {
    if (json) {
      console.out().println(result);
    } else {
      console.out().println(result.path("sentence").asText());
    }
  }

  private static ObjectNode intact(
      LogCheck.Verified verified, Optional<Checkpoint> old, Optional<List<String>> cosigners) {
    Checkpoint checkpoint = verified.checkpoint();
    String algorithms =
        verified.signatures().stream()
            .map(SignedNote.Verified::key)
            .map(key -> key.type().algorithm())
            .collect(Collectors.joining(" and "));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("log", checkpoint.origin());
    result.put("intact", true);
    result.put("size", checkpoint.size());
    result.put("root", checkpoint.root().base64());
    old.ifPresent(before -> result.put("continues", before.size()));
    cosigners.ifPresent(names -> names.forEach(result.putArray("cosigned_by")::add));
    result.put(
        "sentence",
        "%s: intact, %d entries, root %s, signed with %s%s%s"
            .formatted(
                checkpoint.origin(),
                checkpoint.size(),
                checkpoint.root().base64(),
                algorithms,
                cosigners
                    .map(names -> names.isEmpty() ? "nobody" : String.join(", ", names))
                    .map(names -> ", accepted by the policy, cosigned by " + names)
                    .orElse(""),
                old.map(before -> ", continues the checkpoint of size " + before.size())
                    .orElse("")));
    return result;
  }

  private static ObjectNode notAccepted(String origin, NoteException why) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("log", origin);
    result.put("accepted", false);
    result.put("fault", why.getMessage());
    result.put(
        "sentence", "%s: NOT ACCEPTED by the policy, %s".formatted(origin, why.getMessage()));
    return result;
  }

  private static ObjectNode tampered(String origin, LogTampered fault) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("log", origin);
    result.put("intact", false);
    fault.index().ifPresent(index -> result.put("first_bad_entry", index));
    result.put("fault", fault.getMessage());
    result.put("sentence", "%s: NOT INTACT, %s".formatted(origin, fault.getMessage()));
    return result;
  }
}
