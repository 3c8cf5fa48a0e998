package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.Shards;
import dev.staffetta.system.TwoSystems;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session on one node and a mailbox on the other, which loses notices and moves: in the end the
 * session's view is the mailbox, and nothing was told twice.
 */
class SubscriptionTest {
  private static final TwoSystems SYSTEMS = new TwoSystems();
  private static final MailboxId ID = new MailboxId(new AccountId("alice@example.com"), 7);
  private static final Shards.Patience PATIENCE =
      new Shards.Patience(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofMillis(10));

  @AfterAll
  static void stop() {
    SYSTEMS.close();
  }

  /** Asks the mailbox to do something in its own thread. */
  private record Do(Runnable what) {}

  /** A mailbox of one incarnation after another. Used on its actor's thread only. */
  private static final class Movable {
    MailboxView view = new MailboxView(ID, 5, 1, 1, List.of(), MessageTable.EMPTY);
    final Set<ActorRef<Notice>> subscribers = new HashSet<>();
    final Random random;
    Optional<ActorRef<MailboxCommand>> incarnation = Optional.empty();
    int incarnations;

    Movable(long seed) {
      random = new Random(seed);
    }

    /** Takes commands for ever; each incarnation is a child. */
    Behavior<Object> behavior() {
      return Behaviors.setup(
          context ->
              Behaviors.receive(Object.class)
                  .onMessage(
                      Do.class,
                      command -> {
                        command.what().run();
                        return Behaviors.same();
                      })
                  .onMessage(
                      Subscribe.class,
                      command -> {
                        if (incarnation.isEmpty()) {
                          incarnation =
                              Optional.of(
                                  context.spawn(
                                      Behaviors.receiveMessage(
                                          message ->
                                              message == MailboxCommand.Signal.STOP
                                                  ? Behaviors.stopped()
                                                  : Behaviors.same()),
                                      "incarnation-" + ++incarnations));
                        }
                        subscribers.add(command.subscriber());
                        ParcelKeeper.answer(
                            context,
                            command.replyTo(),
                            new SubscribedParcel(
                                new Subscribed(
                                    MissedChanges.standing(view, command.known()),
                                    1,
                                    incarnation.get())));
                        return Behaviors.same();
                      })
                  .onMessage(
                      MailboxCommand.Unsubscribe.class,
                      command -> {
                        subscribers.remove(command.subscriber());
                        return Behaviors.same();
                      })
                  .build());
    }

    void move() {
      incarnation.ifPresent(old -> old.tell(MailboxCommand.Signal.STOP));
      incarnation = Optional.empty();
      subscribers.clear();
    }

