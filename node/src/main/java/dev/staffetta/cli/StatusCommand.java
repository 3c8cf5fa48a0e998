package dev.staffetta.cli;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.ListenerStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.PartitionStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin private AdminAccess access;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandFailure {
    ClusterStatus status = access.client().status();
    PrintWriter out = spec.commandLine().getOut();
    List<List<String>> nodes = new ArrayList<>();
    nodes.add(List.of("NODE", "STATE", "VERSION", "PID", "UP"));
    for (NodeStatus node : status.nodes()) {
      nodes.add(
          List.of(
              node.name(),
              node.state(),
              node.version(),
              Long.toString(node.pid()),
              uptime(Duration.ofSeconds(node.uptimeSeconds()))));
    }
    List<List<String>> partitions = new ArrayList<>();
    partitions.add(List.of("PARTITION", "LEADER", "STATE", "APPLIED", "LAG"));
    for (PartitionStatus partition : status.partitions()) {
      partitions.add(
          List.of(
              Integer.toString(partition.number()),
              partition.leader(),
              partition.state(),
              Long.toString(partition.appliedIndex()),
              Long.toString(partition.lag())));
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
    out.flush();
    return isWell(status) ? Staffetta.DONE : Staffetta.FAILED;
  }

  private boolean isWell(ClusterStatus status) {
    boolean isWell =
        status.nodes().stream().allMatch(node -> node.state().equals("up"))
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
