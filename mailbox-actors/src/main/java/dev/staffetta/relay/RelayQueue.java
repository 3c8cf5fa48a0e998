package dev.staffetta.relay;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.relay.QueueWriting.Pending;
import dev.staffetta.relay.RelayQueueCommand.Accept;
import dev.staffetta.relay.RelayQueueCommand.Checked;
import dev.staffetta.relay.RelayQueueCommand.Counted;
import dev.staffetta.relay.RelayQueueCommand.Crowded;
import dev.staffetta.relay.RelayQueueCommand.Ended;
import dev.staffetta.relay.RelayQueueCommand.Found;
import dev.staffetta.relay.RelayQueueCommand.GetSizes;
import dev.staffetta.relay.RelayQueueCommand.Idle;
import dev.staffetta.relay.RelayQueueCommand.ListItems;
import dev.staffetta.relay.RelayQueueCommand.Loaded;
import dev.staffetta.relay.RelayQueueCommand.NoWay;
import dev.staffetta.relay.RelayQueueCommand.Old;
import dev.staffetta.relay.RelayQueueCommand.Operate;
import dev.staffetta.relay.RelayQueueCommand.Ready;
import dev.staffetta.relay.RelayQueueCommand.ReportAgain;
import dev.staffetta.relay.RelayQueueCommand.Reported;
import dev.staffetta.relay.RelayQueueCommand.Sent;
import dev.staffetta.relay.RelayQueueCommand.Signal;
import dev.staffetta.relay.RelayQueueCommand.ToChange;
import dev.staffetta.relay.RelayQueueCommand.Trace;
import dev.staffetta.relay.RelayQueueCommand.Unlisted;
import dev.staffetta.relay.RelayQueueCommand.Wake;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mail of one partition that waits for other servers. Owns its items, which are keys of the
 * partition ({@link QueueKeys}); a {@link QueueChange} takes the number that fences the write, and
 * brings the keys along. In memory is what is due, a page a destination.
 *
 * <p><b>Crashes.</b> An item is there from the write that accepts it until the one that finishes
 * it. What was being sent is sent again: twice only if the other server had taken it and its answer
 * was not yet written (RFC 1047). A report is due from the write that knows of it until it is sent;
 * sent again, it is known by its content id.
 */
final class RelayQueue extends EventSourcedBehavior<RelayQueueCommand, QueueChange, QueueState> {
  private static final Logger log = LoggerFactory.getLogger(RelayQueue.class);

  private static final int OLD_AT_ONCE = 50;
  private static final int SNAPSHOT_EVERY = 500;
  private static final Duration COUNT_PAUSE = Duration.ofSeconds(1);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

  private final Place<RelayQueueCommand> place;
  private final Arrivals<RelayQueueCommand> arrivals;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final QueueWork work;
  private final QueueWriting writing;
  private final QueueIndex index;
  private final Destinations destinations;
  private final DueReports reports;
  private final QueueConnections connections;
  private final QueueRound round;
  private final QueueAdministration administration;
  private final Map<ContentId, List<Accept>> accepting = new HashMap<>();
  private final List<Question<?>> beforeCount = new ArrayList<>();
  private boolean isCounted;

