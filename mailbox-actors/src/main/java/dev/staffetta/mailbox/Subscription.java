package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Known;
import dev.staffetta.mailbox.MailboxCommand.Standing;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.mailbox.MailboxCommand.Unsubscribe;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One session's subscription to one mailbox: hands on what the mailbox tells, and subscribes again
 * when the mailbox crashes or moves. Lives on the session's node, from opening to close.
 *
 * <p>Each change says on which modseq it builds. Where that is not the last one heard of, something
 * was missed: the subscription is renewed with that modseq, and the session is told what it missed.
 * It is renewed every now and then too, since an event may be lost with nothing after it.
 */
final class Subscription extends AbstractBehavior<Object> {
  /** Changes that may wait for the answer to a subscription; of more it is asked again. */
  private static final int MAX_EARLY = 1000;

  private final RecipientRef<MailboxCommand> mailbox;
  private final Mailboxes.Access access;
  private final Consumer<MailboxEvent> listener;
  private final CompletableFuture<OpenMailbox> opened;
  private final Shards.Patience patience;
  private final Duration renewAfter;
  private final TimerScheduler<Object> timers;

  /** The incarnation that tells; the dead letters before the first. */
  private ActorRef<MailboxCommand> teller;

  /** What the session knows; nothing before the first answer. */
  private Optional<Known> known = Optional.empty();

  /** Whether the answer to a subscription is being put together. */
  private boolean isOpening;

  /** Changes that came meanwhile. */
  private final List<MailboxEvent.Changed> early = new ArrayList<>();

  private final long giveUpOpeningAt;

  private enum Signal {
    SUBSCRIBE,
    CLOSE
  }

  /** The answer to a subscription could not be put together. */
  private record NotOpened() {}

