package dev.staffetta.ports.memory;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.ports.UidSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

final class MemoryMailboxes implements Mailboxes {
  private final MemoryMail mail;

  MemoryMailboxes(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public CompletionStage<OpenMailbox> open(
      MailboxId id, Access access, Consumer<MailboxEvent> listener) {
    return mail.call(
        PortCall.OPEN,
        () -> {
          MemoryMailbox mailbox = mail.mailbox(id);
          Subscription subscription = new Subscription(access, listener);
          mailbox.subscriptions.add(subscription);
          return new Opened(mailbox, subscription, mailbox.view(), mailbox.takeRecent(access));
        });
  }

  @Override
  public CompletionStage<MailboxView> view(MailboxId id) {
    return mail.call(PortCall.VIEW, () -> mail.mailbox(id).view());
  }

  @Override
  public CompletionStage<MailboxStatus> status(MailboxId id) {
    return mail.call(
        PortCall.VIEW,
        () -> {
          MemoryMailbox mailbox = mail.mailbox(id);
          return MailboxStatus.of(mailbox.view(), mailbox.takeRecent(Access.READ_ONLY));
        });
  }

  @Override
  public CompletionStage<Appended> append(
      MailboxId id, SpooledMessage message, Set<String> flags, Instant internalDate) {
    return mail.call(PortCall.APPEND, () -> add(id, message, flags, internalDate));
  }

  /** Appends, unless this content is there already. To be called under the lock. */
  Appended add(MailboxId id, SpooledMessage message, Set<String> flags, Instant internalDate) {
    MemoryMailbox mailbox = mail.mailbox(id);
    Appended before = mailbox.appended.get(message.content());
    if (before != null) {
      return before;
    }
    mail.account(id.account())
        .contents
        .put(
            message.content(),
            new MemoryAccount.Content(MemorySpool.bytesOf(message), message.summary()));
    Message row =
        new Message(0, mailbox.bits(flags), 0, message.size(), internalDate, message.content());
    Message added = mailbox.add(List.of(row)).get(0);
    Appended answer =
        new Appended(mailbox.view().uidValidity(), added.uid(), mailbox.view().highestModseq());
    mailbox.appended.put(message.content(), answer);
    return answer;
  }

  @Override
  public CompletionStage<Stored> store(
      MailboxId id, UidSet uids, StoreMode mode, Set<String> flags, Optional<Long> unchangedSince) {
    return mail.call(
        PortCall.STORE, () -> mail.mailbox(id).store(uids, mode, flags, unchangedSince));
  }

  @Override
  public CompletionStage<Expunged> expunge(MailboxId id, Expunge which) {
    return mail.call(
        PortCall.EXPUNGE,
        () -> {
          MemoryMailbox mailbox = mail.mailbox(id);
          UidSet gone = mailbox.remove(chosen(mailbox, which));
          return new Expunged(mailbox.view().highestModseq(), gone);
        });
  }

  private static UidSet chosen(MemoryMailbox mailbox, Expunge which) {
    if (which instanceof Expunge.Exactly exactly) {
      return exactly.uids();
    }
    UidSet deleted = UidSet.ofAscending(mailbox.view().messages().uidsWithFlags(Flags.DELETED));
    if (which instanceof Expunge.DeletedAmong among) {
      return UidSet.ofAscending(deleted.stream().filter(among.uids()::contains));
    }
    return deleted;
  }

  @Override
  public CompletionStage<Copied> copy(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation) {
    return mail.call(PortCall.COPY, () -> transfer(from, uids, to, operation, false));
  }

  @Override
  public CompletionStage<Copied> move(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation) {
    return mail.call(PortCall.MOVE, () -> transfer(from, uids, to, operation, true));
  }

  /** To be called under the lock. */
  Copied transfer(MailboxId from, UidSet uids, MailboxId to, ContentId operation, boolean removes) {
    if (!from.account().equals(to.account())) {
      throw new Refusal(Refusal.Code.CANNOT, "no copy between accounts");
    }
    MemoryMailbox source = mail.mailbox(from);
    MemoryMailbox target = mail.mailbox(to);
    Copied before = target.copied.get(operation);
    if (before != null) {
      return before;
    }
    List<Message> rows = source.view().messages().stream(uids).toList();
    List<Message> renamed =
        rows.stream()
            .map(row -> row.withFlags(target.bits(source.names(row.flags())), row.modseq()))
            .toList();
    List<Message> added = rows.isEmpty() ? List.of() : target.add(renamed);
    if (removes) {
      source.remove(UidSet.ofAscending(rows.stream().mapToLong(Message::uid)));
    }
    Copied answer =
        new Copied(
            target.view().uidValidity(),
            rows.stream().map(Message::uid).toList(),
            added.stream().map(Message::uid).toList(),
            source.view().highestModseq(),
            target.view().highestModseq());
    target.copied.put(operation, answer);
    return answer;
  }

  private final class Opened implements OpenMailbox {
    private final MemoryMailbox mailbox;
    private final Subscription subscription;
    private final MailboxView view;
    private final long recentFrom;

    Opened(MemoryMailbox mailbox, Subscription subscription, MailboxView view, long recentFrom) {
      this.mailbox = mailbox;
      this.subscription = subscription;
      this.view = view;
      this.recentFrom = recentFrom;
    }

    @Override
    public MailboxView view() {
      return view;
    }

    @Override
    public long recentFrom() {
      return recentFrom;
    }

    /** No event is ever lost here. */
    @Override
    public void refresh() {}

    @Override
    public void close() {
      subscription.close();
      mail.locked(() -> mailbox.subscriptions.remove(subscription));
    }
  }
}
