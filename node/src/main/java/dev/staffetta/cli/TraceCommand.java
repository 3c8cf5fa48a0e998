package dev.staffetta.cli;

import dev.staffetta.admin.Json;
import dev.staffetta.admin.QueueMessage;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta trace}: what became of a message for other servers. */
@Command(
    name = "trace",
    description = {
      "Tells the way of a message to other servers: who submitted it, its queues, each attempt with"
          + " the server's answer, and how it ended.",
      "It is remembered for 'relay.schedule.trace-days'."
    })
final class TraceCommand implements Callable<Integer> {
  @Mixin private AdminAccess access;

  @Parameters(
      paramLabel = "MESSAGE-ID",
      description =
          "Of the header, with angle brackets or without; or an id of the log or of 'queue list'.")
  private String message = "";

  @Option(names = "--json", description = "Writes JSON.")
  private boolean isJson;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandFailure {
    List<QueueMessage> found = access.client().trace(message);
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(Json.write(found));
      out.flush();
    }
    if (found.isEmpty()) {
      throw new CommandFailure(
          "nothing is known of " + message + " on its way to other servers; it may be too old");
    }
    if (!isJson) {
      for (int i = 0; i < found.size(); i++) {
        if (i > 0) {
          out.println();
        }
        QueueText.print(out, found.get(i));
      }
      out.flush();
    }
    return Staffetta.DONE;
  }
}
