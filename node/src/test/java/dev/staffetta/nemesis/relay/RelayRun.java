package dev.staffetta.nemesis.relay;

import dev.staffetta.nemesis.fault.Cluster;
import dev.staffetta.nemesis.relay.RelayVerdict.Duplicates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A run of the relay's nemesis on a cluster of its own. */
public final class RelayRun implements AutoCloseable {
  private static final Duration HEALS_WITHIN = Duration.ofSeconds(90);
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(4);
  private static final String PASSWORD = "kept-through-all-kills";
  private static final int ACCOUNTS = 4;
  private static final int SENDERS = 6;
  private static final int PACE_MILLIS = 20;
  private static final int LONGEST_DOWN_MILLIS = 5_000;
  private static final int MOST_SHOWN = 20;

  /** As connections-to-hosts: so many at once are right, and not again within a second. */
  private static final int STORM = 5;

  private final RelayPlan plan;
  private final Consumer<String> out;
  private final Random dice;
  private final RelayRecord record;
  private final List<ScriptedDestination> destinations = new ArrayList<>();
  private final List<String> accounts;
  private final List<BounceReader> readers;
  private final Cluster cluster;
  private final Path directory;
  private long awayFrom;
  private long awayTo;

  /**
   * Starts the destinations and the cluster.
   *
   * @param directory of its data, absolute
   * @param javaOptions further ones for each node
   * @param out is told what is done and found
   */
  public RelayRun(Path directory, RelayPlan plan, String javaOptions, Consumer<String> out)
      throws IOException, InterruptedException {
    this.plan = plan;
    this.out = out;
    this.dice = new Random(plan.seed());
    this.record = new RelayRecord(plan.forgetEvery());
    this.directory = directory;
    this.accounts =
        IntStream.rangeClosed(1, ACCOUNTS).mapToObj(i -> "user" + i + "@example.com").toList();
    this.readers = accounts.stream().map(a -> new BounceReader(a, PASSWORD, record)).toList();
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < plan.destinations(); i++) {
      destinations.add(new ScriptedDestination(i, record));
      settings.add(destinations.get(i).route());
    }
    settings.add("staffetta.relay.schedule.first-retry = 1s");
    settings.add("staffetta.relay.schedule.last-retry = 5s");
    this.cluster =
        new Cluster(directory, Cluster.JAVA_OPTIONS + " " + javaOptions, false, settings);
    try {
      cluster.add(IntStream.rangeClosed(1, plan.nodes()).toArray());
      cluster.awaitReady(HEALS_WITHIN);
      cluster.administer(HEALS_WITHIN, out, "", "domain", "add", "example.com");
      StringBuilder lines = new StringBuilder();
      accounts.forEach(account -> lines.append(account).append(',').append(PASSWORD).append('\n'));
      Path file = Files.writeString(directory.resolve("accounts.csv"), lines);
      cluster.administer(HEALS_WITHIN, out, "", "account", "import", file.toString());
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The promises that were broken. */
  public List<String> run() throws IOException, InterruptedException {
    BlockingQueue<RelayLetter> letters = new LinkedBlockingQueue<>();
    ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 2);
    long began = System.nanoTime();
    try {
      for (int i = 0; i < SENDERS; i++) {
        threads.execute(
            new RelaySender(letters, cluster.addresses(), PASSWORD, record, dice.nextLong()));
      }
      threads.execute(() -> write(letters, new Random(plan.seed())));
      threads.execute(this::sendAwayAndBack);
      for (int kill = 1; kill <= plan.kills(); kill++) {
        sleepUntil(began + plan.killEvery().multipliedBy(kill).toNanos());
        kill(kill);
      }
      cluster
          .awaitReady(HEALS_WITHIN)
          .forEach(node -> record.complain(node + " is not ready after " + HEALS_WITHIN));
      awaitSubmissions();
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }
    out.accept(
        format(
            "%d letters submitted in %.0f s, %d kills",
            record.submissions(), seconds(System.nanoTime() - began), plan.kills()));
    return report(settle(), began);
  }

