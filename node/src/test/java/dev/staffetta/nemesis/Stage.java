package dev.staffetta.nemesis;

import dev.staffetta.client.ImapClient;
import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.history.Checker;
import dev.staffetta.nemesis.history.History;
import dev.staffetta.nemesis.history.Violation;
import dev.staffetta.nemesis.load.Disturbances;
import dev.staffetta.nemesis.load.FinalReader;
import dev.staffetta.nemesis.load.Recorder;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A cluster with accounts, and all that was ever written down of what clients did there. */
final class Stage implements AutoCloseable {
  /** A cluster that is left alone is whole again within this time. */
  static final Duration HEALS_WITHIN = Duration.ofSeconds(90);

  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);
  private static final String PASSWORD = "kept-through-all-faults";
  private static final int MOST_SHOWN = 12;

  private final Cluster cluster;
  private final List<String> accounts;
  private final Consumer<String> out;
  private final Recorder recorder = new Recorder();
  private final Disturbances disturbances = new Disturbances();

  /** Who is to have an account in a cluster that runs. */
  interface Accounts {
    List<String> in(Cluster cluster) throws InterruptedException;

    static Accounts numbered(int count) {
      return cluster ->
          IntStream.rangeClosed(1, count).mapToObj(i -> "user" + i + "@example.com").toList();
    }

    static Accounts inEachPartition(int each) {
      return cluster ->
          PartitionOfAccount.someInEach(cluster.members().size(), each).stream()
              .flatMap(List::stream)
              .toList();
    }
  }

  /** Starts so many nodes of a cluster, and creates the accounts; else leaves nothing behind. */
  static Stage set(Cluster cluster, int nodes, Accounts accounts, Consumer<String> out)
      throws IOException, InterruptedException {
    try {
      cluster.add(IntStream.rangeClosed(1, nodes).toArray());
      cluster.awaitReady(HEALS_WITHIN);
      return new Stage(cluster, accounts.in(cluster), out);
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Creates the accounts, with their folders. */
  private Stage(Cluster cluster, List<String> accounts, Consumer<String> out)
      throws IOException, InterruptedException {
    this.cluster = cluster;
    this.accounts = List.copyOf(accounts);
    this.out = out;
    List<String> unwell = cluster.awaitReady(HEALS_WITHIN);
    if (!unwell.isEmpty()) {
      throw new IOException(unwell + " not ready " + HEALS_WITHIN + " after the start");
    }
    administer("", "domain", "add", "example.com");
    importAccounts();
    for (String account : accounts) {
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

  /** All at once; those that were not made while leads were evened out, again. */
  private void importAccounts() throws IOException, InterruptedException {
    Path file = cluster.directory().resolve("accounts.csv");
    long deadline = System.nanoTime() + HEALS_WITHIN.toNanos();
    List<String> missing = accounts;
    while (!missing.isEmpty()) {
      Files.write(file, missing.stream().map(account -> account + "," + PASSWORD).toList());
      try {
        cluster.process(1).administer("", "account", "import", file.toString());
        return;
      } catch (IOException notAll) {
        if (System.nanoTime() > deadline) {
          throw notAll;
        }
        out.accept(notAll.getMessage().strip());
      }
      List<String> there =
          cluster
              .administer(HEALS_WITHIN, out, "", "account", "list", "example.com")
              .lines()
              .map(String::strip)
              .toList();
      missing = accounts.stream().filter(account -> !there.contains(account)).toList();
    }
  }

  private void administer(String input, String... arguments)
      throws IOException, InterruptedException {
    cluster.administer(HEALS_WITHIN, out, input, arguments);
  }

  Cluster cluster() {
    return cluster;
  }

  List<String> accounts() {
    return accounts;
  }

  Recorder recorder() {
    return recorder;
  }

  Disturbances disturbances() {
    return disturbances;
  }

  /** For one lot of clients. */
  Scene scene() {
    return new Scene(
        accounts, PASSWORD, recorder, disturbances, new CountDownLatch(1), new CountDownLatch(1));
  }

  /**
   * Reads all from every node and checks the whole history. What was cut off in the middle, such as
   * a move, is finished within some time.
   */
  List<Violation> settle() throws InterruptedException {
    long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
    FinalReader reader = new FinalReader(scene(), cluster.addresses());
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
  void report(List<Violation> violations) {
    violations.stream().limit(MOST_SHOWN).forEach(v -> out.accept("  " + v));
    if (violations.size() > MOST_SHOWN) {
      out.accept("  and " + (violations.size() - MOST_SHOWN) + " more");
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
      out.accept("  the whole history is in " + file + ", the nodes' logs beside it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    cluster.close();
  }
}
