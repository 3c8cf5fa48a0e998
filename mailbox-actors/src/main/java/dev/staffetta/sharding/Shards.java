package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Starts entities and asks them. A shard is a partition of the store: an entity lives where the
 * partition of its owner's name is led.
 */
public final class Shards {
  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Partitions partitions;
  private final Patience patience;
  private final Attempts attempts;

  /**
   * How long to wait for an entity.
   *
   * @param attempt for one answer; then the command is sent again, if that can do no harm
   * @param deadline for all attempts together
   * @param pause between a temporary refusal and the next attempt
   */
  public record Patience(Duration attempt, Duration deadline, Duration pause) {}

  public Shards(ActorSystem<?> system, Partitions partitions, Patience patience) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.partitions = partitions;
    this.patience = patience;
    this.attempts = new Attempts(LeaderBoard.of(system));
  }

  /**
   * Makes this node ready to run entities of a type.
   *
   * @param stop what an entity is told when it has to leave
   */
  public <M extends EntityMessage> void start(
      EntityTypeKey<M> type, M stop, Function<EntityContext<M>, Behavior<M>> behavior) {
    sharding.init(
        Entity.of(type, entity -> start(entity, stop, behavior))
            .withStopMessage(stop)
            .withMessageExtractor(new ByPartition<M>(partitions))
            .withAllocationStrategy(new LeaderAllocation(Adapter.toClassic(system))));
  }

  private <M extends EntityMessage> Behavior<M> start(
      EntityContext<M> entity, M stop, Function<EntityContext<M>, Behavior<M>> behavior) {
    return EntityStart.create(
        partitions.of(entity.getEntityId()),
        partitions,
        stop,
        () -> behavior.apply(entity),
        entity.getShard());
  }

  /** The entity of an id, wherever it is. */
  public <M extends EntityMessage> EntityRef<M> entity(EntityTypeKey<M> type, String id) {
    return sharding.entityRefFor(type, id);
  }

  /**
   * Sends a command that may be carried out twice without harm, or that its entity knows again,
   * until there is an answer other than a temporary refusal, or the deadline has passed.
   *
   * @return fails with {@link Refusal}
   */
  public <M extends EntityMessage, R> CompletionStage<R> ask(
      EntityRef<M> entity, Function<ActorRef<Answer<R>>, M> command) {
    return ask(
        partitions.of(entity.getEntityId()),
        entity,
        command,
        System.nanoTime() + patience.deadline().toNanos());
  }

  /** Sends a command once, for an answer that may be no. Fails when there is none. */
  public <M extends EntityMessage, R> CompletionStage<Answer<R>> askForAnswer(
      EntityRef<M> entity, Function<ActorRef<Answer<R>>, M> command) {
    return entity.<Answer<R>>ask(command::apply, patience.attempt()).thenCompose(this::open);
  }

  private <M extends EntityMessage, R> CompletionStage<R> ask(
      int partition, EntityRef<M> entity, Function<ActorRef<Answer<R>>, M> command, long deadline) {
    Duration patient = attempts.patience(partition, patience.attempt());
    return attempts
        .cutByMove(
            partition, entity.<Answer<R>>ask(command::apply, patient).thenCompose(this::open))
        .exceptionally(failure -> Answer.unavailable())
        .thenCompose(
            answer ->
                answer.isTemporary() && System.nanoTime() + patience.pause().toNanos() < deadline
                    ? later(() -> ask(partition, entity, command, deadline))
                    : CompletableFuture.completedFuture(answer).thenApply(Answer::orRefuse));
  }

  /** Puts a value together that came in parts. */
  private <R> CompletionStage<Answer<R>> open(Answer<R> answer) {
    return answer instanceof Answer.InParts<R> parcel
        ? ParcelKeeper.open(parcel, patience.attempt(), system).thenApply(Answer::done)
        : CompletableFuture.completedFuture(answer);
  }

  private <R> CompletionStage<R> later(java.util.function.Supplier<CompletionStage<R>> attempt) {
    return CompletableFuture.supplyAsync(
            attempt,
            CompletableFuture.delayedExecutor(
                patience.pause().toMillis(),
                TimeUnit.MILLISECONDS,
                system.executionContext()::execute))
        .thenCompose(stage -> stage);
  }

  /** Where an entity belongs. */
  private static final class ByPartition<M>
      extends ShardingMessageExtractor<ShardingEnvelope<M>, M> {
    private final Partitions partitions;

    ByPartition(Partitions partitions) {
      this.partitions = partitions;
    }

    @Override
    public String entityId(ShardingEnvelope<M> envelope) {
      return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
      return Integer.toString(partitions.of(entityId));
    }

    @Override
    public M unwrapMessage(ShardingEnvelope<M> envelope) {
      return envelope.message();
    }
  }
}
