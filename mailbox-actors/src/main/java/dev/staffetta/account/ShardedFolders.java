package dev.staffetta.account;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Shards;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/** {@link Folders} over the {@link Account} entities. */
public final class ShardedFolders implements Folders {
  private final Shards shards;

  public ShardedFolders(Shards shards) {
    this.shards = shards;
  }

  @Override
  public CompletionStage<FolderTree> tree(AccountId account) {
    return shards.ask(entity(account), AccountCommand.GetTree::new);
  }

  @Override
  public CompletionStage<MailboxId> create(
      AccountId account, String name, Optional<SpecialUse> use) {
    ContentId operation = ContentId.random();
    return shards.ask(
        entity(account), replyTo -> new AccountCommand.CreateFolder(operation, name, use, replyTo));
  }

  @Override
  public CompletionStage<Void> delete(AccountId account, String name) {
    ContentId operation = ContentId.random();
    return done(
        shards.ask(
            entity(account), replyTo -> new AccountCommand.DeleteFolder(operation, name, replyTo)));
  }

  @Override
  public CompletionStage<Void> rename(AccountId account, String from, String to) {
    ContentId operation = ContentId.random();
    return done(
        shards.ask(
            entity(account),
            replyTo -> new AccountCommand.RenameFolder(operation, from, to, replyTo)));
  }

  @Override
  public CompletionStage<Void> subscribe(AccountId account, String name) {
    return done(
        shards.ask(entity(account), replyTo -> new AccountCommand.Subscribe(name, replyTo)));
  }

  @Override
  public CompletionStage<Void> unsubscribe(AccountId account, String name) {
    return done(
        shards.ask(entity(account), replyTo -> new AccountCommand.Unsubscribe(name, replyTo)));
  }

  private EntityRef<AccountCommand> entity(AccountId account) {
    return shards.entity(ShardedAccounts.TYPE, account.address());
  }

  private static CompletionStage<Void> done(CompletionStage<Done> stage) {
    return stage.thenAccept(done -> {});
  }
}
