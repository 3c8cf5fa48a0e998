package dev.staffetta.mailbox;

import dev.staffetta.config.MailboxSettings;
import dev.staffetta.mailbox.MailboxCommand.AccountSaid;
import dev.staffetta.mailbox.MailboxCommand.Change;
import dev.staffetta.mailbox.MailboxCommand.Delete;
import dev.staffetta.mailbox.MailboxCommand.LetGo;
import dev.staffetta.mailbox.MailboxCommand.MoveAnswered;
import dev.staffetta.mailbox.MailboxCommand.Read;
import dev.staffetta.mailbox.MailboxCommand.Signal;
import dev.staffetta.mailbox.MailboxCommand.StoreSaid;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.TakeRecent;
import dev.staffetta.mailbox.MailboxCommand.Unsubscribe;
import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.ConfirmedQuestions;
import java.util.ArrayList;
import java.util.List;
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
 * One mailbox. Owns its messages, flags and UIDs; every {@link MailboxChange} changes them, and
 * nothing else does.
 *
 * <p><b>Gathering.</b> Changes that come while a write is under way are written as one, see {@link
 * GatheredChanges}: so a busy INBOX costs one fsync for many messages.
 *
 * <p><b>Existence.</b> An empty mailbox has written nothing. One that finds nothing of itself asks
 * its account whether it exists before it takes a command, so that nobody can make a mailbox by
 * writing to it.
 *
 * <p><b>Crashes.</b> A crash between two commands, or in the middle of a batch, leaves the changes
 * of whole batches only. A move notes what it is about to do ({@code MoveStarted}), copies at the
 * target under its operation id, and only then removes ({@code MoveFinished}): found started after
 * a crash, it is done again from the copy on, and the target knows the id. A deletion found
 * unfinished goes on. While messages move, commands that touch them wait.
 */
