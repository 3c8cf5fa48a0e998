package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Mailboxes.Appended;
import dev.staffetta.ports.Mailboxes.Copied;
import dev.staffetta.ports.Mailboxes.Expunge;
import dev.staffetta.ports.Mailboxes.Expunged;
import dev.staffetta.ports.Mailboxes.StoreMode;
import dev.staffetta.ports.Mailboxes.Stored;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.ports.UidSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link dev.staffetta.ports.Mailboxes} does. */
public interface MailboxesContract extends PortsUnderTest {
  @Test
  default void anAppendedMessageIsARow() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    MailboxView before = view(inbox);
    assertThat(before.id()).isEqualTo(inbox);
    assertThat(before.messages().isEmpty()).isTrue();
    SpooledMessage message = spool("Subject: x\r\n\r\n");
    Appended appended =
        await(mailboxes().append(inbox, message, Set.of("\\seen", "\\FLAGGED", "$Word"), RECEIVED));
    message.release();
    MailboxView after = view(inbox);
    assertThat(appended)
        .isEqualTo(new Appended(before.uidValidity(), before.uidNext(), after.highestModseq()));
    assertThat(after.uidNext()).isGreaterThan(appended.uid());
    assertThat(after.highestModseq()).isGreaterThan(before.highestModseq());
    assertThat(after.keywords()).containsExactly("$Word");
    Message row = after.messages().get(1);
    assertThat(row.uid()).isEqualTo(appended.uid());
    assertThat(row.flags()).isEqualTo(Flags.SEEN | Flags.FLAGGED | Flags.keyword(0));
    assertThat(row.modseq()).isEqualTo(after.highestModseq());
    assertThat(row.size()).isEqualTo(14);
    assertThat(row.internalDate()).isEqualTo(RECEIVED);
  }

  @Test
  default void anAppendThatIsRepeatedIsOne() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    SpooledMessage message = spool("text");
    Appended first = await(mailboxes().append(inbox, message, Set.of(), RECEIVED));
    Appended again = await(mailboxes().append(inbox, message, Set.of(), RECEIVED));
    message.release();
    assertThat(again.uid()).isEqualTo(first.uid());
    assertThat(uids(inbox)).containsExactly(first.uid());
  }

  @Test
  default void aFlagThatIsNoneIsRefused() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    long uid = append(inbox, "x");
    for (String flag : new String[] {"\\Recent", "\\Wrong"}) {
      SpooledMessage message = spool("y");
      assertRefused(
          mailboxes().append(inbox, message, Set.of(flag), RECEIVED), Refusal.Code.CANNOT);
      message.release();
      assertRefused(
          store(inbox, UidSet.of(uid), StoreMode.ADD, Optional.empty(), flag), Refusal.Code.CANNOT);
    }
    assertThat(uids(inbox)).containsExactly(uid);
  }

  @Test
  default void storeAddsRemovesAndReplaces() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    long uid = append(inbox, "x", "\\Seen");
    UidSet both = UidSet.of(uid, uid + 100);
    await(store(inbox, both, StoreMode.ADD, Optional.empty(), "\\Draft", "$a"));
    assertThat(flags(inbox)).isEqualTo(Flags.SEEN | Flags.DRAFT | Flags.keyword(0));
    await(store(inbox, both, StoreMode.REMOVE, Optional.empty(), "\\Seen", "$A", "$b"));
    assertThat(flags(inbox)).isEqualTo(Flags.DRAFT);
    await(store(inbox, both, StoreMode.REPLACE, Optional.empty(), "$a", "\\Deleted"));
    assertThat(flags(inbox)).isEqualTo(Flags.DELETED | Flags.keyword(0));
    await(store(inbox, both, StoreMode.REPLACE, Optional.empty()));
    assertThat(flags(inbox)).isZero();
    assertThat(view(inbox).keywords().get(0)).isEqualTo("$a");
  }

  @Test
  default void storeLeavesAloneWhatHasChangedSince() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    long first = append(inbox, "x");
    long second = append(inbox, "y");
    long seen = view(inbox).highestModseq();
    await(store(inbox, UidSet.of(first), StoreMode.ADD, Optional.empty(), "\\Flagged"));
    Stored stored =
        await(store(inbox, UidSet.of(first, second), StoreMode.ADD, Optional.of(seen), "\\Seen"));
    assertThat(stored.modified()).isEqualTo(UidSet.of(first));
    assertThat(stored.modseq()).isEqualTo(view(inbox).highestModseq());
    assertThat(view(inbox).messages().get(1).flags()).isEqualTo(Flags.FLAGGED);
    assertThat(view(inbox).messages().get(2).flags()).isEqualTo(Flags.SEEN);
    assertThat(view(inbox).messages().get(2).modseq()).isEqualTo(view(inbox).highestModseq());
  }

  @Test
  default void expungeTakesWhatItIsToldTo() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    long[] uids = new long[6];
    for (int i = 0; i < uids.length; i++) {
      uids[i] = i < 4 ? append(inbox, "x", "\\Deleted") : append(inbox, "x");
    }
    assertThat(expunge(inbox, new Expunge.DeletedAmong(UidSet.of(uids[0], uids[4]))))
        .isEqualTo(UidSet.of(uids[0]));
    assertThat(expunge(inbox, new Expunge.Exactly(UidSet.of(uids[0], uids[1], uids[5]))))
        .isEqualTo(UidSet.of(uids[1], uids[5]));
    assertThat(expunge(inbox, new Expunge.AllDeleted())).isEqualTo(UidSet.of(uids[2], uids[3]));
    assertThat(expunge(inbox, new Expunge.AllDeleted())).isEqualTo(UidSet.EMPTY);
    assertThat(uids(inbox)).containsExactly(uids[4]);
    // Promise 4: the last one's UID does not come again.
    assertThat(append(inbox, "x")).isGreaterThan(uids[5]);
  }

  @Test
  default void copiesKeepFlagsAndDate() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    MailboxId trash = folder(account, "Trash");
    append(trash, "there", "$other");
    long first = append(inbox, "one", "\\Seen", "$word");
    long second = append(inbox, "two");
    ContentId operation = ContentId.random();
    UidSet wanted = UidSet.of(first, second, second + 50);
    Copied copied = await(mailboxes().copy(inbox, wanted, trash, operation));
    MailboxView target = view(trash);
    assertThat(copied.source()).containsExactly(first, second);
    assertThat(copied.targetUidValidity()).isEqualTo(target.uidValidity());
    assertThat(copied.targetModseq()).isEqualTo(target.highestModseq());
    assertThat(uids(trash)).endsWith(copied.target().get(0), copied.target().get(1));
    assertThat(text(trash, copied.target().get(0))).isEqualTo("one");
    Message row = target.messages().find(copied.target().get(0)).orElseThrow();
    assertThat(row.flags())
        .isEqualTo(Flags.SEEN | Flags.keyword(target.keywords().indexOf("$word")));
    assertThat(row.internalDate()).isEqualTo(RECEIVED);

    Copied again = await(mailboxes().copy(inbox, wanted, trash, operation));
    assertThat(again.target()).isEqualTo(copied.target());
    assertThat(view(trash).messages().size()).isEqualTo(3);
    await(mailboxes().copy(inbox, wanted, inbox, ContentId.random()));
    assertThat(view(inbox).messages().size()).isEqualTo(4);
    Copied nothing = await(mailboxes().copy(inbox, UidSet.of(9999), trash, ContentId.random()));
    assertThat(nothing.source()).isEmpty();
    assertRefused(
        mailboxes().copy(inbox, wanted, new MailboxId(account, 999), ContentId.random()),
        Refusal.Code.NONEXISTENT);
  }

  @Test
  default void aMoveLeavesNothingBehind() {
    AccountId account = newAccount();
    MailboxId inbox = MailboxId.inboxOf(account);
    MailboxId trash = folder(account, "Trash");
    long first = append(inbox, "one", "\\Answered");
    long second = append(inbox, "two");
    ContentId operation = ContentId.random();
    Copied moved = await(mailboxes().move(inbox, UidSet.of(first), trash, operation));
    assertThat(uids(inbox)).containsExactly(second);
    assertThat(moved.sourceModseq()).isEqualTo(view(inbox).highestModseq());
    assertThat(text(trash, moved.target().get(0))).isEqualTo("one");
    assertThat(view(trash).messages().get(1).flags()).isEqualTo(Flags.ANSWERED);
    assertThat(await(mailboxes().move(inbox, UidSet.of(first), trash, operation)).target())
        .isEqualTo(moved.target());
    assertThat(view(trash).messages().size()).isEqualTo(1);
  }

  /** RFC 3501 2.3.2. */
  @Test
  default void recentIsForTheFirstThatMayChangeTheMailbox() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    long uid = append(inbox, "x");
    assertThat(open(inbox, Access.READ_ONLY).recentFrom()).isEqualTo(uid);
    OpenMailbox writer = open(inbox, Access.READ_WRITE);
    assertThat(writer.recentFrom()).isEqualTo(uid);
    assertThat(open(inbox, Access.READ_WRITE).recentFrom()).isEqualTo(view(inbox).uidNext());
  }

  @Test
  default void whatIsNotThereIsRefused() {
    AccountId account = newAccount();
    MailboxId nowhere = new MailboxId(account, 999);
    assertRefused(mailboxes().view(nowhere), Refusal.Code.NONEXISTENT);
    assertRefused(
        mailboxes().open(nowhere, Access.READ_ONLY, event -> {}), Refusal.Code.NONEXISTENT);
    assertRefused(
        mailboxes().view(MailboxId.inboxOf(new AccountId("nobody@" + account.domain()))),
        Refusal.Code.NONEXISTENT);
  }

  /** Whoever follows the events stands where the mailbox stands. */
  @Test
  default void eventsTellAllThatHappened() throws InterruptedException {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    append(inbox, "before", "$early");
    BlockingQueue<MailboxEvent> events = new LinkedBlockingQueue<>();
    OpenMailbox open = await(mailboxes().open(inbox, Access.READ_WRITE, events::add));
    Random random = new Random(9051);
    for (int i = 0; i < 60; i++) {
      long uid = 1L + random.nextInt(30);
      String flag = List.of("\\Seen", "\\Deleted", "$a", "$b").get(random.nextInt(4));
      switch (random.nextInt(4)) {
        case 0, 1 -> append(inbox, "x", flag);
        case 2 ->
            await(
                store(
                    inbox,
                    UidSet.of(uid, uid + 1),
                    List.of(StoreMode.ADD, StoreMode.REMOVE, StoreMode.REPLACE)
                        .get(random.nextInt(3)),
                    Optional.empty(),
                    flag));
        default -> await(mailboxes().expunge(inbox, new Expunge.Exactly(UidSet.of(uid))));
      }
    }
    append(inbox, "the last");
    MailboxView end = view(inbox);
    MailboxView followed = open.view();
    while (followed.highestModseq() < end.highestModseq()) {
      MailboxEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).isInstanceOf(MailboxEvent.Changed.class);
      followed = follow(followed, (MailboxEvent.Changed) event);
    }
    open.close();
    open.close();
    assertThat(followed.uidNext()).isEqualTo(end.uidNext());
    assertThat(followed.keywords()).isEqualTo(end.keywords());
    assertThat(followed.messages().stream().toList()).isEqualTo(end.messages().stream().toList());
  }

  private static MailboxView follow(MailboxView view, MailboxEvent.Changed changed) {
    assertThat(changed.sinceModseq()).isEqualTo(view.highestModseq());
    assertThat(changed.modseq()).isGreaterThan(changed.sinceModseq());
    MessageTable messages =
        view.messages()
            .append(changed.added())
            .withFlags(changed.changed())
            .without(changed.expunged());
    return new MailboxView(
        view.id(),
        view.uidValidity(),
        changed.uidNext(),
        changed.modseq(),
        changed.keywords(),
        messages);
  }

  private OpenMailbox open(MailboxId mailbox, Access access) {
    return await(mailboxes().open(mailbox, access, event -> {}));
  }

  private long flags(MailboxId mailbox) {
    return view(mailbox).messages().get(1).flags();
  }

  private UidSet expunge(MailboxId mailbox, Expunge which) {
    Expunged expunged = await(mailboxes().expunge(mailbox, which));
    assertThat(expunged.modseq()).isEqualTo(view(mailbox).highestModseq());
    return expunged.uids();
  }

  private CompletionStage<Stored> store(
      MailboxId mailbox,
      UidSet uids,
      StoreMode mode,
      Optional<Long> unchangedSince,
      String... flags) {
    return mailboxes().store(mailbox, uids, mode, Set.of(flags), unchangedSince);
  }
}
