package dev.staffetta.load;

import dev.staffetta.client.ImapClient;
import dev.staffetta.process.ClusterProcess;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
  @Option(
      names = "--smtp",
      description = "port on loopback of a server that runs already; several: of its nodes",
      split = ",")
  private List<Integer> smtpPorts = List.of();

  @Option(
      names = "--imap",
      description = "port on loopback of a server that runs already; several: of its nodes",
      split = ",")
  private List<Integer> imapPorts = List.of();

  @Option(
      names = "--pid",
      description = "its process, for memory and processor time; several: the sum",
      split = ",")
  private List<Long> pids = List.of();

  @Option(
      names = "--nodes",
      description =
          "start a local cluster of so many nodes, on its usual ports, and spread the connections over them (default: one server on free ports)")
  private int nodes;

  /** What is under load; of the main thread. */
  private Processes server = new Processes(List.of());

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
      description = "in the large mailbox (default 100000), or of --relay or --waiting")
  private Optional<Integer> givenMessages = Optional.empty();

  private int messages = 100_000;

  @Option(
      names = "--idle",
      description = "idle IMAP connections (default ${DEFAULT-VALUE})",
      defaultValue = "1000")
  private int idleConnections;

  @Option(
      names = "--relay",
      description =
          "instead of the rest: take --messages (default 20000) for other servers and send them on")
  private boolean relays;

  @Option(names = "--beside-postfix", description = "with --relay: the same through Postfix")
  private boolean besidePostfix;

  @Option(
      names = "--waiting",
      description =
          "instead of the rest: let --messages (default 100000) wait for other servers, and look at the queue")
  private boolean waits;

  @Option(
      names = "--destinations",
      description = "of --relay and --waiting (default ${DEFAULT-VALUE})",
      defaultValue = "100")
  private int destinations;

  @Option(
      names = "--connections",
      description = "that submit, of --relay and --waiting (default ${DEFAULT-VALUE})",
      defaultValue = "16")
  private int connections;

  @Option(
      names = "--body",
      description = "bytes of each message of --relay and --waiting (default ${DEFAULT-VALUE})",
      defaultValue = "1000")
  private int bodyBytes;

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
    messages = givenMessages.orElse(relays ? 20_000 : 100_000);
    if (relays || waits) {
      RelayBenchmark benchmark =
          new RelayBenchmark(
              data().toAbsolutePath(),
              messages,
              destinations,
              connections,
              bodyBytes,
              javaOptions,
              Benchmark::print);
      if (relays) {
        benchmark.run(besidePostfix);
      } else {
        benchmark.runWaiting();
      }
      return 0;
    }
    if (!smtpPorts.isEmpty() && !imapPorts.isEmpty()) {
      server = new Processes(pids);
      loads(target(smtpPorts, imapPorts));
      return 0;
    }
    Path data = data();
    if (nodes > 0) {
      measureCluster(data);
    } else {
      measureServer(data);
    }
    return 0;
  }

  private Path data() throws IOException {
    return directory == null ? Files.createTempDirectory("staffetta-benchmark") : directory;
  }

  private void measureServer(Path data) throws Exception {
    try (ServerProcess process = new ServerProcess(data, javaOptions)) {
      print("start to greeting, empty", milliseconds(process::start));
      server = new Processes(List.of(process.pid()));
      print("memory after start", megabytes(server.residentBytes()));
      process.administer("", "domain", "add", "example.com");
      process.administer("", "account", "import", accountsFile(data).toString());
      Target target = target(List.of(process.ports().smtp()), List.of(process.ports().imap()));
      loads(target);
      process.kill();
      print("start to greeting, after kill -9", milliseconds(process::start));
      server = new Processes(List.of(process.pid()));
      ImapLoad.read(target, largest(target)).forEach(line -> print("  after the restart", line));
      print("memory", megabytes(server.residentBytes()));
    }
  }

  private void measureCluster(Path data) throws Exception {
    try (ClusterProcess cluster = new ClusterProcess(data, nodes)) {
      print("start until all is well, empty", milliseconds(cluster::start));
      server = new Processes(cluster.pids());
      print("memory after start, all nodes", megabytes(server.residentBytes()));
      cluster.administer("", "account", "import", accountsFile(data).toString());
      loads(target(cluster.ports(25), cluster.ports(143)));
      print("memory, all nodes", megabytes(server.residentBytes()));
    }
  }

  private Target target(List<Integer> smtp, List<Integer> imap) {
    return new Target(smtp, imap, Target.numbered(accountCount), password, localPartLogin);
  }

  private Path accountsFile(Path data) throws IOException {
    StringBuilder accounts = new StringBuilder();
    Target.numbered(accountCount)
        .forEach(a -> accounts.append(a).append(',').append(password).append('\n'));
    return Files.writeString(data.resolve("accounts.csv"), accounts);
  }

  private void loads(Target target) throws Exception {
    Duration duration = Duration.ofSeconds(seconds);
    accept("warming up", target, 8, accountCount, 1_000, duration);
    for (int connections : new int[] {1, 8, 32}) {
      String what = "accepted, 1 KB, " + connections + " connections";
      accept(what, target, connections, accountCount, 1_000, duration);
    }
    accept("accepted, 1 KB, 8 connections, one mailbox", target, 8, 1, 1_000, duration);
    accept("accepted, 20 KB, 8 connections", target, 8, accountCount, 20_000, duration);
    accept("accepted, 1 MB, 4 connections", target, 4, accountCount, 1_000_000, duration);
    print("memory after the loads", megabytes(server.residentBytes()));
    String large = largest(target);
    print("appended to one mailbox, to " + messages, ImapLoad.fill(target, large, messages, 8));
    ImapLoad.read(target, large).forEach(line -> print("  " + messages + " messages", line));
    long before = server.residentBytes();
    List<ImapClient> idle = ImapLoad.idle(target, idleConnections);
    print(
        "memory an idle IMAP connection",
        String.format(
            Locale.ROOT,
            "%.1f kB",
            (server.residentBytes() - before) / 1024.0 / Math.max(1, idle.size())));
    for (ImapClient imap : idle) {
      imap.close();
    }
  }

  private void accept(
      String what, Target target, int connections, int accounts, int bodyBytes, Duration duration)
      throws Exception {
    long before = server.cpuMillis();
    SmtpLoad.Measured measured = SmtpLoad.run(target, connections, accounts, bodyBytes, duration);
    double cpu = (double) (server.cpuMillis() - before) / Math.max(1, measured.latencies().count());
    print(
        what,
        measured
            + (server.pids().isEmpty()
                ? ""
                : String.format(Locale.ROOT, "   processor %.2f ms each", cpu)));
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

  private static String megabytes(long bytes) {
    return bytes / (1024 * 1024) + " MB resident";
  }

  private static void print(String what, String figure) {
    System.out.printf(Locale.ROOT, "%-46s %s%n", what, figure);
  }
}
