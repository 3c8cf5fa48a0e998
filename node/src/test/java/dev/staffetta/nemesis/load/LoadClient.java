package dev.staffetta.nemesis.load;

import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.nemesis.history.Attempt;
import dev.staffetta.nemesis.history.Outcome;
import dev.staffetta.nemesis.history.Span;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A client that opens a session, works in it, and opens another when it ends, until the round is
 * over.
 *
 * <p>One that is bound to a node complains of a session that ends without an excuse. One that roams
 * does as people's clients do: when its session ends or it is told to come again, it tries another
 * node, and complains when that goes on for too long. Silence, and a refusal for good, are a
 * complaint of either.
 */
abstract class LoadClient implements Callable<Void> {
  /** How long who comes again may be told to, before a person would notice. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PAUSE_AFTER_FAILURE_MILLIS = 200;
  private static final long NEVER = -1;

  final String name;
  final Scene scene;
  final Random dice;

  /** The node of this session; the client's own thread changes it between two. */
  NodeAddress node;

  private final List<NodeAddress> nodes;
  private int sessions;

  /** Since when nothing has been acknowledged though it was tried. */
  private long failingSince = NEVER;

  private volatile long longestFailureNanos;

  /**
   * A client.
   *
   * @param nodes one that it is bound to, or several that it roams over
   */
  LoadClient(String name, List<NodeAddress> nodes, Scene scene, long seed) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.scene = scene;
    this.dice = new Random(seed);
    this.node = nodes.get(0);
  }

  private boolean roams() {
    return nodes.size() > 1;
  }

  @Override
  public final Void call() throws InterruptedException {
    while (scene.goesOn()) {
      node = nodes.get(sessions++ % nodes.size());
      long began = scene.recorder().now();
      try {
        session();
        succeeded();
      } catch (UnexpectedReply refused) {
        failed();
        judge(refused);
        scene.pause(PAUSE_AFTER_FAILURE_MILLIS);
      } catch (IOException ended) {
        failed();
        judge(ended, began);
        scene.pause(PAUSE_AFTER_FAILURE_MILLIS);
      }
    }
    return null;
  }

  /** Connects, works, and closes. */
  abstract void session() throws IOException, InterruptedException;

  /** Whether a reply is a temporary refusal, which is always allowed. */
  abstract boolean isTemporary(String reply);

  void judge(UnexpectedReply refused) {
    if (!isTemporary(refused.reply())) {
      complain(refused.getMessage());
    }
  }

  private void judge(IOException ended, long began) {
    long now = scene.recorder().now();
    if (ended instanceof SocketTimeoutException) {
      complain("no answer within " + Scene.REPLY_DEADLINE.toSeconds() + " s: " + ended);
    } else if (!roams() && !scene.disturbances().excuse(node.name(), began, now)) {
      complain(
          "the session ended, though nothing was done to its node since "
              + new Span(began, now)
              + ": "
              + ended);
    }
  }

  private void failed() {
    if (failingSince == NEVER) {
      failingSince = now();
    }
  }

  private void succeeded() {
    if (failingSince != NEVER) {
      long nanos = now() - failingSince;
      failingSince = NEVER;
      longestFailureNanos = Math.max(longestFailureNanos, nanos);
      if (roams() && nanos > PATIENCE.toNanos()) {
        complain("it had to try again for " + Duration.ofNanos(nanos));
      }
    }
  }

  /** The longest time from a failure to the next success, so far. */
  final Duration longestFailure() {
    return Duration.ofNanos(longestFailureNanos);
  }

  final void complain(String what) {
    scene.recorder().complain(name, node.name(), what);
  }

  final long now() {
    return scene.recorder().now();
  }

  /** What was tried, just now, for the record. */
  final Attempt attempt(long began, Outcome outcome) {
    if (outcome == Outcome.DONE) {
      succeeded();
    } else if (outcome == Outcome.UNKNOWN) {
      failed();
    }
    return new Attempt(name, node.name(), new Span(began, now()), outcome);
  }
}
