package dev.staffetta.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.ClusterSettings;
import dev.staffetta.config.NodeAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.discovery.Discovery;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds nodes by a name: in DNS, or by asking Kubernetes. Only whom to ask is found so; what they
 * answer decides. Blocks the thread that starts the node for as long as a lookup may take.
 */
final class NodeDiscovery implements Supplier<Collection<NodeAddress>> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeDiscovery.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ServiceDiscovery service;
  private final Lookup lookup;
  private final int defaultPort;
  private String lastFailure = "";

  private NodeDiscovery(ServiceDiscovery service, Lookup lookup, int defaultPort) {
    this.service = service;
    this.lookup = lookup;
    this.defaultPort = defaultPort;
  }

  /**
   * As the settings say; of nobody, if they say nothing.
   *
   * @throws CannotJoinException when this machine has not what it takes
   */
  static Supplier<Collection<NodeAddress>> of(ActorSystem<?> system, ClusterSettings settings)
      throws CannotJoinException {
    ClusterSettings.Discovery by = settings.discovery();
    if (by.method() == ClusterSettings.Discovery.Method.NONE) {
      return List::of;
    }
    Lookup lookup = Lookup.create(by.serviceName());
    if (by.portName().isPresent()) {
      // With both of them DNS is asked for SRV records (RFC 2782), without for addresses.
      lookup = lookup.withPortName(by.portName().get()).withProtocol("tcp");
    }
    try {
      return new NodeDiscovery(
          Discovery.get(Adapter.toClassic(system)).loadServiceDiscovery(plugin(by.method())),
          lookup,
          settings.actors().port());
    } catch (Exception e) {
      // Scala does not declare what it throws, such as that there is no file with the pod's token.
      throw cannot(by.method(), e);
    }
  }

  private static CannotJoinException cannot(ClusterSettings.Discovery.Method method, Exception e) {
    return new CannotJoinException(
        "cannot find nodes by cluster.discovery.method = %s here: %s".formatted(method, e));
  }

  private static String plugin(ClusterSettings.Discovery.Method method) {
    return switch (method) {
      case DNS -> "pekko-dns";
      case KUBERNETES -> "kubernetes-api";
      case NONE -> throw new IllegalArgumentException("nothing discovers nobody");
    };
  }

  /** What the actor system needs for it. */
  static Config config() {
    return ConfigFactory.parseMap(
        // Names of pods are known in their own cluster only when its DNS is set up for them.
        Map.of("pekko.discovery.kubernetes-api.use-raw-ip", true), "settings of the discovery");
  }

  @Override
  public Collection<NodeAddress> get() {
    try {
      List<NodeAddress> found =
          service
              .lookup(lookup, PATIENCE)
              .toCompletableFuture()
              .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .getAddresses()
              .stream()
              .map(this::address)
              .toList();
      lastFailure = "";
      return found;
    } catch (ExecutionException e) {
      return nobody(e.getCause());
    } catch (TimeoutException e) {
      return nobody(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private NodeAddress address(ServiceDiscovery.ResolvedTarget target) {
    int port = target.getPort().map(found -> (Integer) found).orElse(defaultPort);
    return new NodeAddress(target.host(), port);
  }

  private Collection<NodeAddress> nobody(Throwable failure) {
    String why = failure.toString();
    if (!why.equals(lastFailure)) {
      lastFailure = why;
      LOG.warn("nobody is found under {}: {}", lookup.serviceName(), why);
    }
    return List.of();
  }
}
