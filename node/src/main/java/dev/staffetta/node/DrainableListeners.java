package dev.staffetta.node;

import dev.staffetta.listen.Listeners;
import dev.staffetta.placement.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's listeners, which are closed while the node is drained, and opened again when it is to
 * take part again. One change follows the other, in the order in which they were wanted.
 */
final class DrainableListeners {
  private static final Logger LOG = LoggerFactory.getLogger(DrainableListeners.class);

  private final Supplier<CompletionStage<Listeners>> opening;
  private final Duration drainDeadline;

  /** What there is; changed only by what {@link #changes} runs. */
  private volatile Optional<Listeners> open = Optional.empty();

  /** The last change that was wanted; guarded by this. */
  private CompletionStage<Done> changes = CompletableFuture.completedStage(Done.getInstance());

  private boolean isStopped;

  /**
   * None is open yet.
   *
   * @param opening opens all of them
   * @param drainDeadline how long a session of a drained node may take to end by itself
   */
  DrainableListeners(Supplier<CompletionStage<Listeners>> opening, Duration drainDeadline) {
    this.opening = opening;
    this.drainDeadline = drainDeadline;
  }

  /** Opens them. */
  synchronized CompletionStage<Done> start() {
    changes = changes.exceptionally(before -> Done.getInstance()).thenCompose(done -> openNow());
    return changes;
  }

  /** Closes or opens them, as the state of the node wants it. */
  synchronized void follow(NodeState state) {
    if (isStopped) {
      return;
    }
    changes =
        changes
            .exceptionally(before -> Done.getInstance())
            .thenCompose(done -> state == NodeState.JOINED ? openNow() : closeNow(drainDeadline));
    var unused =
        changes.whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.error("the listeners cannot be opened again", failure);
              }
            });
  }

  /** Takes no new connections any more; those that are open go on. */
  synchronized CompletionStage<Done> unbind() {
    isStopped = true;
    return open.map(Listeners::unbind)
        .orElseGet(() -> CompletableFuture.completedStage(Done.getInstance()));
  }

  /** Closes them for good. */
  synchronized CompletionStage<Done> stop(Duration deadline) {
    isStopped = true;
    // Also while a drain waits for its sessions, which are told their farewell already.
    return closeNow(deadline);
  }

  List<Listeners.Status> status() {
    return open.map(Listeners::status).orElse(List.of());
  }

  private CompletionStage<Done> openNow() {
    if (open.isPresent()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return opening
        .get()
        .thenApply(
            listeners -> {
              open = Optional.of(listeners);
              return Done.getInstance();
            });
  }

  private CompletionStage<Done> closeNow(Duration deadline) {
    Optional<Listeners> closing = open;
    if (closing.isEmpty()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return closing
        .get()
        .stop(deadline)
        .thenApply(
            done -> {
              open = Optional.empty();
              return done;
            });
  }
}
