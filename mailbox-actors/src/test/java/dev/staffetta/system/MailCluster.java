package dev.staffetta.system;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.config.DeliverySettings;
import dev.staffetta.config.MailboxSettings;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.StoreSettings;
import dev.staffetta.journal.StoreExtension;
import dev.staffetta.relay.ShardedRelayQueues;
import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.sharding.ThreeSystems;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.Store;
import dev.staffetta.store.StorePeer;
import dev.staffetta.store.Stores;
import dev.staffetta.store.content.StoredContents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;

/**
 * A cluster of mail systems in one process: actor systems over Artery and stores over TCP, all on
 * the loopback. Replicas go where the placement puts them. Not for several threads.
 */
public final class MailCluster implements AutoCloseable {
  private static final String CHEAP_PASSWORDS =
      "accounts.passwords { memory = 64 KiB, passes = 1 }\n";

  private final Path directory;
  private final int partitions;
  private final String[] lines;
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, Running> nodes = new TreeMap<>();

  /** A node that runs. */
  public record Running(String name, ActorSystem<Void> system, Store store, MailSystem mail) {}

  /** No node yet. */
  public MailCluster(Path directory, int partitions, String... lines) {
    this.directory = directory;
    this.partitions = partitions;
    this.lines = lines;
  }

  /** Starts nodes 1 to {@code count} and waits until all is where it belongs. */
  public static MailCluster of(int count, Path directory, int partitions, String... lines) {
    MailCluster cluster = new MailCluster(directory, partitions, lines);
    try {
      for (int node = 1; node <= count; node++) {
        cluster.start(node);
      }
      cluster.awaitEven(count);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** Starts a node, or starts it again; node 1 founds the cluster. */
  public Running start(int number) {
    String name = "node" + number;
    Config staffetta =
        ConfigFactory.parseString(CHEAP_PASSWORDS + String.join("\n", lines))
            .withFallback(ConfigFactory.defaultReference().getConfig("staffetta"))
            .resolve();
    ActorSystem<Void> system = ThreeSystems.start(name);
    List<String> storeLines =
        new ArrayList<>(
            Arrays.asList(
                "partitions = " + partitions,
                "cluster = test",
                "raft.election-timeout = 500ms",
                "raft.port = " + ports.computeIfAbsent(number, n -> freePort())));
    StoreSettings storeSettings = Stores.settings(storeLines.toArray(String[]::new));
    Path home = directory.resolve(name);
    Store store =
        Stores.at(home.resolve("store"), storeLines.toArray(String[]::new))
            .node(name)
            .founds(number == 1)
            .listener(LeaderBoard.of(system).listening(reason -> {}))
            .open();
    StoreExtension.of(system).install(store, storeSettings);
    ThreeSystems.join(system, nodes.isEmpty() ? system : nodes.values().iterator().next().system());
    try {
      MailSystem mail =
          MailSystem.start(
              system,
              new MailSystem.Settings(
                  "mx.example.com",
                  AccountSettings.from(staffetta.getConfig("accounts")),
                  MailboxSettings.from(staffetta.getConfig("mailboxes")),
                  DeliverySettings.from(staffetta.getConfig("delivery")),
                  RelaySettings.from(staffetta.getConfig("relay"))),
              store,
              new StoredContents(
                  store, storeSettings.contents(), Materializer.matFromSystem(system)),
              home.resolve("spool"),
              new ShardedRelayQueues.Metering(new SimpleMeterRegistry(), 10));
      Running running = new Running(name, system, store, mail);
      nodes.put(number, running);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From its next start on a node's replicas are reached at another port. */
  public void move(int number) {
    ports.put(number, freePort());
  }

  /** A node that runs. */
  public Running node(int number) {
    return nodes.get(number);
  }

  /** All that run. */
  public List<Running> all() {
    return List.copyOf(nodes.values());
  }

  /** Who leads a partition; empty: nobody now. */
  public Optional<Running> leader(int partition) {
    return nodes.values().stream().filter(n -> n.store().leads(partition)).findFirst();
  }

  /** Who leads the partition of a name, once there is somebody. */
  public Running leaderOf(String name) {
    int partition = all().get(0).store().partitionOf(name);
    return Awaitility.await()
        .atMost(patience())
        .until(() -> leader(partition), Optional::isPresent)
        .orElseThrow();
  }

  /** Ends a node as if it were killed. */
  public void kill(int number) {
    Running node = nodes.remove(number);
    ThreeSystems.stop(node.system());
    node.store().close();
    node.mail().close();
  }

  /** Waits until every partition has so many replicas, and replicas and leads are even. */
  public void awaitEven(int replicas) {
    Awaitility.await("even over " + nodes.keySet())
        .atMost(patience())
        .pollInterval(Duration.ofMillis(50))
        .until(() -> isEven(Math.min(3, replicas)));
  }

  private boolean isEven(int replicas) {
    Map<String, Integer> leads = new TreeMap<>();
    Map<String, Integer> copies = new TreeMap<>();
    nodes.values().forEach(n -> leads.put(n.name(), 0));
    nodes.values().forEach(n -> copies.put(n.name(), 0));
    for (int p = 0; p < partitions; p++) {
      Optional<Running> leader = leader(p);
      if (leader.isEmpty()) {
        return false;
      }
      PartitionStatus status = leader.get().store().status().get(p);
      if (status.peers().size() != replicas) {
        return false;
      }
      leads.merge(leader.get().name(), 1, Integer::sum);
      for (StorePeer peer : status.peers()) {
        copies.merge(peer.node(), 1, Integer::sum);
      }
    }
    return isEven(leads) && isEven(copies);
  }

  private static boolean isEven(Map<String, Integer> counts) {
    return Collections.max(counts.values()) - Collections.min(counts.values()) <= 1;
  }

  /** How long tests wait for what happens by itself. */
  public static Duration patience() {
    return Duration.ofSeconds(60);
  }

  @Override
  public void close() {
    List.copyOf(nodes.keySet()).forEach(this::kill);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
