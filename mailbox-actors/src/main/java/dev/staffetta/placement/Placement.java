package dev.staffetta.placement;

import dev.staffetta.placement.PlacementChange.NodeJoined;
import dev.staffetta.placement.PlacementChange.NodeStateChanged;
import dev.staffetta.placement.PlacementChange.Nodes;
import dev.staffetta.placement.PlacementCommand.Answer;
import dev.staffetta.placement.PlacementCommand.ChangeNode;
import dev.staffetta.placement.PlacementCommand.GetNodes;
import dev.staffetta.placement.PlacementCommand.Orders;
import dev.staffetta.placement.PlacementCommand.Report;
import dev.staffetta.placement.PlacementCommand.Signal;
import dev.staffetta.ports.Refusal;
import dev.staffetta.store.StorePeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has replicas and who leads: there is one in the cluster, where partition 0 is led, so that of
 * two that believe to be it only one can write.
 *
 * <p>It owns what an administrator wants of each node; only that is written. All else it hears from
 * the nodes each second, and computes from it again and again what is to be done next. A crash of
 * it loses orders on their way, and nothing else.
 */
public final class Placement
    extends EventSourcedBehavior<PlacementCommand, PlacementChange, Nodes> {
  /** Names it. */
  public static final EntityTypeKey<PlacementCommand> TYPE =
      EntityTypeKey.create(PlacementCommand.class, "Placement");

  /** The entity's id: of partition 0. */
  public static final String ID = "#0";

  private static final Logger log = LoggerFactory.getLogger(Placement.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int SNAPSHOT_EVERY = 100;

  private final Reports reports;

  /** What was last said of full disks. */
  private Optional<String> cramped = Optional.empty();

  /**
   * It.
   *
   * @param partitions how many the store has
   */
  public static Behavior<PlacementCommand> create(int partitions) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Signal.TICK, TICK);
          return new Placement(partitions);
        });
  }

  private Placement(int partitions) {
    super(PersistenceId.ofUniqueId("Placement|" + ID));
    this.reports = new Reports(partitions, System.nanoTime());
  }

  @Override
  public Nodes emptyState() {
    return Nodes.NONE;
  }

  @Override
  public CommandHandler<PlacementCommand, PlacementChange, Nodes> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Report.class, this::onReport)
        .onCommand(ChangeNode.class, this::onChangeNode)
        .onCommand(GetNodes.class, this::onGetNodes)
        .onCommand(Signal.class, this::onSignal)
        .build();
  }

  @Override
  public EventHandler<Nodes, PlacementChange> eventHandler() {
    return (nodes, change) -> change.applyTo(nodes);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
  }

  private Effect<PlacementChange, Nodes> onReport(Nodes nodes, Report command) {
    NodeReport report = command.report();
    reports.take(report, command.replyTo(), System.nanoTime());
    NodeRecord known = nodes.byName().get(report.node());
    if (known == null || !known.peer().equals(report.peer())) {
      return Effect()
          .persist(new NodeJoined(report.peer()))
          .thenRun(
              after -> {
                log.info("{} takes part, its replicas at {}", report.node(), report.peer());
                order(after, Optional.of(report.node()));
              });
    }
    order(nodes, Optional.of(report.node()));
    return Effect().none();
  }

  private Effect<PlacementChange, Nodes> onSignal(Nodes nodes, Signal signal) {
    return switch (signal) {
      case TICK -> onTick(nodes);
      case STOP -> Effect().stop();
    };
  }

  /** A removal that has come to its end is written down. */
  private Effect<PlacementChange, Nodes> onTick(Nodes nodes) {
    long now = System.nanoTime();
    reports.tidy(now);
    order(nodes, Optional.empty());
    if (!reports.suffice(nodes, now)) {
      return Effect().none();
    }
    ClusterView view = reports.view(nodes, now);
    sayIfCramped(view);
    List<PlacementChange> removed = new ArrayList<>();
    for (NodeRecord node : nodes.byName().values()) {
      if (node.state() == NodeState.REMOVING && Removal.isDone(view, node)) {
        log.info("{} is removed: no replica is left there", node.node());
        removed.add(new NodeStateChanged(node.node(), NodeState.REMOVED, node.isForced()));
      }
    }
    return removed.isEmpty() ? Effect().none() : Effect().persist(removed);
  }

  private void sayIfCramped(ClusterView view) {
    Optional<String> now = Planner.cramped(view);
    if (!now.equals(cramped)) {
      cramped = now;
      now.ifPresent(log::warn);
    }
  }

  /**
   * Plans, and tells each node what it is to do.
   *
   * @param asking is told even if there is nothing
   */
  private void order(Nodes nodes, Optional<String> asking) {
    long now = System.nanoTime();
    Map<String, List<Step>> byNode = new TreeMap<>();
    asking.ifPresent(node -> byNode.put(node, new ArrayList<>()));
    if (reports.suffice(nodes, now)) {
      for (Step step : Planner.plan(reports.view(nodes, now))) {
        log.debug("to do: {}", step);
        byNode.computeIfAbsent(step.node(), node -> new ArrayList<>()).add(step);
      }
    }
    List<StorePeer> peers = nodes.byName().values().stream().map(NodeRecord::peer).toList();
    byNode.keySet().retainAll(nodes.byName().keySet());
    byNode.forEach(
        (node, steps) ->
            reports
                .agent(node)
                .ifPresent(
                    agent ->
                        agent.tell(
                            new Orders(
                                reports.issue(steps, now),
                                nodes.byName().get(node).state(),
                                steps,
                                peers))));
  }

  private Effect<PlacementChange, Nodes> onGetNodes(Nodes nodes, GetNodes command) {
    command.replyTo().tell(new Answer(Optional.empty(), "", List.copyOf(nodes.byName().values())));
    return Effect().none();
  }

  private Effect<PlacementChange, Nodes> onChangeNode(Nodes nodes, ChangeNode command) {
    NodeRecord node = nodes.byName().get(command.node());
    if (node == null) {
      command.refuse(
          Refusal.Code.NONEXISTENT,
          "there is no node " + command.node() + "; there are " + nodes.byName().keySet());
      return Effect().none();
    }
    if (!reports.suffice(nodes, System.nanoTime())) {
      command.refuse(Refusal.Code.UNAVAILABLE, "the nodes have not all reported yet, try again");
      return Effect().none();
    }
    try {
      String text = Removal.check(reports.view(nodes, System.nanoTime()), node, command);
      Answer answer = Answer.yes(text);
      if (node.state() == command.state() && node.isForced() == command.force()) {
        return Effect().none().thenRun(same -> command.replyTo().tell(answer));
      }
      return Effect()
          .persist(new NodeStateChanged(command.node(), command.state(), command.force()))
          .thenRun(
              after -> {
                log.info("{} is to be {}: {}", command.node(), command.state(), text);
                command.replyTo().tell(answer);
                order(after, Optional.of(command.node()));
              });
    } catch (Refusal refusal) {
      command.refuse(refusal.code(), refusal.getMessage());
      return Effect().none();
    }
  }
}
