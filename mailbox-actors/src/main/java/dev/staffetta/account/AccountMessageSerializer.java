package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.ChangePassword;
import dev.staffetta.account.AccountCommand.CountRecipients;
import dev.staffetta.account.AccountCommand.Create;
import dev.staffetta.account.AccountCommand.CreateFolder;
import dev.staffetta.account.AccountCommand.DeleteFolder;
import dev.staffetta.account.AccountCommand.FindMailbox;
import dev.staffetta.account.AccountCommand.GetPasswordHash;
import dev.staffetta.account.AccountCommand.GetTree;
import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Locked;
import dev.staffetta.account.AccountCommand.Remove;
import dev.staffetta.account.AccountCommand.RenameFolder;
import dev.staffetta.account.AccountCommand.Subscribe;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.account.AccountCommand.Unsubscribe;
import dev.staffetta.account.TreeParcel.TreeLabel;
import dev.staffetta.account.TreeParcel.TreePart;
import dev.staffetta.account.proto.AccountMessagesProto;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.MessageSerializer;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;

/** Writes what accounts are asked and answer, as {@code account_messages.proto} says. */
public final class AccountMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 9012;

  /** Made by Pekko. */
  public AccountMessageSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, system);
    accounts();
    folders();
    maildrop();
    answers();
  }

  private void accounts() {
    form(
        "create.1",
        Create.class,
        command ->
            AccountMessagesProto.Create.newBuilder()
                .setOperation(id(command.operation()))
                .setPasswordHash(command.passwordHash())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.Create.parser(),
        command ->
            new Create(
                id(command.getOperation()),
                command.getPasswordHash(),
                actor(command.getReplyTo())));
    form(
        "change-password.1",
        ChangePassword.class,
        command ->
            AccountMessagesProto.ChangePassword.newBuilder()
                .setPasswordHash(command.passwordHash())
                .setReplyTo(actor(command.replyTo()))
                .setInsteadOf(command.insteadOf().orElse(""))
                .build(),
        AccountMessagesProto.ChangePassword.parser(),
        command ->
            new ChangePassword(
                command.getPasswordHash(),
                Optional.of(command.getInsteadOf()).filter(hash -> !hash.isEmpty()),
                actor(command.getReplyTo())));
    form(
        "remove.1",
        Remove.class,
        command ->
            AccountMessagesProto.Remove.newBuilder()
                .setOperation(id(command.operation()))
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.Remove.parser(),
        command -> new Remove(id(command.getOperation()), actor(command.getReplyTo())));
    form(
        "count-recipients.1",
        CountRecipients.class,
        command ->
            AccountMessagesProto.CountRecipients.newBuilder()
                .setRecipients(command.recipients())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.CountRecipients.parser(),
        command -> new CountRecipients(command.getRecipients(), actor(command.getReplyTo())));
    question(
        "get-password-hash.1",
        GetPasswordHash.class,
        GetPasswordHash::replyTo,
        GetPasswordHash::new);
  }

  private void folders() {
    form(
        "create-folder.1",
        CreateFolder.class,
        command ->
            AccountMessagesProto.CreateFolder.newBuilder()
                .setOperation(id(command.operation()))
                .setName(command.name())
                .setUse(AccountEncoding.use(command.use()))
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.CreateFolder.parser(),
        command ->
            new CreateFolder(
                id(command.getOperation()),
                command.getName(),
                AccountEncoding.use(command.getUse()),
                actor(command.getReplyTo())));
    form(
        "delete-folder.1",
        DeleteFolder.class,
        command ->
            AccountMessagesProto.DeleteFolder.newBuilder()
                .setOperation(id(command.operation()))
                .setName(command.name())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.DeleteFolder.parser(),
        command ->
            new DeleteFolder(
                id(command.getOperation()), command.getName(), actor(command.getReplyTo())));
    form(
        "rename-folder.1",
        RenameFolder.class,
        command ->
            AccountMessagesProto.RenameFolder.newBuilder()
                .setOperation(id(command.operation()))
                .setFrom(command.from())
                .setTo(command.to())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.RenameFolder.parser(),
        command ->
            new RenameFolder(
                id(command.getOperation()),
                command.getFrom(),
                command.getTo(),
                actor(command.getReplyTo())));
    named("subscribe.1", Subscribe.class, Subscribe::name, Subscribe::replyTo, Subscribe::new);
    named(
        "unsubscribe.1",
        Unsubscribe.class,
        Unsubscribe::name,
        Unsubscribe::replyTo,
        Unsubscribe::new);
    question("get-tree.1", GetTree.class, GetTree::replyTo, GetTree::new);
    form(
        "find-mailbox.1",
        FindMailbox.class,
        command ->
            AccountMessagesProto.FindMailbox.newBuilder()
                .setNumber(command.number())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        AccountMessagesProto.FindMailbox.parser(),
        command -> new FindMailbox(command.getNumber(), actor(command.getReplyTo())));
  }

  private void maildrop() {
    form(
        "lock-maildrop.1",
        LockMaildrop.class,
        command -> maildrop(command.lease(), command.holder()),
        AccountMessagesProto.Maildrop.parser(),
        command -> new LockMaildrop(id(command.getLease()), actor(command.getReplyTo())));
    form(
        "unlock-maildrop.1",
        UnlockMaildrop.class,
        command -> maildrop(command.lease(), command.replyTo()),
        AccountMessagesProto.Maildrop.parser(),
        command -> new UnlockMaildrop(id(command.getLease()), actor(command.getReplyTo())));
    form(
        "locked.1",
        Locked.class,
        locked ->
            AccountMessagesProto.Locked.newBuilder().setAccount(actor(locked.account())).build(),
        AccountMessagesProto.Locked.parser(),
        locked -> new Locked(actor(locked.getAccount())));
  }

  private void answers() {
    form(
        "mailbox-number.1",
        MailboxId.class,
        id ->
            AccountMessagesProto.MailboxNumber.newBuilder()
                .setAccount(id.account().address())
                .setNumber(id.number())
                .build(),
        AccountMessagesProto.MailboxNumber.parser(),
        id -> new MailboxId(new AccountId(id.getAccount()), id.getNumber()));
    form(
        "tree-label.1",
        TreeLabel.class,
        label -> AccountMessagesProto.TreeLabel.getDefaultInstance(),
        AccountMessagesProto.TreeLabel.parser(),
        label -> new TreeLabel());
    form(
        "tree-part.1",
        TreePart.class,
        AccountMessageSerializer::treePart,
        AccountMessagesProto.TreePart.parser(),
        AccountMessageSerializer::treePart);
  }

  private <Q, R> void question(
      String manifest,
      Class<Q> type,
      Function<Q, ActorRef<R>> replyTo,
      Function<ActorRef<R>, Q> of) {
    form(
        manifest,
        type,
        question ->
            AccountMessagesProto.Question.newBuilder()
                .setReplyTo(actor(replyTo.apply(question)))
                .build(),
        AccountMessagesProto.Question.parser(),
        question -> of.apply(actor(question.getReplyTo())));
  }

  private <C> void named(
      String manifest,
      Class<C> type,
      Function<C, String> name,
      Function<C, ActorRef<Answer<Done>>> replyTo,
      BiFunction<String, ActorRef<Answer<Done>>, C> of) {
    form(
        manifest,
        type,
        command ->
            AccountMessagesProto.Named.newBuilder()
                .setName(name.apply(command))
                .setReplyTo(actor(replyTo.apply(command)))
                .build(),
        AccountMessagesProto.Named.parser(),
        command -> of.apply(command.getName(), actor(command.getReplyTo())));
  }

  private AccountMessagesProto.Maildrop maildrop(ContentId lease, ActorRef<?> replyTo) {
    return AccountMessagesProto.Maildrop.newBuilder()
        .setLease(id(lease))
        .setReplyTo(actor(replyTo))
        .build();
  }

  private static AccountMessagesProto.Id id(ContentId id) {
    return AccountMessagesProto.Id.newBuilder().setHigh(id.high()).setLow(id.low()).build();
  }

  private static ContentId id(AccountMessagesProto.Id id) {
    return new ContentId(id.getHigh(), id.getLow());
  }

  private static AccountMessagesProto.TreePart treePart(TreePart part) {
    AccountMessagesProto.TreePart.Builder result =
        AccountMessagesProto.TreePart.newBuilder()
            .setAccount(part.account().address())
            .addAllSubscriptions(part.some().subscriptions());
    part.some()
        .folders()
        .forEach(
            (name, folder) ->
                result.addFolders(
                    AccountMessagesProto.TreePart.Folder.newBuilder()
                        .setName(name)
                        .setNumber(folder.mailbox().map(MailboxId::number).orElse(0L))
                        .setUse(AccountEncoding.use(folder.use()))));
    return result.build();
  }

  private static TreePart treePart(AccountMessagesProto.TreePart part) {
    AccountId account = new AccountId(part.getAccount());
    TreeMap<String, FolderTree.Folder> folders = new TreeMap<>();
    for (AccountMessagesProto.TreePart.Folder folder : part.getFoldersList()) {
      folders.put(
          folder.getName(),
          new FolderTree.Folder(
              folder.getNumber() == 0
                  ? Optional.empty()
                  : Optional.of(new MailboxId(account, folder.getNumber())),
              AccountEncoding.use(folder.getUse())));
    }
    return new TreePart(
        account, new FolderTree(folders, new TreeSet<>(part.getSubscriptionsList())));
  }
}
