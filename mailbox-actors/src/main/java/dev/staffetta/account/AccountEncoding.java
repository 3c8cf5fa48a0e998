package dev.staffetta.account;

import dev.staffetta.account.AccountChange.NewFolder;
import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.account.AccountState.Folder;
import dev.staffetta.account.AccountState.Mailbox;
import dev.staffetta.account.AccountState.Stage;
import dev.staffetta.account.proto.AccountProto;
import dev.staffetta.account.proto.AccountProto.Snapshot;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Operations;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Parts of an account's changes, and its state, to and from the messages of {@code account.proto}.
 */
final class AccountEncoding {
  private AccountEncoding() {}

  static AccountProto.SpecialUse use(Optional<SpecialUse> use) {
    return use.map(value -> AccountProto.SpecialUse.valueOf(value.name()))
        .orElse(AccountProto.SpecialUse.NONE);
  }

  static Optional<SpecialUse> use(AccountProto.SpecialUse use) {
    return use == AccountProto.SpecialUse.NONE
        ? Optional.empty()
        : Optional.of(SpecialUse.valueOf(use.name()));
  }

  static AccountProto.NewFolder folder(NewFolder folder) {
    return AccountProto.NewFolder.newBuilder()
        .setName(folder.name())
        .setNumber(folder.number())
        .setUidValidity(folder.uidValidity())
        .setUse(use(folder.use()))
        .build();
  }

  static NewFolder folder(AccountProto.NewFolder folder) {
    return new NewFolder(
        folder.getName(), folder.getNumber(), folder.getUidValidity(), use(folder.getUse()));
  }

  static AccountProto.Chore chore(Chore chore) {
    AccountProto.Chore.Builder result = AccountProto.Chore.newBuilder();
    if (chore instanceof Chore.MoveInbox move) {
      return result.setMoveInbox(move.target()).build();
    }
    Mailbox mailbox = ((Chore.DeleteMailbox) chore).mailbox();
    return result
        .setDeleteMailbox(
            AccountProto.Chore.Mailbox.newBuilder()
                .setNumber(mailbox.number())
                .setUidValidity(mailbox.uidValidity()))
        .build();
  }

  static Chore chore(AccountProto.Chore chore) {
    return switch (chore.getWhatCase()) {
      case MOVE_INBOX -> new Chore.MoveInbox(chore.getMoveInbox());
      case DELETE_MAILBOX ->
          new Chore.DeleteMailbox(
              new Mailbox(
                  chore.getDeleteMailbox().getNumber(), chore.getDeleteMailbox().getUidValidity()));
      case WHAT_NOT_SET ->
          throw new IllegalArgumentException("a chore of a later version: " + chore);
    };
  }

  static AccountProto.MaildropLocked maildropLocked(ContentId lease) {
    return AccountProto.MaildropLocked.newBuilder()
        .setLeaseHigh(lease.high())
        .setLeaseLow(lease.low())
        .build();
  }

  static ContentId maildropLease(AccountProto.MaildropLocked locked) {
    return new ContentId(locked.getLeaseHigh(), locked.getLeaseLow());
  }

  static AccountProto.OperationDone operation(ContentId operation, long number) {
    return AccountProto.OperationDone.newBuilder()
        .setOperationHigh(operation.high())
        .setOperationLow(operation.low())
        .setNumber(number)
        .build();
  }

  static ContentId operation(AccountProto.OperationDone done) {
    return new ContentId(done.getOperationHigh(), done.getOperationLow());
  }

  static Snapshot snapshot(AccountState state) {
    Snapshot.Builder result =
        Snapshot.newBuilder()
            .setAddress(state.id().address())
            .setStage(Snapshot.Stage.valueOf(state.stage().name()))
            .setPasswordHash(state.passwordHash())
            .addAllSubscriptions(state.subscriptions())
            .setNextNumber(state.nextNumber())
            .setLastUidValidity(state.lastUidValidity());
    state
        .folders()
        .forEach(
            (name, folder) ->
                result.addFolders(
                    Snapshot.Folder.newBuilder()
                        .setName(name)
                        .setNumber(folder.mailbox().map(Mailbox::number).orElse(0L))
                        .setUidValidity(folder.mailbox().map(Mailbox::uidValidity).orElse(0L))
                        .setUse(use(folder.use()))));
    state.chores().forEach(chore -> result.addChores(chore(chore)));
    state.maildropLease().ifPresent(lease -> result.setMaildrop(maildropLocked(lease)));
    state
        .operations()
        .entries()
        .forEach(entry -> result.addOperations(operation(entry.operation(), entry.answer())));
    state
        .submitted()
        .slots()
        .forEach(slot -> result.addSubmitted(submitted(slot.number(), slot.recipients())));
    return result.build();
  }

  static AccountProto.RecipientsSubmitted submitted(long slot, int recipients) {
    return AccountProto.RecipientsSubmitted.newBuilder()
        .setSlot(slot)
        .setRecipients(recipients)
        .build();
  }

  static AccountState snapshot(Snapshot snapshot) {
    SortedMap<String, Folder> folders = new TreeMap<>();
    for (Snapshot.Folder folder : snapshot.getFoldersList()) {
      folders.put(
          folder.getName(),
          new Folder(
              folder.getNumber() == 0
                  ? Optional.empty()
                  : Optional.of(new Mailbox(folder.getNumber(), folder.getUidValidity())),
              use(folder.getUse())));
    }
    return new AccountState(
        new AccountId(snapshot.getAddress()),
        Stage.valueOf(snapshot.getStage().name()),
        snapshot.getPasswordHash(),
        folders,
        new TreeSet<>(snapshot.getSubscriptionsList()),
        snapshot.getNextNumber(),
        snapshot.getLastUidValidity(),
        snapshot.getChoresList().stream().map(AccountEncoding::chore).toList(),
        snapshot.hasMaildrop()
            ? Optional.of(maildropLease(snapshot.getMaildrop()))
            : Optional.empty(),
        new Operations<>(
            Operations.FEW,
            snapshot.getOperationsList().stream()
                .map(done -> new Operations.Entry<>(operation(done), done.getNumber()))
                .toList()),
        new SubmittedRecipients(
            snapshot.getSubmittedList().stream()
                .map(slot -> new SubmittedRecipients.Slot(slot.getSlot(), slot.getRecipients()))
                .toList()));
  }
}
