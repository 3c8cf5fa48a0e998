package dev.staffetta.nemesis;

import dev.staffetta.nemesis.Stage.Accounts;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.fault.Fault;
import dev.staffetta.nemesis.fault.FaultPlan;
import dev.staffetta.nemesis.fault.Nemesis;
import dev.staffetta.nemesis.history.Attempt;
import dev.staffetta.nemesis.history.Isolation;
import dev.staffetta.nemesis.history.Operation;
import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.nemesis.load.NodeAddress;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Cuts a node that leads off from the others, with clients that go on writing to what it led, on it
 * and elsewhere. It goes on believing that it leads; in every second round it stands still while
 * the others elect anew, and wakes to writes that wait for it. Nothing that is asked of it then may
 * be acknowledged, nor be there after healing.
 */
final class SplitBrain implements Scenario {
  private static final Duration PEACE = Duration.ofSeconds(3);

  /** Longer than a write waits before it is refused, so that refusals are seen. */
  private static final Duration CUT = Duration.ofSeconds(20);

  /** Longer than an election and the start of entities elsewhere take. */
  private static final Duration STANDS_STILL = Duration.ofSeconds(6);

  private static final int LATE_WRITES = 40;
  private static final int MILLIS_TO_FIRST = 600;
  private static final int MILLIS_BETWEEN = 200;
  private static final int MILLIS_BETWEEN_QUESTIONS = 100;

  private final Stage stage;
  private final List<String> accounts;
  private final Random dice;
  private final int rounds;
  private final Consumer<String> out;

  /**
   * Starts a cluster with an account in each partition.
   *
   * @param javaOptions further ones for each node
   */
  SplitBrain(
      Path directory, int nodes, int rounds, long seed, String javaOptions, Consumer<String> out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.rounds = rounds;
    this.out = out;
    Cluster cluster = new Cluster(directory, Cluster.JAVA_OPTIONS + " " + javaOptions, false);
    this.stage = Stage.set(cluster, nodes, Accounts.inEachPartition(1), out);
    this.accounts = stage.accounts();
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
    List<Integer> leading = leaders.values().stream().distinct().sorted().toList();
    if (leading.isEmpty()) {
      complain("all", "no node says who leads");
      return;
    }
    int victim = leading.get(dice.nextInt(leading.size()));
    List<Integer> led = new ArrayList<>();
    leaders.forEach(
        (partition, leader) -> led.addAll(leader == victim ? List.of(partition) : List.of()));
    boolean standsStill = round % 2 == 0;
    Fault fault =
        standsStill
            ? new Fault.Strand(List.of(victim), STANDS_STILL, true)
            : new Fault.Isolate(List.of(victim), true, true);
    Nemesis nemesis = new Nemesis(cluster, stage.recorder(), stage.disturbances());
    Scene scene = stage.scene();
    Beliefs beliefs = new Beliefs(victim);
    CountDownLatch isCut = new CountDownLatch(1);
    long believedUntil;
    try (Load load = new Load(scene, cluster.addresses(), 1, dice)) {
      putWriters(load, victim, led, isCut);
      Thread.sleep(PEACE.toMillis());
      beliefs.begin();
      isCut.countDown();
      nemesis.carryOut(new FaultPlan(fault, Duration.ZERO, CUT));
      believedUntil = beliefs.end();
      nemesis.expectAllReady(Stage.HEALS_WITHIN);
      Thread.sleep(PEACE.toMillis());
      load.end();
    }
    tell(round, victim, led, standsStill, believedUntil);
  }

  /**
   * For each partition that the node leads, one on every node that writes all the time; and on the
   * node many that write once, at different times after the cut.
   */
  private void putWriters(Load load, int victim, List<Integer> led, CountDownLatch isCut) {
    for (NodeAddress address : stage.cluster().addresses()) {
      boolean isVictim = address.name().equals("node" + victim);
      for (int partition : led) {
        load.append(address, accounts.get(partition), dice);
      }
      for (int i = 0; isVictim && i < LATE_WRITES; i++) {
        String account = accounts.get(led.get(i % led.size()));
        load.appendLater(address, account, isCut, MILLIS_TO_FIRST + i * MILLIS_BETWEEN, dice);
      }
    }
  }

  private void tell(
      int round, int victim, List<Integer> led, boolean stoodStill, long believedUntil) {
    List<Isolation> isolations = stage.recorder().history().isolations();
    Isolation isolation = isolations.get(isolations.size() - 1);
    int tried = 0;
    int acknowledged = 0;
    Map<String, Long> elsewhere = new TreeMap<>();
    for (Operation operation : stage.recorder().history().operations()) {
      Attempt attempt = operation.attempt();
      if (isolation.holds(attempt)) {
        tried++;
        acknowledged += attempt.isDone() ? 1 : 0;
      } else if (attempt.isDone()
          && operation instanceof Delivery delivery
          && attempt.span().began() > isolation.span().began()
          && !isolation.nodes().contains(attempt.node())) {
        delivery
            .folders()
            .forEach(
                f ->
                    elsewhere.merge(f.account(), attempt.span().ended(), (a, b) -> Math.min(a, b)));
      }
    }
    OptionalLong slowest =
        led.stream()
            .mapToLong(p -> elsewhere.getOrDefault(accounts.get(p), isolation.span().ended()))
            .max();
    long believed = believedUntil - isolation.span().began();
    out.accept(
        String.format(
            Locale.ROOT,
            "round %d: node%d, which led %s, was cut off for %.1f s%s, and said for %.1f s of them that"
                + " it leads; %d changes were asked of it and answered meanwhile, %d acknowledged;"
                + " elsewhere each of its mailboxes took a new message within %.1f s",
            round,
            victim,
            led,
            (isolation.span().ended() - isolation.span().began()) / 1e9,
            stoodStill ? " and stood still for the first " + STANDS_STILL.toSeconds() : "",
            Math.max(0, believed) / 1e9,
            tried,
            acknowledged,
            (slowest.orElse(isolation.span().began()) - isolation.span().began()) / 1e9));
    // One that wakes long after its last heartbeat may step down before it can say anything.
    if (tried == 0 || (believed < 0 && !stoodStill)) {
      complain("node" + victim, "it did not believe that it leads, or was not asked for anything");
    }
  }

  private void complain(String node, String what) {
    stage.recorder().complain("the nemesis", node, what);
  }

  /** When a node last said that it leads something; it is asked again and again. */
  private final class Beliefs {
    private final int node;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong lastSeen = new AtomicLong();

    Beliefs(int node) {
      this.node = node;
    }

    void begin() {
      var unused =
          asking.scheduleAtFixedRate(this::ask, 0, MILLIS_BETWEEN_QUESTIONS, TimeUnit.MILLISECONDS);
    }

    private void ask() {
      long asked = stage.recorder().now();
      try {
        var unused =
            stage
                .cluster()
                .ledInItsOwnView(node)
                .thenAccept(led -> lastSeen.accumulateAndGet(led.isEmpty() ? 0 : asked, Math::max));
      } catch (IOException noToken) {
        throw new UncheckedIOException(noToken);
      }
    }

    /** The moment, by the recorder's clock. */
    long end() {
      asking.shutdownNow();
      return lastSeen.get();
    }
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
