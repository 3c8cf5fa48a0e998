package dev.staffetta.system;

import dev.staffetta.account.AccountCommand;
import dev.staffetta.account.AccountNeighbours;
import dev.staffetta.account.ShardedAccounts;
import dev.staffetta.journal.EntityPartition;
import dev.staffetta.journal.StoreJournal;
import dev.staffetta.mailbox.MailboxCommand;
import dev.staffetta.mailbox.MailboxNeighbours;
import dev.staffetta.mailbox.ShardedMailboxes;
import dev.staffetta.mailbox.Transfer;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.Shards;
import dev.staffetta.store.DiskState;
import dev.staffetta.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** How entities reach one another: by sharding. */
final class Neighbours {
  private static final UidSet EVERY_UID = new UidSet(List.of(new UidSet.Range(1, 0xFFFF_FFFFL)));

  private Neighbours() {}

  /**
   * Where an entity is.
   *
   * @param persistenceId of the entity
   */
  record Here<M>(Store store, String persistenceId, ActorRef<ClusterSharding.ShardCommand> shard)
      implements Place<M> {
    @Override
    public CompletionStage<Long> lastChange() {
      int partition = EntityPartition.of(store, persistenceId);
      return store
          .barrier(partition)
          .thenCompose(
              passed ->
                  store.read(partition, reader -> StoreJournal.highest(reader, persistenceId)));
    }

    @Override
    public boolean hasRoom() {
      return store.diskState() == DiskState.ROOMY;
    }

    @Override
    public void passivate(ActorRef<M> entity) {
      shard.tell(new ClusterSharding.Passivate<>(entity));
    }
  }

  /** Whom a mailbox talks to. */
  record OfMailbox(Shards shards, Place<MailboxCommand> place) implements MailboxNeighbours {
    @Override
    public CompletionStage<Long> lastChange() {
      return place.lastChange();
    }

    @Override
    public boolean hasRoom() {
      return place.hasRoom();
    }

    @Override
    public void passivate(ActorRef<MailboxCommand> mailbox) {
      place.passivate(mailbox);
    }

    @Override
    public CompletionStage<OptionalLong> uidValidity(MailboxId mailbox) {
      return shards.ask(
          shards.entity(ShardedAccounts.TYPE, mailbox.account().address()),
          replyTo -> new AccountCommand.FindMailbox(mailbox.number(), replyTo));
    }

    @Override
    public CompletionStage<Answer<Transfer>> receive(
        MailboxId target, Function<ActorRef<Answer<Transfer>>, MailboxCommand> command) {
      return shards.askForAnswer(shards.entity(ShardedMailboxes.TYPE, target.toString()), command);
    }
  }

  /** Whom an account talks to. */
  record OfAccount(Shards shards, Mailboxes mailboxes, Place<AccountCommand> place)
      implements AccountNeighbours {
    @Override
    public CompletionStage<Long> lastChange() {
      return place.lastChange();
    }

    @Override
    public boolean hasRoom() {
      return place.hasRoom();
    }

    @Override
    public void passivate(ActorRef<AccountCommand> account) {
      place.passivate(account);
    }

    @Override
    public CompletionStage<Done> delete(MailboxId mailbox, long uidValidity) {
      return shards.ask(
          shards.entity(ShardedMailboxes.TYPE, mailbox.toString()),
          replyTo -> new MailboxCommand.Delete(uidValidity, replyTo));
    }

    @Override
    public CompletionStage<Done> moveAll(MailboxId from, MailboxId to) {
      return mailboxes
          .move(from, EVERY_UID, to, operation(from, to))
          .thenApply(copied -> Done.getInstance());
    }

    /** The same whenever the move is begun again. */
    private static ContentId operation(MailboxId from, MailboxId to) {
      UUID id =
          UUID.nameUUIDFromBytes(
              ("move all of " + from + " to " + to).getBytes(StandardCharsets.UTF_8));
      return new ContentId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
  }
}
