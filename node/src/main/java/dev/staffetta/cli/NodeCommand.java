package dev.staffetta.cli;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.MoveStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.SpreadStatus;
import dev.staffetta.admin.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code staffetta node}: the nodes of the cluster. */
@Command(name = "node", description = "Nodes of this cluster.", synopsisSubcommandLabel = "COMMAND")
final class NodeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Subcommands.missing(spec);
  }

  @Command(name = "list", description = "Lists the nodes, what they have, and what is being moved.")
  void list(
      @Mixin AdminAccess access,
      @Option(names = "--json", description = "Writes JSON.") boolean isJson)
      throws CommandFailure {
    ClusterStatus status = access.client().status();
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(
          Json.write(
              Map.of("nodes", status.nodes(), "spread", status.spread(), "moves", status.moves())));
    } else {
      Table.print(out, table(status.nodes()));
      printSpread(out, status.spread());
      printMoves(out, status.moves());
    }
    out.flush();
  }

  /** Nodes as rows. */
  static List<List<String>> table(List<NodeStatus> nodes) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "NODE", "STATE", "MEMBER", "REACHABLE", "LEADS", "REPLICAS", "SIZE", "FREE", "DISK"));
    for (NodeStatus node : nodes) {
      rows.add(
          List.of(
              node.name(),
              node.state(),
              node.member(),
              node.reachable() ? "yes" : "no",
              Integer.toString(node.leads()),
              Integer.toString(node.replicas()),
              Amounts.bytes(node.bytes()),
              Amounts.bytes(node.freeBytes()),
              Amounts.bytes(node.totalBytes())));
    }
    return rows;
  }

  /** How evenly what there is lies on the nodes. */
  static void printSpread(PrintWriter out, List<SpreadStatus> spread) {
    if (!spread.isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("SPREAD", "MOST", "ON", "MEAN", "OVER MEAN"));
      for (SpreadStatus one : spread) {
        boolean isBytes = one.of().equals("bytes");
        rows.add(
            List.of(
                one.of(),
                isBytes ? Amounts.bytes(one.most()) : Long.toString(one.most()),
                one.node(),
                isBytes
                    ? Amounts.bytes(Math.round(one.mean()))
                    : String.format(Locale.ROOT, "%.1f", one.mean()),
                String.format(Locale.ROOT, "%.1f %%", one.overMean())));
      }
      out.println();
      Table.print(out, rows);
    }
  }

  /** What is being moved, if anything is. */
  static void printMoves(PrintWriter out, List<MoveStatus> moves) {
    if (!moves.isEmpty()) {
      out.println();
      moves.forEach(move -> out.println("moving: " + sentence(move)));
    }
  }

  private static String sentence(MoveStatus move) {
    return move.ofBytes() == 0
        ? move.what()
        : "partition "
            + move.partition()
            + ", "
            + move.what()
            + ": "
            + Amounts.bytes(move.bytes())
            + " of "
            + Amounts.bytes(move.ofBytes())
            + (move.secondsLeft() < 0 ? "" : ", some " + move.secondsLeft() + " s left");
  }

  @Command(
      name = "drain",
      description = {
        "Has a node hand over what it leads and say farewell to its sessions, as before"
            + " maintenance. Its replicas stay; 'resume' takes it in again.",
        "It waits until that is done; when it is interrupted, the drain goes on."
      })
  void drain(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "NAME", description = "The node.") String name,
      @Option(names = "--no-wait", description = "Returns at once.") boolean isBrief)
      throws CommandFailure {
    tell(access.client().drainNode(name));
    if (!isBrief) {
      new NodeProgress(access, spec.commandLine().getOut()).awaitDrained(name);
    }
  }

  @Command(
      name = "resume",
      description = "Takes a node in again that was drained or removed, or was to be removed.")
  void resume(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "NAME", description = "The node.") String name)
      throws CommandFailure {
    tell(access.client().resumeNode(name));
  }

  @Command(
      name = "remove",
      description = {
        "Rebuilds a node's replicas elsewhere and takes it out of the cluster. A dead node is"
            + " replaced only when it is removed.",
        "It waits until that is done; when it is interrupted, the removal goes on."
      })
  void remove(
      @Mixin AdminAccess access,
      @Parameters(paramLabel = "NAME", description = "The node.") String name,
      @Option(
              names = "--force",
              description =
                  "Also where partitions are left with fewer replicas than they should have, or"
                      + " have no majority now. Says what is lost.")
          boolean force,
      @Option(names = "--no-wait", description = "Returns at once.") boolean isBrief)
      throws CommandFailure {
    tell(access.client().removeNode(name, force));
    if (!isBrief) {
      new NodeProgress(access, spec.commandLine().getOut()).awaitRemoved(name);
    }
  }

  private void tell(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
