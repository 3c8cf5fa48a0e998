package dev.staffetta.cli;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.DestinationStatus;
import dev.staffetta.admin.ClusterStatus.ListenerStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.PartitionStatus;
import dev.staffetta.admin.ClusterStatus.QueueStatus;
import dev.staffetta.admin.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
          + " their connections, mail that waits for other servers.",
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
            "DISK",
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
              Amounts.bytes(node.totalBytes()),
              node.version(),
              Long.toString(node.pid()),
              Amounts.duration(Duration.ofSeconds(node.uptimeSeconds()))));
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
    NodeCommand.printSpread(out, status.spread());
    out.println();
    Table.print(out, partitions);
    out.println();
    Table.print(out, listeners);
    printQueue(out, status.queue());
    NodeCommand.printMoves(out, status.moves());
    out.flush();
    return isWell(status) ? Staffetta.DONE : Staffetta.FAILED;
  }

  /** What waits for other servers, if anybody can tell. */
  private static void printQueue(PrintWriter out, Optional<QueueStatus> known) {
    out.println();
    if (known.isEmpty()) {
      out.println("mail for other servers: not known now");
      return;
    }
    QueueStatus queue = known.get();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("WAITING FOR", "MESSAGES", "RECIPIENTS", "HELD", "OLDEST"));
    rows.add(
        row(
            new DestinationStatus(
                "all (" + queue.destinations() + ")",
                queue.messages(),
                queue.recipients(),
                queue.held(),
                queue.oldestSeconds())));
    queue.top().forEach(destination -> rows.add(row(destination)));
    Table.print(out, rows);
    if (queue.silent() > 0) {
      out.println("not counted: " + queue.silent() + " queues that do not answer");
    }
  }

  private static List<String> row(DestinationStatus waiting) {
    return List.of(
        waiting.destination(),
        Long.toString(waiting.messages()),
        Long.toString(waiting.recipients()),
        Long.toString(waiting.held()),
        waiting.messages() == 0
            ? "-"
            : Amounts.duration(Duration.ofSeconds(waiting.oldestSeconds())));
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
}
