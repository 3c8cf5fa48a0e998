package dev.staffetta.cli;

import dev.staffetta.admin.AccountImport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta account}: who has mailboxes here and can log in. */
@Command(
    name = "account",
    description = "Accounts: people who have mailboxes here and can log in.",
    synopsisSubcommandLabel = "COMMAND")
final class AccountCommand implements Runnable {
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
        "A field with a comma is put in double quotes. A first line 'address,password' is passed over.",
        "A password may be a hash as other servers export it: {ARGON2ID}, {BLF-CRYPT},"
            + " {SHA512-CRYPT}, {SHA256-CRYPT}, {SSHA512}, {SSHA256}, {SSHA}, {PBKDF2}, or what"
            + " begins with $argon2, $2a$, $2b$, $2y$, $5$ or $6$. It is kept until its owner"
            + " logs in, and an Argon2id hash from then on. {PLAIN} before a password says that"
            + " it is none.",
        "A line that fails is told and costs only itself; the exit code is 1 then."
      })
  void importCsv(
      @Mixin AdminAccess access,
      @Option(names = "--make-domains", description = "Makes the domains that are missing.")
          boolean makesDomains,
      @Parameters(paramLabel = "FILE.csv", description = "The file, in UTF-8.") Path file)
      throws CommandFailure {
    ImportRequests requests = new ImportRequests(access.client(), makesDomains);
    long began = System.nanoTime();
    try (BufferedReader csv = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      requests.send(csv, failure -> tell(file, failure));
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e, e);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "%s added in %.1f s, %.0f a second",
                Amounts.count(requests.added(), "account"),
                seconds,
                requests.added() / seconds));
    if (requests.failed() > 0) {
      throw new CommandFailure(
          "%s of %s failed; correct what is named above, and import it again"
              .formatted(Amounts.count(requests.failed(), "line"), file));
    }
  }

  private void tell(Path file, AccountImport.Failure failure) {
    String address = failure.address().isEmpty() ? "" : failure.address() + ": ";
    spec.commandLine()
        .getErr()
        .println(file + ":" + failure.line() + ": " + address + failure.error());
  }
}
