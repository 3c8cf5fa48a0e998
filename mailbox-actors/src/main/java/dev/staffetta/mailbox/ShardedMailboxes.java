package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Append;
import dev.staffetta.mailbox.MailboxCommand.Copy;
import dev.staffetta.mailbox.MailboxCommand.GetModseq;
import dev.staffetta.mailbox.MailboxCommand.GetStatus;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.mailbox.MailboxCommand.StoreFlags;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Shards;
import dev.staffetta.store.content.StoredContents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** {@link Mailboxes} over the {@link Mailbox} entities. */
public final class ShardedMailboxes implements Mailboxes {
  /** Names the entities. */
  public static final EntityTypeKey<MailboxCommand> TYPE =
      EntityTypeKey.create(MailboxCommand.class, "Mailbox");

  private final ActorSystem<?> system;
  private final Shards shards;
  private final Shards.Patience patience;
  private final StoredContents contents;
  private final Duration renewAfter;

  /**
   * @param renewAfter before a subscription is renewed although nothing seems to have happened
   */
  public ShardedMailboxes(
      ActorSystem<?> system,
      Shards shards,
      Shards.Patience patience,
      StoredContents contents,
      Duration renewAfter) {
    this.system = system;
    this.shards = shards;
    this.patience = patience;
    this.contents = contents;
    this.renewAfter = renewAfter;
  }

  @Override
  public CompletionStage<OpenMailbox> open(
      MailboxId id, Access access, Consumer<MailboxEvent> listener) {
    CompletableFuture<OpenMailbox> opened = new CompletableFuture<>();
    system.systemActorOf(
        Subscription.create(entity(id), access, listener, opened, patience, renewAfter),
        "subscription-" + UUID.randomUUID(),
        Props.empty());
    return opened;
  }

  @Override
  public CompletionStage<MailboxView> view(MailboxId id) {
    return shards.ask(entity(id), GetView::new);
  }

  @Override
  public CompletionStage<Long> highestModseq(MailboxId id) {
    return shards.ask(entity(id), GetModseq::new);
  }

  @Override
  public CompletionStage<MailboxStatus> status(MailboxId id) {
    return shards.ask(entity(id), GetStatus::new);
  }

  @Override
  public CompletionStage<Appended> append(
      MailboxId id, SpooledMessage message, Set<String> flags, Instant internalDate) {
    return contents
        .write(id.account(), message)
        .thenCompose(
            small ->
                shards.ask(
                    entity(id),
                    replyTo ->
                        new Append(
                            message.content(),
                            message.size(),
                            small,
                            flags,
                            internalDate,
                            replyTo)));
  }

  @Override
  public CompletionStage<Stored> store(
      MailboxId id, UidSet uids, StoreMode mode, Set<String> flags, Optional<Long> unchangedSince) {
    return store(id, uids, mode, flags, unchangedSince, List.of());
  }

  private CompletionStage<Stored> store(
      MailboxId id,
      UidSet uids,
      StoreMode mode,
      Set<String> flags,
      Optional<Long> unchangedSince,
      List<UidSet> modifiedBefore) {
    ContentId operation = ContentId.random();
    UidSet part = UidSets.first(uids);
    CompletionStage<MailboxCommand.Stored> first =
        shards.ask(
            entity(id),
            replyTo -> new StoreFlags(operation, part, mode, flags, unchangedSince, replyTo));
    return first.thenCompose(
        stored -> {
          List<UidSet> modified = new ArrayList<>(modifiedBefore);
          modified.add(stored.modified());
          UidSet rest =
              stored.next().isPresent()
                  ? UidSets.above(uids, stored.next().getAsLong() - 1)
                  : UidSets.without(uids, part);
          return rest.isEmpty()
              ? CompletableFuture.completedStage(
                  new Stored(stored.modseq(), UidSets.union(modified)))
              : store(id, rest, mode, flags, unchangedSince, modified);
        });
  }

  @Override
  public CompletionStage<Expunged> expunge(MailboxId id, Expunge which) {
    return expunge(id, which, List.of());
  }

