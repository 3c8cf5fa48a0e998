package dev.staffetta.nemesis;

import dev.staffetta.nemesis.Stage.Accounts;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.nemesis.load.NodeAddress;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Kills leaders under load and measures how long it takes until each mailbox that they led
 * acknowledges a write to a session on another node.
 */
final class Recovery implements Scenario {
  private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(60);
  private static final int MILLIS_BETWEEN_KILLS = 8_000;

  private final Stage stage;
  private final Random dice;
  private final int kills;
  private final Consumer<String> out;
  private final List<String> accounts;

  Recovery(Path directory, int nodes, int kills, long seed, Consumer<String> out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.kills = kills;
    this.out = out;
    Cluster cluster = new Cluster(directory, Cluster.JAVA_OPTIONS, false);
    this.stage = Stage.set(cluster, nodes, Accounts.inEachPartition(1), out);
    this.accounts = stage.accounts();
  }

  /** Kills so often, prints the times, and checks the history. */
  @Override
  public List<Violation> run() throws IOException, InterruptedException {
    List<Duration> all = new ArrayList<>();
    Scene scene = stage.scene();
    try (Load load = new Load(scene, stage.cluster().addresses(), 1, dice)) {
      for (int i = 1; i <= kills; i++) {
        Thread.sleep(MILLIS_BETWEEN_KILLS);
        all.addAll(kill(i, scene));
      }
      load.end();
    }
    Collections.sort(all);
    if (!all.isEmpty()) {
      out.accept(
          String.format(
              Locale.ROOT,
              "from kill -9 to the first acknowledged write, %d mailboxes over %d kills: median %.2f s,"
                  + " nine of ten within %.2f s, worst %.2f s",
              all.size(),
              kills,
              seconds(all.get(all.size() / 2)),
              seconds(all.get(all.size() * 9 / 10)),
              seconds(all.get(all.size() - 1))));
    }
    return stage.settle();
  }

  private List<Duration> kill(int number, Scene scene) throws IOException, InterruptedException {
    Cluster cluster = stage.cluster();
    Map<Integer, Integer> leaders = cluster.leaders();
    if (leaders.isEmpty()) {
      stage.recorder().complain("the nemesis", "all", "no node says who leads");
      return List.of();
    }
    List<Integer> leading = leaders.values().stream().distinct().sorted().toList();
    int victim = leading.get(dice.nextInt(leading.size()));
    List<NodeAddress> others =
        cluster.addresses().stream().filter(a -> !a.name().equals("node" + victim)).toList();
    List<Probe> probes = new ArrayList<>();
    List<Integer> partitions = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (Map.Entry<Integer, Integer> leader : leaders.entrySet()) {
        if (leader.getValue() == victim) {
          NodeAddress other = others.get(dice.nextInt(others.size()));
          String account = accounts.get(leader.getKey());
          probes.add(new Probe(other, scene, account, dice.nextLong()));
          partitions.add(leader.getKey());
        }
      }
      stage.disturbances().begin("node" + victim, stage.recorder().now());
      Map<Integer, Integer> still = cluster.leaders();
      cluster.process(victim).kill();
      long killed = System.nanoTime();
      List<Future<Duration>> waiting = new ArrayList<>();
      for (int i = 0; i < probes.size(); i++) {
        // A lead that was handed over meanwhile recovers from nothing.
        if (Integer.valueOf(victim).equals(still.get(partitions.get(i)))) {
          probes.get(i).since(killed);
          waiting.add(threads.submit(probes.get(i)));
        }
      }
      List<Duration> times = collect(waiting, victim);
      out.accept(
          String.format(
              Locale.ROOT,
              "kill %d: node%d, which led %s: %s s",
              number,
              victim,
              partitions,
              times.stream().map(t -> String.format(Locale.ROOT, "%.2f", seconds(t))).toList()));
      return times;
    } finally {
      threads.shutdownNow();
      for (Probe probe : probes) {
        probe.close();
      }
      comeBack(victim);
    }
  }

  private List<Duration> collect(List<Future<Duration>> waiting, int victim)
      throws InterruptedException {
    List<Duration> times = new ArrayList<>();
    long deadline = System.nanoTime() + GIVEN_UP_AFTER.toNanos();
    for (Future<Duration> time : waiting) {
      try {
        times.add(time.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
      } catch (TimeoutException never) {
        stage
            .recorder()
            .complain(
                "the probe",
                "node" + victim,
                "a mailbox that it led took no write for " + GIVEN_UP_AFTER + " after its kill");
      } catch (ExecutionException broken) {
        throw new IllegalStateException("a probe is broken", broken.getCause());
      }
    }
    return times;
  }

  private void comeBack(int victim) throws IOException, InterruptedException {
    stage.cluster().process(victim).launch();
    stage
        .cluster()
        .awaitReady(Stage.HEALS_WITHIN)
        .forEach(n -> stage.recorder().complain("the nemesis", n, "is not ready after a kill"));
    stage.disturbances().end("node" + victim, stage.recorder().now());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
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
