package dev.staffetta.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The packaged product as a local cluster: {@code node/bin/staffetta cluster --nodes N}. Node K is
 * on the well-known ports + 10000 K, so there is one at a time on a machine.
 */
public final class ClusterProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

  private final Path data;
  private final int nodes;
  private Process process;

  /** A cluster whose data is in {@code data}; not started. */
  public ClusterProcess(Path data, int nodes) {
    this.data = data;
    this.nodes = nodes;
  }

  /** The port of a service on each node. */
  public List<Integer> ports(int wellKnown) {
    return IntStream.rangeClosed(1, nodes).mapToObj(k -> 10_000 * k + wellKnown).toList();
  }

  /** The processes of the nodes, the first one first. */
  public List<Long> pids() throws IOException {
    List<Long> pids = new ArrayList<>();
    for (int k = 1; k <= nodes; k++) {
      pids.add(Long.parseLong(Files.readString(data.resolve("node" + k + "/pid")).trim()));
    }
    return pids;
  }

  /** Starts it and waits until {@code staffetta status} says that all is well. */
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(data);
    process =
        command("cluster", "--nodes", Integer.toString(nodes), "--data", data.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (run("", "status").code() != 0) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IOException("the cluster ended at start:\n" + Files.readString(log()));
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "not well within " + START_LIMIT + ":\n" + run("", "status").output());
      }
    }
  }

  /** Runs a command of administration, which must succeed. */
  public String administer(String input, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = run(input, arguments);
    if (outcome.code() != 0) {
      throw new IOException(String.join(" ", arguments) + " failed: " + outcome.output());
    }
    return outcome.output();
  }

  private record Outcome(int code, String output) {}

  private Outcome run(String input, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--data");
    all.add(data.toString());
    Process cli = command(all.toArray(String[]::new)).redirectErrorStream(true).start();
    cli.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    cli.getOutputStream().close();
    String output = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(cli.waitFor(), output);
  }

  private static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.repository().resolve("node/bin/staffetta").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // What was packaged is what is measured.
    builder.environment().put("STAFFETTA_BUILD", "never");
    return builder;
  }

  private Path log() {
    return data.resolve("cluster.out");
  }

  /** Stops it as Ctrl-C does. */
  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
