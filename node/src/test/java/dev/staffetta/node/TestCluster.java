package dev.staffetta.node;

import dev.staffetta.admin.AdminToken;
import dev.staffetta.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several whole nodes in the process of a test, as one cluster: node K has the name {@code nodeK},
 * ports that the system chooses, and the directory {@code nodeK} below the data directory. Seeds
 * are all of them, in their order. It starts without domains and accounts.
 */
public final class TestCluster implements AutoCloseable {
  private final Path data;
  private final String more;
  private final List<Integer> actorsPorts;
  private final List<Integer> raftPorts;
  private final SortedMap<Integer, TestNode> running = new TreeMap<>();

  private TestCluster(Path data, int size, String more) {
    this.data = data;
    this.more = more;
    List<Integer> ports = freePorts(2 * size);
    this.actorsPorts = ports.subList(0, size);
    this.raftPorts = ports.subList(size, 2 * size);
    try {
      // So that the nodes need not agree on who makes it.
      AdminToken.readOrCreate(data.resolve("admin-token"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As many nodes as this, all up when it returns. */
  public static TestCluster start(Path data, int size) throws StartFailure {
    return start(data, size, "");
  }

  /**
   * As many nodes as this, all up when it returns.
   *
   * @param more settings in HOCON that count after the fixture's own, on all nodes
   */
  public static TestCluster start(Path data, int size, String more) throws StartFailure {
    TestCluster cluster = of(data, size, more);
    cluster.start(IntStream.rangeClosed(1, size).toArray());
    return cluster;
  }

  /** A cluster of which no node has been started yet. */
  public static TestCluster of(Path data, int size, String more) {
    return new TestCluster(data, size, more);
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts these nodes, counted from 1, at the same time; all are up when it returns. */
  public void start(int... numbers) throws StartFailure {
    SortedMap<Integer, Node> begun = new TreeMap<>();
    try {
      for (int number : numbers) {
        begun.put(number, Node.begin(settings(number)));
      }
      for (Node node : begun.values()) {
        node.awaitStart();
      }
    } catch (StartFailure e) {
      begun.values().forEach(Node::stop);
      throw e;
    }
    begun.forEach((number, node) -> running.put(number, TestNode.of(node)));
  }

  private Settings settings(int number) {
    return settings(number, data, more);
  }

  /**
   * The settings of a node, for tests that start it themselves.
   *
   * @param directory of its data
   * @param more settings in HOCON that count after the fixture's own
   */
  Settings settings(int number, Path directory, String more) {
    String seeds =
        actorsPorts.stream()
            .map(port -> "\"127.0.0.1:" + port + "\"")
            .collect(Collectors.joining(", "));
    return TestNode.settings(
        directory,
        """
        staffetta.node.name = node%d
        staffetta.cluster { actors.port = %d, seed-nodes = [%s] }
        staffetta.store.raft.port = %d
        %s
        """
            .formatted(
                number, actorsPorts.get(number - 1), seeds, raftPorts.get(number - 1), more));
  }

  /** A node that runs, counted from 1. */
  public TestNode node(int number) {
    return running.get(number);
  }

  /** Those that run. */
  public List<TestNode> nodes() {
    return List.copyOf(running.values());
  }

  /** Where the actors of a node are reached, as {@code host:port}. */
  public String actorsAddress(int number) {
    return "127.0.0.1:" + actorsPorts.get(number - 1);
  }

  /** Stops a node in order; it may be started again. */
  public void stop(int number) {
    running.remove(number).close();
  }

  /** Stops all in order, at the same time. */
  @Override
  public void close() {
    List<Thread> stopping =
        running.values().stream().map(node -> new Thread(node::close, "stop-node")).toList();
    running.clear();
    stopping.forEach(Thread::start);
    for (Thread thread : stopping) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
