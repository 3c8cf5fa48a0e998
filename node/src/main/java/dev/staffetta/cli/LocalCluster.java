package dev.staffetta.cli;

import dev.staffetta.admin.ClusterStatus.PartitionStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The processes of a local cluster: started, watched, started again, stopped together. */
final class LocalCluster {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Of a partition, where there are nodes enough. */
  private static final int REPLICAS = 3;

  private final Path directory;
  private final PrintWriter out;
  private final List<NodeProcess> nodes = new ArrayList<>();

  /**
   * @param directory of all data, absolute
   * @param size how many nodes
   */
  LocalCluster(Path directory, int size, PrintWriter out) {
    this.directory = directory;
    this.out = out;
    for (int number = 1; number <= size; number++) {
      nodes.add(new NodeProcess(directory, number, size, this::say));
    }
  }

  /** Starts every node and waits until all take mail; fails when one of them ends before. */
  List<AdminClient> start(String token) throws CommandFailure {
    for (NodeProcess node : nodes) {
      node.start();
    }
    SortedMap<Integer, AdminClient> ready = new TreeMap<>();
    long deadline = System.nanoTime() + ServeCommand.LONGEST_START.toNanos();
    while (ready.size() < nodes.size()) {
      for (int i = 0; i < nodes.size(); i++) {
        // A node that is ready may still die while others start.
        Optional<AdminClient> client = nodes.get(i).readyWithin(POLL, token);
        if (client.isPresent() && ready.putIfAbsent(i, client.get()) == null) {
          sayUp(nodes.get(i), client.get());
        } else if (client.isEmpty() && System.nanoTime() > deadline) {
          throw new CommandFailure(
              nodes.get(i).name()
                  + " is not ready after "
                  + ServeCommand.LONGEST_START.toMinutes()
                  + " minutes; see its node.log");
        }
      }
    }
    say("Data in " + directory + "; Ctrl-C stops the cluster.");
    return List.copyOf(ready.values());
  }

  /**
   * Says when every partition has as many replicas as it will have; waits for that beside all else.
   */
  void sayWhenReplicated(AdminClient client) {
    int wanted = Math.min(REPLICAS, nodes.size());
    if (wanted == 1) {
      return;
    }
    Thread waiting =
        new Thread(
            () -> {
              try {
                while (!isReplicated(client, wanted)) {
                  TimeUnit.SECONDS.sleep(1);
                }
                say("Every partition has its " + wanted + " replicas.");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "wait-for-replicas");
    waiting.setDaemon(true);
    waiting.start();
  }

  /** No while nobody can tell, as when the node that is asked starts again. */
  private static boolean isReplicated(AdminClient client, int wanted) {
    try {
      List<PartitionStatus> partitions = client.status().partitions();
      return !partitions.isEmpty()
          && partitions.stream().allMatch(partition -> readyReplicas(partition) >= wanted);
    } catch (CommandFailure e) {
      return false;
    }
  }

  private static long readyReplicas(PartitionStatus partition) {
    return partition.replicas().stream().filter(replica -> replica.state().equals("ready")).count();
  }

  private void sayUp(NodeProcess node, AdminClient client) throws CommandFailure {
    say(node.name() + " is up, pid " + node.pid());
    client.status().listeners().stream()
        .map(l -> String.format("  %-12s %s:%d  %s", l.name(), l.host(), l.port(), l.tls()))
        .forEach(this::say);
    say(String.format("  %-12s %s", "admin", client.url()));
  }

  /** From here on the death of a node is followed by another start. */
  void superviseFromNowOn() {
    nodes.forEach(NodeProcess::superviseFromNowOn);
  }

  /** Waits until it is closed. */
  void awaitEnd() {
    nodes.forEach(NodeProcess::awaitEnd);
  }

  /** Stops all nodes at the same time, in order, and waits for them. May be called twice. */
  void close() {
    nodes.forEach(NodeProcess::stop);
    nodes.forEach(NodeProcess::awaitEnd);
  }

  private synchronized void say(String line) {
    out.println(line);
    out.flush();
  }
}
