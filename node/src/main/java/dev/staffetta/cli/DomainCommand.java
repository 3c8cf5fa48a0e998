package dev.staffetta.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta domain}: the domains that mail is taken for. */
@Command(
    name = "domain",
    description = "Domains that this cluster takes mail for.",
    synopsisSubcommandLabel = "COMMAND")
final class DomainCommand implements Runnable {
  private static final int MAX_TXT_STRING = 255;

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
      name = "dkim",
      description = {
        "Makes a key that the domain's mail is signed with, and prints the DNS record to publish.",
        "A domain's first key of an algorithm signs at once, a later one when it is activated."
      })
  void dkim(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "NAME", description = "The domain.") String name,
      @Option(
              names = "--selector",
              paramLabel = "S",
              description = "Name of the key; as default its algorithm and the day.")
          Optional<String> selector,
      @Option(
              names = "--algorithm",
              paramLabel = "A",
              defaultValue = "rsa",
              description = "rsa (2048 bits; the default) or ed25519.")
          String algorithm,
      @ArgGroup DkimWish given)
      throws CommandFailure {
    // Picocli leaves a group out that no option of was given.
    Optional<DkimWish> wish = Optional.ofNullable(given);
    AdminClient client = access.client();
    PrintWriter out = spec.commandLine().getOut();
    if (wish.isEmpty()) {
      AdminClient.DkimKey key = client.addDkimKey(name, selector, algorithm);
      out.println(record(key));
      out.println(
          key.active()
              ? "; signs from now on: publish the record"
              : "; signs after: staffetta domain dkim %s --activate %s"
                  .formatted(name, key.selector()));
    } else if (wish.get().remove.isPresent()) {
      client.removeDkimKey(name, wish.get().remove.get());
    } else if (wish.get().activate.isPresent()) {
      client.activateDkimKey(name, wish.get().activate.get());
    } else if (wish.get().list) {
      for (AdminClient.DkimKey key : client.dkimKeys(name)) {
        out.println(record(key) + (key.active() ? " ; signs" : " ; does not sign"));
      }
    }
  }

  /** Something else than a new key. */
  static final class DkimWish {
    @Option(names = "--list", description = "Lists the domain's keys.")
    private boolean list;

    @Option(
        names = "--activate",
        paramLabel = "S",
        description = "Signs with this key, and no other of its algorithm.")
    private Optional<String> activate = Optional.empty();

    @Option(names = "--remove", paramLabel = "S", description = "Forgets this key.")
    private Optional<String> remove = Optional.empty();
  }

  /** A line for a zone file; a string in it has 255 octets at most (RFC 1035 3.3). */
  private static String record(AdminClient.DkimKey key) {
    StringBuilder line = new StringBuilder(key.name()).append(". IN TXT (");
    for (int from = 0; from < key.record().length(); from += MAX_TXT_STRING) {
      int to = Math.min(key.record().length(), from + MAX_TXT_STRING);
      line.append(" \"").append(key.record(), from, to).append('"');
    }
    return line.append(" )").toString();
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