  /** Puts letters in the queue of the senders, evenly. */
  private void write(BlockingQueue<RelayLetter> letters, Random chance) {
    long began = System.nanoTime();
    int written = 0;
    try {
      while (written < plan.messages()) {
        double share = (double) (System.nanoTime() - began) / plan.lasts().toNanos();
        for (; written < Math.min(plan.messages(), share * plan.messages()); written++) {
          String sender = accounts.get(chance.nextInt(accounts.size()));
          letters.add(RelayLetter.random(written, sender, plan.destinations(), chance));
        }
        Thread.sleep(PACE_MILLIS);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendAwayAndBack() {
    try {
      Thread.sleep(plan.lasts().dividedBy(4).toMillis());
      awayFrom = System.nanoTime();
      destinations.forEach(ScriptedDestination::goAway);
      Thread.sleep(plan.away().toMillis());
      for (ScriptedDestination destination : destinations) {
        destination.comeBack();
      }
      awayTo = System.nanoTime();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (IOException broken) {
      record.complain("a destination does not come back: " + broken);
    }
  }

  private void kill(int number) throws IOException, InterruptedException {
    int victim = cluster.numbers().get(dice.nextInt(cluster.numbers().size()));
    int down = 100 + dice.nextInt(LONGEST_DOWN_MILLIS);
    record.killed(System.nanoTime());
    cluster.process(victim).kill();
    out.accept(format("kill %d: node%d, started again after %.1f s", number, victim, down / 1e3));
    Thread.sleep(down);
    cluster.process(victim).launch();
  }

  private void awaitSubmissions() throws InterruptedException {
    long deadline = System.nanoTime() + plan.lasts().plus(SETTLES_WITHIN).toNanos();
    while (record.submissions() < plan.messages()) {
      if (System.nanoTime() - deadline > 0) {
        record.complain(plan.messages() - record.submissions() + " letters were not submitted");
        return;
      }
      Thread.sleep(100);
    }
  }

  /** Waits until something became of everything, and nothing waits in a queue. */
  private RelayVerdict settle() throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (true) {
      readBounces();
      RelayVerdict verdict = RelayChecker.check(record.history());
      boolean isOver = System.nanoTime() - began > SETTLES_WITHIN.toNanos();
      if (isOver || (verdict.waiting().isEmpty() && queue().contains("\"messages\":[]"))) {
        if (isOver && verdict.waiting().isEmpty()) {
          record.complain("the queue is not empty: " + queue());
        }
        readBounces();
        out.accept(format("settled after %.0f s", seconds(System.nanoTime() - began)));
        return RelayChecker.check(record.history());
      }
      // A forgotten message does not come any more.
      if (plan.forgetEvery() > 0 && queue().contains("\"messages\":[]")) {
        return verdict;
      }
      Thread.sleep(1_000);
    }
  }

  private String queue() throws IOException, InterruptedException {
    return cluster.administer(HEALS_WITHIN, out, "", "queue", "list", "--json", "--limit", "20");
  }

  private void readBounces() throws InterruptedException {
    for (BounceReader reader : readers) {
      try {
        reader.read(cluster.addresses(), dice);
      } catch (IOException notNow) {
        // It is read again, or its account's reports are missed.
        out.accept("reports could not be read: " + notNow.getMessage());
      }
    }
  }

  private List<String> report(RelayVerdict verdict, long began) throws IOException {
    RelayHistory history = record.history();
    List<String> violations = new ArrayList<>(record.complaints());
    violations.addAll(verdict.violations());
    verdict.waiting().forEach(recipient -> violations.add("lost: " + recipient));
    violations.addAll(storms(history));
    int recipients =
        history.submissions().stream().mapToInt(s -> s.letter().recipients().size()).sum();
    int open = history.submissions().stream().mapToInt(Submission::openEnds).sum();
    Duplicates twice = verdict.duplicates();
    out.accept(
        format(
            "%d recipients: %d copies arrived, %d came back; %d submissions had no answer or another than 250",
            recipients, history.receipts().size(), history.bounces().size(), open));
    out.accept(
        format(
            "more than one copy: %d after the destination kept one and broke the connection,"
                + " %d submitted again, %d told 250 within 1 s before one of %d kills, %d at other times",
            twice.dropped(),
            twice.resubmitted(),
            twice.killed(),
            history.kills().size(),
            twice.other()));
    ConnectionRates rates = new ConnectionRates(record.connections());
    out.accept(
        format(
            "connections in all %d; most in a second %d to all destinations, %d to one;"
                + " to those that were away or busy %d while they were, %d in the 10 s after",
            rates.connections().size(),
            rates.peak(began, System.nanoTime()),
            rates.peakOfOne(began, System.nanoTime(), domain -> true),
            rates.peakOfOne(awayFrom, awayTo, this::goesAway),
            rates.peakOfOne(awayTo, awayTo + Duration.ofSeconds(10).toNanos(), this::goesAway)));
    violations.stream().limit(MOST_SHOWN).forEach(v -> out.accept("  " + v));
    out.accept(
        violations.isEmpty()
            ? "seed " + plan.seed() + ": all promises hold"
            : format(
                "seed %d: %d VIOLATIONS; logs are in %s",
                plan.seed(), violations.size(), directory));
    return violations;
  }

  private boolean goesAway(String domain) {
    return destinations.stream()
        .filter(d -> d.manner() == Manner.AWAY || d.manner() == Manner.BUSY)
        .anyMatch(d -> d.domain().equals(domain));
  }

  /** How it is with connections after each kill, and what is too many. */
  private List<String> storms(RelayHistory history) {
    List<String> storms = new ArrayList<>();
    ConnectionRates rates = new ConnectionRates(record.connections());
    List<String> peaks = new ArrayList<>();
    for (long kill : history.kills()) {
      long until = kill + Math.min(plan.killEvery().toNanos(), Duration.ofSeconds(15).toNanos());
      peaks.add(rates.peak(kill, until) + "/" + rates.peakOfOne(kill, until, domain -> true));
    }
    out.accept("after each kill, most connections in a second to all/to one: " + peaks);
    int refused = rates.peakOfOne(awayFrom, awayTo, this::goesAway);
    if (refused > 2 * STORM) {
      storms.add("a destination that was busy was connected to " + refused + " times in a second");
    }
    return storms;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    Thread.sleep(Math.max(0, (nanos - System.nanoTime()) / 1_000_000));
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    cluster.close();
    destinations.forEach(ScriptedDestination::close);
  }
}
