package dev.staffetta.nemesis;

import dev.staffetta.nemesis.history.Folder;
import dev.staffetta.nemesis.load.FolderSession;
import dev.staffetta.nemesis.load.NodeAddress;
import dev.staffetta.nemesis.load.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A session on one node that waits for a mailbox led by another to take a write again: it was open
 * before, as those of people are, and appends until it is told OK.
 */
final class Probe implements Callable<Duration>, AutoCloseable {
  private final NodeAddress node;
  private final Scene scene;
  private final String account;
  private final Random dice;
  private FolderSession session;
  private volatile long since;

  Probe(NodeAddress node, Scene scene, String account, long seed) throws IOException {
    this.node = node;
    this.scene = scene;
    this.account = account;
    this.dice = new Random(seed);
    this.session = open();
  }

  private FolderSession open() throws IOException {
    return new FolderSession("probe", node, scene, account);
  }

  /** The kill was at this moment of {@link System#nanoTime}. */
  void since(long moment) {
    since = moment;
  }

  /** How long after the kill a write that began after it was acknowledged. */
  @Override
  public Duration call() throws InterruptedException {
    while (true) {
      try {
        if (session.appendOne(new Folder(account, "INBOX"), dice).startsWith("OK")) {
          return Duration.ofNanos(System.nanoTime() - since);
        }
      } catch (IOException ended) {
        reopen();
      }
      Thread.sleep(20);
    }
  }

  private void reopen() {
    try {
      session.close();
      session = open();
    } catch (IOException notYet) {
      // Tried again.
    }
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
