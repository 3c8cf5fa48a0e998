package dev.staffetta.system;

import dev.staffetta.account.AccountCommand;
import dev.staffetta.account.AccountNeighbours;
import dev.staffetta.account.ShardedAccounts;
import dev.staffetta.mailbox.MailboxCommand;
import dev.staffetta.mailbox.MailboxNeighbours;
import dev.staffetta.mailbox.ShardedMailboxes;
import dev.staffetta.mailbox.Transfer;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Shards;
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

  static <M> void passivate(ActorRef<ClusterSharding.ShardCommand> shard, ActorRef<M> entity) {
    shard.tell(new ClusterSharding.Passivate<>(entity));
  }

  /** Whom a mailbox talks to. */
  record OfMailbox(Shards shards, ActorRef<ClusterSharding.ShardCommand> shard)
      implements MailboxNeighbours {
    @Override
    public CompletionStage<OptionalLong> uidValidity(MailboxId mailbox) {
      return shards.askOnce(
          shards.entity(ShardedAccounts.TYPE, mailbox.account().address()),
          replyTo -> new AccountCommand.FindMailbox(mailbox.number(), replyTo));
    }

    @Override
    public CompletionStage<Answer<Transfer>> receive(
        MailboxId target, Function<ActorRef<Answer<Transfer>>, MailboxCommand> command) {
      return shards.askForAnswer(shards.entity(ShardedMailboxes.TYPE, target.toString()), command);
    }

    @Override
    public void passivate(ActorRef<MailboxCommand> mailbox) {
      Neighbours.passivate(shard, mailbox);
    }
  }

  /** Whom an account talks to. */
  record OfAccount(Shards shards, Mailboxes mailboxes, ActorRef<ClusterSharding.ShardCommand> shard)
      implements AccountNeighbours {
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

    @Override
    public void passivate(ActorRef<AccountCommand> account) {
      Neighbours.passivate(shard, account);
    }
  }
}
