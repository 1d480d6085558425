package com.credlink.ledger.cli;

import com.credlink.ledger.asset.ImageType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Hands in an image, waits until it is signed, and fetches it. Safe for several threads. */
final class SigningClient {

  private static final int ACCEPTED = 202;
  private static final int OK = 200;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Set<String> SIGNED = Set.of("SIGNED", "TIMESTAMPED");
  private static final Set<String> OVER =
      Set.of("DEAD_LETTERED", "REJECTED", "CANCELLED", "EXPIRED");

  private final NodeClient node;
  private final String shop;
  private final Terms terms;

  SigningClient(NodeClient node, String shop, Terms terms) {
    this.node = node;
    this.shop = "/v1/shops/" + shop;
    this.terms = terms;
  }

  /** What is asked for with each image. */
  record Terms(String lane, Optional<String> title, boolean remoteManifest) {}

  /** What became of an image. */
  sealed interface Result {
    /** It is signed and written. */
    record Signed(String sha256) implements Result {}

    /** It is one that was signed here before. */
    record AlreadySigned() implements Result {}

    /** It is not signed, and will not be. */
    record Refused(String why) implements Result {}
  }

  /**
   * Signs an image.
   *
   * @throws CommandException if the node cannot be asked, or a file not be read or written
   */
  Result sign(Path image, Path target) throws CommandException {
    byte[] bytes = read(image);
    String sha256 = sha256(bytes);
    String type = ImageType.sniff(bytes).map(ImageType::mediaType).orElse("image/unknown");
    HttpResponse<byte[]> uploaded =
        patiently(
            () ->
                node.ask(
                    "PUT",
                    shop + "/assets/" + sha256,
                    BodyPublishers.ofByteArray(bytes),
                    "Content-Type",
                    type));
    if (uploaded.statusCode() >= 300) {
      return refused(uploaded);
    }
    HttpResponse<byte[]> created =
        patiently(
            () ->
                node.ask(
                    "POST",
                    shop + "/signing-requests",
                    BodyPublishers.ofString(request(sha256).toString()),
                    "Content-Type",
                    "application/json"));
    if (created.statusCode() != ACCEPTED) {
      return refused(created);
    }
    return fetch(NodeClient.json(created.body()).path("request_id").asText(), target);
  }

  private ObjectNode request(String sha256) {
    ObjectNode request =
        NodeClient.object()
            .put("asset_sha256", sha256)
            .put("signature_format", "c2pa")
            .put("lane", terms.lane())
            .put("remote_manifest", terms.remoteManifest());
    terms.title().ifPresent(title -> request.put("title", title));
    return request;
  }

  private Result fetch(String requestId, Path target) throws CommandException {
    String request = shop + "/signing-requests/" + requestId;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      HttpResponse<byte[]> answer =
          patiently(
              () ->
                  node.ask("GET", request + "?wait=20s", BodyPublishers.noBody(), "Accept", "*/*"));
      if (answer.statusCode() != OK) {
        return refused(answer);
      }
      JsonNode status = NodeClient.json(answer.body());
      String state = status.path("status").asText();
      if (SIGNED.contains(state)) {
        return write(request, target);
      }
      if (OVER.contains(state)) {
        return new Result.Refused(
            "%s: %s".formatted(state, status.at("/failure/reason").asText("the request is over")));
      }
      if (System.nanoTime() > deadline) {
        throw new CommandException(
            "the request %s is still %s; it goes on, and this command fetches its result when it is started again"
                .formatted(requestId, state));
      }
    }
  }

  private Result write(String request, Path target) throws CommandException {
    HttpResponse<byte[]> file =
        patiently(
            () -> node.ask("GET", request + "/asset", BodyPublishers.noBody(), "Accept", "*/*"));
    if (file.statusCode() != OK) {
      return refused(file);
    }
    try {
      Path whole = target.toAbsolutePath();
      Files.createDirectories(whole.getParent());
      Path part = Files.createTempFile(whole.getParent(), ".signed", null);
      Files.write(part, file.body());
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
      return new Result.Signed(sha256(file.body()));
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be written".formatted(target), e);
    }
  }

  /** Something that is asked of a node. */
  @FunctionalInterface
  private interface Question {
    HttpResponse<byte[]> ask() throws CommandException;
  }

  /** Asks again when the node says that it is full now; it also says when. */
  private static HttpResponse<byte[]> patiently(Question question) throws CommandException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      HttpResponse<byte[]> answer = question.ask();
      boolean full = answer.statusCode() == TOO_MANY || answer.statusCode() == UNAVAILABLE;
      if (!full || System.nanoTime() > deadline) {
        return answer;
      }
      LockSupport.parkNanos(pause(answer).toNanos());
    }
  }

  private static Duration pause(HttpResponse<byte[]> answer) {
    Duration asked =
        answer
            .headers()
            .firstValue("Retry-After")
            .filter(value -> value.matches("\\d{1,6}"))
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
            .orElse(Duration.ofSeconds(1));
    return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
  }

  private static Result refused(HttpResponse<byte[]> answer) {
    if (NodeClient.json(answer.body()).path("type").asText().endsWith("/already_signed")) {
      return new Result.AlreadySigned();
    }
    return new Result.Refused(NodeClient.refused(answer).getMessage());
  }

  private static byte[] read(Path image) throws CommandException {
    try {
      return Files.readAllBytes(image);
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(image), e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
