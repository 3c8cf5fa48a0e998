package dev.staffetta.sharding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link LeaderBoard}'s hands: tells the other nodes, and hears them. */
final class LeaderBoardActor {
  /** Of the actor, the same on every node: below {@code /system}. */
  static final String NAME = "leader-board";

  private static final Logger log = LoggerFactory.getLogger(LeaderBoardActor.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** What it is told. */
  interface Message {}

  /**
   * What another node knows.
   *
   * @param teller its name
   */
  record Told(String teller, List<Leadership> leaderships) implements Message {
    Told {
      leaderships = List.copyOf(leaderships);
    }
  }

  /** To itself. */
  enum Word implements Message {
    /** The store may know something new. */
    LOOK,
    /** Time to tell all. */
    TELL_ALL
  }

  /** What the store of this node knows. */
  private record Looked(List<Leadership> leaderships) implements Message {}

  /** A member has come. */
  private record Came(Member member) implements Message {}

  private final LeaderBoard board;
  private final Supplier<List<Leadership>> store;
  private final ActorContext<Message> context;
  private final Cluster cluster;
  private final Executor blocking;
  private boolean isLooking;
  private boolean mustLookAgain;

  private LeaderBoardActor(
      LeaderBoard board,
      Supplier<List<Leadership>> store,
      ActorContext<Message> context,
      TimerScheduler<Message> timers) {
    this.board = board;
    this.store = store;
    this.context = context;
    this.cluster = Cluster.get(context.getSystem());
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    timers.startTimerWithFixedDelay(Word.TELL_ALL, AGAIN);
    cluster
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(
                    ClusterEvent.MemberEvent.class, event -> new Came(event.member())),
                ClusterEvent.MemberEvent.class));
  }

  /**
   * The actor.
   *
   * @param store what the store knows; may take a moment
   */
  static Behavior<Message> create(LeaderBoard board, Supplier<List<Leadership>> store) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new LeaderBoardActor(board, store, context, timers).behavior()));
  }

  private Behavior<Message> behavior() {
    return Behaviors.receive(Message.class)
        .onMessage(Told.class, this::onTold)
        .onMessage(Looked.class, this::onLooked)
        .onMessage(Came.class, this::onCame)
        .onMessage(Word.class, this::onWord)
        .build();
  }

  private Behavior<Message> onWord(Word word) {
    switch (word) {
      case LOOK -> {
        // What the store's listener has learnt is told before the store is asked.
        tellAll();
        look();
      }
      case TELL_ALL -> {
        tellAll();
        look();
      }
    }
    return Behaviors.same();
  }

  private void look() {
    if (isLooking) {
      mustLookAgain = true;
      return;
    }
    isLooking = true;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(store, blocking),
        (known, failure) -> {
          if (failure != null) {
            log.warn("The store does not say who leads", failure);
            return new Looked(List.of());
          }
          return new Looked(known);
        });
  }

  private Behavior<Message> onLooked(Looked looked) {
    isLooking = false;
    if (learn(looked.leaderships())) {
      tellAll();
    }
    if (mustLookAgain) {
      mustLookAgain = false;
      look();
    }
    return Behaviors.same();
  }

  private Behavior<Message> onTold(Told told) {
    learn(told.leaderships());
    board.heardOf(told.teller());
    return Behaviors.same();
  }

  private boolean learn(Collection<Leadership> heard) {
    boolean isNew = false;
    for (Leadership leadership : heard) {
      if (board.learn(leadership)) {
        isNew = true;
        log.debug(
            "{} leads partition {}, term {}",
            leadership.node(),
            leadership.partition(),
            leadership.term());
      }
    }
    return isNew;
  }

  private Behavior<Message> onCame(Came came) {
    if (isOther(came.member())) {
      tell(came.member().address(), new Told(board.self(), List.copyOf(board.all())));
    }
    return Behaviors.same();
  }

  private void tellAll() {
    Told all = new Told(board.self(), List.copyOf(board.all()));
    if (all.leaderships().isEmpty()) {
      return;
    }
    List<Address> others = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      if (isOther(member)) {
        others.add(member.address());
      }
    }
    others.forEach(address -> tell(address, all));
  }

  private boolean isOther(Member member) {
    return !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress());
  }

  private void tell(Address address, Told told) {
    ActorSelection there =
        Adapter.toClassic(context.getSystem())
            .actorSelection(new RootActorPath(address, "/").child("system").child(NAME));
    there.tell(told, org.apache.pekko.actor.ActorRef.noSender());
  }
}
