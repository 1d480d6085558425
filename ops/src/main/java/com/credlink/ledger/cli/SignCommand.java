package com.credlink.ledger.cli;

import com.credlink.ledger.asset.ImageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger sign}. */
@Command(
    name = "sign",
    description = "Have an image, or all images of a directory, signed with content credentials.",
    footer = {
      "",
      "Needs a node that runs, and the token of a merchant: LEDGER_TOKEN, else the data"
          + " directory's. Started again, it goes on where it ended: what is signed is not signed"
          + " twice. Exit code 1 when some images were refused; each is said on stderr."
    })
final class SignCommand implements Callable<Integer> {

  private static final List<String> LANES = List.of("interactive", "standard", "bulk");

  private final Console console;
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client = new ClientOptions();

  @Parameters(paramLabel = "FILE|DIR", description = "A JPEG or PNG, or a directory with some.")
  private Path path = Path.of("");

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "SHOP",
      description = "The shop's domain.")
  private String shop = "";

  @Option(
      names = "--out",
      paramLabel = "FILE|DIR",
      description =
          "Where the signed image goes, or the signed images (default: beside it, with"
              + " '.signed' before the extension; a directory's go to DIR-signed).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--lane",
      paramLabel = "LANE",
      description = "interactive, standard or bulk (default: interactive; bulk for a directory).")
  private Optional<String> lane = Optional.empty();

  @Option(names = "--title", paramLabel = "TEXT", description = "How the image is called.")
  private Optional<String> title = Optional.empty();

  @Option(names = "--remote-manifest", description = "Let its manifest be served to everybody.")
  private boolean remoteManifest;

  SignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException {
    if (lane.filter(name -> !LANES.contains(name)).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "there is no lane '" + lane.get() + "'; " + String.join(", ", LANES));
    }
    boolean many = Files.isDirectory(path);
    if (many && title.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--title is for one image");
    }
    try (NodeClient node = new NodeClient(client.url(), client.merchant(shop, console))) {
      SigningClient signing =
          new SigningClient(
              node,
              shop,
              new SigningClient.Terms(
                  lane.orElse(many ? "bulk" : "interactive"), title, remoteManifest));
      return many ? directory(signing) : file(signing);
    }
  }

  private int file(SigningClient signing) throws CommandException {
    Path target = out.orElseGet(() -> signed(path));
    SigningClient.Result result = signing.sign(path, target);
    return switch (result) {
      case SigningClient.Result.Signed done -> {
        console.out().println("%s  %s".formatted(done.sha256(), target));
        yield ExitCode.DONE;
      }
      case SigningClient.Result.AlreadySigned() -> {
        console.out().println(path + " is signed already");
        yield ExitCode.DONE;
      }
      case SigningClient.Result.Refused(String why) -> {
        console.err().println("ledger: " + path + ": " + why);
        yield ExitCode.NO;
      }
    };
  }

  private int directory(SigningClient signing) throws CommandException {
    Path target =
        out.orElseGet(() -> path.resolveSibling(path.toAbsolutePath().getFileName() + "-signed"));
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> images = all.filter(SignCommand::isImage).sorted().toList();
      if (images.isEmpty()) {
        throw new CommandException("'%s' has no JPEG or PNG".formatted(path));
      }
      return new SigningRun(signing, console, path, target).run(images);
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(path), e);
    }
  }

  /** By its first bytes, whatever it is called. */
  private static boolean isImage(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (var in = Files.newInputStream(file)) {
      return ImageType.sniff(in.readNBytes(8)).isPresent();
    } catch (IOException unreadable) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png");
    }
  }

  private static Path signed(Path file) {
    String name = file.toAbsolutePath().getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(
        dot < 0 ? name + ".signed" : name.substring(0, dot) + ".signed" + name.substring(dot));
  }
}
