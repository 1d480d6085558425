package com.credlink.ledger.cli;

import com.credlink.ledger.cli.LogSubjects.Subject;
import com.credlink.ledger.keys.Jwks;
import com.credlink.ledger.keys.KeyPurpose;
import com.credlink.ledger.keys.Verifier;
import com.credlink.ledger.sign.Receipt;
import com.credlink.ledger.sign.ReceiptException;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.LogTampered;
import com.credlink.ledger.tlog.ReceiptCheck;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The part of {@code verify} that holds receipts against the log. */
final class ReceiptVerification {

  private static final String HEADER = "ledger-receipt:";
  private static final String KEYS = "v1/trust/keys.json";

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description =
          "Hold the receipts in this file, one a line, against the log instead of checking all of"
              + " it. Lines may begin with 'Ledger-Receipt:'.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--receipt-key",
      paramLabel = "FILE",
      description =
          "Key set with the key that must have signed the receipts (default: what the ledger"
              + " publishes in /v1/trust/keys.json).")
  private Optional<Path> keySet = Optional.empty();

  /** Whether it was asked for. */
  boolean isAsked() {
    return file.isPresent();
  }

  /**
   * Checks every receipt and says what holds.
   *
   * @param place where the logs are, as the caller named it
   * @return the exit code: 1 when one is evidence against the ledger, else 3 when one is not due
   */
  int run(String place, LogSubjects subjects, Console console, Consumer<ObjectNode> say)
      throws CommandException {
    List<Verifier> keys = keys(place);
    boolean isEvidence = false;
    boolean isOpen = false;
    for (String compact : receipts()) {
      ObjectNode result = check(compact, keys, subjects, console);
      say.accept(result);
      isEvidence |= result.path("kept").isBoolean() && !result.path("kept").asBoolean();
      isOpen |= result.path("kept").isNull();
    }
    return isEvidence ? ExitCode.NO : isOpen ? ExitCode.NOT_CARRIED_OUT : ExitCode.DONE;
  }

  private List<String> receipts() throws CommandException {
    List<String> receipts = new ArrayList<>();
    for (String line :
        new String(read(file.orElseThrow()), StandardCharsets.UTF_8).lines().toList()) {
      boolean isHeader = line.regionMatches(true, 0, HEADER, 0, HEADER.length());
      String receipt = (isHeader ? line.substring(HEADER.length()) : line).strip();
      if (!receipt.isEmpty()) {
        receipts.add(receipt);
      }
    }
    if (receipts.isEmpty()) {
      throw new CommandException("'%s' has no receipt in it".formatted(file.orElseThrow()));
    }
    return receipts;
  }

  private List<Verifier> keys(String place) throws CommandException {
    String where = keySet.map(Path::toString).orElse(place);
    byte[] set =
        keySet.isPresent()
            ? read(keySet.get())
            : published(place)
                .orElseThrow(
                    () ->
                        new CommandException(
                            "there are no keys at '%s' to check a receipt with; give them with --receipt-key"
                                .formatted(place)));
    try {
      List<Verifier> keys = Jwks.ed25519(new ObjectMapper().readTree(set), KeyPurpose.RECEIPT);
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (IOException e) {
      throw new CommandException("'%s' is no key set".formatted(where), e);
    }
    throw new CommandException("'%s' has no key of purpose 'receipt'".formatted(where));
  }

  private static Optional<byte[]> published(String place) {
    if (!place.matches("https?://.+")) {
      return Optional.empty();
    }
    try (HttpLog ledger = new HttpLog(place.replaceAll("/tlog/\\d+/*$", ""))) {
      return ledger.get(KEYS);
    }
  }

  private static ObjectNode check(
      String compact, List<Verifier> keys, LogSubjects subjects, Console console)
      throws CommandException {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    Receipt receipt;
    try {
      receipt = Receipt.verify(compact, keys);
    } catch (ReceiptException e) {
      return answer(result, Optional.of(false), "NOT A RECEIPT of this ledger: " + e.getMessage());
    }
    result.put("log", receipt.log());
    result.put("event_id", receipt.eventId());
    result.put("index", receipt.position().offset());
    String event = "%s: event %s ".formatted(receipt.log(), receipt.eventId());
    Instant now = console.clock().instant();
    if (subjects.isEmpty(receipt.log())) {
      return now.isBefore(receipt.includeBy())
          ? notDue(result, event, receipt, 0)
          : missing(result, event, receipt, 0);
    }
    try {
      Subject subject = subject(receipt, subjects);
      return said(
          result, event, receipt, ReceiptCheck.run(receipt, subject.log(), subject.keys(), now));
    } catch (LogTampered e) {
      return answer(
          result,
          Optional.of(false),
          event + "was looked for in a log that is NOT INTACT, " + e.getMessage());
    }
  }

  private static Subject subject(Receipt receipt, LogSubjects subjects) throws CommandException {
    return subjects.all().stream()
        .filter(one -> one.keys().getFirst().name().equals(receipt.log()))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    "the receipt is of the log '%s', which is not among these logs"
                        .formatted(receipt.log())));
  }

  private static ObjectNode said(
      ObjectNode result, String event, Receipt receipt, ReceiptCheck.Outcome outcome) {
    long size = outcome.checkpoint().size();
    result.put("size", size);
    return switch (outcome) {
      case ReceiptCheck.Kept kept ->
          answer(
              result,
              Optional.of(true),
              event
                  + "is entry %d of %d, as the receipt says"
                      .formatted(receipt.position().offset(), size));
      case ReceiptCheck.NotDue notDue -> notDue(result, event, receipt, size);
      case ReceiptCheck.Missing missing -> missing(result, event, receipt, size);
      case ReceiptCheck.Replaced replaced ->
          answer(
              result,
              Optional.of(false),
              event
                  + "is MISSING, entry %d of %d is %s and the receipt says %s; receipt and checkpoint are evidence of omission"
                      .formatted(
                          receipt.position().offset(), size, replaced.found(), receipt.record()));
    };
  }

  private static ObjectNode notDue(ObjectNode result, String event, Receipt receipt, long size) {
    return answer(
        result,
        Optional.empty(),
        event
            + "is not in the log yet, which has %d entries and need not have entry %d before %s; ask again then"
                .formatted(size, receipt.position().offset(), receipt.includeBy()));
  }

  private static ObjectNode missing(ObjectNode result, String event, Receipt receipt, long size) {
    return answer(
        result,
        Optional.of(false),
        event
            + "is MISSING, the log has %d entries and should have had entry %d by %s; receipt and checkpoint are evidence of omission"
                .formatted(size, receipt.position().offset(), receipt.includeBy()));
  }

  private static ObjectNode answer(ObjectNode result, Optional<Boolean> kept, String sentence) {
    return result.put("kept", kept.orElse(null)).put("sentence", sentence);
  }

  private static byte[] read(Path path) throws CommandException {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(path), e);
    }
  }
}
