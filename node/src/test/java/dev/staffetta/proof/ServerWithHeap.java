package dev.staffetta.proof;

import dev.staffetta.config.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A node in a JVM of its own, with a heap of this size and no more. */
final class ServerWithHeap implements AutoCloseable {
  private static final Pattern LISTENER =
      Pattern.compile("  ([a-z0-9]+) +127\\.0\\.0\\.1:(\\d+)  .*");
  private static final Pattern MEMORY = Pattern.compile("RssAnon:\\s+(\\d+) kB");

  private final Process process;
  private final Path log;
  private final Map<Service, Integer> ports = new EnumMap<>(Service.class);

  private ServerWithHeap(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a node over a directory; returns when it listens.
   *
   * @param heap as for {@code -Xmx}: {@code 256m}
   */
  static ServerWithHeap start(Path data, String heap) throws IOException {
    Path settings = Files.writeString(data.resolve("node.conf"), settings(data));
    Path log = data.resolve("server.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.staffetta.cli.Staffetta",
                "serve",
                "--config",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ServerWithHeap server = new ServerWithHeap(process, log);
    Awaitility.await("the node's listeners in " + log)
        .atMost(Duration.ofMinutes(2))
        .until(server::isListeningOrDead);
    if (!server.isAlive()) {
      throw new IOException("the server ended at its start:\n" + Files.readString(log));
    }
    return server;
  }

  private static String settings(Path data) {
    return Stream.concat(
            Stream.of(
                "staffetta.node.data-directory = \"" + data + "\"",
                "staffetta.node.host-name = mail.example.com",
                "staffetta.admin.port = 0"),
            Stream.of(Service.values())
                .map(s -> "staffetta.listeners." + s.key() + " { address = 127.0.0.1, port = 0 }"))
        .collect(Collectors.joining("\n"));
  }

  /** It prints where it listens when it does. */
  private boolean isListeningOrDead() throws IOException {
    for (String line : log()) {
      Matcher listener = LISTENER.matcher(line);
      if (listener.matches()) {
        Stream.of(Service.values())
            .filter(service -> service.key().equals(listener.group(1)))
            .forEach(service -> ports.put(service, Integer.valueOf(listener.group(2))));
      }
    }
    return ports.size() == Service.values().length || !isAlive();
  }

  int port(Service service) {
    return ports.get(service);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it wrote to its standard output and error, the log among it. */
  List<String> log() throws IOException {
    return Files.readAllLines(log);
  }

  /**
   * The memory it has, heap and all, but for files that LevelDB maps; 0 where the system does not
   * tell.
   */
  long memoryInMegabytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    Matcher memory = MEMORY.matcher(Files.readString(status));
    return memory.find() ? Long.parseLong(memory.group(1)) / 1024 : 0;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
