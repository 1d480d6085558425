package com.credlink.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The keys that sign assets, of a node that runs. */
final class SigningKeysClient {

  private final NodeClient node;
  private final Console console;

  SigningKeysClient(NodeClient node, Console console) {
    this.node = node;
    this.console = console;
  }

  /** Prints a line for each key. */
  int list() throws CommandException {
    JsonNode keys =
        node.send("GET", "/v1/keys", Optional.empty())
            .orElseThrow(() -> new CommandException("the node has no signing keys"));
    keys.path("items").forEach(this::print);
    return ExitCode.DONE;
  }

  /** Replaces the active key of an algorithm. */
  int rotate(String algorithm, Optional<String> reason) throws CommandException {
    ObjectNode body = NodeClient.object().put("algorithm", algorithm);
    reason.ifPresent(word -> body.put("reason", word));
    return done(node.send("POST", "/v1/keys/rotate", Optional.of(body)), algorithm);
  }

  /** Takes a key one step further in its life. */
  int step(String id, String step, Optional<String> reason) throws CommandException {
    ObjectNode body = NodeClient.object();
    reason.ifPresent(word -> body.put("reason", word));
    return done(node.send("POST", path(id, step), Optional.of(body)), id);
  }

  /** Prints a request for a certificate. */
  int request(String id) throws CommandException {
    Optional<byte[]> pem =
        node.exchange("POST", path(id, "csr"), "application/json", BodyPublishers.noBody());
    if (pem.isEmpty()) {
      return unknown(id);
    }
    console.out().print(new String(pem.get(), StandardCharsets.UTF_8));
    return ExitCode.DONE;
  }

  /** Hands in a chain. */
  int importChain(String id, Path file) throws CommandException {
    byte[] pem;
    try {
      pem = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(file), e);
    }
    return done(
        node.exchange(
                "PUT",
                path(id, "certificates"),
                "application/pem-certificate-chain",
                BodyPublishers.ofByteArray(pem))
            .map(NodeClient::json),
        id);
  }

  private static String path(String id, String step) {
    return "/v1/keys/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/" + step;
  }

  private int done(Optional<JsonNode> answer, String what) {
    answer.ifPresent(this::print);
    return answer.isPresent() ? ExitCode.DONE : unknown(what);
  }

  private int unknown(String id) {
    console.err().println("ledger: there is no key " + id);
    return ExitCode.NO;
  }

  private void print(JsonNode key) {
    JsonNode leaf = key.path("certificates").path(0);
    console
        .out()
        .println(
            "%s  %-9s  %-11s  %s"
                .formatted(
                    key.path("key_id").asText(),
                    key.path("algorithm").asText(),
                    key.path("state").asText(),
                    leaf.isMissingNode()
                        ? "no certificate"
                        : "certificate until " + leaf.path("not_after").asText()));
  }
}
