package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Refusal;
import dev.staffetta.relay.RelayQueueCommand.GetSizes;
import dev.staffetta.relay.RelayQueueCommand.Items;
import dev.staffetta.relay.RelayQueueCommand.ListItems;
import dev.staffetta.relay.RelayQueueCommand.Operate;
import dev.staffetta.relay.RelayQueueCommand.Operated;
import dev.staffetta.relay.RelayQueueCommand.Trace;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Shards;
import dev.staffetta.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * {@link Queues} over the {@link RelayQueue} entities. One domain's mail is in one of them; what
 * goes over all mail goes through them one after the other.
 */
final class ShardedQueues implements Queues {
  private final Shards shards;
  private final Store store;

  ShardedQueues(Shards shards, Store store) {
    this.shards = shards;
    this.store = store;
  }

  /**
   * Where a page ended.
   *
   * @param id of its last item; empty text: the queue's first is next
   */
  private record Place(int queue, String id) {
    static Place parse(String written) {
      int dash = written.indexOf('-');
      String queue = written.substring(0, Math.max(0, dash));
      String id = written.substring(dash + 1);
      boolean isId = id.isEmpty() || RelayQueueCommand.id(id).isPresent();
      if (!queue.matches("[0-9]{1,6}") || !isId) {
        throw new IllegalArgumentException("'" + written + "' is not where a page ended");
      }
      return new Place(Integer.parseInt(queue), id);
    }

    @Override
    public String toString() {
      return queue + "-" + id;
    }
  }

  /**
   * Which queues are gone through.
   *
   * @param domain empty text: all
   * @param end number behind the last
   */
  private record Walk(String domain, Place from, int end) {}

  private Walk walk(Optional<String> domain, Optional<String> after) {
    Optional<Place> place = after.map(Place::parse);
    if (domain.isEmpty()) {
      return new Walk("", place.orElse(new Place(0, "")), store.partitions());
    }
    String name = domain.get().toLowerCase(Locale.ROOT);
    int queue = store.partitionOf(name);
    return new Walk(name, new Place(queue, place.map(Place::id).orElse("")), queue + 1);
  }

  @Override
  public CompletionStage<Page> list(Optional<String> domain, Optional<String> after, int limit) {
    Walk walk = walk(domain, after);
    int most = Math.max(1, Math.min(limit, LARGEST_PAGE));
    return list(walk, walk.from(), most, List.of());
  }

  private CompletionStage<Page> list(Walk walk, Place at, int limit, List<QueuedMail> found) {
    if (at.queue() >= walk.end()) {
      return CompletableFuture.completedStage(new Page(found, Optional.empty()));
    }
    int wanted = limit - found.size();
    if (wanted == 0) {
      return CompletableFuture.completedStage(new Page(found, Optional.of(at.toString())));
    }
    return this.<Items>ask(
            at.queue(), replyTo -> new ListItems(walk.domain(), at.id(), wanted, replyTo))
        .thenCompose(
            answer -> {
              List<QueueItem> items = answer.items();
              List<QueuedMail> more = new ArrayList<>(found);
              items.forEach(item -> more.add(mail(at.queue(), item)));
              Place next =
                  items.size() < wanted
                      ? new Place(at.queue() + 1, "")
                      : new Place(at.queue(), items.get(items.size() - 1).id().toString());
              return list(walk, next, limit, more);
            });
  }

