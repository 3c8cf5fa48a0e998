package dev.staffetta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.client.ImapClient;
import dev.staffetta.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 under load: what was acknowledged is there exactly once, what was not may be. Rounds by
 * {@code -Dstaffetta.kill.rounds=20}, a failing run again by {@code -Dstaffetta.kill.seed=…}.
 */
class KillIT {
  private static final String ACCOUNT = "alice@example.com";
  private static final List<String> FOLDERS = List.of("INBOX", "Work", Letter.ARCHIVE);
  private static final Duration SETTLED = Duration.ofSeconds(15);

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    int rounds = Integer.getInteger("staffetta.kill.rounds", 3);
    long seed = Long.getLong("staffetta.kill.seed", System.nanoTime());
    System.out.println("KillIT: " + rounds + " rounds, seed " + seed);
    Random dice = new Random(seed);
    ConcurrentLinkedQueue<Letter> letters = new ConcurrentLinkedQueue<>();
    Checker checker = new Checker();
    try (ServerProcess server = new ServerProcess(directory, "-Xmx512m")) {
      server.start();
      String password = "kept-through-kill-9";
      server.administer("", "domain", "add", "example.com");
      server.administer(password + "\n", "account", "add", ACCOUNT, "--password-stdin");
      try (ImapClient imap = new ImapClient(server.ports().imap(), Duration.ofSeconds(30))) {
        imap.login(ACCOUNT, password);
        imap.ok("CREATE Work");
      }
      for (int round = 1; round <= rounds; round++) {
        int placed = loadUntilKilled(server, password, dice, letters);
        server.start();
        verify(server, password, letters, checker, round, seed);
        System.out.println(
            "KillIT: round " + round + ": " + placed + " letters placed, all promises hold");
        assertThat(placed).as("letters placed in round %d", round).isPositive();
      }
    }
  }

  private static int loadUntilKilled(
      ServerProcess server, String password, Random dice, ConcurrentLinkedQueue<Letter> letters)
      throws Exception {
    AtomicBoolean goOn = new AtomicBoolean(true);
    int clients = 6;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        running.add(
            threads.submit(
                new LoadClient(
                    server.ports(),
                    ACCOUNT,
                    password,
                    i % 3 == 2 ? "Work" : "INBOX",
                    new Random(dice.nextLong()),
                    letters,
                    goOn::get)));
      }
      int before = letters.size();
      int enough = 20 + dice.nextInt(400);
      Awaitility.await("the load to run, seed and round are printed above")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(2))
          .until(() -> letters.size() - before >= enough);
      server.kill();
      goOn.set(false);
      int placed = 0;
      for (Future<Integer> client : running) {
        placed += client.get(60, TimeUnit.SECONDS);
      }
      return placed;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void verify(
      ServerProcess server,
      String password,
      ConcurrentLinkedQueue<Letter> letters,
      Checker checker,
      int round,
      long seed) {
    Map<String, Checker.FolderState> folders = new HashMap<>();
    // A move that was cut off is finished after the start, not before the greeting.
    Awaitility.await("promises after round " + round + ", seed " + seed)
        .atMost(SETTLED)
        .untilAsserted(
            () -> {
              try (ImapClient imap =
                  new ImapClient(server.ports().imap(), Duration.ofSeconds(30))) {
                imap.login(ACCOUNT, password);
                for (String folder : FOLDERS) {
                  folders.put(folder, FolderReader.read(imap, folder));
                }
              }
              assertThat(checker.violations(letters, folders)).isEmpty();
            });
    checker.remember(folders);
  }
}
