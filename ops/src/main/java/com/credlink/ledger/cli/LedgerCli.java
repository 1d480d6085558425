package com.credlink.ledger.cli;

import com.credlink.ledger.config.ConfigException;
import com.credlink.ledger.log.LogUnavailable;
import com.credlink.ledger.node.NodeStartException;
import com.credlink.ledger.registry.RegistryException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program behind {@code bin/ledger}. */
@Command(
    name = "ledger",
    description = "An event-sourced signing ledger for Shopify image signing.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = LedgerCli.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the answer is no (invalid, tampered, not found)",
      "2:wrong usage",
      "3:could not be carried out"
    },
    commandListHeading = "%nCommands:%n",
    footer = {"", "'ledger COMMAND --help' explains a command. The README has the API."})
public final class LedgerCli implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at the annotation only
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  @SuppressWarnings("UnusedVariable") // picocli looks at the annotation only
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of errors.")
  private boolean debug;

  private LedgerCli() {}

  public static void main(String[] arguments) {
    int exitCode = commandLine(Console.ofProcess()).execute(arguments);
    System.exit(exitCode);
  }

  /** The command line, not yet run. */
  static CommandLine commandLine(Console console) {
    var root = new LedgerCli();
    var config =
        new CommandLine(new ConfigCommand()).addSubcommand(new ConfigCommand.Show(console));
    var topics =
        new CommandLine(new TopicsCommand())
            .addSubcommand(new TopicsCommand.Create(console))
            .addSubcommand(new TopicsCommand.Check(console));
    var schemas =
        new CommandLine(new SchemasCommand())
            .addSubcommand(new SchemasCommand.Register(console))
            .addSubcommand(new SchemasCommand.Check(console));
    var token =
        new CommandLine(new TokenCommand())
            .addSubcommand(new TokenCommand.Create(console))
            .addSubcommand(new TokenCommand.Revoke(console));
    var shops =
        new CommandLine(new ShopsCommand()).addSubcommand(new ShopsCommand.Install(console));
    var keys =
        new CommandLine(new KeysCommand())
            .addSubcommand(new KeysCommand.Show(console))
            .addSubcommand(new KeysCommand.Rotate(console))
            .addSubcommand(new KeysCommand.Retire(console))
            .addSubcommand(new KeysCommand.Activate(console))
            .addSubcommand(new KeysCommand.Destroy(console))
            .addSubcommand(new KeysCommand.Request(console))
            .addSubcommand(new KeysCommand.Import(console));
    // One id of a key in 64 begins with a dash.
    keys.setUnmatchedOptionsArePositionalParams(true);
    var queue =
        new CommandLine(new QueueCommand())
            .addSubcommand(new QueueCommand.Show(console))
            .addSubcommand(new QueueCommand.Redrive(console))
            .addSubcommand(new QueueCommand.Cancel(console));
    var log = new CommandLine(new LogCommand()).addSubcommand(new LogCommand.Seal(console));
    var line =
        new CommandLine(root)
            .addSubcommand(new UpCommand(console))
            .addSubcommand(new ServeCommand(console))
            .addSubcommand(new DemoCommand(console))
            .addSubcommand(topics)
            .addSubcommand(schemas)
            .addSubcommand(token)
            .addSubcommand(shops)
            .addSubcommand(keys)
            .addSubcommand(queue)
            .addSubcommand(log)
            .addSubcommand(new ReplayCommand(console))
            .addSubcommand(new SignCommand(console))
            .addSubcommand(new InspectCommand(console))
            .addSubcommand(new VerifyCommand(console))
            .addSubcommand(new WitnessCommand(console))
            .addSubcommand(config)
            .addSubcommand(new BenchCommand(console));
    line.setOut(writer(console.out()));
    line.setErr(writer(console.err()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(wrongUsage(console));
    line.setExecutionExceptionHandler(failed(console, root));
    return line;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static IParameterExceptionHandler wrongUsage(Console console) {
    return (exception, arguments) -> {
      var command = exception.getCommandLine().getCommandSpec().qualifiedName();
      var message =
          String.valueOf(exception.getMessage()).lines().findFirst().orElse("wrong usage");
      console.err().println("ledger: " + message + "; see '" + command + " --help'");
      return ExitCode.WRONG_USAGE;
    };
  }

  private static IExecutionExceptionHandler failed(Console console, LedgerCli root) {
    return (exception, line, parsed) -> {
      if (root.debug) {
        exception.printStackTrace(console.err());
      }
      return switch (exception) {
        case ConfigException e -> say(console, e.getMessage(), ExitCode.WRONG_USAGE);
        case NodeStartException e -> say(console, e.getMessage(), ExitCode.NOT_CARRIED_OUT);
        case LogUnavailable e -> say(console, e.getMessage(), ExitCode.NOT_CARRIED_OUT);
        case RegistryException e ->
            say(console, "the schema registry: " + e.getMessage(), ExitCode.NOT_CARRIED_OUT);
        case CommandException e -> say(console, e.getMessage(), ExitCode.NOT_CARRIED_OUT);
        case UncheckedIOException e -> say(console, e.getMessage(), ExitCode.NOT_CARRIED_OUT);
        default ->
            say(
                console,
                "this should not have happened (%s: %s); run it again with --debug and report what it prints"
                    .formatted(exception.getClass().getSimpleName(), exception.getMessage()),
                ExitCode.NOT_CARRIED_OUT);
      };
    };
  }

  private static int say(Console console, String sentence, int exitCode) {
    console.err().println("ledger: " + sentence);
    return exitCode;
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = LedgerCli.class.getPackage().getImplementationVersion();
      return new String[] {"ledger " + (version == null ? "(not packaged)" : version)};
    }
  }
}
