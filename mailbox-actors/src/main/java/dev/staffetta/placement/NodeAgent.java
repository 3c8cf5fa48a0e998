package dev.staffetta.placement;

import dev.staffetta.placement.PlacementCommand.Orders;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.store.Store;
import dev.staffetta.store.StorePeer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's side of the placement: reports each second, and when something has come to its end, how
 * the node stands; and does with the store what it is told. What it is told it does at most once at
 * a time; what fails is told again. It keeps nothing that a crash could lose.
 */
final class NodeAgent {
  /** Of the actor, the same on every node: below {@code /system}. */
  static final String NAME = "node-agent";

  private static final Logger log = LoggerFactory.getLogger(NodeAgent.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** A replica is thrown away when it has been told so for so long: nothing is more final. */
  private static final Duration SURE = Duration.ofSeconds(2);

  private static final Duration NO_LONGER_SURE = Duration.ofSeconds(8);

  /** What it is told. */
  interface Message {}

  /** How do you stand? */
  record Inquiry(ActorRef<NodeReport> replyTo) implements Message, EntityMessage {}

  /** To itself. */
  enum Word implements Message {
    /** Time to report. */
    REPORT,
    /** Something has changed that others should know soon. */
    NUDGE,
    /** The node is about to stop: it is to lead nothing any more. */
    STOPPING
  }

  private record Read(NodeReport report) implements Message {}

  private record Unread(Throwable failure) implements Message {}

  private record Finished(Step step, boolean isDone) implements Message {}

  private final Store store;
  private final Supplier<NodeReport> self;
  private final Consumer<PlacementCommand> placement;
  private final Consumer<NodeState> onState;
  private final ActorContext<Message> context;
  private final Executor blocking;

  private final Set<Step> running = new LinkedHashSet<>();

  /** When each replica was first, and last, told to be thrown away, by {@link System#nanoTime}. */
  private final Map<Integer, long[]> doomed = new HashMap<>();

  private final Set<ActorRef<NodeReport>> asking = new LinkedHashSet<>();

  /** Where the nodes' stores are, as the store was last told. */
  private List<StorePeer> known = List.of();

  private NodeState state = NodeState.JOINED;
  private long heard;
  private boolean isStopping;
  private boolean isReading;
  private boolean mustReadAgain;

  private NodeAgent(
      Store store,
      Supplier<NodeReport> self,
      Consumer<PlacementCommand> placement,
      Consumer<NodeState> onState,
      ActorContext<Message> context,
      TimerScheduler<Message> timers) {
    this.store = store;
    this.self = self;
    this.placement = placement;
    this.onState = onState;
    this.context = context;
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    timers.startTimerWithFixedDelay(Word.REPORT, Duration.ofMillis(50), AGAIN);
  }

  /**
   * The agent of this node.
   *
   * @param self looks how the node stands; may take a moment
   * @param placement takes reports, perhaps to nowhere
   * @param onState hears what is wanted of the node when it changes
   */
  static Behavior<Message> create(
      Store store,
      Supplier<NodeReport> self,
      Consumer<PlacementCommand> placement,
      Consumer<NodeState> onState) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new NodeAgent(store, self, placement, onState, context, timers).behavior()));
  }

  private Behavior<Message> behavior() {
    return Behaviors.receive(Message.class)
        .onMessage(Word.class, this::onWord)
        .onMessage(Read.class, this::onRead)
        .onMessage(Unread.class, this::onUnread)
        .onMessage(Orders.class, this::onOrders)
        .onMessage(Finished.class, this::onFinished)
        .onMessage(Inquiry.class, this::onInquiry)
        .build();
  }

  private Behavior<Message> onWord(Word word) {
    if (word == Word.STOPPING) {
      isStopping = true;
    }
    read();
    return Behaviors.same();
  }

  private Behavior<Message> onInquiry(Inquiry inquiry) {
    asking.add(inquiry.replyTo());
    read();
    return Behaviors.same();
  }

  private void read() {
    if (isReading) {
      mustReadAgain = true;
      return;
    }
    isReading = true;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(self, blocking),
        (report, failure) -> failure == null ? new Read(report) : new Unread(failure));
  }

  private Behavior<Message> onUnread(Unread unread) {
    log.warn("Cannot see how the store stands", unread.failure());
    return readAgain();
  }

  private Behavior<Message> onRead(Read read) {
    NodeReport seen = read.report();
    NodeReport report =
        new NodeReport(
            seen.peer(),
            state,
            heard,
            isStopping,
            seen.hasRoom(),
            seen.space(),
            seen.disk(),
            seen.version(),
            seen.pid(),
            seen.uptimeSeconds(),
            seen.partitions(),
            List.copyOf(running),
            seen.progress());
    placement.accept(new PlacementCommand.Report(report, context.getSelf()));
    asking.forEach(who -> who.tell(report));
    asking.clear();
    return readAgain();
  }

  private Behavior<Message> readAgain() {
    isReading = false;
    if (mustReadAgain) {
      mustReadAgain = false;
      read();
    }
    return Behaviors.same();
  }

  private Behavior<Message> onOrders(Orders orders) {
    if (orders.number() < heard) {
      return Behaviors.same();
    }
    heard = orders.number();
    if (state != orders.state()) {
      log.info("this node is to be {}", orders.state());
      state = orders.state();
      onState.accept(state);
    }
    if (!known.equals(orders.peers())) {
      known = orders.peers();
      store.know(known);
    }
    Map<String, StorePeer> peers =
        orders.peers().stream().collect(Collectors.toMap(StorePeer::node, peer -> peer));
    boolean isBegun = false;
    for (Step step : orders.steps()) {
      boolean isBusy = running.stream().anyMatch(other -> other.partition() == step.partition());
      if (!isBusy && isSure(step)) {
        begin(step, peers);
        isBegun = true;
      }
    }
    if (isBegun) {
      read();
    }
    return Behaviors.same();
  }

  private boolean isSure(Step step) {
    if (!(step instanceof Step.DropReplica)) {
      doomed.remove(step.partition());
      return true;
    }
    long now = System.nanoTime();
    long[] told = doomed.get(step.partition());
    if (told == null || now - told[1] > NO_LONGER_SURE.toNanos()) {
      doomed.put(step.partition(), new long[] {now, now});
      return false;
    }
    told[1] = now;
    return now - told[0] >= SURE.toNanos();
  }

  private void begin(Step step, Map<String, StorePeer> peers) {
    log.info("begun: {}", step);
    running.add(step);
    context.pipeToSelf(
        work(step, peers),
        (done, failure) -> {
          if (failure != null) {
            log.info("not done: {}: {}", step, failure.getMessage());
          }
          return new Finished(step, failure == null);
        });
  }

  private CompletionStage<Void> work(Step step, Map<String, StorePeer> peers) {
    try {
      if (step instanceof Step.AddReplica) {
        return store.addReplica(step.partition());
      }
      if (step instanceof Step.SetPeers set) {
        List<StorePeer> all = set.peers().stream().map(peers::get).toList();
        return store.setPeers(step.partition(), all);
      }
      if (step instanceof Step.TransferLeadership transfer) {
        return store.transferLeadership(step.partition(), transfer.to());
      }
      return store.removeReplica(step.partition(), true);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private Behavior<Message> onFinished(Finished finished) {
    running.remove(finished.step());
    if (finished.step() instanceof Step.DropReplica) {
      doomed.remove(finished.step().partition());
    }
    if (finished.isDone()) {
      log.info("done: {}", finished.step());
      read();
    }
    return Behaviors.same();
  }
}
