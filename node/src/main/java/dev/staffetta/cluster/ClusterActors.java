package dev.staffetta.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.ClusterSettings;
import dev.staffetta.config.Settings;
import dev.staffetta.listen.BindFailure;
import dev.staffetta.listen.InvalidCertificateException;
import dev.staffetta.sharding.NodeNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/** A node's actor system, as the settings of the cluster want it. */
public final class ClusterActors {
  /** The same on every node, as it is part of every actor's address. */
  private static final String NAME = "staffetta";

  private ClusterActors() {}

  /**
   * Starts it, in no cluster yet.
   *
   * @throws CannotJoinException when its address is not to be had
   */
  public static ActorSystem<Void> start(Settings settings)
      throws CannotJoinException, InvalidCertificateException {
    Config config =
        ConfigFactory.parseMap(overrides(settings), "settings of the cluster")
            .withFallback(NodeDiscovery.config())
            .withFallback(ConfigFactory.parseResources("actor-system.conf"));
    ActorSystemSetup setup =
        ActorSystemSetup.empty()
            .withSetup(BootstrapSetup.create(ConfigFactory.load(config).resolve()));
    if (settings.cluster().tls().isPresent()) {
      PeerTls tls = PeerTls.of(settings.cluster().tls().get());
      setup = setup.withSetup(SSLEngineProviderSetup.create(system -> tls));
    }
    ClusterSettings.Actors at = settings.cluster().actors();
    try {
      return ActorSystem.create(Behaviors.empty(), NAME, setup);
    } catch (RuntimeException e) {
      throw new CannotJoinException(
          "cannot listen on %s port %d for the actors of other nodes: %s or change"
                  .formatted(at.bindAddress().orElse(at.host()), at.port(), BindFailure.explain(e))
              + " staffetta.cluster.actors");
    }
  }

  private static Map<String, Object> overrides(Settings settings) {
    ClusterSettings cluster = settings.cluster();
    Map<String, Object> overrides = new HashMap<>();
    String artery = "pekko.remote.artery.";
    overrides.put(artery + "transport", cluster.tls().isPresent() ? "tls-tcp" : "tcp");
    overrides.put(artery + "canonical.hostname", cluster.actors().host());
    overrides.put(artery + "canonical.port", cluster.actors().port());
    cluster
        .actors()
        .bindAddress()
        .ifPresent(address -> overrides.put(artery + "bind.hostname", address));
    ClusterSettings.Failures failures = cluster.failures();
    String pekko = "pekko.cluster.";
    overrides.put(pekko + "roles", List.of(NodeNames.role(settings.node().name())));
    overrides.put(
        pekko + "failure-detector.heartbeat-interval", millis(failures.heartbeatInterval()));
    overrides.put(
        pekko + "failure-detector.acceptable-heartbeat-pause", millis(failures.acceptablePause()));
    overrides.put(pekko + "split-brain-resolver.stable-after", millis(failures.stableAfter()));
    // To Pekko none at all means as long as stable-after.
    overrides.put(
        pekko + "down-removal-margin",
        millis(
            failures.handoverMargin().isZero() ? Duration.ofMillis(1) : failures.handoverMargin()));
    return overrides;
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