  private CompletionStage<Expunged> expunge(MailboxId id, Expunge which, List<UidSet> before) {
    CompletionStage<MailboxCommand.Expunged> first =
        shards.ask(entity(id), replyTo -> new MailboxCommand.Expunge(first(which), replyTo));
    return first.thenCompose(
        expunged -> {
          List<UidSet> all = new ArrayList<>(before);
          all.add(expunged.uids());
          Optional<Expunge> rest = expunged.isWhole() ? rest(which) : Optional.of(which);
          return rest.isEmpty()
              ? CompletableFuture.completedStage(
                  new Expunged(expunged.modseq(), UidSets.union(all)))
              : expunge(id, rest.get(), all);
        });
  }

  /** As much of it as fits one message. */
  private static Expunge first(Expunge which) {
    if (which instanceof Expunge.DeletedAmong among) {
      return new Expunge.DeletedAmong(UidSets.first(among.uids()));
    }
    return which instanceof Expunge.Exactly exactly
        ? new Expunge.Exactly(UidSets.first(exactly.uids()))
        : which;
  }

  /** What is left of it then; empty: nothing. */
  private static Optional<Expunge> rest(Expunge which) {
    if (which instanceof Expunge.DeletedAmong among) {
      UidSet rest = UidSets.without(among.uids(), UidSets.first(among.uids()));
      return rest.isEmpty() ? Optional.empty() : Optional.of(new Expunge.DeletedAmong(rest));
    }
    if (which instanceof Expunge.Exactly exactly) {
      UidSet rest = UidSets.without(exactly.uids(), UidSets.first(exactly.uids()));
      return rest.isEmpty() ? Optional.empty() : Optional.of(new Expunge.Exactly(rest));
    }
    return Optional.empty();
  }

  @Override
  public CompletionStage<Copied> copy(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation) {
    requireSameAccount(from, to);
    if (uids.ranges().size() > UidSets.MAX_COPIED_RANGES) {
      return CompletableFuture.failedStage(
          new Refusal(Refusal.Code.LIMIT, "too many messages to be copied at a time"));
    }
    CompletionStage<Transfer> copied =
        shards.ask(entity(from), replyTo -> new Copy(operation, uids, to.number(), replyTo));
    return copied.thenApply(transfer -> copied(List.of(transfer)));
  }

  @Override
  public CompletionStage<Copied> move(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation) {
    requireSameAccount(from, to);
    return move(from, uids, to, operation, List.of());
  }

  private CompletionStage<Copied> move(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation, List<Transfer> before) {
    UidSet part = UidSets.first(uids);
    CompletionStage<Transfer> first =
        shards.ask(entity(from), replyTo -> new Move(operation, part, to.number(), replyTo));
    return first.thenCompose(
        transfer -> {
          List<Transfer> all = new ArrayList<>(before);
          all.add(transfer);
          UidSet rest =
              transfer.source().isEmpty()
                  ? UidSets.without(uids, part)
                  : UidSets.above(uids, UidSets.last(transfer.source()));
          return rest.isEmpty()
              ? CompletableFuture.completedStage(copied(all))
              : move(from, rest, to, next(operation), all);
        });
  }

  /** The operation that carries on where another stopped; the same whoever asks. */
  private static ContentId next(ContentId operation) {
    return new ContentId(operation.high(), operation.low() + 1);
  }

  private static Copied copied(List<Transfer> transfers) {
    List<Long> source = new ArrayList<>();
    List<Long> target = new ArrayList<>();
    long uidValidity = 0;
    long sourceModseq = 0;
    long targetModseq = 0;
    for (Transfer transfer : transfers) {
      transfer.source().stream().forEach(source::add);
      transfer.target().forEach(target::add);
      uidValidity = Math.max(uidValidity, transfer.targetUidValidity());
      sourceModseq = Math.max(sourceModseq, transfer.sourceModseq());
      targetModseq = Math.max(targetModseq, transfer.targetModseq());
    }
    return new Copied(uidValidity, source, target, sourceModseq, targetModseq);
  }

  private static void requireSameAccount(MailboxId from, MailboxId to) {
    if (!from.account().equals(to.account())) {
      throw new IllegalArgumentException(from + " and " + to + " are not of one account");
    }
  }

  private EntityRef<MailboxCommand> entity(MailboxId id) {
    return shards.entity(TYPE, id.toString());
  }
}