  /** The queue of a partition, whose id is {@code #} and its number. */
  static Behavior<RelayQueueCommand> create(
      String id, QueueWork.Means means, Place<RelayQueueCommand> place) {
    return Arrivals.of(
        RelayQueueCommand.class,
        arrivals ->
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new RelayQueue(id, means, place, arrivals, context, timers))));
  }

  /** Who owns the contents of a queue. */
  static AccountId owner(String id) {
    return new AccountId("queue@" + id);
  }

  private RelayQueue(
      String id,
      QueueWork.Means means,
      Place<RelayQueueCommand> place,
      Arrivals<RelayQueueCommand> arrivals,
      ActorContext<RelayQueueCommand> context,
      TimerScheduler<RelayQueueCommand> timers) {
    super(PersistenceId.ofUniqueId("RelayQueue|" + id));
    this.place = place;
    this.arrivals = arrivals;
    this.work =
        new QueueWork(
            id,
            owner(id),
            means,
            context,
            timers,
            new RelayProgress(means.schedule(), () -> ThreadLocalRandom.current().nextDouble()));
    this.writing = new QueueWriting(work);
    this.index = new QueueIndex(work, writing, this::count);
    this.destinations = new Destinations(work);
    this.reports = new DueReports(work, writing, destinations);
    this.connections = new QueueConnections(work, destinations, reports);
    this.round = new QueueRound(work, destinations, connections, reports);
    this.administration = new QueueAdministration(work, writing, destinations, reports);
  }

  @Override
  public QueueState emptyState() {
    return new QueueState(0);
  }

  @Override
  public CommandHandler<RelayQueueCommand, QueueChange, QueueState> commandHandler() {
    return arrivals.seenBy(
        newCommandHandlerBuilder()
            .forAnyState()
            .onCommand(Accept.class, command -> did(() -> onAccept(command)))
            .onCommand(Checked.class, command -> did(() -> onChecked(command)))
            .onCommand(Wake.class, command -> did(destinations::pumpSoon))
            .onCommand(Unlisted.class, command -> did(() -> index.onUnlisted(command)))
            .onCommand(Counted.class, command -> did(() -> onCounted(command)))
            .onCommand(Loaded.class, command -> did(() -> round.onLoaded(command)))
            .onCommand(Ready.class, command -> did(() -> connections.onReady(command)))
            .onCommand(Sent.class, command -> did(() -> connections.onSent(command)))
            .onCommand(Idle.class, command -> did(() -> connections.onIdle(command)))
            .onCommand(NoWay.class, command -> did(() -> connections.onNoWay(command)))
            .onCommand(Crowded.class, command -> did(() -> connections.onCrowded(command)))
            .onCommand(Ended.class, command -> did(() -> connections.onEnded(command)))
            .onCommand(Reported.class, command -> did(() -> reports.onReported(command)))
            .onCommand(ReportAgain.class, command -> did(() -> reports.send(command.item())))
            .onCommand(Old.class, command -> did(() -> onOld(command)))
            .onCommand(ListItems.class, command -> did(() -> administration.onList(command)))
            .onCommand(Trace.class, command -> did(() -> administration.onTrace(command)))
            .onCommand(Found.class, command -> did(() -> administration.onFound(command)))
            .onCommand(GetSizes.class, command -> did(() -> administration.onSizes(command)))
            .onCommand(Operate.class, command -> did(() -> onOperate(command)))
            .onCommand(ToChange.class, command -> did(() -> administration.onToChange(command)))
            .onCommand(Signal.class, this::onSignal)
            .build());
  }

  @Override
  public EventHandler<QueueState, QueueChange> eventHandler() {
    return (state, change) -> new QueueState(state.changes() + 1);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<QueueState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), state -> start())
        .onSignal(PostStop.instance(), state -> refuseAll())
        .build();
  }

  private Effect<QueueChange, QueueState> did(Runnable action) {
    action.run();
    return Effect().none();
  }

  private Effect<QueueChange, QueueState> onSignal(QueueState state, Signal signal) {
    return switch (signal) {
      case FLUSH -> flush();
      case PUMP -> did(this::pump);
      case SWEEP -> did(this::sweep);
      case COUNT -> did(this::start);
      case COUNT_AGAIN ->
          did(() -> work.timers().startSingleTimer(Signal.COUNT, Signal.COUNT, COUNT_PAUSE));
      case STOP -> Effect().stop();
    };
  }

  private void start() {
    index.complete();
    work.timers().startTimerWithFixedDelay(Signal.SWEEP, Signal.SWEEP, SWEEP_INTERVAL);
  }

  private void count() {
    work.context()
        .pipeToSelf(
            work.read(WaitingMail::counts),
            (counts, failure) -> failure == null ? new Counted(counts) : Signal.COUNT_AGAIN);
  }

  private void onCounted(Counted counted) {
    counted.counts().forEach((name, count) -> start(destinations.get(name), count.nextDueMillis));
    long waiting = counted.counts().values().stream().mapToLong(c -> c.waiting).sum();
    if (waiting > 0) {
      log.info(
          "{}: {} messages wait for {} destinations", work.id(), waiting, counted.counts().size());
    }
    isCounted = true;
    for (Question<?> question : beforeCount) {
      if (question instanceof Accept accept) {
        onAccept(accept);
      } else if (question instanceof Operate operate) {
        onOperate(operate);
      }
    }
    beforeCount.clear();
    destinations.pumpSoon();
  }

  /** Its failures were known to an earlier incarnation only: it may be back. */
  private void start(Destination to, long nextDueMillis) {
    to.nextDueMillis = nextDueMillis;
    to.probeAtMillis = work.millis() + work.progress().look(to.name).toMillis();
  }

  /** What has come meanwhile is written together. */
  private Effect<QueueChange, QueueState> flush() {
    List<Pending> now = writing.next();
    if (now.isEmpty()) {
      return Effect().none();
    }
    return Effect()
        .persist(now.stream().map(Pending::change).toList())
        .thenRun(() -> now.forEach(change -> change.then().run()));
  }

  private void pump() {
    destinations.pumping();
    if (isCounted) {
      round.pump();
    }
  }

  private void refuseAll() {
    destinations.giveBackConnections();
    beforeCount.forEach(RelayQueue::refuse);
    accepting.values().forEach(all -> all.forEach(RelayQueue::refuse));
  }

  static void refuse(Question<?> question) {
    question.refuse(Refusal.Code.UNAVAILABLE, "temporarily unavailable, try again later");
  }

  // Accepting.

  private void onAccept(Accept accept) {
    if (!isCounted) {
      beforeCount.add(accept);
      return;
    }
    if (!place.hasRoom()) {
      accept.refuse(Refusal.Code.UNAVAILABLE, "the disk is nearly full");
      return;
    }
    ContentId item = accept.item().id();
    List<Accept> same = accepting.get(item);
    if (same != null) {
      same.add(accept);
      return;
    }
    accepting.put(item, new ArrayList<>(List.of(accept)));
    work.context()
        .pipeToSelf(
            work.read(mail -> mail.isKnown(item)),
            (isKnown, failure) -> new Checked(accept, failure == null && isKnown, failure != null));
  }

  /** Not before, since nothing may change while it is listed. */
  private void onOperate(Operate operate) {
    if (isCounted) {
      administration.onOperate(operate);
    } else {
      beforeCount.add(operate);
    }
  }

  private void onChecked(Checked checked) {
    QueueItem item = checked.accept().item();
    if (checked.isFailed()) {
      accepting.remove(item.id()).forEach(RelayQueue::refuse);
      return;
    }
    if (checked.isKnown()) {
      accepted(item.id());
      return;
    }
    writing.write(
        QueueChange.accepted(item, checked.accept().small()),
        () -> {
          accepted(item.id());
          work.meters().accepted();
          log.info(
              "{}: queued for {} as {}, from <{}>",
              item.content(),
              item.mail().destination(),
              item.id(),
              item.mail().reversePath().map(Object::toString).orElse(""));
          destinations.due(item);
        });
  }

  private void accepted(ContentId item) {
    accepting.remove(item).forEach(a -> a.replyTo().tell(Answer.done(Done.getInstance())));
  }

  // What was finished long ago is forgotten.

  private void sweep() {
    Instant before = work.now().minus(Duration.ofDays(work.means().schedule().traceDays()));
    work.context()
        .pipeToSelf(
            work.read(mail -> mail.finishedBefore(before, OLD_AT_ONCE)),
            (old, failure) -> new Old(failure == null ? old : List.of()));
  }

  private void onOld(Old old) {
    if (!old.items().isEmpty()) {
      writing.write(QueueChange.forgotten(old.items()), this::sweep);
    }
  }
}
