package dev.staffetta.relay;

import dev.staffetta.config.RelayScheduleSettings;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.relay.RecipientState.Told;
import dev.staffetta.relay.RelayProgress.AttemptedSend;
import dev.staffetta.relay.RelayQueueCommand.Accept;
import dev.staffetta.relay.RelayQueueCommand.Checked;
import dev.staffetta.relay.RelayQueueCommand.Counted;
import dev.staffetta.relay.RelayQueueCommand.Crowded;
import dev.staffetta.relay.RelayQueueCommand.Ended;
import dev.staffetta.relay.RelayQueueCommand.Found;
import dev.staffetta.relay.RelayQueueCommand.GetSizes;
import dev.staffetta.relay.RelayQueueCommand.Idle;
import dev.staffetta.relay.RelayQueueCommand.Items;
import dev.staffetta.relay.RelayQueueCommand.ListItems;
import dev.staffetta.relay.RelayQueueCommand.Loaded;
import dev.staffetta.relay.RelayQueueCommand.NoWay;
import dev.staffetta.relay.RelayQueueCommand.Old;
import dev.staffetta.relay.RelayQueueCommand.Operate;
import dev.staffetta.relay.RelayQueueCommand.Operated;
import dev.staffetta.relay.RelayQueueCommand.Ready;
import dev.staffetta.relay.RelayQueueCommand.ReportAgain;
import dev.staffetta.relay.RelayQueueCommand.Reported;
import dev.staffetta.relay.RelayQueueCommand.Sent;
import dev.staffetta.relay.RelayQueueCommand.Signal;
import dev.staffetta.relay.RelayQueueCommand.ToChange;
import dev.staffetta.relay.RelayQueueCommand.Trace;
import dev.staffetta.relay.RelayQueueCommand.Wake;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.Question;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
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

  private static final int PAGE = 50;
  private static final int CHANGES_AT_ONCE = 64;
  private static final int OPERATED_AT_ONCE = 500;
  private static final int TRACED = 1000;
  private static final int SNAPSHOT_EVERY = 500;
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
  private static final Duration CROWDED_PAUSE = Duration.ofMillis(250);
  private static final Duration REPORT_PAUSE = Duration.ofMinutes(1);

  /** What a queue works with. */
  record Means(
      Function<Function<WaitingMail, Object>, CompletionStage<Object>> store,
      Delivery.Means delivery,
      Reports reports,
      RelayScheduleSettings schedule,
      Clock clock) {
    /** Reads off the actor's thread. */
    @SuppressWarnings("unchecked") // the value is the one that the reading gave
    <T> CompletionStage<T> read(Function<WaitingMail, T> reading) {
      return store.apply(reading::apply).thenApply(value -> (T) value);
    }
  }

  private record Pending(QueueChange change, Runnable then) {}

  private final String id;
  private final AccountId owner;
  private final Means means;
  private final Place<RelayQueueCommand> place;
  private final Arrivals<RelayQueueCommand> arrivals;
  private final ActorContext<RelayQueueCommand> context;
  private final TimerScheduler<RelayQueueCommand> timers;
  private final RelayProgress progress;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final Map<String, Destination> destinations = new LinkedHashMap<>();
  private final Map<ContentId, List<Accept>> accepting = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final List<Accept> beforeCount = new ArrayList<>();

  /** Changed while items to be operated on were read. */
  private final Set<ContentId> touched = new HashSet<>();

  private int operating;
  private boolean isCounted;
  private boolean isFlushDue;
  private boolean isPumpDue;
  private long longestWindowNanos;

  /** The queue of a partition, whose id is {@code #} and its number. */
  static Behavior<RelayQueueCommand> create(
      String id, Means means, Place<RelayQueueCommand> place) {
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
      Means means,
      Place<RelayQueueCommand> place,
      Arrivals<RelayQueueCommand> arrivals,
      ActorContext<RelayQueueCommand> context,
      TimerScheduler<RelayQueueCommand> timers) {
    super(PersistenceId.ofUniqueId("RelayQueue|" + id));
    this.id = id;
    this.owner = owner(id);
    this.means = means;
    this.place = place;
    this.arrivals = arrivals;
    this.context = context;
    this.timers = timers;
    this.progress =
        new RelayProgress(means.schedule(), () -> ThreadLocalRandom.current().nextDouble());
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
            .onCommand(Wake.class, command -> did(this::pumpSoon))
            .onCommand(Counted.class, command -> did(() -> onCounted(command)))
            .onCommand(Loaded.class, command -> did(() -> onLoaded(command)))
            .onCommand(Ready.class, command -> did(() -> onReady(command)))
            .onCommand(Sent.class, command -> did(() -> onSent(command)))
            .onCommand(Idle.class, command -> did(() -> onIdle(command)))
            .onCommand(NoWay.class, command -> did(() -> onNoWay(command)))
            .onCommand(Crowded.class, command -> did(() -> onCrowded(command)))
            .onCommand(Ended.class, command -> did(() -> onEnded(command)))
            .onCommand(Reported.class, command -> did(() -> onReported(command)))
            .onCommand(ReportAgain.class, command -> did(() -> report(command.item())))
            .onCommand(Old.class, command -> did(() -> onOld(command)))
            .onCommand(ListItems.class, command -> did(() -> onList(command)))
            .onCommand(Trace.class, command -> did(() -> onTrace(command)))
            .onCommand(Found.class, command -> did(() -> onFound(command)))
            .onCommand(GetSizes.class, command -> did(() -> onSizes(command)))
            .onCommand(Operate.class, command -> did(() -> onOperate(command)))
            .onCommand(ToChange.class, command -> did(() -> onToChange(command)))
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
      case COUNT_AGAIN -> did(this::start);
      case STOP -> Effect().stop();
    };
  }

  private void start() {
    context.pipeToSelf(
        means.read(WaitingMail::counts),
        (counts, failure) -> failure == null ? new Counted(counts) : Signal.COUNT_AGAIN);
    timers.startTimerWithFixedDelay(Signal.SWEEP, Signal.SWEEP, SWEEP_INTERVAL);
  }

  private void onCounted(Counted counted) {
    counted
        .counts()
        .forEach((name, count) -> destination(name).nextDueMillis = count.nextDueMillis);
    long waiting = counted.counts().values().stream().mapToLong(c -> c.waiting).sum();
    if (waiting > 0) {
      log.info("{}: {} messages wait for {} destinations", id, waiting, counted.counts().size());
    }
    isCounted = true;
    beforeCount.forEach(this::onAccept);
    beforeCount.clear();
    pumpSoon();
  }

  // Writing.

  private void write(QueueChange change, Runnable then) {
    pending.add(new Pending(change, then));
    if (!isFlushDue) {
      isFlushDue = true;
      context.getSelf().tell(Signal.FLUSH);
    }
  }

  /** What has come meanwhile is written together. */
  private Effect<QueueChange, QueueState> flush() {
    isFlushDue = false;
    int bytes = 0;
    List<Pending> now = new ArrayList<>();
    while (!pending.isEmpty() && now.size() < CHANGES_AT_ONCE && bytes < 512 * 1024) {
      Pending next = pending.remove(0);
      bytes += next.change().contents().stream().mapToInt(c -> c.bytes().size()).sum() + 2048;
      now.add(next);
    }
    if (!pending.isEmpty()) {
      isFlushDue = true;
      context.getSelf().tell(Signal.FLUSH);
    }
    if (now.isEmpty()) {
      return Effect().none();
    }
    return Effect()
        .persist(now.stream().map(Pending::change).toList())
        .thenRun(() -> now.forEach(change -> change.then().run()));
  }

  private void refuseAll() {
    destinations
        .values()
        .forEach(
            to ->
                to.connections
                    .values()
                    .forEach(c -> means.delivery().limits().giveBack(c.standing())));
    beforeCount.forEach(this::refuse);
    accepting.values().forEach(all -> all.forEach(this::refuse));
  }

  private void refuse(Question<?> question) {
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
    context.pipeToSelf(
        means.read(mail -> mail.isKnown(item)),
        (isKnown, failure) -> new Checked(accept, failure == null && isKnown, failure != null));
  }

  private void onChecked(Checked checked) {
    QueueItem item = checked.accept().item();
    if (checked.isFailed()) {
      accepting.remove(item.id()).forEach(this::refuse);
      return;
    }
    if (checked.isKnown()) {
      accepted(item.id());
      return;
    }
    write(
        QueueChange.accepted(item, checked.accept().small()),
        () -> {
          accepted(item.id());
          log.info(
              "{}: queued for {} as {}, from <{}>",
              item.content(),
              item.mail().destination(),
              item.id(),
              item.mail().reversePath().map(Object::toString).orElse(""));
          due(item);
        });
  }

  private void accepted(ContentId item) {
    accepting.remove(item).forEach(a -> a.replyTo().tell(Answer.done(Done.getInstance())));
  }

  private Destination destination(String name) {
    return destinations.computeIfAbsent(name, Destination::new);
  }

  /** An item that is not loaded waits until its time. */
  private void due(QueueItem item) {
    Destination to = destination(item.mail().destination());
    to.nextDueMillis = Math.min(to.nextDueMillis, QueueChange.dueMillis(item));
    pumpSoon();
  }

  // Going round the destinations.

  private void pumpSoon() {
    if (!isPumpDue) {
      isPumpDue = true;
      context.getSelf().tell(Signal.PUMP);
    }
  }

  private void pump() {
    isPumpDue = false;
    if (!isCounted) {
      return;
    }
    long now = means.clock().millis();
    long next = Long.MAX_VALUE;
    List<String> served = new ArrayList<>();
    destinations.values().removeIf(Destination::isForgettable);
    for (Destination to : destinations.values()) {
      if (to.failure.isPresent() || now >= to.restsUntilMillis) {
        load(to, now);
      }
      if (to.failure.isEmpty() && now >= to.restsUntilMillis && connect(to)) {
        served.add(to.name);
      }
      long wakes = to.ready.isEmpty() ? to.nextDueMillis : now + CROWDED_PAUSE.toMillis();
      if (!to.connections.isEmpty() && !to.ready.isEmpty()) {
        wakes = to.nextDueMillis;
      }
      next = Math.min(next, Math.max(wakes, to.restsUntilMillis));
    }
    // Those that got a connection come last next time.
    served.forEach(name -> destinations.put(name, destinations.remove(name)));
    if (next < Long.MAX_VALUE) {
      timers.startSingleTimer(
          Signal.PUMP,
          Signal.PUMP,
          Duration.ofMillis(
              Math.min(LONGEST_SLEEP.toMillis(), Math.max(CROWDED_PAUSE.toMillis(), next - now))));
    }
  }

  private void load(Destination to, long now) {
    boolean isDue = to.nextDueMillis <= now || (to.isBack && to.nextDueMillis != QueueKeys.HELD);
    if (to.isLoading || !isDue || to.ready.size() >= PAGE) {
      return;
    }
    to.isLoading = true;
    to.nextDueMillis = Long.MAX_VALUE;
    Set<ContentId> without = Set.copyOf(to.busy);
    boolean isBack = to.isBack;
    context.pipeToSelf(
        means.read(mail -> mail.due(to.name, Instant.ofEpochMilli(now), without, isBack, PAGE)),
        (due, failure) ->
            failure == null
                ? new Loaded(to.name, due.items(), due.nextDueMillis(), false)
                : new Loaded(to.name, List.of(), now, true));
  }

  private void onLoaded(Loaded loaded) {
    Destination to = destination(loaded.destination());
    to.isLoading = false;
    if (to.isStale) {
      to.isStale = false;
      to.nextDueMillis = 0;
      pumpSoon();
      return;
    }
    to.nextDueMillis = Math.min(to.nextDueMillis, loaded.nextDueMillis());
    if (loaded.isFailed()) {
      to.restsUntilMillis = means.clock().millis() + 1000;
    } else if (loaded.items().isEmpty()) {
      to.isBack = false;
      if (to.failure.isPresent() && loaded.nextDueMillis() > means.clock().millis()) {
        to.failure = Optional.empty();
      }
    }
    for (QueueItem item : loaded.items()) {
      if (!to.busy.add(item.id())) {
        continue;
      }
      if (item.hasReportsDue()) {
        report(item);
      } else if (to.failure.isPresent()) {
        putOff(item, to.failure.get());
      } else {
        to.ready.add(item);
      }
    }
    serveIdle(to);
    pumpSoon();
  }

  private boolean connect(Destination to) {
    int most = to.failures > 0 ? 1 : means.delivery().limits().most();
    boolean connected = false;
    int free = to.connections.size() - to.sending.size();
    while (free < to.ready.size() && to.connections.size() < most) {
      Destination.Connection connection =
          new Destination.Connection(to.standing(), to.ready.peek().mail().options().requiresTls());
      if (!means.delivery().limits().take(connection.standing())) {
        return connected;
      }
      ActorRef<Delivery.Command> actor =
          context.spawnAnonymous(
              Delivery.create(
                  to.name, connection.requiresTls(), owner, means.delivery(), context.getSelf()));
      // It is not restarted: its end is an attempt in vain, and a fresh one starts when it is time.
      context.watchWith(actor, new Ended(to.name, actor));
      to.connections.put(actor, connection);
      free++;
      connected = true;
    }
    return connected;
  }

  // Connections.

  private void onReady(Ready ready) {
    Destination to = destination(ready.destination());
    if (to.failures > 0) {
      log.info("{}: {} is back", id, to.name);
      to.isBack = true;
    }
    to.hasWorked = true;
    to.failures = 0;
    to.restsUntilMillis = 0;
    give(to, ready.connection());
    pumpSoon();
  }

  private void serveIdle(Destination to) {
    for (ActorRef<Delivery.Command> connection : List.copyOf(to.idle)) {
      if (to.ready.isEmpty()) {
        return;
      }
      to.idle.remove(connection);
      give(to, connection);
    }
  }

  private void give(Destination to, ActorRef<Delivery.Command> connection) {
    Destination.Connection kind = to.connections.get(connection);
    if (kind == null) {
      return;
    }
    if (to.ready.isEmpty()) {
      to.idle.add(connection);
      return;
    }
    Optional<QueueItem> next =
        to.ready.stream()
            .filter(item -> kind.requiresTls() || !item.mail().options().requiresTls())
            .findFirst();
    if (next.isEmpty()) {
      connection.tell(new Delivery.Close());
      return;
    }
    to.ready.remove(next.get());
    to.sending.put(connection, next.get());
    connection.tell(new Delivery.Send(next.get()));
  }

  private void onSent(Sent sent) {
    Destination to = destination(sent.destination());
    AttemptedSend attempt = sent.attempt();
    Instant now = means.clock().instant();
    QueueItem before = attempt.item();
    to.sending.remove(sent.connection());
    attempt
        .outcomes()
        .forEach(
            outcome ->
                log.info(
                    "{}: {} to {} at {} ({}), attempt {}: {} {}",
                    before.content(),
                    before.id(),
                    outcome.recipient(),
                    attempt.host(),
                    attempt.tls().isEmpty() ? "plain" : attempt.tls(),
                    before.failures() + 1,
                    outcome.result(),
                    outcome.reply()));
    if (attempt.isConnectionAtFault()) {
      to.failures++;
      to.restsUntilMillis = now.plus(progress.pause(to.failures)).toEpochMilli();
    } else {
      to.failures = 0;
      to.restsUntilMillis = 0;
    }
    change(
        before,
        progress.after(attempt, now),
        () -> {
          long window = System.nanoTime() - attempt.readAtNanos();
          if (window > longestWindowNanos) {
            longestWindowNanos = window;
            log.debug(
                "{}: longest time from an answer to its record: {} ms", id, window / 1_000_000);
          }
          if (!sent.isLast()) {
            give(to, sent.connection());
          }
          pumpSoon();
        });
  }

  /** Writes what has become of an item; it is free, or its reports are sent, when that is done. */
  private void change(QueueItem before, QueueItem after, Runnable then) {
    touch(before);
    write(
        QueueChange.changed(before, after, means.clock().instant()),
        () -> {
          if (after.hasReportsDue()) {
            report(after);
          } else {
            release(after);
          }
          then.run();
        });
  }

  private void touch(QueueItem item) {
    if (operating > 0) {
      touched.add(item.id());
    }
  }

  private void release(QueueItem item) {
    Destination to = destination(item.mail().destination());
    to.busy.remove(item.id());
    if (!item.isFinished()) {
      due(item);
    }
  }

  private void onIdle(Idle idle) {
    if (destination(idle.destination()).idle.remove(idle.connection())) {
      idle.connection().tell(new Delivery.Close());
    }
  }

  private void onNoWay(NoWay no) {
    Destination to = destination(no.destination());
    log.info("{}: no way to {} by {}: {}", id, to.name, no.host(), no.reply());
    Instant now = means.clock().instant();
    if (no.requiresTls()) {
      List<QueueItem> those =
          to.ready.stream().filter(item -> item.mail().options().requiresTls()).toList();
      to.ready.removeAll(those);
      those.forEach(item -> putOff(item, no));
      return;
    }
    // Connections that fail together are one failure.
    if (no.reply().isTemporary() && now.toEpochMilli() >= to.restsUntilMillis) {
      to.failures++;
      to.restsUntilMillis = now.plus(progress.pause(to.failures)).toEpochMilli();
    }
    to.failure = Optional.of(no);
    to.isBack = false;
    List<QueueItem> those = List.copyOf(to.ready);
    to.ready.clear();
    those.forEach(item -> putOff(item, no));
    // Page by page all that is due is put off, or given up.
    to.nextDueMillis = Math.min(to.nextDueMillis, now.toEpochMilli());
    pumpSoon();
  }

  private void putOff(QueueItem item, NoWay no) {
    change(
        item,
        progress.failed(item, no.reply(), no.host(), true, means.clock().instant()),
        () -> {});
  }

  private void onCrowded(Crowded crowded) {
    destination(crowded.destination()).restsUntilMillis =
        means.clock().millis() + CROWDED_PAUSE.toMillis();
  }

  private void onEnded(Ended ended) {
    Destination to = destination(ended.destination());
    to.idle.remove(ended.connection());
    Destination.Connection connection = to.connections.remove(ended.connection());
    if (connection != null) {
      means.delivery().limits().giveBack(connection.standing());
    }
    QueueItem lost = to.sending.remove(ended.connection());
    if (lost != null) {
      log.warn("{}: the delivery of {} ended without a result", lost.content(), lost.id());
      change(
          lost,
          progress.failed(
              lost,
              new RemoteReply(0, "4.3.0", "the delivery ended without a result"),
              "",
              false,
              means.clock().instant()),
          () -> {});
    }
    pumpSoon();
  }

  // Reports.

  private void report(QueueItem item) {
    CompletionStage<MessageSummary> summary =
        means
            .delivery()
            .contents()
            .summaries(owner, List.of(item.content()))
            .thenApply(all -> all.get(0));
    CompletionStage<Void> sent = CompletableFuture.completedStage(null);
    for (Told told : List.of(Told.FAILURE, Told.DELAY, Told.SUCCESS)) {
      List<RecipientState> those = item.recipients().stream().filter(r -> r.due() == told).toList();
      if (!those.isEmpty()) {
        sent =
            sent.thenCompose(done -> summary)
                .thenCompose(s -> means.reports().send(report(item, told, those, s)));
      }
    }
    context.pipeToSelf(sent, (done, failure) -> reported(item, failure));
  }

  private static Reported reported(QueueItem item, Throwable failure) {
    if (failure != null) {
      log.warn(
          "{}: a report could not be sent, and will be: {}", item.content(), failure.toString());
    }
    return new Reported(item, failure == null);
  }

  private Report report(
      QueueItem item, Told told, List<RecipientState> recipients, MessageSummary summary) {
    return new Report(
        Report.Kind.valueOf(told.name()),
        item.mail(),
        recipients.stream()
            .map(
                r ->
                    new Report.ReportedRecipient(
                        r.address(), r.reply(), r.host(), r.lastAttempt(), r.isRelayed()))
            .toList(),
        item.content(),
        summary,
        means.delivery().contents().read(owner, item.content(), 0, item.size()),
        item.mail().accepted(),
        told == Told.DELAY ? Optional.of(progress.end(item)) : Optional.empty());
  }

  private void onReported(Reported reported) {
    QueueItem item = reported.item();
    if (!reported.isDone()) {
      timers.startSingleTimer(item.id(), new ReportAgain(item), REPORT_PAUSE);
      return;
    }
    touch(item);
    QueueItem after = item.withRecipients(r -> r.told(Told.NOTHING));
    write(QueueChange.changed(item, after, means.clock().instant()), () -> release(after));
  }

  // What was finished long ago is forgotten.

  private void sweep() {
    Instant before = means.clock().instant().minus(Duration.ofDays(means.schedule().traceDays()));
    context.pipeToSelf(
        means.read(mail -> mail.finishedBefore(before, PAGE)),
        (old, failure) -> new Old(failure == null ? old : List.of()));
  }

  private void onOld(Old old) {
    if (!old.items().isEmpty()) {
      write(QueueChange.forgotten(old.items()), this::sweep);
    }
  }

  // Administration.

  private void onList(ListItems list) {
    find(list, mail -> mail.list(list.domain(), RelayQueueCommand.id(list.after()), list.limit()));
  }

  private void onTrace(Trace trace) {
    find(trace, mail -> mail.trace(trace.name(), TRACED));
  }

  private void find(Question<Items> question, Function<WaitingMail, List<QueueItem>> reading) {
    context.pipeToSelf(
        means.read(reading),
        (items, failure) ->
            new Found(question, failure == null ? items : List.of(), failure != null));
  }

  private void onFound(Found found) {
    if (found.isFailed()) {
      refuse(found.question());
    } else {
      ParcelKeeper.answer(context, found.question().replyTo(), new ItemsParcel(found.items()));
    }
  }

  private void onSizes(GetSizes sizes) {
    means
        .read(mail -> mail.sizes(sizes.limit()))
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                sizes.replyTo().tell(Answer.done(value));
              } else {
                refuse(sizes);
              }
            });
  }

  private void onOperate(Operate operate) {
    operating++;
    context.pipeToSelf(
        means.read(
            mail ->
                operate.item().isEmpty()
                    ? mail.list(
                        operate.domain(), RelayQueueCommand.id(operate.after()), OPERATED_AT_ONCE)
                    : RelayQueueCommand.id(operate.item()).flatMap(mail::item).stream().toList()),
        (items, failure) ->
            new ToChange(operate, failure == null ? items : List.of(), failure != null));
  }

  private void onToChange(ToChange toChange) {
    Set<ContentId> changed = Set.copyOf(touched);
    operating--;
    if (operating == 0) {
      touched.clear();
    }
    Operate operate = toChange.operate();
    if (toChange.isFailed()) {
      refuse(operate);
      return;
    }
    List<QueueItem> items = toChange.items();
    Instant now = means.clock().instant();
    int held = 0;
    List<Pending> changes = new ArrayList<>();
    for (QueueItem item : items) {
      if (operate.operation().equals("RETRY") && item.isHeld()) {
        held++;
        continue;
      }
      Destination to = destination(item.mail().destination());
      // What has changed since it was read may be ready again, but not as it was read.
      if (changed.contains(item.id()) || !takeBack(to, item)) {
        continue;
      }
      if (operate.operation().equals("RETRY")) {
        to.restsUntilMillis = 0;
        to.failure = Optional.empty();
      }
      QueueItem after = operated(operate.operation(), item, now);
      to.isStale |= to.isLoading;
      touch(item);
      changes.add(new Pending(QueueChange.changed(item, after, now), () -> changed(after)));
    }
    changes.forEach(change -> write(change.change(), change.then()));
    Operated operated =
        new Operated(
            changes.size(),
            items.size() - changes.size() - held,
            held,
            items.size() < OPERATED_AT_ONCE ? "" : items.get(items.size() - 1).id().toString());
    if (changes.isEmpty()) {
      operate.replyTo().tell(Answer.done(operated));
      return;
    }
    log.info("{}: {} of {} messages", id, operate.operation(), changes.size());
    write(QueueChange.PAST, () -> operate.replyTo().tell(Answer.done(operated)));
  }

  /** Makes an item busy that is not, or waits for a connection only. */
  private static boolean takeBack(Destination to, QueueItem item) {
    return to.ready.removeIf(ready -> ready.id().equals(item.id())) || to.busy.add(item.id());
  }

  private QueueItem operated(String operation, QueueItem item, Instant now) {
    return switch (operation) {
      case "HOLD" -> item.withHeld(true);
      case "RELEASE" -> item.withHeld(false);
      case "CANCEL" -> progress.cancelled(item, now);
      case "BOUNCE" -> progress.bounced(item, now);
      default -> item.withNext(item.failures(), now, item.isWarned(), false);
    };
  }

  private void changed(QueueItem after) {
    if (after.hasReportsDue()) {
      report(after);
    } else {
      release(after);
    }
  }
}