    /** Changes something and tells of it, or loses the notice. */
    void change(boolean mayLose) {
      long modseq = view.highestModseq() + 1;
      List<Message> rows = view.messages().stream().toList();
      List<Message> added = new ArrayList<>();
      List<Message> changed = new ArrayList<>();
      UidSet expunged = UidSet.EMPTY;
      int what = rows.isEmpty() ? 0 : random.nextInt(4);
      if (what <= 1) {
        int count = random.nextInt(20) == 0 ? 3000 : 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
          added.add(
              new Message(view.uidNext() + i, 0, modseq, 5, Instant.EPOCH, ContentId.random()));
        }
      } else {
        Message row = rows.get(random.nextInt(rows.size()));
        if (what == 2) {
          changed.add(row.withFlags(row.flags() ^ 1, modseq));
        } else {
          expunged = UidSet.of(row.uid());
        }
      }
      MailboxEvent.Changed event =
          new MailboxEvent.Changed(
              view.highestModseq(),
              modseq,
              view.uidNext() + added.size(),
              List.of(),
              added,
              changed,
              expunged);
      view = view.after(event).orElseThrow();
      if (!mayLose || random.nextInt(3) > 0) {
        Notice notice = added.size() > 2000 ? new Notice.Stands(5, modseq) : new Notice.Told(event);
        subscribers.forEach(subscriber -> subscriber.tell(notice));
      }
    }
  }

  /** What a session does with its events. */
  private static final class Listener {
    private Optional<MailboxView> view = Optional.empty();
    private final List<MailboxEvent> early = new ArrayList<>();
    private long whole;

    synchronized void on(MailboxEvent event) {
      if (view.isEmpty()) {
        early.add(event);
        return;
      }
      MailboxView before = view.get();
      if (event instanceof MailboxEvent.Changed changed) {
        view = before.after(changed);
        assertThat(changed.modseq()).isGreaterThan(before.highestModseq());
      } else if (event instanceof MailboxEvent.Missed missed) {
        view = before.after(missed);
        assertThat(missed.modseq()).isGreaterThan(before.highestModseq());
      } else {
        whole++;
      }
      assertThat(view).as("no gap is left to the session").isPresent();
    }

    synchronized void opened(MailboxView first) {
      view = Optional.of(first);
      early.forEach(this::on);
    }

    synchronized MailboxView view() {
      return view.orElseThrow();
    }

    synchronized long whole() {
      return whole;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void viewIsTheMailboxWhateverIsLostOrMoves(long seed) throws Exception {
    Movable movable = new Movable(seed);
    ActorRef<Object> there =
        SYSTEMS.there().systemActorOf(movable.behavior(), "mailbox-" + seed, Props.empty());
    Listener listener = new Listener();
    OpenMailbox open = open(there, listener, Duration.ofMillis(300));
    Random random = new Random(-seed);
    for (int i = 0; i < 300; i++) {
      there.tell(new Do(() -> movable.change(true)));
      if (random.nextInt(40) == 0) {
        there.tell(new Do(movable::move));
      }
      if (random.nextInt(10) == 0) {
        await(there, () -> 0L);
      }
    }
    MailboxView truth = await(there, () -> movable.view);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(listener.view().highestModseq()).isEqualTo(truth.highestModseq()));
    MissedChangesTest.assertSame(listener.view(), truth);
    assertThat(listener.whole()).as("times that all was told again").isZero();
    open.close();
  }

  @Test
  void aLostNoticeWithNothingAfterItIsNoticed() throws Exception {
    Movable movable = new Movable(9);
    ActorRef<Object> there =
        SYSTEMS.there().systemActorOf(movable.behavior(), "silent", Props.empty());
    Listener listener = new Listener();
    OpenMailbox open = open(there, listener, Duration.ofMillis(200));
    there.tell(
        new Do(
            () -> {
              movable.subscribers.clear();
              movable.change(false);
            }));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> listener.view().highestModseq() == 2);
    open.close();
  }

  @Test
  void aSessionMayHaveTheMailboxLookedAt() throws Exception {
    Movable movable = new Movable(9);
    ActorRef<Object> there =
        SYSTEMS.there().systemActorOf(movable.behavior(), "refreshed", Props.empty());
    Listener listener = new Listener();
    OpenMailbox open = open(there, listener, Duration.ofHours(1));
    await(
        there,
        () -> {
          movable.subscribers.clear();
          movable.change(false);
          return 0L;
        });
    open.refresh();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> listener.view().highestModseq() == 2);
    open.close();
  }

  private static OpenMailbox open(ActorRef<Object> there, Listener listener, Duration renewAfter)
      throws Exception {
    CompletableFuture<OpenMailbox> opened = new CompletableFuture<>();
    SYSTEMS
        .here()
        .systemActorOf(
            Subscription.create(
                SYSTEMS.fromHere(there).narrow(),
                Mailboxes.Access.READ_ONLY,
                listener::on,
                opened,
                PATIENCE,
                renewAfter),
            "subscription-" + java.util.UUID.randomUUID(),
            Props.empty());
    OpenMailbox open = opened.get(20, TimeUnit.SECONDS);
    listener.opened(open.view());
    return open;
  }

  private static <T> T await(ActorRef<Object> there, java.util.function.Supplier<T> what)
      throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    there.tell(new Do(() -> done.complete(what.get())));
    return done.get(20, TimeUnit.SECONDS);
  }
}
