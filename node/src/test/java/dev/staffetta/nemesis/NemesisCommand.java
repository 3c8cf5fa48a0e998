package dev.staffetta.nemesis;

import dev.staffetta.nemesis.fault.FaultKind;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.mutant.Mutant;
import dev.staffetta.nemesis.mutant.MutantBuild;
import dev.staffetta.nemesis.relay.RelayPlan;
import dev.staffetta.nemesis.relay.RelayRun;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The nemesis' command line; {@code node/bin/nemesis --help} shows it. */
@Command(
    name = "nemesis",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a cluster of the packaged product on loopback, puts load on it, does faults to it, and",
      "holds what its clients saw against what they were promised. The exit code is 1 when a promise",
      "was broken; logs and history are kept then."
    })
public final class NemesisCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      description = "how many (default ${DEFAULT-VALUE})",
      defaultValue = "5")
  private int rounds;

  @Option(names = "--nodes", description = "1 to 5 (default ${DEFAULT-VALUE})", defaultValue = "3")
  private int nodes;

  @Option(names = "--accounts", description = "default ${DEFAULT-VALUE}", defaultValue = "6")
  private int accounts;

  @Option(
      names = "--faults",
      split = ",",
      description = "some of ${COMPLETION-CANDIDATES}; default all",
      defaultValue = "KILL,STOP,CUT,DISK,RESTART")
  private List<FaultKind> faults = List.of();

  @Option(
      names = "--faults-per-round",
      description = "default ${DEFAULT-VALUE}",
      defaultValue = "3")
  private int faultsPerRound;

  @Option(names = "--seed", description = "of the dice; default: a new one, printed")
  private long seed = System.nanoTime();

  @Option(names = "--directory", description = "of all data; default: a new one in /tmp")
  private Path directory;

  @Option(names = "--keep-going", description = "go on after a round that broke a promise")
  private boolean keepGoing;

  @Option(
      names = "--mutant",
      description = {
        "run the product with a promise broken on purpose, to see it caught: some of",
        "${COMPLETION-CANDIDATES}"
      })
  private Mutant mutant;

  @Option(names = "--recovery", description = "measure how long mailboxes of a killed node take")
  private boolean measuresRecovery;

  @Option(names = "--growth", description = "go from one node to three, to five, back to three")
  private boolean grows;

  @Option(
      names = "--split-brain",
      description = "cut off nodes that lead, and ask them for changes meanwhile")
  private boolean splits;

  @Option(
      names = "--stale-writer",
      description = {
        "let a node that was given up lead again before its actors know; what --mutant no_fencing",
        "runs by itself"
      })
  private boolean wakesStaleWriters;

  @Option(
      names = "--rolling-restart",
      description = "restart one node after the other by SIGTERM, so many rounds")
  private boolean restarts;

  @Option(
      names = "--kills",
      description = "of --recovery and --relay (default ${DEFAULT-VALUE})",
      defaultValue = "20")
  private int kills;

  @Option(
      names = "--relay",
      description = "mail for other servers, which fail, while nodes are killed")
  private boolean relays;

  @Option(
      names = "--messages",
      description = "of --relay (default ${DEFAULT-VALUE})",
      defaultValue = "10000")
  private int messages;

  @Option(
      names = "--destinations",
      description = "of --relay (default ${DEFAULT-VALUE})",
      defaultValue = "50")
  private int destinations;

  @Option(
      names = "--kill-every",
      description = "of --relay, in seconds (default ${DEFAULT-VALUE})",
      defaultValue = "20")
  private int killEverySeconds;

  @Option(
      names = "--away",
      description = "for how long a destination goes away, in seconds (default ${DEFAULT-VALUE})",
      defaultValue = "30")
  private int awaySeconds;

  @Option(
      names = "--forget-every",
      description = {
        "of --relay: the destinations forget one message in so many that they took, to see it",
        "missed"
      })
  private int forgetEvery;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data =
        directory == null ? Files.createTempDirectory("nemesis") : directory.toAbsolutePath();
    System.out.printf("nemesis: seed %d, %d nodes, data in %s%n", seed, nodes, data);
    Optional<Scenario> scenario = scenario(data);
    boolean isWell =
        scenario.isPresent() ? play(scenario.get()) : relays ? relay(data) : rounds(data);
    if (isWell) {
      delete(data);
    }
    return isWell ? 0 : 1;
  }

  private String javaOptions(Path data) throws IOException {
    return mutant == null
        ? ""
        : MutantBuild.javaOption(mutant, ServerProcess.repository(), data.resolve("mutant"));
  }

  private Optional<Scenario> scenario(Path data) throws IOException, InterruptedException {
    if (measuresRecovery) {
      return Optional.of(new Recovery(data, nodes, kills, seed, NemesisCommand::say));
    } else if (grows) {
      return Optional.of(new Growth(data, accounts, seed, NemesisCommand::say));
    } else if (splits) {
      return Optional.of(
          new SplitBrain(data, nodes, rounds, seed, javaOptions(data), NemesisCommand::say));
    } else if (wakesStaleWriters || (mutant == Mutant.NO_FENCING && !isAnythingElse())) {
      return Optional.of(
          new StaleWriter(data, rounds, seed, javaOptions(data), NemesisCommand::say));
    } else if (restarts) {
      return Optional.of(
          new RollingRestart(data, nodes, accounts, rounds, seed, NemesisCommand::say));
    }
    return Optional.empty();
  }

  private boolean isAnythingElse() {
    return restarts || relays;
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private boolean play(Scenario scenario) throws IOException, InterruptedException {
    try (scenario) {
      List<Violation> violations = scenario.run();
      if (!violations.isEmpty()) {
        scenario.report(violations);
      }
      System.out.printf(
          "nemesis: seed %d: %s%n",
          seed, violations.isEmpty() ? "all promises hold" : violations.size() + " VIOLATIONS");
      return violations.isEmpty();
    }
  }

  private boolean relay(Path data) throws IOException, InterruptedException {
    RelayPlan plan =
        new RelayPlan(
            nodes,
            messages,
            destinations,
            kills,
            Duration.ofSeconds(killEverySeconds),
            Duration.ofSeconds(awaySeconds),
            forgetEvery,
            seed);
    try (RelayRun run = new RelayRun(data, plan, javaOptions(data), NemesisCommand::say)) {
      return run.run().isEmpty();
    }
  }

  private boolean rounds(Path data) throws IOException, InterruptedException {
    int broken = 0;
    try (Rounds run =
        new Rounds(data, nodes, accounts, faults, seed, javaOptions(data), NemesisCommand::say)) {
      for (int round = 1; round <= rounds && (broken == 0 || keepGoing); round++) {
        List<Violation> violations = run.run(round, faultsPerRound);
        if (!violations.isEmpty()) {
          broken++;
          System.out.println("nemesis: seed " + seed + ", round " + round + ":");
          run.report(violations);
        }
      }
    }
    System.out.printf("nemesis: seed %d: %d of %d rounds broke a promise%n", seed, broken, rounds);
    return broken == 0;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  public static void main(String... arguments) {
    CommandLine command =
        new CommandLine(new NemesisCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(arguments));
  }
}
