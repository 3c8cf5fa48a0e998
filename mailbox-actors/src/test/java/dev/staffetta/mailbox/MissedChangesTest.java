package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.Known;
import dev.staffetta.mailbox.MailboxCommand.Standing;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.EntityMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a session missed, what it is told makes its view the mailbox's. */
class MissedChangesTest {
  @Property(tries = 100)
  void whatWasMissedMakesTheViewWhole(@ForAll long seed) {
    Random random = new Random(seed);
    PureMailbox mailbox = new PureMailbox(7);
    List<MailboxView> views = new ArrayList<>();
    views.add(mailbox.state().view());
    for (int i = 0; i < 120; i++) {
      change(mailbox, random);
      if (random.nextInt(8) == 0) {
        views.add(mailbox.state().view());
      }
      if (random.nextInt(40) == 0) {
        mailbox.restart();
      }
    }
    MailboxView now = mailbox.state().view();
    for (MailboxView before : views) {
      Standing standing = MissedChanges.standing(now, Optional.of(known(before)));
      assertThat(standing).isInstanceOf(Standing.Missed.class);
      Standing.Missed missed = (Standing.Missed) crossed(standing);
      MailboxView after = before.after(missed.event()).orElseThrow();
      assertSame(after, now);
      assertThat(missed.count()).isEqualTo(now.messages().size());
      // Whoever knows more than that, because an event came meanwhile, is told right too.
      for (MailboxView later : views) {
        if (later.highestModseq() > before.highestModseq()) {
          assertSame(later.after(missed.event()).orElseThrow(), now);
        }
      }
      // Told twice, it changes nothing.
      assertThat(after.after(missed.event())).contains(after);
    }
  }

  private static void change(PureMailbox mailbox, Random random) {
    long uidNext = mailbox.state().uidNext();
    long one = 1 + random.nextLong(uidNext);
    long other = Math.min(uidNext, one + random.nextInt(4));
    UidSet uids = new UidSet(List.of(new UidSet.Range(one, other)));
    switch (random.nextInt(5)) {
      case 0, 1 ->
          mailbox.run(
              new MailboxCommand.Append(
                  ContentId.random(), 5, Optional.empty(), Set.of(), Instant.EPOCH, NoActor.ref()));
      case 2, 3 ->
          mailbox.run(
              new MailboxCommand.StoreFlags(
                  ContentId.random(),
                  uids,
                  random.nextBoolean() ? Mailboxes.StoreMode.ADD : Mailboxes.StoreMode.REMOVE,
                  Set.of(random.nextBoolean() ? "\\Seen" : "$" + random.nextInt(5)),
                  Optional.empty(),
                  NoActor.ref()));
      default ->
          mailbox.run(
              new MailboxCommand.Expunge(new Mailboxes.Expunge.Exactly(uids), NoActor.ref()));
    }
  }

  static Known known(MailboxView view) {
    return new Known(
        view.uidValidity(), view.highestModseq(), view.uidNext(), view.messages().size());
  }

  /** As it is after it was divided and put together. */
  private static Standing crossed(Standing standing) {
    SubscribedParcel parcel = new SubscribedParcel(new Subscribed(standing, 1, NoActor.ref()));
    List<EntityMessage> parts = IntStream.range(0, parcel.parts()).mapToObj(parcel::part).toList();
    return parcel.label().open(parts).standing();
  }

  static void assertSame(MailboxView one, MailboxView other) {
    assertThat(one.uidNext()).isEqualTo(other.uidNext());
    assertThat(one.highestModseq()).isEqualTo(other.highestModseq());
    assertThat(one.keywords()).isEqualTo(other.keywords());
    assertThat(one.messages().stream().toList()).isEqualTo(other.messages().stream().toList());
  }

  @org.junit.jupiter.api.Test
  void manyHolesAreDividedToo() {
    List<dev.staffetta.ports.Message> rows =
        LongStream.rangeClosed(1, 100_000)
            .mapToObj(
                n ->
                    new dev.staffetta.ports.Message(
                        2 * n, 0, 1, 5, Instant.EPOCH, new ContentId(n, n)))
            .toList();
    MailboxView now =
        new MailboxView(
            dev.staffetta.ports.MailboxId.inboxOf(
                new dev.staffetta.ports.AccountId("alice@example.com")),
            1,
            200_001,
            2,
            List.of(),
            dev.staffetta.ports.MessageTable.of(rows));
    Standing standing = MissedChanges.standing(now, Optional.of(new Known(1, 1, 200_001, 200_000)));
    SubscribedParcel parcel = new SubscribedParcel(new Subscribed(standing, 1, NoActor.ref()));
    assertThat(parcel.parts()).isEqualTo(4);
    Standing.Missed missed = (Standing.Missed) crossed(standing);
    assertThat(missed.event().left().orElseThrow().size()).isEqualTo(100_000);
  }
}
