package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Locked;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.ports.Accounts.MaildropLock;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Shards;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
 * One POP3 session's hold on its maildrop (RFC 1939 8). The account watches it, so the lock ends
 * with it or with its node; it watches the account, and locks again when that crashes or moves. It
 * does so every now and then too, lest the account lost sight of it. Lives on the session's node.
 */
final class MaildropLease extends AbstractBehavior<Object> {
  /** Before the lock is taken once more, although nothing seems to have happened. */
  private static final Duration RENEWED_AFTER = Duration.ofSeconds(30);

  private final ContentId lease = ContentId.random();
  private final RecipientRef<AccountCommand> account;
  private final CompletableFuture<MaildropLock> locked;
  private final Shards.Patience patience;
  private final TimerScheduler<Object> timers;
  private final long giveUpAt;
  private ActorRef<AccountCommand> incarnation;

  private enum Signal {
    LOCK,
    RELEASE
  }

  /**
   * @param locked completes when the lock is held, or fails
   */
  static Behavior<Object> create(
      RecipientRef<AccountCommand> account,
      CompletableFuture<MaildropLock> locked,
      Shards.Patience patience) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new MaildropLease(context, timers, account, locked, patience)));
  }

  private MaildropLease(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      RecipientRef<AccountCommand> account,
      CompletableFuture<MaildropLock> locked,
      Shards.Patience patience) {
    super(context);
    this.timers = timers;
    this.account = account;
    this.locked = locked;
    this.patience = patience;
    this.giveUpAt = System.nanoTime() + patience.deadline().toNanos();
    this.incarnation = context.getSystem().deadLetters();
    lock();
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(Answer.Done.class, done -> onLocked((Locked) done.value()))
        .onMessage(Answer.Refused.class, this::onRefused)
        .onMessageEquals(Signal.LOCK, this::lock)
        .onMessageEquals(Signal.RELEASE, this::onRelease)
        .onSignal(Terminated.class, terminated -> lockSoon())
        .build();
  }

  private Behavior<Object> lock() {
    account.tell(new LockMaildrop(lease, self()));
    timers.startSingleTimer(Signal.LOCK, patience.attempt());
    return this;
  }

  private Behavior<Object> lockSoon() {
    timers.startSingleTimer(Signal.LOCK, patience.pause());
    return this;
  }

  private Behavior<Object> onLocked(Locked lock) {
    timers.startSingleTimer(Signal.LOCK, RENEWED_AFTER);
    if (!lock.account().equals(incarnation)) {
      getContext().unwatch(incarnation);
      incarnation = lock.account();
      getContext().watch(incarnation);
    }
    ActorRef<Object> holder = getContext().getSelf();
    locked.complete(() -> holder.tell(Signal.RELEASE));
    return this;
  }

  private Behavior<Object> onRefused(Answer.Refused<?> refused) {
    if (refused.isTemporary() && (locked.isDone() || System.nanoTime() < giveUpAt)) {
      return lockSoon();
    }
    locked.completeExceptionally(new Refusal(refused.code(), refused.text()));
    return Behaviors.stopped();
  }

  private Behavior<Object> onRelease() {
    account.tell(new UnlockMaildrop(lease, getContext().getSystem().ignoreRef()));
    return Behaviors.stopped();
  }

  private ActorRef<Answer<Locked>> self() {
    return getContext().getSelf().narrow();
  }
}
