package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Whether this node's disk has room for more. Asked before anything is added, so that no entity has
 * to stop over a write that the store refuses; removals are always let through.
 */
@FunctionalInterface
public interface DiskRoom {
  boolean isThere();

  /** Does what adds to the disk, or refuses as temporarily unavailable. */
  default <R> CompletionStage<R> add(Supplier<CompletionStage<R>> addition) {
    return isThere()
        ? addition.get()
        : CompletableFuture.failedStage(
            new Refusal(Refusal.Code.UNAVAILABLE, "the disk is nearly full"));
  }
}
