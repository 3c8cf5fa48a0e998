package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.Change;
import dev.staffetta.account.AccountCommand.ChoreFailed;
import dev.staffetta.account.AccountCommand.CountRecipients;
import dev.staffetta.account.AccountCommand.FindMailbox;
import dev.staffetta.account.AccountCommand.FinishChore;
import dev.staffetta.account.AccountCommand.GetPasswordHash;
import dev.staffetta.account.AccountCommand.GetTree;
import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Read;
import dev.staffetta.account.AccountCommand.Remove;
import dev.staffetta.account.AccountCommand.RenameFolder;
import dev.staffetta.account.AccountCommand.Signal;
import dev.staffetta.account.AccountCommand.StoreSaid;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.account.AccountState.Stage;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.Batch;
import dev.staffetta.sharding.ConfirmedQuestions;
import dev.staffetta.sharding.ParcelKeeper;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
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
 * the maildrop lock. Every {@link AccountChange} changes it, and nothing else does.
 *
 * <p>A mailbox is made by giving it a name and a number here: the {@code Mailbox} entity asks for
 * them when it is first used. To delete one, its name is taken away and a chore written in the same
 * change; the chore is done again until the mailbox has answered, however often either crashes.
 *
 * <p>The maildrop lock is written too. After a crash or a move the account does not know whether
 * the session that has it is still there: it gets some time to come forward, and until then nobody
 * else gets in.
 */
