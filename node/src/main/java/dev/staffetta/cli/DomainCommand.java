package dev.staffetta.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta domain}: the domains that mail is taken for. */
@Command(
    name = "domain",
    description = "Domains that this cluster takes mail for.",
    synopsisSubcommandLabel = "COMMAND")
final class DomainCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Subcommands.missing(spec);
  }

  @Command(name = "add", description = "Takes mail for a domain from now on.")
  void add(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "NAME", description = "The domain, such as example.com.")
          String name)
      throws CommandFailure {
    access.client().addDomain(name);
  }

  @Command(name = "list", description = "Lists the domains, one a line.")
  void list(@Mixin AdminAccess access) throws CommandFailure {
    access.client().domains().forEach(spec.commandLine().getOut()::println);
  }

  @Command(
      name = "remove",
      description = "Takes no more mail for a domain. Its accounts must be removed first.")
  void remove(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "NAME", description = "The domain.") String name)
      throws CommandFailure {
    access.client().removeDomain(name);
  }
}
