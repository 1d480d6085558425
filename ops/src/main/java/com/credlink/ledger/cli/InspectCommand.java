package com.credlink.ledger.cli;

import com.credlink.ledger.c2pa.C2paException;
import com.credlink.ledger.c2pa.Inspection;
import com.credlink.ledger.c2pa.Inspection.Finding;
import com.credlink.ledger.c2pa.Inspection.Manifest;
import com.credlink.ledger.c2pa.Inspector;
import com.credlink.ledger.c2pa.StampCheck;
import com.credlink.ledger.c2pa.Status;
import com.credlink.ledger.trust.Pem;
import com.credlink.ledger.trust.TrustException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger inspect}. */
@Command(
    name = "inspect",
    description = "Print the content credentials of an image, and what of them holds.",
    footer = {
      "",
      "Exit code 0 when they are valid, 1 when they are not or when there are none. Whether the"
          + " signer is trusted depends on --root, else on the roots of the node that runs; without"
          + " either, nobody is."
    })
final class InspectCommand implements Callable<Integer> {

  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private final Console console;
  @Mixin private ClientOptions client = new ClientOptions();

  @Parameters(paramLabel = "FILE", description = "A JPEG or PNG.")
  private Path file = Path.of("");

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "The credentials, where they are kept beside the image (.c2pa).")
  private Optional<Path> manifest = Optional.empty();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "Certificates whose chains are trusted, in PEM.")
  private Optional<Path> root = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException {
    List<X509Certificate> roots = roots();
    Inspector inspector = new Inspector(roots, StampCheck.trusting(roots), console.clock());
    Inspection inspection;
    try {
      byte[] image = read(file);
      inspection =
          manifest.isPresent()
              ? inspector.inspectBeside(image, read(manifest.get()))
              : inspector.inspect(image);
    } catch (C2paException e) {
      console.err().println("ledger: " + file + ": " + e.getMessage());
      return ExitCode.NO;
    }
    if (json) {
      console.out().println(json(inspection));
    } else {
      print(inspection);
    }
    return inspection.isValid() ? ExitCode.DONE : ExitCode.NO;
  }

  private static byte[] read(Path path) throws CommandException {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new CommandException("'%s' is larger than %d bytes".formatted(path, MAX_BYTES));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(path), e);
    }
  }

  private List<X509Certificate> roots() throws CommandException {
    try {
      if (root.isPresent()) {
        return Pem.certificates(read(root.get()));
      }
      Optional<URI> node = client.named().or(client::running);
      if (node.isEmpty()) {
        return List.of();
      }
      try (NodeClient asked = new NodeClient(node.get(), "")) {
        return asked
            .exchange("GET", "/v1/trust/root.pem", "text/plain", BodyPublishers.noBody())
            .map(Pem::certificates)
            .orElse(List.of());
      }
    } catch (TrustException e) {
      throw new CommandException(
          "'%s' names no certificates: %s"
              .formatted(root.map(Path::toString).orElse("root.pem"), e.getMessage()),
          e);
    }
  }

  private void print(Inspection inspection) {
    if (inspection.manifests().isEmpty()) {
      console.out().println("no content credentials");
      return;
    }
    console.out().println(verdict(inspection));
    inspection.stampedAt().ifPresent(at -> console.out().println("time-stamped at " + at));
    for (Manifest each : inspection.manifests().reversed()) {
      console.out().println();
      console.out().println("manifest    " + each.id());
      line("title", each.title());
      line("signed by", each.signer());
      line("made with", each.generator());
      line("assertions", Optional.of(String.join(", ", each.assertions())));
      line("image", each.digest().map(digest -> "SHA-256 " + digest));
    }
    console.out().println();
    for (Finding finding : inspection.findings()) {
      console
          .out()
          .println(
              "%-4s  %-28s  %s"
                  .formatted(
                      mark(finding.status()), finding.status().code(), finding.explanation()));
    }
  }

  private void line(String name, Optional<String> value) {
    value.ifPresent(text -> console.out().println("%-12s%s".formatted(name, text)));
  }

  private static String verdict(Inspection inspection) {
    if (!inspection.isValid()) {
      return "invalid: the credentials do not hold";
    }
    return inspection.isTrusted()
        ? "valid, and the signer is trusted"
        : "valid; the signer is not known here";
  }

  private static String mark(Status status) {
    return switch (status.kind()) {
      case SUCCESS -> "ok";
      case INFORMATIONAL -> "note";
      case FAILURE -> "FAIL";
    };
  }

  private static ObjectNode json(Inspection inspection) {
    ObjectNode json = NodeClient.object();
    json.put(
        "verdict",
        inspection.manifests().isEmpty()
            ? "none"
            : !inspection.isValid() ? "invalid" : inspection.isTrusted() ? "trusted" : "valid");
    inspection.active().ifPresent(active -> json.put("active_manifest", active.id()));
    json.put("timestamped_at", inspection.stampedAt().map(Object::toString).orElse(null));
    ArrayNode manifests = json.putArray("manifests");
    inspection
        .manifests()
        .forEach(
            each -> {
              ObjectNode one = manifests.addObject();
              one.put("id", each.id());
              one.put("title", each.title().orElse(null));
              one.put("signed_by", each.signer().orElse(null));
              one.put("made_with", each.generator().orElse(null));
              one.put("image_sha256", each.digest().orElse(null));
              ArrayNode assertions = one.putArray("assertions");
              each.assertions().forEach(assertions::add);
            });
    ArrayNode findings = json.putArray("findings");
    inspection
        .findings()
        .forEach(
            finding ->
                findings
                    .addObject()
                    .put("code", finding.status().code())
                    .put("kind", finding.status().kind().name().toLowerCase(Locale.ROOT))
                    .put("url", finding.url())
                    .put("explanation", finding.explanation()));
    return json;
  }
}
