package dev.staffetta.cli;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Follows a node that is being drained or removed, and prints what has changed each second. */
final class NodeProgress {
  private static final long LOOK_MILLIS = 1_000;

  /** Nodes may come and go meanwhile; so long without any answer is too long. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final AdminAccess access;
  private final PrintWriter out;
  private String last = "";

  NodeProgress(AdminAccess access, PrintWriter out) {
    this.access = access;
    this.out = out;
  }

  void awaitDrained(String name) throws CommandFailure {
    await(
        name,
        node -> node.wanted().equals("draining") && node.leads() == 0,
        node -> node.name() + " still leads " + node.leads() + " partitions");
    out.println(name + " leads nothing any more");
    out.flush();
  }

  void awaitRemoved(String name) throws CommandFailure {
    await(
        name,
        node -> node.wanted().equals("removed"),
        node -> node.name() + " still has " + node.replicas() + " replicas");
    out.println(name + " is removed; its process can be stopped and its data deleted");
    out.flush();
  }

  private void await(
      String name, Predicate<NodeStatus> isDone, Function<NodeStatus, String> sentence)
      throws CommandFailure {
    long heardAt = System.nanoTime();
    while (true) {
      Optional<ClusterStatus> status = status();
      Optional<NodeStatus> node =
          status.flatMap(s -> s.nodes().stream().filter(n -> n.name().equals(name)).findFirst());
      if (node.filter(isDone).isPresent()) {
        return;
      }
      if (node.isPresent()) {
        heardAt = System.nanoTime();
        print(sentence.apply(node.get()), status.get());
      } else if (System.nanoTime() - heardAt > SILENCE.toNanos()) {
        throw new CommandFailure("no node has answered for a minute; it goes on by itself");
      }
      pause();
    }
  }

  private Optional<ClusterStatus> status() {
    try {
      return Optional.of(access.client().status());
    } catch (CommandFailure unanswered) {
      // The node that was asked may be the one that goes; another is asked next.
      return Optional.empty();
    }
  }

  private void print(String sentence, ClusterStatus status) {
    StringWriter moves = new StringWriter();
    NodeCommand.printMoves(new PrintWriter(moves), status.moves());
    String now = sentence + moves.toString().stripTrailing();
    if (!now.equals(last)) {
      out.println(now);
      out.flush();
      last = now;
    }
  }

  private static void pause() throws CommandFailure {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted; it goes on by itself", e);
    }
  }
}
