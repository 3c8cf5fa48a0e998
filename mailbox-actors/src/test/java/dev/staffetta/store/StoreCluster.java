package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Several nodes' stores in one process, grown as a cluster grows. One thread opens and stops. */
public final class StoreCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private final String[] settings;
  private final Map<Integer, Integer> ports = new ConcurrentSkipListMap<>();
  private final Map<Integer, Store> stores = new ConcurrentSkipListMap<>();
  private UnaryOperator<StoreBuilder> setup = builder -> builder;

  /** No node yet. */
  public StoreCluster(Path directory, String... settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /** What is set on every node that is opened from now on. */
  public StoreCluster with(UnaryOperator<StoreBuilder> more) {
    this.setup = more;
    return this;
  }

  /** Nodes 1 to {@code nodes}, each with a replica of every partition. */
  public static StoreCluster of(int nodes, Path directory, String... settings) {
    StoreCluster cluster = new StoreCluster(directory, settings);
    try {
      cluster.open(1);
      for (int node = 2; node <= nodes; node++) {
        cluster.open(node);
        for (int partition = 0; partition < cluster.node(1).partitions(); partition++) {
          cluster.grow(partition, node);
        }
      }
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** Opens a node, or opens it again; node 1 is the founder. */
  public Store open(int node, String... more) {
    List<String> lines = new ArrayList<>(Arrays.asList(settings));
    lines.add("cluster = test");
    lines.add("raft.port = " + ports.computeIfAbsent(node, n -> freePort()));
    lines.addAll(Arrays.asList(more));
    Store store =
        setup
            .apply(
                Stores.at(directory.resolve(name(node)), lines.toArray(String[]::new))
                    .node(name(node))
                    .founds(node == 1))
            .open();
    stores.put(node, store);
    return store;
  }

  /** Gives a node a replica of a partition. */
  public void grow(int partition, int node) {
    await(node(node).addReplica(partition));
    Store leader = leader(partition);
    List<StorePeer> peers =
        new ArrayList<>(leader.status().get(partition).peers().stream().toList());
    peers.add(node(node).peerAddress());
    await(leader.setPeers(partition, peers));
  }

  /** The store of an open node. */
  public Store node(int node) {
    return stores.get(node);
  }

  /** The stores of all open nodes. */
  public List<Store> all() {
    return List.copyOf(stores.values());
  }

  /** The peers' addresses of these nodes. */
  public List<StorePeer> peers(int... nodes) {
    return Arrays.stream(nodes).mapToObj(n -> node(n).peerAddress()).toList();
  }

  /** Waits for what takes moments, on a busy machine longer. */
  static ConditionFactory soon() {
    return Awaitility.await().atMost(PATIENCE);
  }

  /** The store that leads a partition, once there is one. */
  public Store leader(int partition) {
    return soon()
        .until(() -> all().stream().filter(s -> s.leads(partition)).findFirst(), o -> o.isPresent())
        .orElseThrow();
  }

  /** Closes a node without a word to the others. */
  public void stop(int node) {
    stores.remove(node).close();
  }

  /** The number of the node that a store is of. */
  public int number(Store store) {
    return stores.entrySet().stream()
        .filter(e -> e.getValue() == store)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** A node's name. */
  public static String name(int node) {
    return "node" + node;
  }

  @Override
  public void close() {
    all().forEach(Store::close);
    stores.clear();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
