package dev.staffetta.relay;

import dev.staffetta.config.RelayLimitsSettings;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Contents;
import dev.staffetta.relay.RelayProgress.AttemptedSend;
import dev.staffetta.relay.RelayQueueCommand.Crowded;
import dev.staffetta.relay.RelayQueueCommand.Idle;
import dev.staffetta.relay.RelayQueueCommand.NoWay;
import dev.staffetta.relay.RelayQueueCommand.Ready;
import dev.staffetta.relay.RelayQueueCommand.Sent;
import dev.staffetta.relay.route.Route;
import dev.staffetta.relay.route.Routes;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopFailedException;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.OutgoingMail;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.pf.PFBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a destination: finds the way, connects, and sends what its queue gives it, one
 * message after the other. It owns the connection and its place among the node's connections;
 * nothing of it is stored. When it crashes, its queue sees it end, and counts an attempt in vain
 * for the message it had.
 */
final class Delivery extends AbstractBehavior<Delivery.Command> {
  private static final Logger log = LoggerFactory.getLogger(Delivery.class);
  private static final String IDLE = "idle";

  /** What it is told. */
  sealed interface Command {}

  /** By its queue: send this. */
  record Send(QueueItem item) implements Command {}

  /** By its queue: there is nothing more. */
  record Close() implements Command {}

  private record Found(Route route) implements Command {}

  private record Opened(Hop hop, MailTransport.Channel channel) implements Command {}

  private record NotOpened(Hop hop, Throwable failure) implements Command {}

  private record Done(
      QueueItem item, List<RecipientOutcome> outcomes, boolean isLost, long readAtNanos)
      implements Command {}

  private record TooIdle() implements Command {}

  /** What it works with. */
  record Means(
      Routes routes,
      MailTransport transport,
      Contents contents,
      ConnectionLimits limits,
      RelayLimitsSettings settings,
      RelayMeters meters) {}

  /** Of being idle: a receive timeout that is cancelled when it has just passed arrives as null. */
  private final TimerScheduler<Command> timers;

  private final String destination;
  private final boolean requiresTls;
  private final AccountId owner;
  private final Means means;
  private final RelayLimitsSettings.OfDestination most;
  private final ActorRef<RelayQueueCommand> queue;
  private final Deque<Hop> hops = new ArrayDeque<>();
  private Optional<String> hosts = Optional.empty();
  private Optional<Opened> open = Optional.empty();
  private final long startedAtNanos = System.nanoTime();
  private long sendingAtNanos;
  private int sent;
  private boolean isSending;

  /** Set on the actor's thread, read on any. */
  private volatile boolean hasStopped;

