package dev.staffetta.process;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The packaged product as an operator starts it: {@code node/bin/staffetta serve --config FILE}, in
 * its own process.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final int LEAST_PORT = 12_000;

  /** Each is given once, since who got it may not listen yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  /** Linux takes ports for outgoing connections from here on (ip_local_port_range). */
  private static final int FIRST_OUTGOING_PORT = 32_768;

  private final Path directory;
  private final String name;
  private final ServerPorts ports;
  private final String javaOptions;
  private Process process;

  /** A server whose data is in {@code directory}; not started. */
  public ServerProcess(Path directory, String javaOptions) throws IOException {
    this(directory, "node1", List.of(), javaOptions);
  }

  /**
   * A node of a cluster; not started.
   *
   * @param directory that all its nodes share, each with a place of its own in it
   * @param settings further lines of its configuration
   */
  public ServerProcess(Path directory, String name, List<String> settings, String javaOptions)
      throws IOException {
    this.directory = directory;
    this.name = name;
    this.javaOptions = javaOptions;
    List<Integer> free = freePorts(9);
    this.ports = new ServerPorts(free.get(0), free.get(1), free.get(3), free.get(5), free.get(7));
    Files.createDirectories(directory);
    Files.writeString(settingsFile(), configuration(free, settings));
  }

  private Path settingsFile() {
    return directory.resolve(name + ".conf");
  }

  public String name() {
    return name;
  }

  public ServerPorts ports() {
    return ports;
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return directory.resolve(name + ".out");
  }

  /** Starts it and waits until it greets. */
  public void start() throws IOException, InterruptedException {
    launch();
    awaitGreeting();
  }

  /** Starts it. */
  public void launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            repository().resolve("node/bin/staffetta").toString(),
            "serve",
            "--config",
            settingsFile().toString(),
            // When this process dies, so does the server.
            "--stop-at-end-of-input");
    builder.environment().put("STAFFETTA_JAVA_OPTIONS", javaOptions);
    // What Maven has just packaged is what is tested.
    builder.environment().put("STAFFETTA_BUILD", "never");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    process = builder.start();
  }

  /** Waits until it greets. */
  public void awaitGreeting() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!greets(ports.imap())) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IOException("the server ended at start:\n" + Files.readString(log()));
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "no greeting within " + START_LIMIT + ":\n" + Files.readString(log()));
      }
    }
  }

  /** Kills it as a power cut would, as far as a process can be: SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Waits for its end; whether it came. */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sends it a signal: {@code STOP}, {@code CONT}, {@code TERM}. */
  public void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
  }

  /** The token of the admin API. */
  public String adminToken() throws IOException {
    return Files.readString(directory.resolve("admin-token")).trim();
  }

  /** Runs the command line against it. */
  public String administer(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(repository().resolve("node/bin/staffetta").toString());
    command.addAll(List.of(arguments));
    command.add("--url");
    command.add("http://127.0.0.1:" + ports.admin());
    command.add("--token");
    command.add(adminToken());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("STAFFETTA_BUILD", "never");
    Process cli = builder.start();
    cli.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    cli.getOutputStream().close();
    String output = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (cli.waitFor() != 0) {
      throw new IOException(String.join(" ", arguments) + " failed: " + output);
    }
    return output;
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null && process.isAlive()) {
      kill();
    }
  }

  private static boolean greets(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      socket.setSoTimeout(2_000);
      return socket.getInputStream().read() == '*';
    } catch (IOException notYet) {
      return false;
    }
  }

  /**
   * Ports on loopback that nobody has now, and that the system gives to no outgoing connection: a
   * server that was killed finds its ports again.
   */
  public static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int tried = 0; ports.size() < count && tried < 100 * count; tried++) {
        int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, FIRST_OUTGOING_PORT);
        ServerSocket socket = new ServerSocket();
        try {
          socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          sockets.add(socket);
          if (GIVEN.add(port)) {
            ports.add(port);
          }
        } catch (BindException taken) {
          socket.close();
        }
      }
      if (ports.size() < count) {
        throw new IOException("no " + count + " ports are free on loopback");
      }
      return ports;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** The root of the source tree that this test belongs to. */
  public static Path repository() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("node/bin/staffetta"))) {
      here = here.getParent();
      if (here == null) {
        throw new IllegalStateException("not within a checkout: " + new File("").getAbsolutePath());
      }
    }
    return here;
  }

  private String configuration(List<Integer> free, List<String> settings) {
    List<String> listeners =
        List.of("smtp", "submission", "submissions", "pop3", "pop3s", "imap", "imaps");
    StringBuilder text = new StringBuilder();
    text.append("staffetta.node.data-directory = \"").append(directory).append("\"\n");
    for (int i = 0; i < listeners.size(); i++) {
      String prefix = "staffetta.listeners." + listeners.get(i);
      text.append(prefix).append(".address = \"127.0.0.1\"\n");
      text.append(prefix).append(".port = ").append(free.get(i)).append('\n');
    }
    text.append("staffetta.node.name = \"").append(name).append("\"\n");
    text.append("staffetta.admin.port = ").append(free.get(7)).append('\n');
    settings.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
