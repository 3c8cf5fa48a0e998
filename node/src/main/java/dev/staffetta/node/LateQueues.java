package dev.staffetta.node;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The queues of a node that may not be in its cluster yet: until then it asks to try later. */
final class LateQueues implements Queues {
  private final AtomicReference<Optional<Queues>> there = new AtomicReference<>(Optional.empty());

  /** From now on they can be asked. */
  void isThere(Queues queues) {
    there.set(Optional.of(queues));
  }

  private <T> CompletionStage<T> ask(Function<Queues, CompletionStage<T>> question) {
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

  @Override
  public CompletionStage<Page> list(Optional<String> domain, Optional<String> after, int limit) {
    return ask(queues -> queues.list(domain, after, limit));
  }

  @Override
  public CompletionStage<QueuedMail> show(ContentId id) {
    return ask(queues -> queues.show(id));
  }

  @Override
  public CompletionStage<Changed> change(Change change, Selection which, Optional<String> after) {
    return ask(queues -> queues.change(change, which, after));
  }

  @Override
  public CompletionStage<Sizes> sizes(int top) {
    return ask(queues -> queues.sizes(top));
  }

  @Override
  public CompletionStage<List<QueuedMail>> trace(String name) {
    return ask(queues -> queues.trace(name));
  }
}
