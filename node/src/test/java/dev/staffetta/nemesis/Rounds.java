package dev.staffetta.nemesis;

import dev.staffetta.client.ImapClient;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.fault.FaultKind;
import dev.staffetta.nemesis.fault.FaultPlan;
import dev.staffetta.nemesis.fault.Nemesis;
import dev.staffetta.nemesis.history.Checker;
import dev.staffetta.nemesis.history.History;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Disturbances;
import dev.staffetta.nemesis.load.FinalReader;
import dev.staffetta.nemesis.load.Load;
import dev.staffetta.nemesis.load.Recorder;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rounds of load and faults on one cluster, each checked against all that went before. */
public final class Rounds implements AutoCloseable {
  private static final Duration HEALS_WITHIN = Duration.ofSeconds(90);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);
  private static final String PASSWORD = "kept-through-all-faults";
  private static final int MOST_SHOWN = 12;

  private final Cluster cluster;
  private final List<FaultKind> kinds;
  private final Random dice;
  private final PrintStream out;
  private final Recorder recorder = new Recorder();
  private final Disturbances disturbances = new Disturbances();
  private final List<String> accounts;

  /**
   * Starts a cluster of so many nodes.
   *
   * @param directory of its data, absolute, empty
   * @param kinds of faults
   * @param out is told what is done
   */
  public Rounds(
      Path directory, int nodes, int accounts, List<FaultKind> kinds, long seed, PrintStream out)
      throws IOException, InterruptedException {
    this.dice = new Random(seed);
    this.out = out;
    this.accounts =
        IntStream.rangeClosed(1, accounts).mapToObj(i -> "user" + i + "@example.com").toList();
    this.cluster = new Cluster(directory, "-Xmx512m", kinds.contains(FaultKind.DISK));
    this.kinds = new ArrayList<>(kinds);
    if (!cluster.hasSmallDisks() && this.kinds.remove(FaultKind.DISK)) {
      out.println("this process may not mount a file system, so no disk is filled");
    }
    if (nodes == 1) {
      this.kinds.remove(FaultKind.CUT);
    }
    try {
      cluster.add(IntStream.rangeClosed(1, nodes).toArray());
      createAccounts();
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void createAccounts() throws IOException, InterruptedException {
    cluster.awaitReady(HEALS_WITHIN);
    cluster.process(1).administer("", "domain", "add", "example.com");
    for (String account : accounts) {
      cluster.process(1).administer(PASSWORD + "\n", "account", "add", account, "--password-stdin");
      try (ImapClient imap =
          new ImapClient(cluster.process(1).ports().imap(), Scene.REPLY_DEADLINE)) {
        imap.login(account, PASSWORD);
        for (String folder : Scene.FOLDERS.subList(1, Scene.FOLDERS.size())) {
          // Some come with the account.
          imap.command("CREATE " + folder);
        }
      }
    }
  }

  /** One round; the promises that were broken. */
  public List<Violation> run(int round, int faults) throws IOException, InterruptedException {
    Scene scene =
        new Scene(
            accounts,
            PASSWORD,
            recorder,
            disturbances,
            new CountDownLatch(1),
            new CountDownLatch(1));
    recorder.forgetReads();
    long before = recorder.acknowledged();
    Nemesis nemesis = new Nemesis(cluster, recorder, disturbances);
    long healed;
    try (Load load = new Load(scene, cluster.addresses(), dice)) {
      for (int i = 0; i < faults; i++) {
        FaultPlan plan =
            FaultPlan.random(
                dice, cluster.numbers(), new HashSet<>(cluster.leaders().values()), kinds);
        out.println("round " + round + ": " + describe(plan));
        nemesis.carryOut(plan);
      }
      healed = recorder.now();
      List<String> unwell = cluster.awaitReady(HEALS_WITHIN);
      unwell.forEach(
          n -> recorder.complain("the nemesis", n, "is not ready " + HEALS_WITHIN + " after healing"));
      nemesis.expectAllAlive();
      // Some load on a whole cluster too, before it ends.
      Thread.sleep(3_000);
      load.end();
    }
    List<Violation> violations = settle(scene);
    out.printf(
        Locale.ROOT,
        "round %d: %d acknowledged, all well %.1f s after healing, %s%n",
        round,
        recorder.acknowledged() - before,
        (recorder.now() - healed) / 1e9,
        violations.isEmpty() ? "all promises hold" : violations.size() + " VIOLATIONS");
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

  /** What was cut off in the middle, such as a move, is finished within some time. */
  private List<Violation> settle(Scene scene) throws InterruptedException {
    long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
    FinalReader reader = new FinalReader(scene, cluster.addresses());
    reader.read(HEALS_WITHIN, true);
    List<Violation> violations = Checker.check(recorder.history());
    while (!violations.isEmpty()
        && violations.stream().allMatch(Violation::maySettle)
        && System.nanoTime() < deadline) {
      Thread.sleep(2_000);
      reader.read(HEALS_WITHIN, false);
      violations = Checker.check(recorder.history());
    }
    return violations;
  }

  /** Prints some violations and writes all with the whole history into a file beside the logs. */
  public void report(List<Violation> violations) {
    violations.stream().limit(MOST_SHOWN).forEach(v -> out.println("  " + v));
    if (violations.size() > MOST_SHOWN) {
      out.println("  and " + (violations.size() - MOST_SHOWN) + " more");
    }
    History history = recorder.history();
    String text =
        Stream.of(violations, history.isolations(), history.operations(), history.reads())
            .flatMap(List::stream)
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
    try {
      Path file = cluster.directory().resolve("history.txt");
      Files.writeString(file, text);
      out.println("  the whole history is in " + file + ", the nodes' logs beside it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    cluster.close();
  }
}
