package dev.staffetta.nemesis;

import dev.staffetta.nemesis.Stage.Accounts;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.nemesis.load.NodeAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Grows a cluster from one node to three and to five and takes it back to three, with clients on
 * every node all the time: nothing may be lost, and no session may end but on the nodes that leave.
 */
final class Growth implements Scenario {
  private static final Duration EACH_STEP = Duration.ofMinutes(3);
  private static final int MILLIS_BETWEEN_STEPS = 10_000;
  private static final int MOST_REPLICAS = 3;

  private final Stage stage;
  private final Random dice;
  private final Consumer<String> out;

  Growth(Path directory, int accounts, long seed, Consumer<String> out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.out = out;
    Cluster cluster = new Cluster(directory, Cluster.JAVA_OPTIONS, false);
    this.stage = Stage.set(cluster, 1, Accounts.numbered(accounts), out);
  }

  @Override
  public List<Violation> run() throws IOException, InterruptedException {
    Cluster cluster = stage.cluster();
    try (Load load = new Load(stage.scene(), cluster.addresses(), 1, dice)) {
      Thread.sleep(MILLIS_BETWEEN_STEPS);
      grow(load, 2, 3);
      Thread.sleep(MILLIS_BETWEEN_STEPS);
      grow(load, 4, 5);
      Thread.sleep(MILLIS_BETWEEN_STEPS);
      leave(5);
      leave(4);
      Thread.sleep(MILLIS_BETWEEN_STEPS);
      load.end();
    }
    return stage.settle();
  }

  private void grow(Load load, int... numbers) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Cluster cluster = stage.cluster();
    cluster.add(numbers);
    cluster
        .awaitReady(EACH_STEP)
        .forEach(name -> complain(name, "is not ready " + EACH_STEP + " after it joined"));
    for (NodeAddress address : cluster.addresses()) {
      if (IntStream.of(numbers).anyMatch(n -> address.name().equals("node" + n))) {
        load.join(address, dice);
      }
    }
    int nodes = cluster.numbers().size();
    awaitReplicas("growing to " + nodes + " nodes", began);
  }

  private void leave(int number) throws IOException, InterruptedException {
    long began = System.nanoTime();
    String name = "node" + number;
    stage.disturbances().begin(name, stage.recorder().now());
    out.accept(stage.cluster().process(1).administer("", "node", "remove", name).strip());
    long deadline = began + EACH_STEP.toNanos();
    while (replicas().containsKey(name) && System.nanoTime() < deadline) {
      Thread.sleep(500);
    }
    if (replicas().containsKey(name)) {
      complain(name, "still has replicas " + EACH_STEP + " after it was to leave: " + replicas());
    }
    stage.cluster().remove(number);
    awaitReplicas("going to " + stage.cluster().numbers().size() + " nodes", began);
  }

  /** Waits until every partition has as many replicas as it should, evenly over all nodes. */
  private void awaitReplicas(String what, long began) throws InterruptedException {
    int nodes = stage.cluster().numbers().size();
    long deadline = began + EACH_STEP.toNanos();
    while (!isEven(nodes) && System.nanoTime() < deadline) {
      Thread.sleep(500);
    }
    if (!isEven(nodes)) {
      complain("all", what + ": replicas are not even after " + EACH_STEP);
    }
    out.accept(
        String.format(
            Locale.ROOT,
            "%s: %.1f s; replicas %s, leaders %s, %d acknowledged so far",
            what,
            (System.nanoTime() - began) / 1e9,
            replicas(),
            leads(),
            stage.recorder().acknowledged()));
  }

  private boolean isEven(int nodes) throws InterruptedException {
    Map<String, Integer> replicas = replicas();
    int all = replicas.values().stream().mapToInt(Integer::intValue).sum();
    int partitions = stage.cluster().members().size();
    return partitions > 0
        && replicas.size() == nodes
        && all == partitions * Math.min(nodes, MOST_REPLICAS)
        && spread(replicas) <= 1
        && leads().size() == nodes
        && spread(leads()) <= 1;
  }

  private static int spread(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0)
        - counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
  }

  /** How many replicas each node has. */
  private Map<String, Integer> replicas() throws InterruptedException {
    return stage.cluster().members().values().stream()
        .flatMap(List::stream)
        .collect(Collectors.toMap(name -> name, name -> 1, Integer::sum, TreeMap::new));
  }

  /** How many partitions each node leads. */
  private Map<String, Integer> leads() throws InterruptedException {
    return stage.cluster().leaders().values().stream()
        .collect(Collectors.toMap(n -> "node" + n, n -> 1, Integer::sum, TreeMap::new));
  }

  private void complain(String node, String what) {
    stage.recorder().complain("the administrator", node, what);
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
