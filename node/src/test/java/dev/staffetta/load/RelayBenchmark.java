package dev.staffetta.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BiConsumer;

/** What it costs to take mail for other servers and to send it on. */
final class RelayBenchmark {
  private static final Duration ARRIVE_WITHIN = Duration.ofMinutes(20);
  private static final int SAMPLE_MILLIS = 100;

  /** As with the other loads, what a server costs once its code is compiled is measured. */
  private static final int MOST_WARM_UP = 10_000;

  private final Path directory;
  private final int messages;
  private final int destinations;
  private final int connections;
  private final int bodyBytes;
  private final String javaOptions;
  private final BiConsumer<String, String> out;

  /**
   * @param directory of all data, absolute, empty
   * @param out a line's name, and its figure
   */
  RelayBenchmark(
      Path directory,
      int messages,
      int destinations,
      int connections,
      int bodyBytes,
      String javaOptions,
      BiConsumer<String, String> out) {
    this.directory = directory;
    this.messages = messages;
    this.destinations = destinations;
    this.connections = connections;
    this.bodyBytes = bodyBytes;
    this.javaOptions = javaOptions;
    this.out = out;
  }

  /** What a run measured. */
  private record Figures(double perSecond, double cpuMillis) {}

  /** Sends to quick destinations; beside Postfix if that is wanted. */
  void run(boolean besidePostfix) throws Exception {
    Figures own;
    try (Destinations to = new Destinations(destinations);
        StaffettaRelay server = new StaffettaRelay(place("staffetta"), to, javaOptions)) {
      own = measure(server, to);
    }
    if (besidePostfix) {
      // Postfix' processes are not root's.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      try (Destinations to = new Destinations(destinations);
          PostfixRelay server = new PostfixRelay(place("postfix"), to)) {
        Figures other = measure(server, to);
        out.accept(
            "Staffetta / Postfix",
            String.format(
                Locale.ROOT,
                "%.2f of the messages a second, %.2f of the processor time each",
                own.perSecond() / other.perSecond(),
                own.cpuMillis() / other.cpuMillis()));
      }
    }
  }

  private Path place(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  private Figures measure(RelayServer server, Destinations to) throws Exception {
    out.accept(server.name() + ", memory before", megabytes(server.memoryBytes()));
    int warmUp = Math.min(messages, MOST_WARM_UP);
    RelayLoad.submit(server, to, warmUp, connections, bodyBytes);
    awaitAll(server, to, warmUp);
    to.forgetAll();
    long cpuBefore = server.cpuMillis();
    long began = System.nanoTime();
    SmtpLoad.Measured submitted = RelayLoad.submit(server, to, messages, connections, bodyBytes);
    long peak = awaitAll(server, to, messages);
    double seconds = (to.lastNanos() - began) / 1e9;
    double cpu = (double) (server.cpuMillis() - cpuBefore) / messages;
    out.accept(server.name() + ", accepted", submitted.toString());
    out.accept(
        server.name() + ", first submission to last arrival",
        String.format(
            Locale.ROOT,
            "%,8.0f/s   %d messages in %.1f s, %d copies, %d connections   processor %.2f ms each   %s",
            messages / seconds,
            messages,
            seconds,
            to.copies(),
            to.connections(),
            cpu,
            megabytes(peak)));
    return new Figures(messages / seconds, cpu);
  }

  /** Waits until all have arrived; the most memory meanwhile. */
  private static long awaitAll(RelayServer server, Destinations to, int count)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ARRIVE_WITHIN.toNanos();
    long peak = server.memoryBytes();
    while (to.reached() < count) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "only " + to.reached() + " of " + count + " arrived within " + ARRIVE_WITHIN);
      }
      Thread.sleep(SAMPLE_MILLIS);
      peak = Math.max(peak, server.memoryBytes());
    }
    return peak;
  }

  /** Lets all messages wait for destinations that refuse connections, and looks at the queue. */
  void runWaiting() throws Exception {
    try (Destinations to = new Destinations(destinations);
        StaffettaRelay server = new StaffettaRelay(place("waiting"), to, javaOptions)) {
      to.refuse();
      out.accept("memory before", megabytes(server.memoryBytes()));
      out.accept(
          "accepted, " + messages + " in all",
          RelayLoad.submit(server, to, messages, connections, bodyBytes).toString());
      out.accept("memory with " + messages + " waiting", megabytes(server.memoryBytes()));
      looks(server);
      server.process().kill();
      out.accept("start to greeting, after kill -9", milliseconds(() -> server.process().start()));
      out.accept(
          "  until 'status' counts them all",
          milliseconds(
              () -> {
                while (!server.process().administer("", "status").contains(" " + messages + " ")) {
                  Thread.sleep(SAMPLE_MILLIS);
                }
              }));
      out.accept("memory after the restart", megabytes(server.memoryBytes()));
      looks(server);
      long cpuBefore = server.cpuMillis();
      to.takeAgain();
      long began = System.nanoTime();
      out.accept(
          "queue flush", milliseconds(() -> server.process().administer("", "queue", "flush")));
      long peak = awaitAll(server, to, messages);
      double seconds = (to.lastNanos() - began) / 1e9;
      out.accept(
          "sent, from flush to the last arrival",
          String.format(
              Locale.ROOT,
              "%,8.0f/s   %d messages in %.1f s, %d copies, %d connections   processor %.2f ms each   %s",
              messages / seconds,
              messages,
              seconds,
              to.copies(),
              to.connections(),
              (double) (server.cpuMillis() - cpuBefore) / messages,
              megabytes(peak)));
    }
  }

  /** As an operator does, with the time of the command's own start. */
  private void looks(StaffettaRelay server) throws Exception {
    String all = Integer.toString(messages + 1);
    look(server, "  queue list, all", "queue", "list", "--limit", all);
    look(server, "  queue list", "queue", "list");
    look(server, "  queue list --domain", "queue", "list", "--domain", "d0.test", "--limit", all);
    look(server, "  status", "status");
  }

  private void look(StaffettaRelay server, String what, String... command) throws Exception {
    long before = System.nanoTime();
    long lines = server.process().administer("", command).lines().count();
    out.accept(what, (System.nanoTime() - before) / 1_000_000 + " ms, " + lines + " lines");
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
    return bytes / (1024 * 1024) + " MB";
  }
}
