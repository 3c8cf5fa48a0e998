package dev.staffetta.load;

import dev.staffetta.client.ImapClient;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark's command line; {@code node/bin/benchmark --help} shows it. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a mail server over its sockets and prints figures.",
      "Without --smtp and --imap it starts the packaged server on free ports, in a directory of its own."
    })
public final class Benchmark implements Callable<Integer> {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  @Option(names = "--smtp", description = "port on loopback of a server that runs already")
  private int smtpPort;

  @Option(names = "--imap", description = "port on loopback of a server that runs already")
  private int imapPort;

  @Option(names = "--pid", description = "its process, for memory; several: the sum", split = ",")
  private List<Long> pids = List.of();

  @Option(names = "--local-part-login", description = "log in as user1, not user1@example.com")
  private boolean localPartLogin;

  @Option(
      names = "--password",
      description = "of every account user1@example.com …",
      defaultValue = "secret-of-the-load")
  private String password;

  @Option(
      names = "--accounts",
      description = "how many accounts (default ${DEFAULT-VALUE})",
      defaultValue = "20")
  private int accountCount;

  @Option(
      names = "--seconds",
      description = "for each load (default ${DEFAULT-VALUE})",
      defaultValue = "10")
  private int seconds;

  @Option(
      names = "--messages",
      description = "in the large mailbox (default ${DEFAULT-VALUE})",
      defaultValue = "100000")
  private int messages;

  @Option(
      names = "--idle",
      description = "idle IMAP connections (default ${DEFAULT-VALUE})",
      defaultValue = "1000")
  private int idleConnections;

  @Option(
      names = "--java-options",
      description = "for the server that it starts",
      defaultValue = "")
  private String javaOptions;

  @Option(
      names = "--directory",
      description = "where the server that it starts keeps its data; must be empty")
  private Path directory;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Benchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (smtpPort != 0 && imapPort != 0) {
      Target target =
          new Target(smtpPort, imapPort, Target.numbered(accountCount), password, localPartLogin);
      loads(target);
      return 0;
    }
    Path data = directory == null ? Files.createTempDirectory("staffetta-benchmark") : directory;
    try (ServerProcess server = new ServerProcess(data, javaOptions)) {
      print("start to greeting, empty", milliseconds(server::start));
      pids = List.of(server.pid());
      print("memory after start", megabytes(memory()));
      server.administer("", "domain", "add", "example.com");
      StringBuilder accounts = new StringBuilder();
      Target.numbered(accountCount)
          .forEach(a -> accounts.append(a).append(',').append(password).append('\n'));
      Path file = data.resolve("accounts.csv");
      Files.writeString(file, accounts);
      server.administer("", "account", "import", file.toString());
      Target target =
          new Target(
              server.ports().smtp(),
              server.ports().imap(),
              Target.numbered(accountCount),
              password,
              false);
      loads(target);
      server.kill();
      print("start to greeting, after kill -9", milliseconds(server::start));
      pids = List.of(server.pid());
      ImapLoad.read(target, largest(target)).forEach(line -> print("  after the restart", line));
      print("memory", megabytes(memory()));
    }
    return 0;
  }

  private void loads(Target target) throws Exception {
    Duration duration = Duration.ofSeconds(seconds);
    print("warming up", SmtpLoad.run(target, 8, accountCount, 1_000, duration));
    for (int connections : new int[] {1, 8, 32}) {
      print(
          "accepted, 1 KB, " + connections + " connections",
          SmtpLoad.run(target, connections, accountCount, 1_000, duration));
    }
    print(
        "accepted, 1 KB, 8 connections, one mailbox", SmtpLoad.run(target, 8, 1, 1_000, duration));
    print(
        "accepted, 20 KB, 8 connections", SmtpLoad.run(target, 8, accountCount, 20_000, duration));
    print(
        "accepted, 1 MB, 4 connections",
        SmtpLoad.run(target, 4, accountCount, 1_000_000, duration));
    print("memory after the loads", megabytes(memory()));
    String large = largest(target);
    print("appended to one mailbox, to " + messages, ImapLoad.fill(target, large, messages, 8));
    ImapLoad.read(target, large).forEach(line -> print("  " + messages + " messages", line));
    long before = memory();
    List<ImapClient> idle = ImapLoad.idle(target, idleConnections);
    print(
        "memory an idle IMAP connection",
        String.format(
            Locale.ROOT, "%.1f kB", (memory() - before) / 1024.0 / Math.max(1, idle.size())));
    for (ImapClient imap : idle) {
      imap.close();
    }
  }

  private static String largest(Target target) {
    return target.accounts().get(target.accounts().size() - 1);
  }

  private interface Step {
    void run() throws Exception;
  }

  private static String milliseconds(Step step) throws Exception {
    long before = System.nanoTime();
    step.run();
    return (System.nanoTime() - before) / 1_000_000 + " ms";
  }

  /** Resident memory of the server, in bytes; 0 when no process is known. */
  private long memory() throws IOException {
    long kilobytes = 0;
    for (long pid : pids) {
      Matcher m = RSS.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
      kilobytes += m.find() ? Long.parseLong(m.group(1)) : 0;
    }
    return kilobytes * 1024;
  }

  private static String megabytes(long bytes) {
    return bytes / (1024 * 1024) + " MB resident";
  }

  private static void print(String what, String figure) {
    System.out.printf(Locale.ROOT, "%-46s %s%n", what, figure);
  }
}