  @Override
  public CompletionStage<QueuedMail> show(ContentId id) {
    return named(id.toString())
        .thenApply(
            found ->
                found.stream()
                    .filter(mail -> mail.id().equals(id))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new Refusal(
                                Refusal.Code.NONEXISTENT, "nothing is known of a message " + id)));
  }

  @Override
  public CompletionStage<List<QueuedMail>> trace(String name) {
    String trimmed = name.strip();
    Optional<ContentId> id = RelayQueueCommand.id(trimmed.toLowerCase(Locale.ROOT));
    if (id.isPresent()) {
      return named(id.get().toString())
          .thenCompose(found -> orElse(found, Outbound.contentOf(id.get()).toString()));
    }
    boolean isBracketed = trimmed.startsWith("<") && trimmed.endsWith(">");
    return named(isBracketed ? trimmed : "<" + trimmed + ">")
        .thenCompose(found -> orElse(found, trimmed));
  }

  private CompletionStage<List<QueuedMail>> orElse(List<QueuedMail> found, String name) {
    return found.isEmpty() ? named(name) : CompletableFuture.completedStage(found);
  }

  private CompletionStage<List<QueuedMail>> named(String name) {
    return fromAll(
            queue ->
                this.<Items>ask(queue, replyTo -> new Trace(name, replyTo))
                    .thenApply(answer -> answer.items().stream().map(i -> mail(queue, i)).toList()))
        .thenApply(
            all ->
                all.stream()
                    .flatMap(List::stream)
                    .sorted(
                        Comparator.comparing(QueuedMail::accepted)
                            .thenComparing(QueuedMail::destination))
                    .toList());
  }

  @Override
  public CompletionStage<Changed> change(Change change, Selection which, Optional<String> after) {
    if (which instanceof Selection.Single single) {
      return changeOne(change, single.id());
    }
    Walk walk =
        walk(
            which instanceof Selection.OfDomain one ? Optional.of(one.domain()) : Optional.empty(),
            after);
    return change(change, walk, walk.from(), new Changed(0, 0, Optional.empty()));
  }

  private CompletionStage<Changed> changeOne(Change change, ContentId id) {
    return fromAll(
            queue ->
                this.<Operated>ask(
                    queue, replyTo -> new Operate(change.name(), id.toString(), "", "", replyTo)))
        .thenApply(
            all -> {
              long changed = all.stream().mapToLong(Operated::changed).sum();
              long busy = all.stream().mapToLong(Operated::busy).sum();
              if (all.stream().anyMatch(answer -> answer.held() > 0)) {
                throw new Refusal(Refusal.Code.CANNOT, "message " + id + " is held; release it");
              }
              if (changed + busy == 0) {
                throw new Refusal(Refusal.Code.NONEXISTENT, "no message " + id + " waits");
              }
              return new Changed(changed, busy, Optional.empty());
            });
  }

  private CompletionStage<Changed> change(Change change, Walk walk, Place at, Changed soFar) {
    if (at.queue() >= walk.end()) {
      return CompletableFuture.completedStage(soFar);
    }
    if (soFar.changed() + soFar.busy() >= LARGEST_PAGE) {
      return CompletableFuture.completedStage(
          new Changed(soFar.changed(), soFar.busy(), Optional.of(at.toString())));
    }
    return this.<Operated>ask(
            at.queue(), replyTo -> new Operate(change.name(), "", walk.domain(), at.id(), replyTo))
        .thenCompose(
            done ->
                change(
                    change,
                    walk,
                    done.last().isEmpty()
                        ? new Place(at.queue() + 1, "")
                        : new Place(at.queue(), done.last()),
                    new Changed(
                        soFar.changed() + done.changed(),
                        soFar.busy() + done.busy(),
                        Optional.empty())));
  }

  @Override
  public CompletionStage<Sizes> sizes(int top) {
    return fromAll(queue -> sizes(queue, top))
        .thenApply(
            all -> {
              List<RelayQueueCommand.Sizes> answered =
                  all.stream().flatMap(Optional::stream).toList();
              return new Sizes(
                  size(answered.stream().map(RelayQueueCommand.Sizes::all).toList()),
                  answered.stream().mapToLong(RelayQueueCommand.Sizes::destinations).sum(),
                  answered.stream()
                      .flatMap(sizes -> sizes.sizes().stream())
                      .sorted(Comparator.comparingLong(RelayQueueCommand.Size::waiting).reversed())
                      .limit(top)
                      .map(one -> new DestinationSize(one.destination(), size(List.of(one))))
                      .toList(),
                  all.size() - answered.size());
            });
  }

  private CompletionStage<Optional<RelayQueueCommand.Sizes>> sizes(int queue, int top) {
    return shards
        .<RelayQueueCommand, RelayQueueCommand.Sizes>askForAnswer(
            ShardedRelayQueues.queue(shards, queue), replyTo -> new GetSizes(top, replyTo))
        .thenApply(answer -> Optional.of(answer.orRefuse()))
        .exceptionally(silent -> Optional.empty());
  }

  private static Size size(List<RelayQueueCommand.Size> sizes) {
    return new Size(
        sizes.stream().mapToLong(RelayQueueCommand.Size::waiting).sum(),
        sizes.stream().mapToLong(RelayQueueCommand.Size::recipients).sum(),
        sizes.stream().mapToLong(RelayQueueCommand.Size::held).sum(),
        sizes.stream()
            .filter(size -> size.waiting() > 0)
            .map(RelayQueueCommand.Size::oldestMillis)
            .min(Comparator.naturalOrder()));
  }

  private <R> CompletionStage<R> ask(
      int queue, Function<ActorRef<Answer<R>>, RelayQueueCommand> command) {
    return shards.ask(ShardedRelayQueues.queue(shards, queue), command);
  }

  /** All queues at once, in their order; fails if one of them does. */
  private <R> CompletionStage<List<R>> fromAll(
      java.util.function.IntFunction<CompletionStage<R>> question) {
    List<CompletableFuture<R>> answers =
        IntStream.range(0, store.partitions())
            .mapToObj(question)
            .map(CompletionStage::toCompletableFuture)
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
  }

  private static QueuedMail mail(int queue, QueueItem item) {
    Outbound mail = item.mail();
    return new QueuedMail(
        item.id(),
        queue,
        item.content(),
        item.size(),
        text(item.messageId()),
        mail.destination(),
        mail.reversePath(),
        mail.options(),
        mail.accepted(),
        item.recipients().stream().map(ShardedQueues::recipient).toList(),
        item.failures(),
        item.nextAttempt(),
        item.isHeld(),
        item.waitsForDestination(),
        item.attempts().stream().map(ShardedQueues::attempt).toList());
  }

  private static QueuedMail.Recipient recipient(RecipientState recipient) {
    return new QueuedMail.Recipient(
        recipient.address(),
        switch (recipient.stage()) {
          case WAITING -> QueuedMail.Stage.WAITING;
          case DELIVERED -> QueuedMail.Stage.DELIVERED;
          case FAILED -> QueuedMail.Stage.FAILED;
        },
        recipient.reply().toString(),
        recipient.host(),
        recipient.lastAttempt());
  }

  private static QueuedMail.Attempt attempt(QueueItem.Attempt attempt) {
    return new QueuedMail.Attempt(
        attempt.at(),
        text(attempt.host()),
        text(attempt.recipient()),
        attempt.result(),
        attempt.reply().toString());
  }

  private static Optional<String> text(String text) {
    return Stream.of(text).filter(written -> !written.isEmpty()).findFirst();
  }
}
