package dev.staffetta.cli;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.ListenerStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.PartitionStatus;
import dev.staffetta.admin.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code staffetta status}: how the cluster stands. */
@Command(
    name = "status",
    description = {
      "How the cluster stands: nodes, partitions of the store with leader and lag, listeners with"
          + " their connections.",
      "The exit code is 1 when a node is not up or a partition has no leader."
    })
final class StatusCommand implements Callable<Integer> {
  /** Nodes that are as they are meant to be. */
  private static final Set<String> GOOD_STATES = Set.of("up", "draining", "removing", "removed");

  @Mixin private AdminAccess access;

  @Option(names = "--json", description = "Writes JSON.")
  private boolean isJson;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandFailure {
    ClusterStatus status = access.client().status();
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(Json.write(status));
      out.flush();
      return isWell(status) ? Staffetta.DONE : Staffetta.FAILED;
    }
    List<List<String>> nodes = new ArrayList<>();
    nodes.add(
        List.of(
            "NODE",
            "STATE",
            "REACHABLE",
            "LEADS",
            "REPLICAS",
            "SIZE",
            "FREE",
            "VERSION",
            "PID",
            "UP"));
    for (NodeStatus node : status.nodes()) {
      nodes.add(
          List.of(
              node.name(),
              node.state(),
              node.reachable() ? "yes" : "no",
              Integer.toString(node.leads()),
              Integer.toString(node.replicas()),
              Amounts.bytes(node.bytes()),
              Amounts.bytes(node.freeBytes()),
              node.version(),
              Long.toString(node.pid()),
              uptime(Duration.ofSeconds(node.uptimeSeconds()))));
    }
    List<List<String>> partitions = new ArrayList<>();
    partitions.add(
        List.of("PARTITION", "LEADER", "STATE", "TERM", "APPLIED", "LAG", "SIZE", "REPLICAS"));
    for (PartitionStatus partition : status.partitions()) {
      partitions.add(
          List.of(
              Integer.toString(partition.number()),
              partition.leader(),
              partition.state(),
              Long.toString(partition.term()),
              Long.toString(partition.appliedIndex()),
              Long.toString(partition.lag()),
              Amounts.bytes(partition.bytes()),
              replicas(partition)));
    }
    List<List<String>> listeners = new ArrayList<>();
    listeners.add(List.of("LISTENER", "NODE", "ADDRESS", "TLS", "CONNECTIONS"));
    for (ListenerStatus listener : status.listeners()) {
      listeners.add(
          List.of(
              listener.name(),
              listener.node(),
              listener.host() + ":" + listener.port(),
              listener.tls(),
              Long.toString(listener.connections())));
    }
    Table.print(out, nodes);
    out.println();
    Table.print(out, partitions);
    out.println();
    Table.print(out, listeners);
    NodeCommand.printMoves(out, status.moves());
    out.flush();
    return isWell(status) ? Staffetta.DONE : Staffetta.FAILED;
  }

  /** Each replica, with what it has still to take. */
  private static String replicas(PartitionStatus partition) {
    return partition.replicas().stream()
        .map(
            replica ->
                replica.node()
                    + (replica.state().equals("ready") ? "" : " (" + replica.state() + ")")
                    + (replica.lag() > 0 ? " -" + replica.lag() : ""))
        .collect(Collectors.joining(", "));
  }

  private boolean isWell(ClusterStatus status) {
    boolean isWell =
        status.nodes().stream().allMatch(node -> GOOD_STATES.contains(node.state()))
            && status.partitions().stream().allMatch(p -> p.state().equals("ready"));
    if (!isWell) {
      spec.commandLine()
          .getErr()
          .println("staffetta: not all nodes are up and all partitions ready; see above");
    }
    return isWell;
  }

  private static String uptime(Duration up) {
    return up.toDays() > 0
        ? up.toDays() + "d" + up.toHoursPart() + "h"
        : up.toHours() > 0
            ? up.toHours() + "h" + up.toMinutesPart() + "m"
            : up.toMinutes() > 0
                ? up.toMinutes() + "m" + up.toSecondsPart() + "s"
                : up.toSeconds() + "s";
  }
}
