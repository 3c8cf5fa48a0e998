package dev.staffetta.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command gets a new password from: the terminal, or the first line of its input. */
final class NewPassword {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--password-stdin",
      description = "Read the password from the first line of standard input, instead of asking.")
  private boolean isFromInput;

  String read(String address) throws CommandFailure {
    return isFromInput ? firstLine() : asked(address);
  }

  private static String firstLine() throws CommandFailure {
    try {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = input.readLine();
      if (line == null || line.isEmpty()) {
        throw new CommandFailure("no password on standard input");
      }
      return line;
    } catch (IOException e) {
      throw new CommandFailure("cannot read standard input: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // The launcher sets jdk.console to the old behaviour.
  private String asked(String address) throws CommandFailure {
    Console console = System.console();
    if (console == null) {
      throw new ParameterException(
          command.commandLine(), "there is no terminal to ask on; use --password-stdin");
    }
    char[] password = console.readPassword("New password for %s: ", address);
    char[] again = console.readPassword("Once more: ");
    if (password == null || !Arrays.equals(password, again)) {
      throw new CommandFailure("the two passwords differ; nothing was changed");
    }
    return new String(password);
  }
}
