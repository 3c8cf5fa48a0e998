package dev.staffetta.cli;

import dev.staffetta.admin.Json;
import dev.staffetta.admin.QueueMessage;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Queues.Change;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta queue}: mail that waits for other servers. */
@Command(
    name = "queue",
    description = "Mail that waits for other servers.",
    synopsisSubcommandLabel = "COMMAND")
final class QueueCommand implements Runnable {
  private static final String DEFAULT_LIMIT = "1000";

  @Spec private CommandSpec spec;

  /** One message, or all of a domain. */
  static final class Which {
    @Parameters(index = "0", paramLabel = "ID", description = "A message, as 'queue list' has it.")
    private Optional<String> id = Optional.empty();

    @Option(
        names = "--domain",
        paramLabel = "D",
        description = "All messages that wait for this destination.")
    private Optional<String> domain = Optional.empty();
  }

  @Override
  public void run() {
    throw Subcommands.missing(spec);
  }

  @Command(name = "list", description = "Lists the messages that wait, in no particular order.")
  void list(
      @Mixin AdminAccess access,
      @Option(
              names = "--domain",
              paramLabel = "D",
              description = "Only those that wait for this destination.")
          Optional<String> domain,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = DEFAULT_LIMIT,
              description = "How many at most. Default: ${DEFAULT-VALUE}.")
          int limit,
      @Option(names = "--json", description = "Writes JSON.") boolean isJson)
      throws CommandFailure {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be at least 1, not " + limit);
    }
    List<QueueMessage> messages = new ArrayList<>();
    boolean hasMore = fetch(access.client(), domain, limit, messages);
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(Json.write(Map.of("messages", messages, "hasMore", hasMore)));
    } else {
      Table.print(out, QueueText.table(messages, Instant.now()));
      if (hasMore) {
        out.println("and more: see --limit and --domain, and 'staffetta status' for the numbers");
      }
    }
    out.flush();
  }

  /** Whether there are more. */
  private static boolean fetch(
      AdminClient client, Optional<String> domain, int limit, List<QueueMessage> messages)
      throws CommandFailure {
    Optional<String> after = Optional.empty();
    do {
      // One more, to know whether there is one.
      long missing = limit + 1L - messages.size();
      QueueMessage.Page page =
          client.queue(domain, after, (int) Math.min(missing, Queues.LARGEST_PAGE));
      messages.addAll(page.messages());
      after = page.next();
    } while (after.isPresent() && messages.size() <= limit);
    if (messages.size() <= limit) {
      return false;
    }
    messages.remove(limit);
    return true;
  }

  @Command(
      name = "show",
      description =
          "Shows a message: its envelope, how far it has come, the answers of other servers."
              + " Also one that has left the queue, as long as it is remembered.")
  void show(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "ID", description = "The message, as 'queue list' has it.")
          String id,
      @Option(names = "--json", description = "Writes JSON.") boolean isJson)
      throws CommandFailure {
    QueueMessage message = access.client().queued(id);
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(Json.write(message));
    } else {
      QueueText.print(out, message);
    }
    out.flush();
  }

  @Command(
      name = "retry",
      description =
          "Tries messages now: one, a domain's, or, with neither, all. Those that are held stay.")
  void retry(@Mixin AdminAccess access, @ArgGroup Which given) throws CommandFailure {
    // Picocli leaves a group out that nothing of was given.
    Which which = Optional.ofNullable(given).orElseGet(Which::new);
    change(access, Change.RETRY, which, "due now");
  }

  @Command(name = "hold", description = "Keeps messages until they are released.")
  void hold(@Mixin AdminAccess access, @ArgGroup(multiplicity = "1") Which which)
      throws CommandFailure {
    change(access, Change.HOLD, which, "held");
  }

  @Command(name = "release", description = "Lets messages go that were held.")
  void release(@Mixin AdminAccess access, @ArgGroup(multiplicity = "1") Which which)
      throws CommandFailure {
    change(access, Change.RELEASE, which, "released");
  }

  @Command(
      name = "cancel",
      description = "Takes messages out of the queue. Their senders hear of it only by --bounce.")
  void cancel(
      @Mixin AdminAccess access,
      @ArgGroup(multiplicity = "1") Which which,
      @Option(names = "--bounce", description = "Sends a report of failure to the sender.")
          boolean isBounced)
      throws CommandFailure {
    change(
        access,
        isBounced ? Change.BOUNCE : Change.CANCEL,
        which,
        isBounced ? "cancelled and bounced" : "cancelled");
  }

  @Command(name = "flush", description = "Tries all messages now that are not held.")
  void flush(@Mixin AdminAccess access) throws CommandFailure {
    change(access, Change.RETRY, new Which(), "due now");
  }

  private void change(AdminAccess access, Change change, Which which, String result)
      throws CommandFailure {
    Queues.Changed changed =
        which.id.isPresent()
            ? access.client().changeQueued(change, which.id.get())
            : access.client().changeQueue(change, which.domain);
    if (which.id.isPresent() && changed.busy() > 0) {
      throw new CommandFailure(
          which.id.get() + " is being sent just now; see what becomes of it with 'queue show'");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        Amounts.count(changed.changed(), "message")
            + " "
            + result
            + (changed.busy() == 0
                ? ""
                : "; " + changed.busy() + " left alone that are being sent just now"));
    out.flush();
  }
}