public final class Mailbox
    extends EventSourcedBehavior<MailboxCommand, MailboxChange, MailboxState> {
  private final MailboxId id;
  private final MailboxSettings settings;
  private final MailboxNeighbours neighbours;
  private final Arrivals<MailboxCommand> arrivals;
  private final ActorContext<MailboxCommand> context;
  private final TimerScheduler<MailboxCommand> timers;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final Subscribers subscribers = new Subscribers();

  private final Existence existence = new Existence();

  private final GatheredChanges changes;

  private final ConfirmedQuestions<Read<?>> questions;

  private final MailboxAnswers answers;

  private final Offers offers;

  /** A mailbox. */
  public static Behavior<MailboxCommand> create(
      MailboxId id, MailboxSettings settings, MailboxNeighbours neighbours) {
    return Arrivals.of(
        MailboxCommand.class,
        arrivals ->
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers ->
                            new Mailbox(id, settings, neighbours, arrivals, context, timers))));
  }

  private Mailbox(
      MailboxId id,
      MailboxSettings settings,
      MailboxNeighbours neighbours,
      Arrivals<MailboxCommand> arrivals,
      ActorContext<MailboxCommand> context,
      TimerScheduler<MailboxCommand> timers) {
    super(PersistenceId.ofUniqueId("Mailbox|" + id));
    this.id = id;
    this.settings = settings;
    this.neighbours = neighbours;
    this.arrivals = arrivals;
    this.context = context;
    this.timers = timers;
    this.changes =
        new GatheredChanges(
            MailboxLimits.of(settings),
            settings.batchBytes(),
            neighbours::hasRoom,
            () -> context.getSelf().tell(Signal.FLUSH));
    this.questions = new ConfirmedQuestions<>(context, neighbours, StoreSaid::new);
    this.offers = new Offers(neighbours, context);
    this.answers = new MailboxAnswers(context, subscribers, offers);
    context.setReceiveTimeout(settings.idleTimeout(), Signal.IDLE);
  }

  @Override
  public MailboxState emptyState() {
    return MailboxState.absent(id);
  }

  @Override
  public CommandHandler<MailboxCommand, MailboxChange, MailboxState> commandHandler() {
    return arrivals.seenBy(
        newCommandHandlerBuilder()
            .forAnyState()
            .onCommand(Change.class, this::onChange)
            .onCommand(Read.class, this::onQuestion)
            .onCommand(StoreSaid.class, this::onStoreSaid)
            .onCommand(Unsubscribe.class, this::onUnsubscribe)
            .onCommand(AccountSaid.class, this::onAccountSaid)
            .onCommand(Signal.class, this::onSignal)
            .build());
  }

  @Override
  public EventHandler<MailboxState, MailboxChange> eventHandler() {
    return (state, change) -> change.applyTo(state);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 1)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<MailboxState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::goOn)
        .onSignal(PostStop.instance(), state -> refuseAll())
        .build();
  }

  /** Carries on what the state says is unfinished. */
  private void goOn(MailboxState state) {
    offers.move(state);
    if (state.stage() == Stage.DELETED && !state.messages().isEmpty()) {
      context.getSelf().tell(new LetGo(context.getSystem().ignoreRef()));
    }
  }

  // Whether the mailbox exists.

  private Effect<MailboxChange, MailboxState> askAccount(MailboxCommand command) {
    existence.await(command);
    askAccount();
    return Effect().none();
  }

  private void askAccount() {
    if (existence.startAsking()) {
      context.pipeToSelf(
          neighbours.uidValidity(id),
          (uidValidity, failure) ->
              failure == null ? new AccountSaid(uidValidity) : Signal.UNANSWERED);
    }
  }

  private Effect<MailboxChange, MailboxState> onAccountSaid(
      MailboxState state, AccountSaid account) {
    List<MailboxCommand> commands = existence.answered(state, account.uidValidity());
    for (MailboxCommand command : commands) {
      if (command instanceof Read<?> question) {
        answer(state, question);
      } else if (command instanceof Change<?> change) {
        changes.add(change);
      }
    }
    if (commands.isEmpty()) {
      leaveIfIdle(state);
    }
    return Effect().none();
  }

  // Changes: gather, decide, write, tell, answer.

  private Effect<MailboxChange, MailboxState> onChange(MailboxState state, Change<?> change) {
    if (change instanceof Delete delete) {
      existence.deleted(delete.uidValidity());
    } else if (change instanceof MoveAnswered moved) {
      offers.answered(moved.operation());
      if (moved.isToBeAskedAgain()) {
        remindLater();
        return Effect().none();
      }
    } else if (change.isForOpenMailbox() && !existence.isOpen(state)) {
      return askAccount(change);
    }
    changes.add(change);
    return Effect().none();
  }

  private Effect<MailboxChange, MailboxState> onFlush(MailboxState state) {
    return changes
        .next(existence.base(state))
        .map(write -> write(state, write))
        .orElseGet(() -> Effect().none());
  }

  private Effect<MailboxChange, MailboxState> write(
      MailboxState state, GatheredChanges.Write write) {
    List<MailboxChange> all = new ArrayList<>(existence.created(state));
    all.addAll(write.changes());
    return Effect().persist(all).thenRun(after -> onWritten(after, write));
  }

  private void onWritten(MailboxState state, GatheredChanges.Write write) {
    existence.written();
    subscribers.tell(write.told(), state.uidValidity());
    if (state.stage() == Stage.DELETED) {
      subscribers.tellGone();
    }
    changes.written(state, write);
    goOn(state);
  }

  // Questions: nothing is told that may be old.

  private Effect<MailboxChange, MailboxState> onQuestion(MailboxState state, Read<?> question) {
    questions.add(question);
    return Effect().none();
  }

  private Effect<MailboxChange, MailboxState> onStoreSaid(MailboxState state, StoreSaid said) {
    boolean isCurrent =
        questions.storeSaid(
            said.sequenceNumber(),
            lastSequenceNumber(context),
            question -> {
              if (existence.isOpen(state)) {
                answer(state, question);
              } else {
                existence.await(question);
              }
            });
    if (!isCurrent) {
      neighbours.passivate(context.getSelf());
    }
    askAccount();
    return Effect().none();
  }

  private void answer(MailboxState state, Read<?> question) {
    MailboxState current = existence.base(state);
    answers.answer(current, question);
    if (question instanceof Subscribe subscribe
        && subscribe.access() == Mailboxes.Access.READ_WRITE) {
      takeRecent(current);
    }
  }

  // Sessions.

  private Effect<MailboxChange, MailboxState> onUnsubscribe(
      MailboxState state, Unsubscribe command) {
    context.unwatch(command.subscriber());
    if (subscribers.remove(command.subscriber())) {
      takeRecent(state);
    }
    return Effect().none();
  }

  /** Nobody waits for this to be written: after a crash a message is \\Recent once more. */
  private void takeRecent(MailboxState state) {
    if (state.recentFrom() < state.uidNext()) {
      changes.add(new TakeRecent(context.getSystem().ignoreRef()));
    }
  }

  // Signals.

  private Effect<MailboxChange, MailboxState> onSignal(MailboxState state, Signal signal) {
    return switch (signal) {
      case FLUSH -> onFlush(state);
      case UNANSWERED -> {
        existence.unanswered();
        remindLater();
        yield Effect().none();
      }
      case REMIND -> {
        askAccount();
        goOn(state);
        yield Effect().none();
      }
      case IDLE -> {
        leaveIfIdle(state);
        yield Effect().none();
      }
      case STOP -> Effect().stop();
    };
  }

  private void remindLater() {
    timers.startSingleTimer(Signal.REMIND, settings.remindAfter());
  }

  private void leaveIfIdle(MailboxState state) {
    if (subscribers.isEmpty()
        && changes.isEmpty()
        && questions.isEmpty()
        && existence.isIdle()
        && state.moves().isEmpty()
        && (state.stage() == Stage.OPEN || state.messages().isEmpty())) {
      neighbours.passivate(context.getSelf());
    }
  }

  /** It ends: whoever waits is told to ask again, and finds what was written. */
  private void refuseAll() {
    changes.refuseAll();
    questions.refuseAll();
    existence.refuseAll();
  }
}
