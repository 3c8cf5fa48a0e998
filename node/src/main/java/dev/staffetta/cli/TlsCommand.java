package dev.staffetta.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code staffetta tls}: the certificate that clients see. */
@Command(
    name = "tls",
    description = "The certificate that mail clients see.",
    synopsisSubcommandLabel = "COMMAND")
final class TlsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Subcommands.missing(spec);
  }

  @Command(
      name = "reload",
      description = "Reads the certificate's files again, for connections from now on.")
  void reload(@Mixin AdminAccess access) throws CommandFailure {
    spec.commandLine().getOut().println(access.client().reloadTls());
  }
}
