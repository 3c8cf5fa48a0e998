package dev.staffetta.nemesis;

import dev.staffetta.nemesis.Stage.Accounts;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.history.Attempt;
import dev.staffetta.nemesis.history.Operation;
import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.nemesis.load.NodeAddress;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes a mailbox' old actor write when another has long written in its place. A node that leads is
 * stopped until the others have given it up and write to what it led. Then it goes on: its replicas
 * follow the others again, but its actors hear of nobody, so that they believe what they believed.
 * Now the second node is stopped, and the third is kept from being elected: the first leads again,
 * with a majority behind it, and its old actors are asked to write. Only the store can know that
 * they are stale.
 */
final class StaleWriter implements Scenario {
  /** So long no side of a split gives itself up by what it does not hear. */
  private static final List<String> SETTINGS =
      List.of(
          "staffetta.cluster.failures.stable-after = 60s", "staffetta.cluster.lonely-after = 60s");

  private static final int ACCOUNTS_IN_EACH = 3;

  /** Clients log in, and every actor has written. */
  private static final Duration PEACE = Duration.ofSeconds(5);

  /** An election, giving up, and the start of actors elsewhere. */
  private static final Duration WRITTEN_ELSEWHERE_WITHIN = Duration.ofSeconds(20);

  /** In which the first node's replicas hear what came meanwhile. */
  private static final Duration CATCHES_UP = Duration.ofMillis(1_500);

  /** An election, and the third to find that it cannot lead. */
  private static final Duration ELECTED_WITHIN = Duration.ofSeconds(15);

  /** The old actors'. */
  private static final Duration WRITES = Duration.ofSeconds(5);

  private static final int ANSWERS_WITHIN_SECONDS = 5;
  private static final int LOOK_AGAIN_MILLIS = 300;
  private static final int MILLIS_BETWEEN_WRITES = 200;
  private static final Duration JOINS_AGAIN_WITHIN = Duration.ofSeconds(30);

  private final Stage stage;
  private final Random dice;
  private final int rounds;
  private final Consumer<String> out;

  /**
   * Starts a cluster of three nodes with some accounts in each partition.
   *
   * @param javaOptions further ones for each node
   */
  StaleWriter(Path directory, int rounds, long seed, String javaOptions, Consumer<String> out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.rounds = rounds;
    this.out = out;
    Cluster cluster =
        new Cluster(directory, Cluster.JAVA_OPTIONS + " " + javaOptions, false, SETTINGS);
    this.stage = Stage.set(cluster, 3, Accounts.inEachPartition(ACCOUNTS_IN_EACH), out);
  }

  @Override
  public List<Violation> run() throws IOException, InterruptedException {
    List<Violation> violations = List.of();
    for (int round = 1; round <= rounds && violations.isEmpty(); round++) {
      stage.recorder().forgetReads();
      play(round);
      violations = stage.settle();
      out.accept(
          violations.isEmpty()
              ? "round " + round + ": all promises hold"
              : "round " + round + ": " + violations.size() + " VIOLATIONS");
    }
    return violations;
  }

  private void play(int round) throws IOException, InterruptedException {
    Cluster cluster = stage.cluster();
    Map<Integer, Integer> leaders = cluster.leaders();
    // Node 1 has been there longest: it tells the others' actors where to be, so it stays with
    // them.
    List<Integer> eligible =
        leaders.values().stream().filter(node -> node != 1).distinct().sorted().toList();
    if (eligible.isEmpty()) {
      complain("all", "no node but the first leads anything");
      return;
    }
    int first = eligible.get(dice.nextInt(eligible.size()));
    List<Integer> led = led(leaders, first);
    CountDownLatch told = new CountDownLatch(1);
    Scene scene = stage.scene();
    long now = stage.recorder().now();
    cluster.numbers().forEach(node -> stage.disturbances().begin("node" + node, now));
    List<Integer> regained = new ArrayList<>();
    List<Integer> expected = new ArrayList<>(led);
    int second;
    long asked;
    try (Load load = new Load(scene, List.of(), 0, dice)) {
      putWriters(load, first, led, told);
      Thread.sleep(PEACE.toMillis());
      cluster.cutActors(first);
      cluster.process(first).signal("STOP");
      awaitWrites(accounts(led));
      Map<Integer, Integer> meanwhile = cluster.leaders();
      second = mostOf(led, meanwhile);
      expected.retainAll(led(meanwhile, second));
      cluster.process(first).signal("CONT");
      Thread.sleep(CATCHES_UP.toMillis());
      cluster.cutRequests(6 - first - second, first);
      cluster.process(second).signal("STOP");
      regained.addAll(awaitLeads(first, expected));
      asked = stage.recorder().now();
      told.countDown();
      Thread.sleep(WRITES.toMillis());
      cluster.process(second).signal("CONT");
      cluster.healLinks(true);
      cluster
          .awaitReady(Stage.HEALS_WITHIN)
          .forEach(name -> complain(name, "is not ready after " + Stage.HEALS_WITHIN));
      Thread.sleep(PEACE.toMillis());
      load.end();
    }
    long then = stage.recorder().now() + JOINS_AGAIN_WITHIN.toNanos();
    cluster.numbers().forEach(node -> stage.disturbances().end("node" + node, then));
    tell(round, first, second, led, regained, asked);
  }

