package dev.staffetta.load;

import dev.staffetta.client.SmtpClient;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Postfix as Debian packages it, with a configuration and queue of its own and its usual limits.
 * Has to be started by root. Takes mail for the destinations from loopback without a login.
 */
final class PostfixRelay implements RelayServer {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Path configuration;
  private final Path queue;
  private final int port;

  /** Starts it with all it needs in an empty directory, absolute, that its user can reach. */
  PostfixRelay(Path directory, Destinations destinations) throws IOException, InterruptedException {
    configuration = Files.createDirectories(directory.resolve("conf"));
    queue = Files.createDirectories(directory.resolve("queue"));
    Path log = directory.resolve("mail.log");
    Path data = Files.createDirectories(directory.resolve("data"));
    run(directory, "chown", "postfix", data.toString());
    port = ServerProcess.freePorts(1).get(0);
    Map<String, Integer> ports = destinations.ports();
    StringBuilder transport = new StringBuilder();
    ports.forEach((domain, to) -> transport.append(domain + " smtp:[127.0.0.1]:" + to + "\n"));
    Path map = Files.writeString(configuration.resolve("transport"), transport);
    Files.writeString(
        configuration.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        data_directory = %s
        maillog_file = %s
        maillog_file_prefixes = %s
        myhostname = relay.example.com
        mydestination =
        alias_maps =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        smtpd_relay_restrictions = permit_mynetworks, reject
        transport_maps = texthash:%s
        relay_domains = texthash:%s
        smtp_dns_support_level = disabled
        smtp_host_lookup = native
        """
            .formatted(queue, data, log, directory, map, map));
    Files.writeString(configuration.resolve("master.cf"), services());
    try {
      run(directory, "postfix", "-c", configuration.toString(), "start");
    } catch (IOException e) {
      throw new IOException(e.getMessage() + Files.readString(log), e);
    }
    awaitGreeting();
  }

  private String services() {
    List<String> lines = new ArrayList<>();
    lines.add("127.0.0.1:" + port + " inet n - n - - smtpd");
    lines.add("cleanup unix n - n - 0 cleanup");
    lines.add("qmgr unix n - n 300 1 qmgr");
    lines.add("rewrite unix - - n - - trivial-rewrite");
    for (String service : List.of("bounce", "defer", "trace")) {
      lines.add(service + " unix - - n - 0 bounce");
    }
    lines.add("proxymap unix - - n - - proxymap");
    lines.add("smtp unix - - n - - smtp");
    lines.add("showq unix n - n - - showq");
    lines.add("error unix - - n - - error");
    lines.add("retry unix - - n - - error");
    lines.add("anvil unix - - n - 1 anvil");
    lines.add("scache unix - - n - 1 scache");
    lines.add("postlog unix-dgram n - n - 1 postlogd");
    return String.join("\n", lines) + "\n";
  }

  /** A daemon keeps what it was given for its output, so that is a file. */
  private static void run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
    }
  }

  private void awaitGreeting() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (SmtpClient greeted = new SmtpClient(port, START_LIMIT)) {
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadline) {
          throw new IOException("Postfix does not greet within " + START_LIMIT, notYet);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private ProcessHandle master() throws IOException {
    String pid = Files.readString(queue.resolve("pid/master.pid")).trim();
    return ProcessHandle.of(Long.parseLong(pid))
        .orElseThrow(() -> new IOException("Postfix' master is gone"));
  }

  private static Processes processes(Stream<ProcessHandle> handles) {
    return new Processes(handles.map(ProcessHandle::pid).toList());
  }

  @Override
  public String name() {
    return "Postfix";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean wantsLogin() {
    return false;
  }

  /** Of those that live, and of those that have ended, which their parent has the time of. */
  @Override
  public long cpuMillis() throws IOException {
    ProcessHandle master = master();
    return processes(Stream.of(master)).cpuMillisWithEnded()
        + processes(master.descendants()).cpuMillis();
  }

  @Override
  public long memoryBytes() throws IOException {
    ProcessHandle master = master();
    return processes(Stream.concat(Stream.of(master), master.descendants())).proportionalBytes();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run(configuration.getParent(), "postfix", "-c", configuration.toString(), "stop");
  }
}
