package dev.staffetta.relay;

import dev.staffetta.config.RelaySettings;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.RelayQueueCommand.Accept;
import dev.staffetta.relay.RelayQueueCommand.Wake;
import dev.staffetta.relay.route.Routes;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.Shards;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.store.Store;
import dev.staffetta.store.content.StoredContents;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** {@link RelayQueues} over the {@link RelayQueue} entities, one a partition. */
public final class ShardedRelayQueues implements RelayQueues {
  private static final EntityTypeKey<RelayQueueCommand> TYPE =
      EntityTypeKey.create(RelayQueueCommand.class, "RelayQueue");

  /** How soon after a change of leader a queue is awake at the latest. */
  private static final Duration WAKE_INTERVAL = Duration.ofSeconds(2);

  /** How often it is looked which destinations are the busiest. */
  private static final Duration REVIEW_INTERVAL = Duration.ofMinutes(1);

  private final Shards shards;
  private final Store store;
  private final StoredContents contents;

  /** What mail is sent by. */
  public record Outside(Routes routes, MailTransport transport, Reports reports) {}

  /**
   * Where a node tells what it does.
   *
   * @param destinations that are told of by name; all others are one
   */
  public record Metering(MeterRegistry registry, int destinations) {}

  private ShardedRelayQueues(Shards shards, Store store, StoredContents contents) {
    this.shards = shards;
    this.store = store;
    this.contents = contents;
  }

  /**
   * Makes this node ready to run queues, and keeps those awake whose partitions it leads.
   *
   * @param here where an entity is, by its id and its shard
   * @param metering where is told what is done
   */
  public static ShardedRelayQueues start(
      ActorSystem<?> system,
      Shards shards,
      Store store,
      StoredContents contents,
      RelaySettings settings,
      Outside outside,
      Clock clock,
      HereOf here,
      Metering metering) {
    ConnectionLimits limits = new ConnectionLimits(settings.limits());
    RelayMeters meters = new RelayMeters(metering.registry(), metering.destinations());
    RelayMeters.connections(metering.registry(), limits);
    Delivery.Means delivery =
        new Delivery.Means(
            outside.routes(), outside.transport(), contents, limits, settings.limits(), meters);
    shards.start(
        TYPE,
        RelayQueueCommand.Signal.STOP,
        entity ->
            RelayQueue.create(
                entity.getEntityId(),
                new QueueWork.Means(
                    reading ->
                        store.read(
                            partition(entity.getEntityId()),
                            reader -> reading.apply(new WaitingMail(reader))),
                    delivery,
                    outside.reports(),
                    settings.schedule(),
                    clock),
                here.of(entity)));
    ShardedRelayQueues queues = new ShardedRelayQueues(shards, store, contents);
    system
        .scheduler()
        .scheduleWithFixedDelay(
            WAKE_INTERVAL, WAKE_INTERVAL, queues::wake, system.executionContext());
    system
        .scheduler()
        .scheduleWithFixedDelay(
            REVIEW_INTERVAL,
            REVIEW_INTERVAL,
            meters.destinations()::review,
            system.executionContext());
    QueueGauges.start(system, store, clock, metering.registry(), metering.destinations());
    return queues;
  }

  /** Says where an entity is. */
  public interface HereOf {
    <M> Place<M> of(EntityContext<M> entity);
  }

  /** An entity lives while it is spoken to once: mail waits even where nobody speaks. */
  private void wake() {
    for (int partition = 0; partition < store.partitions(); partition++) {
      if (store.leads(partition)) {
        queue(partition).tell(new Wake());
      }
    }
  }

  @Override
  public CompletionStage<Void> accept(Outbound mail, SpooledMessage message) {
    int partition = store.partitionOf(mail.destination());
    QueueItem item =
        QueueItem.accepted(
            message.content(),
            message.size(),
            message.summary().envelope().messageId().orElse(""),
            mail);
    return contents
        .write(RelayQueue.owner("#" + partition), message)
        .thenCompose(
            small ->
                shards.<RelayQueueCommand, Done>ask(
                    queue(partition), replyTo -> new Accept(item, small, replyTo)))
        .thenAccept(done -> {});
  }

  /** The queues as an administrator sees them. */
  public Queues administration() {
    return new ShardedQueues(shards, store);
  }

  private EntityRef<RelayQueueCommand> queue(int partition) {
    return queue(shards, partition);
  }

  static EntityRef<RelayQueueCommand> queue(Shards shards, int partition) {
    return shards.entity(TYPE, "#" + partition);
  }

  private static int partition(String id) {
    return Integer.parseInt(id.substring(1));
  }
}
