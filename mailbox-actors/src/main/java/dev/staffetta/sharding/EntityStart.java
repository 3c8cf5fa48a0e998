package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * What an entity is before it is itself: it begins only where its partition is led and can be read.
 * While that is being found out, which takes as long as a new leader takes to be ready, commands
 * wait; then they are the entity's, or are told to try again. So whoever asks an entity that was
 * started in the wrong place, or whose partition has no majority, hears so at once and not from his
 * own deadline.
 *
 * <p>It persists nothing. The commands it holds are lost only with the node.
 *
 * @param <M> what the entity is told
 */
final class EntityStart<M extends EntityMessage> {
  /** About what an election and the first entry of a new leader take. */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

  /** Commands that may wait; what comes beyond is to be sent again. */
  private static final int MOST_WAITING = 2_000;

  /** To itself. */
  private enum Word {
    LOOK,
    READABLE,
    UNREADABLE,
    TOO_LATE
  }

  private final int partition;
  private final Partitions partitions;
  private final M stop;
  private final Supplier<Behavior<M>> entity;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final ActorContext<Object> context;
  private final TimerScheduler<Object> timers;
  private final StashBuffer<Object> waiting;

  private EntityStart(
      int partition,
      Partitions partitions,
      M stop,
      Supplier<Behavior<M>> entity,
      ActorRef<ClusterSharding.ShardCommand> shard,
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      StashBuffer<Object> waiting) {
    this.partition = partition;
    this.partitions = partitions;
    this.stop = stop;
    this.entity = entity;
    this.shard = shard;
    this.context = context;
    this.timers = timers;
    this.waiting = waiting;
  }

  /**
   * An entity that is about to start.
   *
   * @param stop what it is told when it has to leave
   * @param entity what it becomes
   * @param shard lets it leave without a command lost
   */
  static <M extends EntityMessage> Behavior<M> create(
      int partition,
      Partitions partitions,
      M stop,
      Supplier<Behavior<M>> entity,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    Behavior<Object> start =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        Behaviors.withStash(
                            MOST_WAITING,
                            waiting ->
                                new EntityStart<>(
                                        partition,
                                        partitions,
                                        stop,
                                        entity,
                                        shard,
                                        context,
                                        timers,
                                        waiting)
                                    .begin())));
    return start.narrow();
  }

  private Behavior<Object> begin() {
    timers.startSingleTimer(Word.TOO_LATE, PATIENCE);
    look();
    return Behaviors.receive(Object.class)
        .onMessage(Word.class, this::onWord)
        .onMessage(EntityMessage.class, this::hold)
        .build();
  }

  private void look() {
    if (partitions.leads(partition)) {
      context.pipeToSelf(
          partitions.barrier(partition),
          (passed, failure) -> failure == null ? Word.READABLE : Word.UNREADABLE);
    } else {
      timers.startSingleTimer(Word.LOOK, LOOK_AGAIN);
    }
  }

  private Behavior<Object> onWord(Word word) {
    return switch (word) {
      case LOOK -> {
        look();
        yield Behaviors.same();
      }
      case READABLE -> {
        timers.cancelAll();
        yield waiting.unstashAll(becomeEntity());
      }
      // The leader may have changed, or not be ready: a word more may tell.
      case UNREADABLE -> {
        timers.startSingleTimer(Word.LOOK, LOOK_AGAIN);
        yield Behaviors.same();
      }
      case TOO_LATE -> {
        timers.cancelAll();
        refuseWaiting();
        shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        yield leaving();
      }
    };
  }

  private Behavior<Object> hold(EntityMessage message) {
    if (message.equals(stop)) {
      refuseWaiting();
      return Behaviors.stopped();
    }
    if (waiting.isFull()) {
      refuse(message);
    } else {
      waiting.stash(message);
    }
    return Behaviors.same();
  }

  /** Until the shard says that nothing more comes. */
  private Behavior<Object> leaving() {
    return Behaviors.receive(Object.class)
        .onMessage(Word.class, late -> Behaviors.same())
        .onMessage(
            EntityMessage.class,
            message -> {
              if (message.equals(stop)) {
                return Behaviors.stopped();
              }
              refuse(message);
              return Behaviors.same();
            })
        .build();
  }

  private void refuseWaiting() {
    waiting.forEach(message -> refuse((EntityMessage) message));
    waiting.clear();
  }

  private void refuse(EntityMessage message) {
    message.refuse(Refusal.Code.UNAVAILABLE, "its partition is not led here, try again");
  }

  /** No word of its own can come to the entity: no timer runs, no stage is open. */
  @SuppressWarnings("unchecked")
  private Behavior<Object> becomeEntity() {
    return (Behavior<Object>) (Behavior<?>) entity.get();
  }
}
