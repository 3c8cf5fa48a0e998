package dev.staffetta.node;

import dev.staffetta.admin.ClusterStatus.MoveStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.ReplicaStatus;
import dev.staffetta.admin.ClusterStatus.SpreadStatus;
import dev.staffetta.placement.NodeRecord;
import dev.staffetta.placement.NodeReport;
import dev.staffetta.placement.NodeState;
import dev.staffetta.placement.Nodes.NodeMember;
import dev.staffetta.placement.Step;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.StorePeer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What the nodes say of themselves, put together: whom an administrator sees in {@code status}.
 * Pure.
 *
 * @param members those in the actors' cluster
 * @param records what is wanted of each node; none: nobody can tell now
 */
record ClusterOverview(List<NodeMember> members, List<NodeRecord> records) {
  /** All nodes: members, and those that should be. */
  List<NodeStatus> nodes() {
    Set<String> names = new TreeSet<>();
    members.forEach(member -> names.add(member.node()));
    records.forEach(node -> names.add(node.node()));
    reports().stream()
        .flatMap(report -> report.partitions().stream())
        .flatMap(partition -> partition.peers().stream())
        .forEach(peer -> names.add(peer.node()));
    return names.stream().map(this::node).toList();
  }

  /** How even they are; a node that is drained or leaves is not to have its share. */
  List<SpreadStatus> spread() {
    List<NodeStatus> up = nodes().stream().filter(node -> node.state().equals("up")).toList();
    return up.isEmpty()
        ? List.of()
        : List.of(
            spread("replicas", up, NodeStatus::replicas),
            spread("leads", up, NodeStatus::leads),
            spread("bytes", up, NodeStatus::bytes));
  }

  private static SpreadStatus spread(
      String of, List<NodeStatus> nodes, ToLongFunction<NodeStatus> amount) {
    NodeStatus most = nodes.stream().max(Comparator.comparingLong(amount)).orElseThrow();
    double mean = nodes.stream().mapToLong(amount).average().orElseThrow();
    long highest = amount.applyAsLong(most);
    double overMean = mean == 0 ? 0 : Math.round((highest / mean - 1) * 1_000) / 10.0;
    return new SpreadStatus(of, highest, most.name(), mean, overMean);
  }

  private NodeStatus node(String name) {
    Optional<NodeMember> member = members.stream().filter(m -> m.node().equals(name)).findFirst();
    Optional<NodeReport> report = member.flatMap(NodeMember::report);
    Optional<NodeRecord> record = records.stream().filter(r -> r.node().equals(name)).findFirst();
    List<PartitionStatus> replicas =
        report.map(NodeReport::partitions).orElse(List.of()).stream()
            .filter(PartitionStatus::hasReplica)
            .toList();
    Set<Integer> counted =
        partitions().stream()
            .filter(p -> p.replicas().stream().anyMatch(r -> r.node().equals(name)))
            .map(dev.staffetta.admin.ClusterStatus.PartitionStatus::number)
            .collect(Collectors.toSet());
    return new NodeStatus(
        name,
        state(member, report, record),
        record.map(r -> word(r.state())).orElse("unknown"),
        member.map(NodeMember::status).orElse("none"),
        member.filter(NodeMember::isReachable).isPresent(),
        report.map(NodeReport::version).orElse(""),
        report.map(NodeReport::pid).orElse(0L),
        report.map(NodeReport::uptimeSeconds).orElse(0L),
        (int) replicas.stream().filter(PartitionStatus::leads).count(),
        counted.size(),
        replicas.stream().mapToLong(PartitionStatus::diskBytes).sum(),
        report.map(r -> r.space().freeBytes()).orElse(0L),
        report.map(r -> r.space().totalBytes()).orElse(0L),
        report.map(r -> r.space().roomBytes()).orElse(0L));
  }

