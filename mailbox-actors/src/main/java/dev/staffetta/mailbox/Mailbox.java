package dev.staffetta.mailbox;

import dev.staffetta.config.MailboxSettings;
import dev.staffetta.mailbox.MailboxCommand.AccountSaid;
import dev.staffetta.mailbox.MailboxCommand.Change;
import dev.staffetta.mailbox.MailboxCommand.Copy;
import dev.staffetta.mailbox.MailboxCommand.Delete;
import dev.staffetta.mailbox.MailboxCommand.GetModseq;
import dev.staffetta.mailbox.MailboxCommand.GetStatus;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.LetGo;
import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.mailbox.MailboxCommand.MoveAnswered;
import dev.staffetta.mailbox.MailboxCommand.Read;
import dev.staffetta.mailbox.MailboxCommand.Receive;
import dev.staffetta.mailbox.MailboxCommand.Signal;
import dev.staffetta.mailbox.MailboxCommand.StoreSaid;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.mailbox.MailboxCommand.TakeRecent;
import dev.staffetta.mailbox.MailboxCommand.Unsubscribe;
import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.Batch;
import dev.staffetta.sharding.ConfirmedQuestions;
import dev.staffetta.sharding.ParcelKeeper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
 * <p><b>Gathering.</b> Commands that come while a write is under way are decided together, one
 * after the other, each on what the one before made of the state, and written as one: so a busy
 * INBOX costs one fsync for many messages.
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
  private final MailboxLimits limits;
  private final MailboxNeighbours neighbours;
  private final Arrivals<MailboxCommand> arrivals;
  private final ActorContext<MailboxCommand> context;
  private final TimerScheduler<MailboxCommand> timers;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final Subscribers subscribers = new Subscribers();

  private final Existence existence = new Existence();

  /** To be decided and written at the next flush. */
  private final Deque<Change<?>> gathered = new ArrayDeque<>();

  /** Touch messages that are on their way elsewhere. */
  private final List<Change<?>> deferred = new ArrayList<>();

  /** Is being written. */
  private Optional<Batch<MailboxState, MailboxChange, MailboxLimits>> writing = Optional.empty();

  private final LongWaits waits = new LongWaits();

  private final ConfirmedQuestions<Read<?>> questions;

  /** Moves whose target has been asked and has not answered. */
  private final Set<ContentId> movesUnderWay = new HashSet<>();

  private boolean isFlushDue;

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
    this.limits =
        new MailboxLimits(
            settings.maxMessages(),
            settings.maxCopied(),
            settings.removedAtATime(),
            settings.flaggedAtATime());
    this.neighbours = neighbours;
    this.arrivals = arrivals;
    this.context = context;
    this.timers = timers;
    this.questions = new ConfirmedQuestions<>(this::askStore);
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
    state.moves().keySet().stream().filter(movesUnderWay::add).forEach(op -> copy(state, op));
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
        gather(change);
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
      movesUnderWay.remove(moved.operation());
      if (moved.isToBeAskedAgain()) {
        remindLater();
        return Effect().none();
      }
    } else if (change.isForOpenMailbox() && !existence.isOpen(state)) {
      return askAccount(change);
    }
    gather(change);
    return Effect().none();
  }

  private void gather(Change<?> change) {
    gathered.add(change);
    flushSoon();
  }

  /** Behind all commands that have come meanwhile, so that they are gathered first. */
  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      context.getSelf().tell(Signal.FLUSH);
    }
  }

  private Effect<MailboxChange, MailboxState> onFlush(MailboxState state) {
    isFlushDue = false;
    List<MailboxEvent.Changed> told = new ArrayList<>();
    Batch<MailboxState, MailboxChange, MailboxLimits> batch =
        new Batch<>(
            existence.base(state),
            limits,
            neighbours::hasRoom,
            (before, change) -> apply(before, change, told));
    while (!gathered.isEmpty() && batch.weightInBytes() < settings.batchBytes()) {
      Change<?> change = gathered.poll();
      if (change.mustWait(batch.state())) {
        deferred.add(change);
      } else {
        decide(batch, change);
      }
    }
    if (!gathered.isEmpty()) {
      flushSoon();
    }
    if (batch.changes().isEmpty()) {
      batch.answer();
      return Effect().none();
    }
    List<MailboxChange> changes = new ArrayList<>(existence.created(state));
    changes.addAll(batch.changes());
    writing = Optional.of(batch);
    return Effect().persist(changes).thenRun(after -> onWritten(after, batch, told));
  }

  private static MailboxState apply(
      MailboxState before, MailboxChange change, List<MailboxEvent.Changed> told) {
    MailboxState after = change.applyTo(before);
    change.told(before, after).ifPresent(told::add);
    return after;
  }

  private void decide(Batch<MailboxState, MailboxChange, MailboxLimits> batch, Change<?> change) {
    if (change instanceof Move move) {
      if (batch.take(move).isEmpty()) {
        waits.forMove(move.operation(), move.replyTo());
      }
    } else if (change instanceof MoveAnswered moved) {
      batch
          .take(moved)
          .ifPresent(answer -> batch.afterwards(() -> onMoveDone(moved.operation(), answer)));
    } else if (change instanceof Delete delete) {
      if (batch.take(delete).isEmpty()) {
        waits.forDeletion(delete.replyTo());
      }
    } else {
      batch.take(change);
    }
  }

  private void onWritten(
      MailboxState state,
      Batch<MailboxState, MailboxChange, MailboxLimits> batch,
      List<MailboxEvent.Changed> told) {
    writing = Optional.empty();
    existence.written();
    subscribers.tell(told, state.uidValidity());
    if (state.stage() == Stage.DELETED) {
      subscribers.tellGone();
      if (state.messages().isEmpty()) {
        waits.deleted();
      }
    }
    batch.answer();
    goOn(state);
  }

  // Moves.

  private void copy(MailboxState state, ContentId operation) {
    MailboxState.Move move = state.moves().get(operation);
    List<Message> messages = state.messages().stream(move.uids()).toList();
    context.pipeToSelf(
        neighbours.receive(
            new MailboxId(id.account(), move.target()),
            replyTo ->
                new Receive(operation, state.highestModseq(), state.keywords(), messages, replyTo)),
        (answer, failure) ->
            new MoveAnswered(
                operation,
                failure == null ? answer : Answer.unavailable(),
                context.getSystem().ignoreRef()));
  }

  /** Answers who waits for a move, and takes up what waited for its messages. */
  private void onMoveDone(ContentId operation, Answer<Transfer> answer) {
    waits.moved(operation, answer);
    deferred.forEach(this::gather);
    deferred.clear();
  }

  // Questions: nothing is told that may be old.

  private Effect<MailboxChange, MailboxState> onQuestion(MailboxState state, Read<?> question) {
    questions.add(question);
    return Effect().none();
  }

  private void askStore() {
    context.pipeToSelf(
        neighbours.lastChange(),
        (number, failure) ->
            new StoreSaid(failure == null ? OptionalLong.of(number) : OptionalLong.empty()));
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
    if (question instanceof GetView get) {
      ParcelKeeper.answer(context, get.replyTo(), new ViewParcel(current.view()));
    } else if (question instanceof GetModseq get) {
      get.replyTo().tell(Answer.done(current.highestModseq()));
    } else if (question instanceof GetStatus get) {
      get.replyTo().tell(Answer.done(MailboxStatus.of(current.view(), recentFromNow(current))));
    } else if (question instanceof Subscribe subscribe) {
      subscribe(current, subscribe);
    } else if (question instanceof Copy copy) {
      copy(current, copy);
    }
  }

  /** What is not answered is not known to have happened: the same copy may be asked for again. */
  private void copy(MailboxState current, Copy copy) {
    List<Message> messages = current.messages().stream(copy.uids()).toList();
    neighbours
        .receive(
            new MailboxId(id.account(), copy.target()),
            replyTo ->
                new Receive(
                    copy.operation(),
                    current.highestModseq(),
                    current.keywords(),
                    messages,
                    replyTo))
        .exceptionally(failure -> Answer.unavailable())
        .thenAccept(copy.replyTo()::tell);
  }

  // Sessions.

  /** From this UID on messages are \\Recent to a session that comes now. */
  private long recentFromNow(MailboxState current) {
    return subscribers.hasWriter() ? current.uidNext() : current.recentFrom();
  }

  private void subscribe(MailboxState current, Subscribe command) {
    long recentFrom = recentFromNow(current);
    if (subscribers.add(command.subscriber(), command.access())) {
      context.watchWith(command.subscriber(), new Unsubscribe(command.subscriber()));
    }
    ParcelKeeper.answer(
        context,
        command.replyTo(),
        new SubscribedParcel(
            new Subscribed(
                MissedChanges.standing(current.view(), command.known()),
                recentFrom,
                context.getSelf())));
    if (command.access() == Mailboxes.Access.READ_WRITE) {
      takeRecent(current);
    }
  }

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
      gather(new TakeRecent(context.getSystem().ignoreRef()));
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
        && gathered.isEmpty()
        && questions.isEmpty()
        && existence.isIdle()
        && state.moves().isEmpty()
        && (state.stage() == Stage.OPEN || state.messages().isEmpty())) {
      neighbours.passivate(context.getSelf());
    }
  }

  /** It ends: whoever waits is told to ask again, and finds what was written. */
  private void refuseAll() {
    writing.ifPresent(Batch::refuse);
    gathered.forEach(Batch::refuse);
    deferred.forEach(Batch::refuse);
    questions.refuseAll();
    existence.refuseAll();
    waits.refuseAll();
  }
}
