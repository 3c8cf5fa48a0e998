package dev.staffetta.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta alias}: addresses whose mail goes to others. */
@Command(
    name = "alias",
    description = "Aliases: addresses whose mail goes to other addresses here.",
    synopsisSubcommandLabel = "COMMAND")
final class AliasCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Subcommands.missing(spec);
  }

  @Command(name = "add", description = "Leads an address to others; replaces what it led to.")
  void add(
      @Mixin AdminAccess access,
      @Parameters(index = "0", paramLabel = "ADDRESS", description = "Such as info@example.com.")
          String address,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "TARGET",
              description = "Accounts, aliases, or addresses elsewhere.")
          List<String> targets)
      throws CommandFailure {
    access.client().addAlias(address, targets);
  }

  @Command(name = "list", description = "Lists the aliases: 'ADDRESS: TARGET, TARGET' a line.")
  void list(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "DOMAIN", arity = "0..1", description = "Only those of this domain.")
          Optional<String> domain)
      throws CommandFailure {
    for (AdminClient.Alias alias : access.client().aliases(domain)) {
      spec.commandLine()
          .getOut()
          .println(alias.address() + ": " + String.join(", ", alias.targets()));
    }
  }

  @Command(name = "remove", description = "Removes an alias.")
  void remove(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "ADDRESS", description = "The alias.") String address)
      throws CommandFailure {
    access.client().removeAlias(address);
  }
}
