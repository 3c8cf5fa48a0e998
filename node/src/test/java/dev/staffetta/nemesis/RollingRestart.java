package dev.staffetta.nemesis;

import dev.staffetta.nemesis.Stage.Accounts;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Restarts one node after the other as an operator does: SIGTERM, start, wait until the cluster is
 * whole. Clients are on every node, and some that try another when theirs ends or asks to come
 * again: those may be refused for a while, but never for good nor for long, and nothing is lost.
 */
final class RollingRestart implements Scenario {
  /** The default of {@code node.shutdown-deadline}, and a little for the process to end. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(35);

  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
  private static final Duration WELL_AGAIN_AFTER = Duration.ofSeconds(3);
  private static final int MILLIS_BETWEEN_NODES = 5_000;
  private static final int ROAMING = 3;

  private final Stage stage;
  private final Random dice;
  private final int rounds;
  private final Consumer<String> out;

  RollingRestart(
      Path directory, int nodes, int accounts, int rounds, long seed, Consumer<String> out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.rounds = rounds;
    this.out = out;
    Cluster cluster = new Cluster(directory, Cluster.JAVA_OPTIONS, false);
    this.stage = Stage.set(cluster, nodes, Accounts.numbered(accounts), out);
  }

  @Override
  public List<Violation> run() throws IOException, InterruptedException {
    Cluster cluster = stage.cluster();
    try (Load load = new Load(stage.scene(), cluster.addresses(), 1, dice)) {
      for (int i = 1; i <= ROAMING; i++) {
        load.roam("roaming" + i, cluster.addresses(), dice);
      }
      for (int round = 1; round <= rounds; round++) {
        for (int node : cluster.numbers()) {
          Thread.sleep(MILLIS_BETWEEN_NODES);
          restart(node);
          out.accept(
              String.format(
                  Locale.ROOT,
                  "  the longest that a client had to try again so far: %.1f s; %d acknowledged",
                  load.longestRetry().toMillis() / 1e3,
                  stage.recorder().acknowledged()));
        }
      }
      load.end();
    }
    return stage.settle();
  }

  private void restart(int node) throws IOException, InterruptedException {
    String name = "node" + node;
    ServerProcess process = stage.cluster().process(node);
    stage.disturbances().begin(name, stage.recorder().now());
    long began = System.nanoTime();
    process.signal("TERM");
    if (!process.awaitEnd(STOPS_WITHIN)) {
      complain(name, "has not stopped " + STOPS_WITHIN + " after SIGTERM");
      process.kill();
    }
    long stopped = System.nanoTime();
    process.start();
    long greeted = System.nanoTime();
    stage
        .cluster()
        .awaitReady(STARTS_WITHIN)
        .forEach(
            n -> complain(n, "is not ready " + STARTS_WITHIN + " after " + name + " came back"));
    awaitWhole(name);
    long whole = System.nanoTime();
    stage.disturbances().end(name, stage.recorder().now() + WELL_AGAIN_AFTER.toNanos());
    out.accept(
        String.format(
            Locale.ROOT,
            "%s: stopped in %.1f s, greets after another %.1f s, all whole after another %.1f s",
            name,
            (stopped - began) / 1e9,
            (greeted - stopped) / 1e9,
            (whole - greeted) / 1e9));
  }

  private void awaitWhole(String name) throws InterruptedException {
    long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
    while (!stage.cluster().isWhole()) {
      if (System.nanoTime() > deadline) {
        complain(name, "the cluster is not whole " + STARTS_WITHIN + " after it came back");
        return;
      }
      Thread.sleep(200);
    }
  }

  private void complain(String node, String what) {
    stage.recorder().complain("the operator", node, what);
  }

  @Override
  public void report(List<Violation> violations) {
    stage.report(violations);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stage.close();
  }
}
