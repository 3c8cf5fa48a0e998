package dev.staffetta.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command that only has subcommands answers when none is given. */
final class Subcommands {
  private Subcommands() {}

  /** Wrong usage, with the subcommands there are. */
  static ParameterException missing(CommandSpec spec) {
    return new ParameterException(
        spec.commandLine(),
        "say what to do: "
            + spec.qualifiedName()
            + " "
            + String.join("|", spec.subcommands().keySet()));
  }
}
