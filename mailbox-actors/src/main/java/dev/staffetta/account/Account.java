package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.Change;
import dev.staffetta.account.AccountCommand.ChoreFailed;
import dev.staffetta.account.AccountCommand.FindMailbox;
import dev.staffetta.account.AccountCommand.FinishChore;
import dev.staffetta.account.AccountCommand.GetPasswordHash;
import dev.staffetta.account.AccountCommand.GetTree;
import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Locked;
import dev.staffetta.account.AccountCommand.Remove;
import dev.staffetta.account.AccountCommand.RenameFolder;
import dev.staffetta.account.AccountCommand.Signal;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.account.AccountState.Stage;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Batch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One account. Owns its password, the names of its folders and their numbers and UIDVALIDITYs, and
 * the maildrop lock. Every {@link AccountChange} changes it, and nothing else does; the lock alone
 * is in memory.
 *
 * <p>A mailbox is made by giving it a name and a number here: the {@code Mailbox} entity asks for
 * them when it is first used. To delete one, its name is taken away and a chore written in the same
 * change; the chore is done again until the mailbox has answered, however often either crashes.
 */
public final class Account
    extends EventSourcedBehavior<AccountCommand, AccountChange, AccountState> {
  private final AccountId id;
  private final AccountSettings settings;
  private final AccountNeighbours neighbours;
  private final Clock clock;
  private final ActorContext<AccountCommand> context;
  private final TimerScheduler<AccountCommand> timers;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private Optional<ActorRef<Answer<Locked>>> maildropHolder = Optional.empty();
  private Optional<Batch<AccountState, AccountChange, AccountContext>> writing = Optional.empty();

  /** Chores whose mailbox has been asked and has not answered. */
  private final Set<Chore> choresUnderWay = new HashSet<>();

  /** Wait for INBOX's messages to have moved to the mailbox of this number. */
  private final Map<Long, ActorRef<Answer<Done>>> renamers = new HashMap<>();

  private final List<ActorRef<Answer<Boolean>>> removers = new ArrayList<>();

  /** An account. */
  public static Behavior<AccountCommand> create(
      AccountId id, AccountSettings settings, AccountNeighbours neighbours, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Account(id, settings, neighbours, clock, context, timers)));
  }

  private Account(
      AccountId id,
      AccountSettings settings,
      AccountNeighbours neighbours,
      Clock clock,
      ActorContext<AccountCommand> context,
      TimerScheduler<AccountCommand> timers) {
    super(PersistenceId.ofUniqueId("Account|" + id));
    this.id = id;
    this.settings = settings;
    this.neighbours = neighbours;
    this.clock = clock;
    this.context = context;
    this.timers = timers;
    context.setReceiveTimeout(settings.idleTimeout(), Signal.IDLE);
  }

  @Override
  public AccountState emptyState() {
    return AccountState.absent(id);
  }

  @Override
  public CommandHandler<AccountCommand, AccountChange, AccountState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(RenameFolder.class, this::onRename)
        .onCommand(Remove.class, this::onRemove)
        .onCommand(FinishChore.class, this::onChoreFinished)
        .onCommand(ChoreFailed.class, this::onChoreFailed)
        .onCommand(Change.class, (state, change) -> onChange(state, (Change<?>) change))
        .onCommand(GetPasswordHash.class, this::onGetPasswordHash)
        .onCommand(GetTree.class, this::onGetTree)
        .onCommand(FindMailbox.class, this::onFindMailbox)
        .onCommand(LockMaildrop.class, this::onLock)
        .onCommand(UnlockMaildrop.class, this::onUnlock)
        .onCommand(Signal.class, this::onSignal)
        .build();
  }

  @Override
  public EventHandler<AccountState, AccountChange> eventHandler() {
    return (state, change) -> change.applyTo(state);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 1)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<AccountState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::doChores)
        .onSignal(PostStop.instance(), state -> refuseAll())
        .build();
  }

  // Changes.

  private <R> Effect<AccountChange, AccountState> onChange(AccountState state, Change<R> change) {
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    batch.take(change);
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onRename(AccountState state, RenameFolder command) {
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    if (batch.take(command).isEmpty()) {
      renamers.put(batch.state().nextNumber() - 1, command.replyTo());
    }
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onRemove(AccountState state, Remove command) {
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    if (batch.take(command).isEmpty()) {
      removers.add(command.replyTo());
    }
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onChoreFinished(
      AccountState state, FinishChore command) {
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    batch.take(command);
    batch.afterwards(() -> onChoreDone(command.chore(), batch.state()));
    return write(state, batch);
  }

  private Batch<AccountState, AccountChange, AccountContext> batch(AccountState state) {
    return new Batch<>(
        state,
        new AccountContext(clock.instant(), settings),
        (before, change) -> change.applyTo(before));
  }

  private Effect<AccountChange, AccountState> write(
      AccountState state, Batch<AccountState, AccountChange, AccountContext> batch) {
    if (batch.changes().isEmpty()) {
      batch.answer();
      leaveIfAbsent(state);
      return Effect().none();
    }
    writing = Optional.of(batch);
    return Effect()
        .persist(batch.changes())
        .thenRun(
            after -> {
              writing = Optional.empty();
              batch.answer();
              doChores(after);
            });
  }

  // Chores.

  private void doChores(AccountState state) {
    state.chores().stream()
        .filter(choresUnderWay::add)
        .forEach(
            chore ->
                context.pipeToSelf(
                    start(chore),
                    (done, failure) ->
                        failure == null || isRefusedForGood(failure)
                            ? new FinishChore(chore, context.getSystem().ignoreRef())
                            : new ChoreFailed(chore)));
  }

  private CompletionStage<Done> start(Chore chore) {
    if (chore instanceof Chore.MoveInbox move) {
      return neighbours.moveAll(MailboxId.inboxOf(id), new MailboxId(id, move.target()));
    }
    AccountState.Mailbox mailbox = ((Chore.DeleteMailbox) chore).mailbox();
    return neighbours.delete(new MailboxId(id, mailbox.number()), mailbox.uidValidity());
  }

  /** Such as a move to a folder that was deleted meanwhile. */
  private static boolean isRefusedForGood(Throwable failure) {
    return Refusal.of(failure).code() != Refusal.Code.UNAVAILABLE;
  }

  private Effect<AccountChange, AccountState> onChoreFailed(
      AccountState state, ChoreFailed command) {
    choresUnderWay.remove(command.chore());
    timers.startSingleTimer(Signal.REMIND, settings.remindAfter());
    return Effect().none();
  }

  private void onChoreDone(Chore chore, AccountState after) {
    choresUnderWay.remove(chore);
    if (chore instanceof Chore.MoveInbox move && renamers.containsKey(move.target())) {
      renamers.remove(move.target()).tell(Answer.done(Done.getInstance()));
    }
    if (after.chores().isEmpty()) {
      removers.forEach(remover -> remover.tell(Answer.done(true)));
      removers.clear();
    }
  }

  // Questions.

  private Effect<AccountChange, AccountState> onGetPasswordHash(
      AccountState state, GetPasswordHash command) {
    return answer(state, command.replyTo(), AccountState::passwordHash);
  }

  private Effect<AccountChange, AccountState> onGetTree(AccountState state, GetTree command) {
    return answer(state, command.replyTo(), AccountState::tree);
  }

  private Effect<AccountChange, AccountState> onFindMailbox(
      AccountState state, FindMailbox command) {
    command.replyTo().tell(Answer.done(state.uidValidity(command.number())));
    leaveIfAbsent(state);
    return Effect().none();
  }

  private <R> Effect<AccountChange, AccountState> answer(
      AccountState state, ActorRef<Answer<R>> replyTo, Function<AccountState, R> value) {
    try {
      AccountDecisions.requireActive(state);
      replyTo.tell(Answer.done(value.apply(state)));
    } catch (Refusal refusal) {
      replyTo.tell(Answer.refused(refusal));
      leaveIfAbsent(state);
    }
    return Effect().none();
  }

  // The maildrop.

  private Effect<AccountChange, AccountState> onLock(AccountState state, LockMaildrop command) {
    if (maildropHolder.isPresent() && !maildropHolder.get().equals(command.holder())) {
      command
          .holder()
          .tell(new Answer.Refused<>(Refusal.Code.INUSE, "another session has the maildrop"));
      return Effect().none();
    }
    return answer(
        state,
        command.holder(),
        active -> {
          maildropHolder = Optional.of(command.holder());
          context.watchWith(command.holder(), new UnlockMaildrop(command.holder()));
          return new Locked(context.getSelf());
        });
  }

  private Effect<AccountChange, AccountState> onUnlock(AccountState state, UnlockMaildrop command) {
    context.unwatch(command.holder());
    maildropHolder = maildropHolder.filter(holder -> !holder.equals(command.holder()));
    return Effect().none();
  }

  // Signals.

  private Effect<AccountChange, AccountState> onSignal(AccountState state, Signal signal) {
    return switch (signal) {
      case REMIND -> {
        doChores(state);
        yield Effect().none();
      }
      case IDLE -> {
        if (maildropHolder.isEmpty() && state.chores().isEmpty()) {
          neighbours.passivate(context.getSelf());
        }
        yield Effect().none();
      }
      case STOP -> Effect().stop();
    };
  }

  /** What was asked for and is not there leaves memory at once, so that guessing costs little. */
  private void leaveIfAbsent(AccountState state) {
    if (state.stage() != Stage.ACTIVE && state.chores().isEmpty()) {
      neighbours.passivate(context.getSelf());
    }
  }

  private void refuseAll() {
    writing.ifPresent(Batch::refuse);
    renamers.values().forEach(renamer -> renamer.tell(Answer.unavailable()));
    removers.forEach(remover -> remover.tell(Answer.unavailable()));
  }
}
