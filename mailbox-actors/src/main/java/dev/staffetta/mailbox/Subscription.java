package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.mailbox.MailboxCommand.Unsubscribe;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Shards;
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
 * was missed: the subscription is renewed, and the session is told how things stand.
 */
final class Subscription extends AbstractBehavior<Object> {
  private final RecipientRef<MailboxCommand> mailbox;
  private final Mailboxes.Access access;
  private final Consumer<MailboxEvent> listener;
  private final CompletableFuture<OpenMailbox> opened;
  private final Shards.Patience patience;
  private final TimerScheduler<Object> timers;

  /** The incarnation that tells; the dead letters before the first. */
  private ActorRef<MailboxCommand> teller;

  private long uidValidity;
  private long modseq;
  private long giveUpOpeningAt;

  private enum Signal {
    SUBSCRIBE,
    CLOSE
  }

  /**
   * @param listener hears of every change, one at a time
   * @param opened completes with the first subscription, or fails
   */
  static Behavior<Object> create(
      RecipientRef<MailboxCommand> mailbox,
      Mailboxes.Access access,
      Consumer<MailboxEvent> listener,
      CompletableFuture<OpenMailbox> opened,
      Shards.Patience patience) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Subscription(
                        context, timers, mailbox, access, listener, opened, patience)));
  }

  private Subscription(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      RecipientRef<MailboxCommand> mailbox,
      Mailboxes.Access access,
      Consumer<MailboxEvent> listener,
      CompletableFuture<OpenMailbox> opened,
      Shards.Patience patience) {
    super(context);
    this.timers = timers;
    this.mailbox = mailbox;
    this.access = access;
    this.listener = listener;
    this.opened = opened;
    this.patience = patience;
    this.teller = context.getSystem().deadLetters();
    this.giveUpOpeningAt = System.nanoTime() + patience.deadline().toNanos();
    subscribe();
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(MailboxEvent.Changed.class, this::onChanged)
        .onMessage(MailboxEvent.Deleted.class, deleted -> end())
        .onMessage(Answer.Done.class, done -> onSubscribed((Subscribed) done.value()))
        .onMessage(Answer.Refused.class, this::onRefused)
        .onMessageEquals(Signal.SUBSCRIBE, this::subscribe)
        .onMessageEquals(Signal.CLOSE, this::onClose)
        .onSignal(Terminated.class, terminated -> subscribeSoon())
        .build();
  }

  private Behavior<Object> subscribe() {
    mailbox.tell(
        new Subscribe(access, getContext().getSelf().narrow(), getContext().getSelf().narrow()));
    timers.startSingleTimer(Signal.SUBSCRIBE, patience.attempt());
    return this;
  }

  private Behavior<Object> subscribeSoon() {
    timers.startSingleTimer(Signal.SUBSCRIBE, patience.pause());
    return this;
  }

  private Behavior<Object> onSubscribed(Subscribed subscribed) {
    timers.cancel(Signal.SUBSCRIBE);
    MailboxView view = subscribed.view();
    if (!subscribed.mailbox().equals(teller)) {
      getContext().unwatch(teller);
      teller = subscribed.mailbox();
      getContext().watch(teller);
    }
    if (!opened.isDone()) {
      uidValidity = view.uidValidity();
      modseq = view.highestModseq();
      opened.complete(new Open(view, subscribed.recentFrom(), getContext().getSelf()));
    } else if (view.uidValidity() != uidValidity) {
      return end();
    } else if (view.highestModseq() != modseq) {
      modseq = view.highestModseq();
      listener.accept(new MailboxEvent.Resynchronised(view));
    }
    return this;
  }

  private Behavior<Object> onRefused(Answer.Refused<?> refused) {
    boolean isTemporary = refused.code() == Refusal.Code.UNAVAILABLE;
    if (opened.isDone()) {
      return isTemporary ? subscribeSoon() : end();
    }
    if (isTemporary && System.nanoTime() < giveUpOpeningAt) {
      return subscribeSoon();
    }
    opened.completeExceptionally(new Refusal(refused.code(), refused.text()));
    return Behaviors.stopped();
  }

  private Behavior<Object> onChanged(MailboxEvent.Changed changed) {
    if (changed.modseq() <= modseq) {
      return this;
    }
    if (changed.sinceModseq() != modseq) {
      return subscribe();
    }
    modseq = changed.modseq();
    listener.accept(changed);
    return this;
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
    public void close() {
      subscription.tell(Signal.CLOSE);
    }
  }
}
