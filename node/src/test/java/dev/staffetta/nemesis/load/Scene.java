package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Folder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the clients of a round share.
 *
 * @param accounts their addresses
 * @param password of each
 * @param over opens when they are to stop
 * @param quiet opens when all that change something have stopped
 */
public record Scene(
    List<String> accounts,
    String password,
    Recorder recorder,
    Disturbances disturbances,
    CountDownLatch over,
    CountDownLatch quiet) {
  /** The folders of every account. */
  public static final List<String> FOLDERS = List.of("INBOX", "Work", "Archive");

  /**
   * Longer than any deadline of a server, and than a process is ever stopped: who gets no answer in
   * this time has met a hang.
   */
  public static final Duration REPLY_DEADLINE = Duration.ofSeconds(60);

  boolean goesOn() {
    return over.getCount() > 0;
  }

  boolean isQuiet() {
    return quiet.getCount() == 0;
  }

  /** Waits, but not beyond the end. */
  void pause(int millis) throws InterruptedException {
    over.await(millis, TimeUnit.MILLISECONDS);
  }

  String anyAccount(Random dice) {
    return accounts.get(dice.nextInt(accounts.size()));
  }

  static Folder anyFolder(String account, Random dice) {
    return new Folder(account, FOLDERS.get(dice.nextInt(FOLDERS.size())));
  }
}
