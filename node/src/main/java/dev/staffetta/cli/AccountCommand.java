package dev.staffetta.cli;

import dev.staffetta.admin.AccountImport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta account}: who has mailboxes here and can log in. */
@Command(
    name = "account",
    description = "Accounts: people who have mailboxes here and can log in.",
    synopsisSubcommandLabel = "COMMAND")
final class AccountCommand implements Runnable {
  /** So few that an answer comes soon, though hashing a password takes a while. */
  private static final int LINES_A_REQUEST = 100;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Subcommands.missing(spec);
  }

  @Command(
      name = "add",
      description = "Makes an account with its mailboxes. Asks for the password.")
  void add(
      @Mixin AdminAccess access,
      @Mixin NewPassword password,
      @Parameters(paramLabel = "ADDRESS", description = "Such as alice@example.com.")
          String address)
      throws CommandFailure {
    AdminClient client = access.client();
    client.addAccount(address, password.read(address));
  }

  @Command(name = "list", description = "Lists the accounts, one a line.")
  void list(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "DOMAIN", arity = "0..1", description = "Only those of this domain.")
          Optional<String> domain)
      throws CommandFailure {
    access.client().accounts(domain).forEach(spec.commandLine().getOut()::println);
  }

  @Command(name = "passwd", description = "Sets an account's password. Asks for it.")
  void passwd(
      @Mixin AdminAccess access,
      @Mixin NewPassword password,
      @Parameters(paramLabel = "ADDRESS", description = "The account.") String address)
      throws CommandFailure {
    AdminClient client = access.client();
    client.setPassword(address, password.read(address));
  }

  @Command(name = "remove", description = "Removes an account with all its mail.")
  void remove(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "ADDRESS", description = "The account.") String address)
      throws CommandFailure {
    access.client().removeAccount(address);
  }

  @Command(
      name = "import",
      description = {
        "Makes the accounts of a CSV file with lines 'address,password'.",
        "A field with a comma is put in double quotes. A password may be an Argon2id hash"
            + " ($argon2id$...). A first line 'address,password' is passed over.",
        "A line that fails is told and costs only itself; the exit code is 1 then."
      })
  void importCsv(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "FILE.csv", description = "The file, in UTF-8.") Path file)
      throws CommandFailure {
    AdminClient client = access.client();
    long added = 0;
    long failed = 0;
    try (BufferedReader csv = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long firstLine = 1;
      List<String> lines = some(csv);
      while (!lines.isEmpty()) {
        AccountImport.Result result = client.importAccounts(lines, firstLine);
        added += result.added();
        failed += result.failures().size();
        result.failures().forEach(failure -> tell(file, failure));
        firstLine += lines.size();
        lines = some(csv);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e, e);
    }
    spec.commandLine().getOut().println(added + " accounts added");
    if (failed > 0) {
      throw new CommandFailure(
          failed + " lines of " + file + " failed; correct them and import those again");
    }
  }

  private static List<String> some(BufferedReader csv) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = csv.readLine();
    while (line != null) {
      lines.add(line);
      line = lines.size() < LINES_A_REQUEST ? csv.readLine() : null;
    }
    return lines;
  }

  private void tell(Path file, AccountImport.Failure failure) {
    String address = failure.address().isEmpty() ? "" : failure.address() + ": ";
    spec.commandLine()
        .getErr()
        .println(file + ":" + failure.line() + ": " + address + failure.error());
  }
}
