package dev.staffetta.node;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The queues of a node that may not be in its cluster yet: until then it asks to try later. */
final class LateQueues implements Queues {
  private final Late<Queues> late = new Late<>();

  /** From now on it can be asked. */
  void isThere(Queues queues) {
    late.isThere(queues);
  }

  @Override
  public CompletionStage<Page> list(Optional<String> domain, Optional<String> after, int limit) {
    return late.ask(queues -> queues.list(domain, after, limit));
  }

  @Override
  public CompletionStage<QueuedMail> show(ContentId id) {
    return late.ask(queues -> queues.show(id));
  }

  @Override
  public CompletionStage<Changed> change(Change change, Selection which, Optional<String> after) {
    return late.ask(queues -> queues.change(change, which, after));
  }

  @Override
  public CompletionStage<Sizes> sizes(int top) {
    return late.ask(queues -> queues.sizes(top));
  }

  @Override
  public CompletionStage<List<QueuedMail>> trace(String name) {
    return late.ask(queues -> queues.trace(name));
  }
}