  private static String state(
      Optional<NodeMember> member, Optional<NodeReport> report, Optional<NodeRecord> record) {
    NodeState wanted = record.map(NodeRecord::state).orElse(NodeState.JOINED);
    if (member.isEmpty()) {
      return wanted == NodeState.REMOVED ? "removed" : "down";
    }
    if (report.isEmpty()) {
      return member.get().isReachable() ? "silent" : "unreachable";
    }
    if (report.get().isStopping()) {
      return "stopping";
    }
    if (!report.get().disk().equals("roomy")) {
      return "disk " + report.get().disk();
    }
    return wanted == NodeState.JOINED ? "up" : word(wanted);
  }

  private static String word(NodeState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** All partitions, each as its leader says, or whoever knows most of it. */
  List<dev.staffetta.admin.ClusterStatus.PartitionStatus> partitions() {
    int count = reports().stream().mapToInt(r -> r.partitions().size()).max().orElse(0);
    List<dev.staffetta.admin.ClusterStatus.PartitionStatus> all = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      all.add(partition(p));
    }
    return all;
  }

  private dev.staffetta.admin.ClusterStatus.PartitionStatus partition(int number) {
    Map<String, PartitionStatus> byNode = new HashMap<>();
    reports().forEach(report -> byNode.put(report.node(), report.partitions().get(number)));
    String teller =
        byNode.entrySet().stream()
            .max(
                Comparator.<Map.Entry<String, PartitionStatus>>comparingLong(
                        e -> e.getValue().term())
                    .thenComparing(e -> e.getValue().leads())
                    .thenComparing(e -> e.getValue().appliedIndex())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .orElseThrow();
    PartitionStatus told = byNode.get(teller);
    List<ReplicaStatus> replicas =
        told.peers().stream()
            .map(StorePeer::node)
            .sorted()
            .map(node -> replica(node, told, teller, byNode))
            .toList();
    Optional<String> leader = told.leads() ? Optional.of(teller) : told.leader();
    boolean isReady =
        leader.isPresent()
            && (byNode.containsKey(leader.get()) ? byNode.get(leader.get()).leads() : told.leads());
    return new dev.staffetta.admin.ClusterStatus.PartitionStatus(
        number,
        leader.orElse("none"),
        leader.isEmpty() ? "no leader" : isReady ? "ready" : "changing leader",
        told.term(),
        told.appliedIndex(),
        replicas.stream().mapToLong(ReplicaStatus::lag).max().orElse(0),
        told.diskBytes(),
        replicas);
  }

  private static ReplicaStatus replica(
      String node, PartitionStatus told, String teller, Map<String, PartitionStatus> byNode) {
    Optional<PartitionStatus> own = Optional.ofNullable(byNode.get(node));
    long lag =
        node.equals(teller)
            ? told.lag()
            : told.followers().stream()
                .filter(follower -> follower.node().equals(node))
                .mapToLong(PartitionStatus.Follower::lag)
                .findFirst()
                .orElse(-1);
    String state =
        own.isEmpty()
            ? "no answer"
            : own.get().ailment().isPresent()
                ? own.get().ailment().get()
                : own.get().hasReplica() ? "ready" : "lost";
    return new ReplicaStatus(
        node,
        state,
        own.map(PartitionStatus::appliedIndex).orElse(0L),
        lag,
        own.map(PartitionStatus::diskBytes).orElse(0L));
  }

  /** What is being done and copied. */
  List<MoveStatus> moves() {
    List<MoveStatus> moves = new ArrayList<>();
    for (NodeReport report : reports()) {
      for (NodeReport.Progress progress : report.progress()) {
        moves.add(
            new MoveStatus(
                progress.partition(),
                report.node(),
                "copying to " + report.node(),
                progress.bytes(),
                progress.ofBytes(),
                progress.secondsLeft()));
      }
      for (Step step : report.running()) {
        moves.add(new MoveStatus(step.partition(), step.node(), step.toString(), 0, 0, -1));
      }
    }
    return moves;
  }

  private List<NodeReport> reports() {
    return members.stream().flatMap(member -> member.report().stream()).toList();
  }
}
