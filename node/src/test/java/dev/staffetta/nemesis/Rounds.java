package dev.staffetta.nemesis;

import dev.staffetta.nemesis.Stage.Accounts;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.fault.FaultKind;
import dev.staffetta.nemesis.fault.FaultPlan;
import dev.staffetta.nemesis.fault.Nemesis;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** Rounds of load and faults on one cluster, each checked against all that went before. */
final class Rounds implements AutoCloseable {
  private static final int MILLIS_OF_PEACE = 3_000;

  private final Stage stage;
  private final List<FaultKind> kinds;
  private final Random dice;
  private final Consumer<String> out;

  /**
   * Starts a cluster of so many nodes.
   *
   * @param directory of its data, absolute, empty
   * @param kinds of faults
   * @param javaOptions further ones for each node
   * @param out is told what is done
   */
  Rounds(
      Path directory,
      int nodes,
      int accounts,
      List<FaultKind> kinds,
      long seed,
      String javaOptions,
      Consumer<String> out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.out = out;
    this.kinds = new ArrayList<>(kinds);
    Cluster cluster =
        new Cluster(
            directory, Cluster.JAVA_OPTIONS + " " + javaOptions, kinds.contains(FaultKind.DISK));
    if (!cluster.hasSmallDisks() && this.kinds.remove(FaultKind.DISK)) {
      out.accept("this process may not mount a file system, so no disk is filled");
    }
    if (nodes == 1) {
      this.kinds.remove(FaultKind.CUT);
    }
    this.stage = Stage.set(cluster, nodes, Accounts.numbered(accounts), out);
  }

  /** One round; the promises that were broken. */
  List<Violation> run(int round, int faults) throws IOException, InterruptedException {
    stage.recorder().forgetReads();
    long before = stage.recorder().acknowledged();
    Cluster cluster = stage.cluster();
    Nemesis nemesis = new Nemesis(cluster, stage.recorder(), stage.disturbances());
    Scene scene = stage.scene();
    double wellAfterSeconds;
    try (Load load = new Load(scene, cluster.addresses(), 2, dice)) {
      for (int i = 0; i < faults; i++) {
        FaultPlan plan =
            FaultPlan.random(
                dice, cluster.numbers(), new HashSet<>(cluster.leaders().values()), kinds);
        out.accept("round " + round + ": " + describe(plan));
        nemesis.carryOut(plan);
      }
      long healed = stage.recorder().now();
      nemesis.expectAllReady(Stage.HEALS_WITHIN);
      wellAfterSeconds = (stage.recorder().now() - healed) / 1e9;
      // Some load on a whole cluster too.
      Thread.sleep(MILLIS_OF_PEACE);
      load.end();
    }
    List<Violation> violations = stage.settle();
    out.accept(
        String.format(
            Locale.ROOT,
            "round %d: %d acknowledged, all nodes ready %.1f s after the last fault, %s",
            round,
            stage.recorder().acknowledged() - before,
            wellAfterSeconds,
            violations.isEmpty() ? "all promises hold" : violations.size() + " VIOLATIONS"));
    return violations;
  }

  private static String describe(FaultPlan plan) {
    return String.format(
        Locale.ROOT,
        "after %.1f s for %.1f s %s",
        plan.before().toMillis() / 1e3,
        plan.lasts().toMillis() / 1e3,
        plan.fault());
  }

  void report(List<Violation> violations) {
    stage.report(violations);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stage.close();
  }
}
