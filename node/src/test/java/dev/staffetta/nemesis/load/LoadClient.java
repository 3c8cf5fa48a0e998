package dev.staffetta.nemesis.load;

import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.nemesis.history.Attempt;
import dev.staffetta.nemesis.history.Outcome;
import dev.staffetta.nemesis.history.Span;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A client of one node that opens a session, works in it, and opens another when it ends, until the
 * round is over. A session that ends without an excuse is a complaint, and so is silence.
 */
abstract class LoadClient implements Callable<Void> {
  private static final int PAUSE_AFTER_FAILURE_MILLIS = 200;

  final String name;
  final NodeAddress node;
  final Scene scene;
  final Random dice;

  LoadClient(String name, NodeAddress node, Scene scene, long seed) {
    this.name = name;
    this.node = node;
    this.scene = scene;
    this.dice = new Random(seed);
  }

  @Override
  public final Void call() throws InterruptedException {
    while (scene.goesOn()) {
      long began = scene.recorder().now();
      try {
        session();
      } catch (UnexpectedReply refused) {
        judge(refused);
        scene.pause(PAUSE_AFTER_FAILURE_MILLIS);
      } catch (IOException ended) {
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
    } else if (!scene.disturbances().excuse(node.name(), began, now)) {
      complain(
          "the session ended, though nothing was done to its node since "
              + new Span(began, now)
              + ": "
              + ended);
    }
  }

  final void complain(String what) {
    scene.recorder().complain(name, node.name(), what);
  }

  final long now() {
    return scene.recorder().now();
  }

  final Attempt attempt(long began, Outcome outcome) {
    return new Attempt(name, node.name(), new Span(began, now()), outcome);
  }
}
