package dev.staffetta.sharding;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;

/** Actor systems of a few nodes in one process, over Artery on free ports of the loopback. */
public final class ThreeSystems {
  private static final String LINES =
      """
      pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
      pekko.cluster {
        jmx.enabled = off
        gossip-interval = 200ms
        leader-actions-interval = 200ms
        seed-node-timeout = 2s
        downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
        split-brain-resolver.stable-after = 1s
        failure-detector {
          heartbeat-interval = 250ms
          acceptable-heartbeat-pause = 1500ms
          expected-response-after = 500ms
        }
      }
      pekko.loglevel = ERROR
      pekko.log-dead-letters = off
      # A stopped system says no farewell: as if its process were killed.
      pekko.coordinated-shutdown {
        exit-jvm = off
        run-by-jvm-shutdown-hook = off
        run-by-actor-system-terminate = off
      }
      """;

  private ThreeSystems() {}

  /** The actor system of a node, not yet in a cluster; the lines count after the fixture's own. */
  public static ActorSystem<Void> start(String node, String... lines) {
    Config config =
        ConfigFactory.parseString(
                LINES
                    + "\npekko.cluster.roles = [\""
                    + NodeNames.role(node)
                    + "\"]\n"
                    + String.join("\n", lines))
            .withFallback(ConfigFactory.load());
    return ActorSystem.create(Behaviors.empty(), "staffetta", config);
  }

  /** Joins a system to the cluster of another, or to itself, and waits until it is up. */
  public static void join(ActorSystem<?> system, ActorSystem<?> first) {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(Cluster.get(first).selfMember().address()));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.selfMember().status() == MemberStatus.up());
  }

  /** Three nodes, {@code node1} to {@code node3}, up. */
  public static List<ActorSystem<Void>> three(String... lines) {
    List<ActorSystem<Void>> systems = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      systems.add(start("node" + i, lines));
      join(systems.get(i - 1), systems.get(0));
    }
    return systems;
  }

  /** Ends a system and waits for it. */
  public static void stop(ActorSystem<?> system) {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the actor system did not stop", e);
    }
  }
}