  /**
   * @param listener hears of every change, one at a time
   * @param opened completes with the first subscription, or fails
   * @param renewAfter before the subscription is renewed although nothing seems to have happened
   */
  static Behavior<Object> create(
      RecipientRef<MailboxCommand> mailbox,
      Mailboxes.Access access,
      Consumer<MailboxEvent> listener,
      CompletableFuture<OpenMailbox> opened,
      Shards.Patience patience,
      Duration renewAfter) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Subscription(
                        context, timers, mailbox, access, listener, opened, patience, renewAfter)));
  }

  private Subscription(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      RecipientRef<MailboxCommand> mailbox,
      Mailboxes.Access access,
      Consumer<MailboxEvent> listener,
      CompletableFuture<OpenMailbox> opened,
      Shards.Patience patience,
      Duration renewAfter) {
    super(context);
    this.timers = timers;
    this.mailbox = mailbox;
    this.access = access;
    this.listener = listener;
    this.opened = opened;
    this.patience = patience;
    this.renewAfter = renewAfter;
    this.teller = context.getSystem().deadLetters();
    this.giveUpOpeningAt = System.nanoTime() + patience.deadline().toNanos();
    subscribe();
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(Notice.Told.class, told -> onChanged(told.event()))
        .onMessage(Notice.Stands.class, this::onStands)
        .onMessage(Notice.Gone.class, gone -> end())
        .onMessage(Answer.Done.class, done -> onSubscribed((Subscribed) done.value()))
        .onMessage(Answer.InParts.class, this::onParcel)
        .onMessage(Answer.Refused.class, this::onRefused)
        .onMessage(NotOpened.class, failed -> onNotOpened())
        .onMessageEquals(Signal.SUBSCRIBE, this::subscribe)
        .onMessageEquals(Signal.CLOSE, this::onClose)
        .onSignal(Terminated.class, terminated -> subscribeSoon())
        .build();
  }

  private Behavior<Object> subscribe() {
    ActorRef<Object> self = getContext().getSelf();
    mailbox.tell(new Subscribe(access, known, self.narrow(), self.narrow()));
    timers.startSingleTimer(Signal.SUBSCRIBE, patience.attempt());
    return this;
  }

  private Behavior<Object> subscribeSoon() {
    timers.startSingleTimer(Signal.SUBSCRIBE, patience.pause());
    return this;
  }

  /** What comes while the answer is put together counts after it. */
  private Behavior<Object> onParcel(Answer.InParts<?> parcel) {
    isOpening = true;
    timers.cancel(Signal.SUBSCRIBE);
    getContext()
        .pipeToSelf(
            ParcelKeeper.open(parcel, patience.attempt(), getContext().getSystem()),
            (subscribed, failure) ->
                failure == null ? new Answer.Done<>(subscribed) : new NotOpened());
    return this;
  }

  private Behavior<Object> onNotOpened() {
    isOpening = false;
    early.clear();
    return subscribeSoon();
  }

  private Behavior<Object> onSubscribed(Subscribed subscribed) {
    isOpening = false;
    timers.startSingleTimer(Signal.SUBSCRIBE, renewAfter);
    follow(subscribed.mailbox());
    Behavior<Object> next = stands(subscribed);
    List<MailboxEvent.Changed> since = List.copyOf(early);
    early.clear();
    for (MailboxEvent.Changed changed : since) {
      if (next == this) {
        next = onChanged(changed);
      }
    }
    return next;
  }

  private void follow(ActorRef<MailboxCommand> incarnation) {
    if (!incarnation.equals(teller)) {
      getContext().unwatch(teller);
      teller = incarnation;
      getContext().watch(teller);
    }
  }

  private Behavior<Object> stands(Subscribed subscribed) {
    if (subscribed.standing() instanceof Standing.Missed missed) {
      // Nothing is known only before the first answer, and that is whole.
      Known before = known.orElseThrow();
      if (missed.event().modseq() > before.modseq()) {
        known =
            Optional.of(
                new Known(
                    before.uidValidity(),
                    missed.event().modseq(),
                    missed.event().uidNext(),
                    missed.count()));
        listener.accept(missed.event());
      }
      return this;
    }
    MailboxView view = ((Standing.Whole) subscribed.standing()).view();
    Known now =
        new Known(view.uidValidity(), view.highestModseq(), view.uidNext(), view.messages().size());
    if (known.isEmpty()) {
      known = Optional.of(now);
      opened.complete(new Open(view, subscribed.recentFrom(), getContext().getSelf()));
    } else if (now.uidValidity() != known.get().uidValidity()) {
      return end();
    } else if (now.modseq() > known.get().modseq()) {
      known = Optional.of(now);
      listener.accept(new MailboxEvent.Resynchronised(view));
    }
    return this;
  }

  private Behavior<Object> onRefused(Answer.Refused<?> refused) {
    if (opened.isDone()) {
      return refused.isTemporary() ? subscribeSoon() : end();
    }
    if (refused.isTemporary() && System.nanoTime() < giveUpOpeningAt) {
      return subscribeSoon();
    }
    opened.completeExceptionally(new Refusal(refused.code(), refused.text()));
    return Behaviors.stopped();
  }

  private Behavior<Object> onChanged(MailboxEvent.Changed changed) {
    if (isOpening) {
      if (early.size() < MAX_EARLY) {
        early.add(changed);
      }
      return this;
    }
    if (known.isEmpty() || changed.modseq() <= known.get().modseq()) {
      return this;
    }
    Known before = known.get();
    if (changed.sinceModseq() != before.modseq()) {
      return subscribe();
    }
    known =
        Optional.of(
            new Known(
                before.uidValidity(),
                changed.modseq(),
                changed.uidNext(),
                before.count()
                    + changed.added().size()
                    - Math.toIntExact(changed.expunged().size())));
    listener.accept(changed);
    return this;
  }

  private Behavior<Object> onStands(Notice.Stands stands) {
    boolean isNews =
        known.isPresent()
            && (stands.uidValidity() != known.get().uidValidity()
                || stands.modseq() > known.get().modseq());
    return isNews && !isOpening ? subscribe() : this;
  }

  private Behavior<Object> end() {
    if (opened.isDone()) {
      listener.accept(new MailboxEvent.Deleted());
    } else {
      opened.completeExceptionally(
          new Refusal(Refusal.Code.NONEXISTENT, "the mailbox does not exist"));
    }
    return Behaviors.stopped();
  }

  private Behavior<Object> onClose() {
    mailbox.tell(new Unsubscribe(getContext().getSelf().narrow()));
    return Behaviors.stopped();
  }

  /** What the session holds. */
  private record Open(MailboxView view, long recentFrom, ActorRef<Object> subscription)
      implements OpenMailbox {
    @Override
    public void refresh() {
      subscription.tell(Signal.SUBSCRIBE);
    }

    @Override
    public void close() {
      subscription.tell(Signal.CLOSE);
    }
  }
}
