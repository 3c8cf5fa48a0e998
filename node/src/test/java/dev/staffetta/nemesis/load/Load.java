package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Folder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The clients of a round, a handful on every node, each on a thread. */
public final class Load implements AutoCloseable {
  private static final Duration LONGEST_END = Scene.REPLY_DEADLINE.plusSeconds(30);

  private final Scene scene;
  private final int each;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<Void>> changing = new ArrayList<>();
  private final List<Future<Void>> following = new ArrayList<>();
  private final List<LoadClient> roaming = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param each how many clients that change folders, and that follow one, are on each node
   */
  public Load(Scene scene, List<NodeAddress> nodes, int each, Random dice) {
    this.scene = scene;
    this.each = each;
    nodes.forEach(node -> join(node, dice));
  }

  /** Starts clients on one more node. */
  public void join(NodeAddress node, Random dice) {
    String at = "-" + node.name().replace("node", "");
    List<NodeAddress> here = List.of(node);
    changing.add(threads.submit(new SmtpLoad("smtp" + at, here, scene, dice.nextLong())));
    changing.add(threads.submit(new Pop3Load("pop3" + at, here, scene, dice.nextLong())));
    for (int i = 0; i < each; i++) {
      char letter = (char) ('a' + i);
      changing.add(
          threads.submit(new ImapLoad("imap" + at + letter, here, scene, dice.nextLong())));
      Folder folder = Scene.anyFolder(scene.anyAccount(dice), dice);
      following.add(
          threads.submit(
              new Follower("follower" + at + letter, node, scene, folder, dice.nextLong())));
    }
  }

  /** Starts a client on one node that appends to one account all the time. */
  public void append(NodeAddress node, String account, Random dice) {
    String name = "appender-" + node.name().replace("node", "") + "-" + account;
    changing.add(threads.submit(new Appender(name, node, scene, account, dice.nextLong())));
  }

  /** Starts a session on one node that appends one message so long after it is told. */
  public void appendLater(
      NodeAddress node, String account, CountDownLatch told, int laterMillis, Random dice) {
    String name = "late-" + node.name().replace("node", "") + "-" + laterMillis;
    changing.add(
        threads.submit(
            new LateAppender(name, node, scene, account, told, laterMillis, dice.nextLong())));
  }

  /** Starts a client of each protocol that tries another node when one lets it down. */
  public void roam(String name, List<NodeAddress> nodes, Random dice) {
    List<LoadClient> clients =
        List.of(
            new SmtpLoad("smtp-" + name, nodes, scene, dice.nextLong()),
            new Pop3Load("pop3-" + name, nodes, scene, dice.nextLong()),
            new ImapLoad("imap-" + name, nodes, scene, dice.nextLong()));
    roaming.addAll(clients);
    clients.forEach(client -> changing.add(threads.submit(client)));
  }

  /** The longest that one of those that roam had to try again, so far. */
  public Duration longestRetry() {
    return roaming.stream()
        .map(LoadClient::longestFailure)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** Stops those that change something, then lets those that follow compare. */
  public void end() throws InterruptedException {
    scene.over().countDown();
    await(changing);
    scene.quiet().countDown();
    await(following);
  }

  private void await(List<Future<Void>> clients) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    for (Future<Void> client : clients) {
      try {
        client.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException hangs) {
        scene.recorder().complain("the load", "all", "a client did not end in " + LONGEST_END);
      } catch (ExecutionException broken) {
        throw new IllegalStateException("a client is broken", broken.getCause());
      }
    }
  }

  @Override
  public void close() {
    scene.over().countDown();
    scene.quiet().countDown();
    threads.shutdownNow();
  }
}
