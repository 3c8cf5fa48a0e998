package dev.staffetta.cli;

import dev.staffetta.config.InvalidSettingsException;
import dev.staffetta.config.Settings;
import dev.staffetta.config.SettingsLoader;
import dev.staffetta.listen.Listeners;
import dev.staffetta.node.Node;
import dev.staffetta.node.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code staffetta serve}: this process becomes a node. */
@Command(
    name = "serve",
    description = {
      "Runs one node in the foreground, until Ctrl-C or SIGTERM.",
      "Without --config: a server of its own with data in ./data and ports from 10025 up; on an"
          + " empty ./data it makes the domain example.com with accounts alice and bob and prints"
          + " their passwords."
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings in HOCON. Every key with its default and meaning is in conf/reference.conf;"
              + " name only what you change.")
  private Optional<Path> file = Optional.empty();

  /** The command 'cluster' holds the other end; a node must not outlive it. */
  @Option(names = "--stop-at-end-of-input", hidden = true)
  private boolean stopsAtEndOfInput;

  @Override
  public Integer call() throws Exception {
    Settings settings = settings();
    Node node = begin(settings);
    return new OrderlyEnd().run(() -> run(node, settings), node::stop);
  }

  private int run(Node node, Settings settings) throws CommandFailure {
    if (stopsAtEndOfInput) {
      stopAtEndOfInput(node);
    }
    if (!awaitStart(node)) {
      return Staffetta.DONE;
    }
    PrintWriter out = spec.commandLine().getOut();
    node.listeners().stream().map(ServeCommand::line).forEach(out::println);
    out.printf("  %-12s %s%n", "admin", node.adminUrl());
    if (file.isEmpty()) {
      Path data = settings.node().dataDirectory();
      if (node.isNew()) {
        FirstAccounts.expect(data);
      }
      new FirstAccounts(data, out).createIfExpected(new AdminClient(node.adminUrl(), node.token()));
    }
    out.flush();
    Optional<String> failure = node.awaitEnd();
    if (failure.isPresent()) {
      throw new CommandFailure(failure.get());
    }
    return Staffetta.DONE;
  }

  private static String line(Listeners.Status listener) {
    InetAddress address = listener.address().getAddress();
    return String.format(
        "  %-12s %s:%d  %s",
        listener.service().key(),
        address.isAnyLocalAddress() ? "*" : address.getHostAddress(),
        listener.address().getPort(),
        listener.service().startsWithTls() ? "implicit" : "starttls");
  }

  private Settings settings() throws CommandFailure {
    if (file.isEmpty()) {
      return SettingsLoader.defaults();
    }
    try {
      return SettingsLoader.load(file.get());
    } catch (InvalidSettingsException e) {
      throw new CommandFailure(
          "the settings are not valid; nothing was started\n" + e.getMessage(), e);
    }
  }

  private static Node begin(Settings settings) throws CommandFailure {
    try {
      return Node.begin(settings);
    } catch (StartFailure e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  /** However long it has to wait for its cluster. */
  private static boolean awaitStart(Node node) throws CommandFailure {
    try {
      return node.awaitStart();
    } catch (StartFailure e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  private static void stopAtEndOfInput(Node node) {
    Thread reader =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is ever written; only the end matters.
                }
              } catch (IOException e) {
                // As good as the end.
              }
              node.stop();
            },
            "end-of-input");
    reader.setDaemon(true);
    reader.start();
  }

  /** How long a node may take to start on much data. */
  static final Duration LONGEST_START = Duration.ofMinutes(10);
}