  /** A connection for messages that may, or have to, need TLS. */
  static Behavior<Command> create(
      String destination,
      boolean requiresTls,
      AccountId owner,
      Means means,
      ActorRef<RelayQueueCommand> queue) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Delivery(context, timers, destination, requiresTls, owner, means, queue)));
  }

  private Delivery(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String destination,
      boolean requiresTls,
      AccountId owner,
      Means means,
      ActorRef<RelayQueueCommand> queue) {
    super(context);
    this.timers = timers;
    this.destination = destination;
    this.requiresTls = requiresTls;
    this.owner = owner;
    this.means = means;
    this.most = means.settings().of(destination);
    this.queue = queue;
    context.pipeToSelf(
        means.routes().find(destination, requiresTls),
        (route, failure) ->
            new Found(
                failure == null
                    ? route
                    : new Route.None(
                        new RemoteReply(0, "4.4.3", "no way could be found: " + failure))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Found.class, this::onFound)
        .onMessage(Opened.class, this::onOpened)
        .onMessage(NotOpened.class, this::onNotOpened)
        .onMessage(Send.class, this::onSend)
        .onMessage(Done.class, this::onDone)
        .onMessage(TooIdle.class, this::onTooIdle)
        .onMessage(Close.class, close -> Behaviors.stopped())
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  private Behavior<Command> onFound(Found found) {
    if (found.route() instanceof Route.None none) {
      return noWay(none.reply(), "");
    }
    Route.Hops way = (Route.Hops) found.route();
    if (!means.limits().enter(way.key(), most.connectionsToHosts())) {
      queue.tell(new Crowded(destination, getContext().getSelf()));
      return Behaviors.stopped();
    }
    hosts = Optional.of(way.key());
    hops.addAll(way.hops());
    connect();
    return this;
  }

  private void connect() {
    Hop hop = hops.remove();
    getContext()
        .pipeToSelf(
            means.transport().open(hop).thenApply(this::closedIfTooLate),
            (channel, failure) ->
                failure == null ? new Opened(hop, channel) : new NotOpened(hop, failure));
  }

  /** A connection that comes about when nobody waits for it any more. On any thread. */
  private MailTransport.Channel closedIfTooLate(MailTransport.Channel channel) {
    if (hasStopped) {
      channel.close();
    }
    return channel;
  }

  private Behavior<Command> onNotOpened(NotOpened not) {
    Throwable cause =
        not.failure() instanceof CompletionException && not.failure().getCause() != null
            ? not.failure().getCause()
            : not.failure();
    boolean isTlsInTheWay =
        cause instanceof HopFailedException failed
            && failed.stage() == HopFailedException.Stage.TLS
            && not.hop().security().mode() == HopSecurity.Mode.OPPORTUNISTIC
            && !requiresTls;
    if (isTlsInTheWay) {
      // Nobody's certificate is asked for: mail in plain text is better than none (RFC 7435 3).
      Hop hop = not.hop();
      hops.addFirst(
          new Hop(
              hop.host(),
              hop.address(),
              hop.dialect(),
              HopSecurity.PLAIN,
              hop.source(),
              hop.login()));
    }
    if (!hops.isEmpty()) {
      connect();
      return this;
    }
    hosts.ifPresent(means.limits()::failed);
    RemoteReply reply =
        cause instanceof HopFailedException failed
            ? failed.reply()
            : new RemoteReply(0, "4.4.1", "no connection: " + cause);
    // What a server says in its greeting is of the connection: later it may say otherwise.
    return noWay(
        reply.isTemporary()
            ? reply
            : new RemoteReply(reply.code(), "4" + reply.status().substring(1), reply.text()),
        not.hop().host());
  }

  private Behavior<Command> noWay(RemoteReply reply, String host) {
    means.meters().connected(false, Duration.ofNanos(System.nanoTime() - startedAtNanos));
    queue.tell(new NoWay(destination, getContext().getSelf(), requiresTls, reply, host));
    return Behaviors.stopped();
  }

  private Behavior<Command> onOpened(Opened opened) {
    open = Optional.of(opened);
    means.meters().connected(true, Duration.ofNanos(System.nanoTime() - startedAtNanos));
    ready();
    return this;
  }

  private void ready() {
    queue.tell(new Ready(destination, getContext().getSelf()));
    timers.startSingleTimer(IDLE, new TooIdle(), means.settings().idle());
  }

  private Behavior<Command> onTooIdle(TooIdle idle) {
    if (!isSending) {
      queue.tell(new Idle(destination, getContext().getSelf()));
    }
    return this;
  }

  private Behavior<Command> onSend(Send send) {
    timers.cancel(IDLE);
    isSending = true;
    sendingAtNanos = System.nanoTime();
    QueueItem item = send.item();
    MailTransport.Channel channel = open.orElseThrow().channel();
    AtomicBoolean isLost = new AtomicBoolean();
    getContext()
        .pipeToSelf(
            means
                .contents()
                .summaries(owner, List.of(item.content()))
                .thenCompose(all -> channel.send(outgoing(item, all.get(0), isLost))),
            (outcomes, failure) -> done(item, outcomes, failure, isLost.get()));
    return this;
  }

  private static Done done(
      QueueItem item, List<RecipientOutcome> outcomes, Throwable failure, boolean isLost) {
    long readAtNanos = System.nanoTime();
    if (failure != null) {
      boolean isWithoutSummary = LostContent.isLost(failure);
      return new Done(
          item,
          isWithoutSummary ? LostContent.outcomes(item) : unreadable(item, failure),
          isWithoutSummary,
          readAtNanos);
    }
    // It is as the server said, if it took the message in spite of that.
    return isLost && outcomes.stream().noneMatch(o -> o.result() == Result.DELIVERED)
        ? new Done(item, LostContent.outcomes(item), true, readAtNanos)
        : new Done(item, outcomes, false, readAtNanos);
  }

  private OutgoingMail outgoing(QueueItem item, MessageSummary summary, AtomicBoolean isLost) {
    return new OutgoingMail(
        item.mail().reversePath(),
        item.waiting().stream().map(RecipientState::address).toList(),
        item.mail().options(),
        item.size(),
        summary,
        means
            .contents()
            .read(owner, item.content(), 0, item.size())
            .mapError(
                new PFBuilder<Throwable, Throwable>()
                    .matchAny(
                        failure -> {
                          isLost.compareAndSet(false, LostContent.isLost(failure));
                          return failure;
                        })
                    .build()));
  }

  /** Its content could not be read now. */
  private static List<RecipientOutcome> unreadable(QueueItem item, Throwable failure) {
    return item.waiting().stream()
        .map(
            recipient ->
                new RecipientOutcome(
                    recipient.address(),
                    Result.TEMPORARY,
                    new RemoteReply(0, "4.3.0", "the message could not be read: " + failure),
                    RecipientOutcome.Scope.MESSAGE,
                    false))
        .toList();
  }

  private Behavior<Command> onDone(Done done) {
    isSending = false;
    sent++;
    Opened to = open.orElseThrow();
    AttemptedSend attempt =
        new AttemptedSend(
            done.item(),
            done.isLost() ? "" : to.hop().host(),
            done.isLost() ? "" : to.channel().tls().orElse(""),
            done.outcomes(),
            done.readAtNanos());
    if (done.isLost()) {
      log.error("{}: the content of a message that was accepted is lost", done.item().content());
    }
    means
        .meters()
        .sent(
            !attempt.isConnectionAtFault(), Duration.ofNanos(done.readAtNanos() - sendingAtNanos));
    String key = hosts.orElseThrow();
    if (attempt.isConnectionAtFault()
        || attempt.outcomes().stream()
            .anyMatch(o -> o.reply().code() == 421 || o.reply().status().startsWith("4.7."))) {
      means.limits().failed(key);
    } else if (!done.isLost()) {
      means.limits().succeeded(key);
    }
    // The queue gives the next message when this is durable.
    boolean isLast = !to.channel().isUsable() || sent >= most.messagesAConnection();
    queue.tell(new Sent(destination, getContext().getSelf(), attempt, isLast));
    if (isLast) {
      return Behaviors.stopped();
    }
    timers.startSingleTimer(IDLE, new TooIdle(), means.settings().idle());
    return this;
  }

  private Behavior<Command> onStop() {
    hasStopped = true;
    open.ifPresent(opened -> opened.channel().close());
    hosts.ifPresent(means.limits()::leave);
    return this;
  }
}