  /** Until others have taken a message in each of these mailboxes from now on. */
  private void awaitWrites(List<String> mailboxes) throws InterruptedException {
    long since = stage.recorder().now();
    Set<String> missing = new TreeSet<>(mailboxes);
    while (!missing.isEmpty()
        && stage.recorder().now() - since < WRITTEN_ELSEWHERE_WITHIN.toNanos()) {
      Thread.sleep(LOOK_AGAIN_MILLIS);
      for (Operation operation : stage.recorder().history().operations()) {
        if (operation instanceof Delivery delivery
            && delivery.attempt().isDone()
            && delivery.attempt().span().began() > since) {
          delivery.folders().forEach(folder -> missing.remove(folder.account()));
        }
      }
    }
    if (!missing.isEmpty()) {
      complain("all", "nobody takes messages for " + missing + " though a majority is there");
    }
  }

  /**
   * Until the node says that it leads all that it led, or that has taken too long; what it leads.
   */
  private Set<Integer> awaitLeads(int node, List<Integer> before) throws IOException {
    long deadline = System.nanoTime() + ELECTED_WITHIN.toNanos();
    Set<Integer> again = new TreeSet<>();
    while (!again.containsAll(before) && System.nanoTime() < deadline) {
      again.addAll(
          stage
              .cluster()
              .ledInItsOwnView(node)
              .completeOnTimeout(Set.of(), ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS)
              .exceptionally(noAnswer -> Set.of())
              .join());
      again.retainAll(before);
    }
    return again;
  }

  /**
   * On the other nodes, for each mailbox, one that writes all the time; on the first, one for each
   * that writes once. An actor that was refused a write is done with, so none may come too early.
   */
  private void putWriters(Load load, int first, List<Integer> led, CountDownLatch told) {
    int late = 0;
    for (String account : accounts(led)) {
      for (NodeAddress address : stage.cluster().addresses()) {
        if (address.name().equals("node" + first)) {
          load.appendLater(address, account, told, late++ * MILLIS_BETWEEN_WRITES, dice);
        } else {
          load.append(address, account, dice);
        }
      }
    }
  }

  /** In these partitions. */
  private List<String> accounts(List<Integer> partitions) {
    int all = stage.accounts().size() / ACCOUNTS_IN_EACH;
    List<List<String>> accounts = PartitionOfAccount.someInEach(all, ACCOUNTS_IN_EACH);
    return partitions.stream().flatMap(p -> accounts.get(p).stream()).toList();
  }

  /** Who leads most of these partitions now. */
  private static int mostOf(List<Integer> partitions, Map<Integer, Integer> leaders) {
    return leaders.values().stream()
        .distinct()
        .max(
            Comparator.comparingLong(
                node -> partitions.stream().filter(p -> node.equals(leaders.get(p))).count()))
        .orElse(1);
  }

  private static List<Integer> led(Map<Integer, Integer> leaders, int node) {
    return leaders.entrySet().stream()
        .filter(e -> e.getValue() == node)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void tell(
      int round, int first, int second, List<Integer> led, List<Integer> regained, long asked) {
    List<Attempt> late =
        stage.recorder().history().operations().stream()
            .map(operation -> operation.attempt())
            .filter(attempt -> attempt.span().began() > asked)
            .filter(attempt -> attempt.client().startsWith("late-"))
            .toList();
    out.accept(
        String.format(
            Locale.ROOT,
            "round %d: node%d, which led %s, was given up, and led %s again when node%d was stopped;"
                + " of %d writes that its old actors were asked for, %d were acknowledged",
            round,
            first,
            led,
            List.copyOf(regained),
            second,
            late.size(),
            late.stream().filter(Attempt::isDone).count()));
  }

  private void complain(String node, String what) {
    stage.recorder().complain("the nemesis", node, what);
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
