package dev.staffetta.cli;

import dev.staffetta.node.NodeDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One node of a local cluster as a child process.
 *
 * <p>The child's input is a pipe that this process holds: if this process is killed the pipe ends,
 * and the child stops by itself.
 */
final class NodeProcess {
  private static final long SECONDS_BEFORE_RESTART = 1;
  private static final long SECONDS_TO_STOP = 30;

  /** So that three nodes fit a small machine. */
  private static final String HEAP_OF_ONE_AMONG_SEVERAL = "512m";

  /**
   * Where nodes have to share processors the quick compiler only: the other one would take them for
   * minutes, with each node compiling the same.
   */
  private static final String OPTIONS_OF_ONE_WITH_FEW_PROCESSORS = "-XX:TieredStopAtLevel=1";

  private static final int PROCESSORS_OF_ONE = 2;

  /** Set by the script {@code staffetta}: itself, by which a node is started as it was. */
  private static final String LAUNCHER = "staffetta.launcher";

  private final Path directory;
  private final int number;
  private final int size;
  private final Consumer<String> said;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Guarded by this. */
  private Process process;

  /** Guarded by this. */
  private boolean isStopping;

  /**
   * @param data directory of the cluster
   * @param number from 1; gives name and ports
   * @param size of the cluster
   * @param said hears what happens to the process, a line each
   */
  NodeProcess(Path data, int number, int size, Consumer<String> said) {
    this.directory = data.resolve("node" + number);
    this.number = number;
    this.size = size;
    this.said = said;
  }

  String name() {
    return "node" + number;
  }

  synchronized long pid() {
    return process.pid();
  }

  synchronized void start() throws CommandFailure {
    if (isStopping) {
      return;
    }
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(NodeDirectory.ADMIN_URL));
      Path settings = directory.resolve("node.conf");
      Files.writeString(settings, LocalSettings.of(directory.getParent(), number, size));
      List<String> command = new ArrayList<>(launcher());
      command.addAll(List.of("serve", "--config", settings.toString(), "--stop-at-end-of-input"));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("STAFFETTA_LOG", "FILE");
      builder.environment().put("STAFFETTA_LOG_FILE", directory.resolve("node.log").toString());
      builder.environment().put("STAFFETTA_BUILD", "never");
      if (size > 1) {
        builder.environment().putIfAbsent("STAFFETTA_HEAP", HEAP_OF_ONE_AMONG_SEVERAL);
        if (Runtime.getRuntime().availableProcessors() < PROCESSORS_OF_ONE * size) {
          builder
              .environment()
              .putIfAbsent("STAFFETTA_JAVA_OPTIONS", OPTIONS_OF_ONE_WITH_FEW_PROCESSORS);
        }
      }
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(errors().toFile());
      process = builder.start();
    } catch (IOException e) {
      throw new CommandFailure("cannot start " + name() + ": " + e.getMessage(), e);
    }
  }

  private static List<String> launcher() {
    String script = System.getProperty(LAUNCHER, "");
    if (!script.isEmpty()) {
      return List.of(script);
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Staffetta.class.getName());
  }

  /** What the process says outside its log: why it could not start, or how its machine died. */
  private Path errors() {
    return directory.resolve("stderr.log");
  }

  /** Waits a moment for the node to take mail; fails when its process has ended. */
  Optional<AdminClient> readyWithin(Duration patience, String token) throws CommandFailure {
    Path file = directory.resolve(NodeDirectory.ADMIN_URL);
    try {
      if (current().waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CommandFailure(name() + " did not start: " + lastWords());
      }
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      AdminClient client = new AdminClient(URI.create(Files.readString(file).strip()), token);
      return Optional.of(client).filter(AdminClient::isReady);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while starting " + name(), e);
    }
  }

  /** What it wrote last to its standard error, without the prefix that this command adds too. */
  private String lastWords() {
    try {
      String words = Files.readString(errors()).strip().replaceFirst("^staffetta: ", "");
      return words.isEmpty() ? "it said nothing; see " + directory.resolve("node.log") : words;
    } catch (IOException e) {
      return "see " + directory.resolve("node.log");
    }
  }

  /** From here on a death is followed by another start. */
  void superviseFromNowOn() {
    Thread watcher = new Thread(this::supervise, "watch-" + name());
    watcher.setDaemon(true);
    watcher.start();
  }

  private void supervise() {
    try {
      while (true) {
        int status = current().waitFor();
        if (isStopping()) {
          return;
        }
        said.accept(name() + " ended with status " + status + "; it is started again in a second");
        TimeUnit.SECONDS.sleep(SECONDS_BEFORE_RESTART);
        start();
        said.accept(name() + " is started again, pid " + pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CommandFailure e) {
      said.accept(e.getMessage());
    } finally {
      ended.countDown();
    }
  }

  private synchronized Process current() {
    return process;
  }

  private synchronized boolean isStopping() {
    return isStopping;
  }

  /** Asks it to stop, in order. */
  synchronized void stop() {
    isStopping = true;
    if (process != null) {
      process.destroy();
    }
  }

  /** Waits for its end; once it was asked to stop, not longer than a stop may take. */
  void awaitEnd() {
    try {
      if (!isStopping()) {
        ended.await();
      } else if (current() != null && !current().waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        said.accept(name() + " does not stop; it is killed");
        current().destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
