package dev.staffetta.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of a local cluster: started, watched, started again, stopped together. */
final class LocalCluster {
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
      nodes.add(new NodeProcess(directory, number, this::say));
    }
  }

  /** Starts every node and waits until all take mail. */
  List<AdminClient> start(String token) throws CommandFailure {
    for (NodeProcess node : nodes) {
      node.start();
    }
    List<AdminClient> clients = new ArrayList<>();
    for (NodeProcess node : nodes) {
      clients.add(node.awaitReady(token));
    }
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).superviseFromNowOn();
      say(nodes.get(i).name() + " is up, pid " + nodes.get(i).pid());
      clients.get(i).status().listeners().stream()
          .map(l -> String.format("  %-12s %s:%d  %s", l.name(), l.host(), l.port(), l.tls()))
          .forEach(this::say);
      say(String.format("  %-12s %s", "admin", clients.get(i).url()));
    }
    say("Data in " + directory + "; Ctrl-C stops the cluster.");
    return clients;
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