public final class Account
    extends EventSourcedBehavior<AccountCommand, AccountChange, AccountState> {
  private final AccountId id;
  private final AccountSettings settings;
  private final AccountNeighbours neighbours;
  private final Clock clock;
  private final Arrivals<AccountCommand> arrivals;
  private final ActorContext<AccountCommand> context;
  private final TimerScheduler<AccountCommand> timers;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final ConfirmedQuestions<Read<?>> questions;

  private final RecipientCount recipients;

  private final Chores chores;

  private final MaildropHolder maildropHolder;

  private Optional<Batch<AccountState, AccountChange, AccountContext>> writing = Optional.empty();

  /** An account. */
  public static Behavior<AccountCommand> create(
      AccountId id, AccountSettings settings, AccountNeighbours neighbours, Clock clock) {
    return Arrivals.of(
        AccountCommand.class,
        arrivals ->
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers ->
                            new Account(
                                id, settings, neighbours, clock, arrivals, context, timers))));
  }

  private Account(
      AccountId id,
      AccountSettings settings,
      AccountNeighbours neighbours,
      Clock clock,
      Arrivals<AccountCommand> arrivals,
      ActorContext<AccountCommand> context,
      TimerScheduler<AccountCommand> timers) {
    super(PersistenceId.ofUniqueId("Account|" + id));
    this.id = id;
    this.settings = settings;
    this.neighbours = neighbours;
    this.clock = clock;
    this.arrivals = arrivals;
    this.context = context;
    this.timers = timers;
    this.questions = new ConfirmedQuestions<>(context, neighbours, StoreSaid::new);
    this.recipients = new RecipientCount(settings.submission());
    this.chores = new Chores(id, neighbours, context);
    this.maildropHolder = new MaildropHolder(context);
    context.setReceiveTimeout(settings.idleTimeout(), Signal.IDLE);
  }

  @Override
  public AccountState emptyState() {
    return AccountState.absent(id);
  }

  @Override
  public CommandHandler<AccountCommand, AccountChange, AccountState> commandHandler() {
    return arrivals.seenBy(
        newCommandHandlerBuilder()
            .forAnyState()
            .onCommand(RenameFolder.class, this::onRename)
            .onCommand(Remove.class, this::onRemove)
            .onCommand(LockMaildrop.class, this::onLock)
            .onCommand(UnlockMaildrop.class, this::onUnlock)
            .onCommand(CountRecipients.class, this::onCount)
            .onCommand(FinishChore.class, this::onChoreFinished)
            .onCommand(ChoreFailed.class, this::onChoreFailed)
            .onCommand(Change.class, (state, change) -> onChange(state, (Change<?>) change))
            .onCommand(Read.class, this::onQuestion)
            .onCommand(StoreSaid.class, this::onStoreSaid)
            .onCommand(Signal.class, this::onSignal)
            .build());
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
        .onSignal(RecoveryCompleted.instance(), this::goOn)
        .onSignal(PostStop.instance(), state -> refuseAll())
        .build();
  }

  /** Carries on what the state says is unfinished. */
  private void goOn(AccountState state) {
    chores.start(state);
    if (state.maildropLease().isPresent()) {
      timers.startSingleTimer(Signal.GRACE_OVER, settings.maildropGrace());
    }
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
      long target = batch.state().operations().find(command.operation()).orElseThrow();
      chores.forRename(target, command.replyTo());
    }
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onRemove(AccountState state, Remove command) {
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    if (batch.take(command).isEmpty()) {
      chores.forRemoval(command.replyTo());
    }
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onChoreFinished(
      AccountState state, FinishChore command) {
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    batch.take(command);
    batch.afterwards(() -> chores.finished(command.chore(), batch.state()));
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onChoreFailed(
      AccountState state, ChoreFailed command) {
    chores.failed(command.chore());
    timers.startSingleTimer(Signal.REMIND, settings.remindAfter());
    return Effect().none();
  }

  private Batch<AccountState, AccountChange, AccountContext> batch(AccountState state) {
    return new Batch<>(
        state,
        new AccountContext(clock.instant(), settings),
        neighbours::hasRoom,
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
              chores.start(after);
            });
  }

  /** What is counted and not written is this incarnation's alone, see {@link RecipientCount}. */
  private Effect<AccountChange, AccountState> onCount(AccountState state, CountRecipients command) {
    try {
      AccountDecisions.requireActive(state);
      List<AccountChange> changes =
          recipients.count(state.submitted(), command.recipients(), clock.instant());
      Answer<Done> done = Answer.done(Done.getInstance());
      if (changes.isEmpty()) {
        command.replyTo().tell(done);
        return Effect().none();
      }
      return Effect().persist(changes).thenRun(after -> command.replyTo().tell(done));
    } catch (Refusal refusal) {
      command.refuse(refusal.code(), refusal.getMessage());
      leaveIfAbsent(state);
      return Effect().none();
    }
  }

  // Questions: nothing is told that may be old.

  private Effect<AccountChange, AccountState> onQuestion(AccountState state, Read<?> question) {
    questions.add(question);
    return Effect().none();
  }

  private Effect<AccountChange, AccountState> onStoreSaid(AccountState state, StoreSaid said) {
    boolean isCurrent =
        questions.storeSaid(
            said.sequenceNumber(),
            lastSequenceNumber(context),
            question -> answer(state, question));
    if (!isCurrent) {
      neighbours.passivate(context.getSelf());
    } else if (questions.isEmpty()) {
      leaveIfAbsent(state);
    }
    return Effect().none();
  }

  private void answer(AccountState state, Read<?> question) {
    try {
      if (question instanceof FindMailbox find) {
        find.replyTo().tell(Answer.done(state.uidValidity(find.number())));
      } else if (question instanceof GetPasswordHash get) {
        AccountDecisions.requireActive(state);
        get.replyTo().tell(Answer.done(state.passwordHash()));
      } else if (question instanceof GetTree get) {
        AccountDecisions.requireActive(state);
        ParcelKeeper.answer(context, get.replyTo(), new TreeParcel(id, state.tree()));
      }
    } catch (Refusal refusal) {
      question.refuse(refusal.code(), refusal.getMessage());
    }
  }

  // The maildrop.

  private Effect<AccountChange, AccountState> onLock(AccountState state, LockMaildrop command) {
    boolean isAnothers = state.maildropLease().filter(l -> !l.equals(command.lease())).isPresent();
    if (isAnothers && maildropHolder.isMissing(state)) {
      command.refuse(
          Refusal.Code.UNAVAILABLE, "a session that had the maildrop may come back, wait a little");
      return Effect().none();
    }
    Batch<AccountState, AccountChange, AccountContext> batch = batch(state);
    if (batch.take(command).isEmpty()) {
      batch.afterwards(
          () -> {
            timers.cancel(Signal.GRACE_OVER);
            maildropHolder.took(command);
          });
    }
    return write(state, batch);
  }

  private Effect<AccountChange, AccountState> onUnlock(AccountState state, UnlockMaildrop command) {
    if (state.maildropLease().equals(Optional.of(command.lease()))) {
      maildropHolder.leaves();
    }
    return onChange(state, command);
  }

  /** The session that had the maildrop has not come forward: it is gone. */
  private Effect<AccountChange, AccountState> onGraceOver(AccountState state) {
    return maildropHolder.isMissing(state)
        ? onChange(
            state, new UnlockMaildrop(state.maildropLease().get(), context.getSystem().ignoreRef()))
        : Effect().none();
  }

  // Signals.

  private Effect<AccountChange, AccountState> onSignal(AccountState state, Signal signal) {
    return switch (signal) {
      case REMIND -> {
        chores.start(state);
        yield Effect().none();
      }
      case IDLE -> {
        if (state.maildropLease().isEmpty() && questions.isEmpty() && state.chores().isEmpty()) {
          neighbours.passivate(context.getSelf());
        }
        yield Effect().none();
      }
      case GRACE_OVER -> onGraceOver(state);
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
    questions.refuseAll();
    chores.refuseAll();
  }
}
