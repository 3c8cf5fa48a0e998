package dev.staffetta.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself: its subcommands, and how any of them ends. */
@Command(
    name = "staffetta",
    description = "A mail server that can be a cluster: SMTP, POP3 and IMAP.",
    scope = CommandLine.ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Staffetta.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ClusterCommand.class,
      ServeCommand.class,
      StatusCommand.class,
      NodeCommand.class,
      DomainCommand.class,
      AccountCommand.class,
      AliasCommand.class,
      QueueCommand.class,
      TraceCommand.class,
      TlsCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 failed, one line says why; 2 wrong usage.",
      "'staffetta COMMAND --help' explains a command."
    })
public final class Staffetta implements Runnable {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  @Spec private CommandSpec spec;

  private Staffetta() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command as picocli runs it. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Staffetta());
    commandLine.setExecutionExceptionHandler(Staffetta::failed);
    commandLine.setParameterExceptionHandler(Staffetta::wrongUsage);
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which COMMAND");
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    String line =
        failure instanceof CommandFailure
            ? failure.getMessage()
            : "unexpected failure in '" + command.getCommandName() + "': " + failure;
    command.getErr().println("staffetta: " + line);
    return FAILED;
  }

  private static int wrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command.getErr().println("staffetta: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
    command
        .getErr()
        .println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for usage.");
    return WRONG_USAGE;
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Staffetta.class.getPackage().getImplementationVersion();
      return new String[] {"staffetta " + (version == null ? "(not packaged)" : version)};
    }
  }
}
