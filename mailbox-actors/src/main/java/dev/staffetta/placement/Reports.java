package dev.staffetta.placement;

import dev.staffetta.placement.ClusterView.NodeView;
import dev.staffetta.placement.ClusterView.PartitionView;
import dev.staffetta.placement.PlacementChange.Nodes;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.StorePeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What nodes have reported of late, and what they have been told since. Belongs to one {@link
 * Placement}; used on its thread only. Times are those of {@link System#nanoTime}.
 */
final class Reports {
  /** Reports come each second. */
  private static final Duration FRESH = Duration.ofMillis(3_500);

  /** Who has not reported for so long may be dying: no lead is moved only to even them out. */
  private static final Duration LATE = Duration.ofMillis(1_500);

  /** Orders that nobody says to have had were lost. */
  private static final Duration LOST = Duration.ofSeconds(4);

  /** A replica that is not there for so long is lost. */
  private static final Duration LOST_REPLICA = Duration.ofSeconds(3);

  /** One that is on the disk and does not run may be opened again meanwhile. */
  private static final Duration LOST_AILING = Duration.ofSeconds(15);

  /** Leads are evened out when the nodes have been the same for so long. */
  private static final Duration CALM = Duration.ofSeconds(3);

  /** Between two leads that are moved to even them out. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final int partitions;
  private final long startedAt;
  private final Map<String, Heard> heard = new TreeMap<>();
  private final Map<Step, Issued> issued = new HashMap<>();

  /** Since when a node says that it has no replica of a partition that runs. */
  private final Map<Place, Long> missing = new HashMap<>();

  private Set<String> aliveBefore = Set.of();
  private long changedAt;
  private long movedAt;
  private long lastNumber;

  private record Heard(NodeReport report, long at, ActorRef<NodeAgent.Message> agent) {}

  private record Issued(long number, long at) {}

  private record Place(String node, int partition) {}

  Reports(int partitions, long now) {
    this.partitions = partitions;
    this.startedAt = now;
    this.changedAt = now;
    this.movedAt = now;
    // Whatever orders an earlier placement gave have lower numbers.
    this.lastNumber = System.currentTimeMillis() << 10;
  }

  void take(NodeReport report, ActorRef<NodeAgent.Message> agent, long now) {
    heard.put(report.node(), new Heard(report, now, agent));
    // An earlier placement, on a node whose clock was ahead, may have given higher ones.
    lastNumber = Math.max(lastNumber, report.heard());
    for (PartitionStatus partition : report.partitions()) {
      Place place = new Place(report.node(), partition.partition());
      if (partition.hasReplica()) {
        missing.remove(place);
      } else {
        missing.putIfAbsent(place, now);
      }
    }
    issued
        .entrySet()
        .removeIf(
            step ->
                step.getKey().node().equals(report.node())
                    && step.getValue().number() <= report.heard());
    tidy(now);
  }

  /** Forgets what has become old. */
  void tidy(long now) {
    issued.values().removeIf(order -> now - order.at() > LOST.toNanos());
    Set<String> alive = alive(now);
    if (!alive.equals(aliveBefore)) {
      aliveBefore = alive;
      changedAt = now;
    }
  }

  /** Whether enough is known for a plan: all nodes have reported, or have had the time to. */
  boolean suffice(Nodes nodes, long now) {
    return now - startedAt > FRESH.toNanos()
        || nodes.byName().values().stream()
            .filter(node -> node.state().keepsReplicas())
            .allMatch(node -> heard.containsKey(node.node()));
  }

  /** Notes that steps have been told; returns the number of the orders. */
  long issue(Collection<Step> steps, long now) {
    lastNumber++;
    for (Step step : steps) {
      issued.put(step, new Issued(lastNumber, now));
      if (step instanceof Step.TransferLeadership) {
        movedAt = now;
      }
    }
    return lastNumber;
  }

  Optional<ActorRef<NodeAgent.Message>> agent(String node) {
    return Optional.ofNullable(heard.get(node)).map(Heard::agent);
  }

  /** How all stands. */
  ClusterView view(Nodes nodes, long now) {
    Set<String> alive = alive(now);
    SortedMap<String, NodeView> views = new TreeMap<>();
    nodes.byName().values().forEach(node -> views.put(node.node(), view(node, alive, now)));
    List<PartitionView> partitionViews = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      partitionViews.add(partition(p, nodes, alive));
    }
    Set<Step> running = new HashSet<>(issued.keySet());
    alive.forEach(node -> running.addAll(heard.get(node).report().running()));
    boolean mayEven =
        now - changedAt > CALM.toNanos()
            && now - movedAt > PAUSE.toNanos()
            && alive.stream().allMatch(node -> now - heard.get(node).at() < LATE.toNanos());
    return new ClusterView(views, partitionViews, running, mayEven);
  }

  private Set<String> alive(long now) {
    return heard.values().stream()
        .filter(h -> now - h.at() <= FRESH.toNanos())
        .map(h -> h.report().node())
        .collect(Collectors.toSet());
  }

  private NodeView view(NodeRecord node, Set<String> alive, long now) {
    Optional<NodeReport> report = Optional.ofNullable(heard.get(node.node())).map(Heard::report);
    return new NodeView(
        node.node(),
        node.state(),
        node.isForced(),
        alive.contains(node.node()),
        report.filter(r -> r.hasRoom() && !r.isStopping()).isPresent(),
        report.map(r -> r.space().roomBytes()).orElse(0L),
        report.map(Reports::holding).orElse(Map.of()),
        report.map(Reports::ailing).orElse(Set.of()),
        report.map(r -> lost(r, now)).orElse(Set.of()));
  }

  private Set<Integer> lost(NodeReport report, long now) {
    return report.partitions().stream()
        .filter(
            p -> {
              Long since = missing.get(new Place(report.node(), p.partition()));
              Duration patience = p.ailment().isPresent() ? LOST_AILING : LOST_REPLICA;
              return since != null && now - since > patience.toNanos();
            })
        .map(PartitionStatus::partition)
        .collect(Collectors.toSet());
  }

  /** What is just being received is not among the files that are measured now and then. */
  private static Map<Integer, Long> holding(NodeReport report) {
    return report.partitions().stream()
        .filter(PartitionStatus::hasReplica)
        .collect(
            Collectors.toMap(
                PartitionStatus::partition,
                p ->
                    Math.max(
                        p.diskBytes(),
                        p.transfer().map(PartitionStatus.Transfer::bytes).orElse(0L))));
  }

  private static Set<Integer> ailing(NodeReport report) {
    return report.partitions().stream()
        .filter(p -> !p.hasReplica() && p.ailment().isPresent())
        .map(PartitionStatus::partition)
        .collect(Collectors.toSet());
  }

  /**
   * As its leader says; who leads in an older term than another replica knows of does not count.
   */
  private PartitionView partition(int number, Nodes nodes, Set<String> alive) {
    List<NodeReport> reports =
        alive.stream().sorted().map(node -> heard.get(node).report()).toList();
    long newest =
        reports.stream()
            .map(report -> report.partitions().get(number))
            .filter(PartitionStatus::hasReplica)
            .mapToLong(PartitionStatus::term)
            .max()
            .orElse(0);
    Optional<NodeReport> leader =
        reports.stream()
            .filter(report -> report.partitions().get(number).leads())
            .filter(report -> report.partitions().get(number).term() == newest)
            .filter(report -> !report.partitions().get(number).peers().isEmpty())
            .max(Comparator.comparing(NodeReport::node));
    if (leader.isEmpty()) {
      return new PartitionView(number, Optional.empty(), List.of(), Set.of(), Map.of(), 0);
    }
    PartitionStatus status = leader.get().partitions().get(number);
    Map<String, Long> lags = new HashMap<>();
    status.followers().forEach(follower -> lags.put(follower.node(), follower.lag()));
    return new PartitionView(
        number,
        Optional.of(leader.get().node()),
        status.peers().stream().map(StorePeer::node).toList(),
        moved(status.peers(), nodes),
        lags,
        status.diskBytes());
  }

  /** Of the peers that a group has written down, those whose node now says another address. */
  private static Set<String> moved(List<StorePeer> peers, Nodes nodes) {
    return peers.stream()
        .filter(
            peer -> {
              NodeRecord known = nodes.byName().get(peer.node());
              return known != null && !known.peer().equals(peer);
            })
        .map(StorePeer::node)
        .collect(Collectors.toSet());
  }
}
