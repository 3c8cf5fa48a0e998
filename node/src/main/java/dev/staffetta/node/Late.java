package dev.staffetta.node;

import dev.staffetta.ports.Refusal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A port of a node that may not be in its cluster yet: until then whoever asks is asked to try
 * later. For any thread.
 *
 * @param <P> the port
 */
final class Late<P> {
  private final AtomicReference<Optional<P>> there = new AtomicReference<>(Optional.empty());

  /** From now on it can be asked. */
  void isThere(P port) {
    there.set(Optional.of(port));
  }

  <T> CompletionStage<T> ask(Function<P, CompletionStage<T>> question) {
    return there
        .get()
        .map(question)
        .orElseGet(
            () ->
                CompletableFuture.failedStage(
                    new Refusal(
                        Refusal.Code.UNAVAILABLE,
                        "this node is not in its cluster yet, try again later")));
  }
}
