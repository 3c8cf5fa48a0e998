package dev.staffetta.node;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.ListenerStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.PartitionStatus;
import dev.staffetta.admin.Operations;
import dev.staffetta.config.Settings;
import dev.staffetta.listen.Listeners;
import dev.staffetta.listen.ServerCertificates;
import dev.staffetta.store.DiskState;
import dev.staffetta.store.Store;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the admin API asks of this node. */
final class NodeOperations implements Operations {
  private final Settings settings;
  private final Instant startedAt = Instant.now();
  private final ServerCertificates certificates;

  /** Empty until the node has started. */
  private volatile Optional<Parts> parts = Optional.empty();

  private volatile boolean isStopping;

  /** What there is once the node has started. */
  private record Parts(Store store, Listeners listeners) {}

  NodeOperations(Settings settings, ServerCertificates certificates) {
    this.settings = settings;
    this.certificates = certificates;
  }

  /** The node takes mail from now on. */
  void hasStarted(Store store, Listeners listeners) {
    parts = Optional.of(new Parts(store, listeners));
  }

  /** The node takes no more mail from now on. */
  void stops() {
    isStopping = true;
  }

  @Override
  public CompletionStage<ClusterStatus> status() {
    return CompletableFuture.completedFuture(
        new ClusterStatus(
            List.of(node()),
            parts.map(Parts::store).map(Store::status).orElse(List.of()).stream()
                .map(this::partition)
                .toList(),
            parts.map(Parts::listeners).map(Listeners::status).orElse(List.of()).stream()
                .map(this::listener)
                .toList()));
  }

  private NodeStatus node() {
    return new NodeStatus(
        settings.node().name(),
        state(),
        Version.text(),
        ProcessHandle.current().pid(),
        Duration.between(startedAt, Instant.now()).toSeconds());
  }

  private String state() {
    if (isStopping) {
      return "stopping";
    }
    if (parts.isEmpty()) {
      return "starting";
    }
    return switch (parts.get().store().diskState()) {
      case ROOMY -> "up";
      case NEARLY_FULL -> "disk nearly full";
      case FULL -> "disk full";
    };
  }

  private PartitionStatus partition(dev.staffetta.store.PartitionStatus partition) {
    return new PartitionStatus(
        partition.partition(),
        partition.leader().orElse("none"),
        partition.leader().isEmpty() ? "no leader" : "ready",
        partition.appliedIndex(),
        partition.lag());
  }

  private ListenerStatus listener(Listeners.Status listener) {
    return new ListenerStatus(
        settings.node().name(),
        listener.service().key(),
        host(listener.address().getAddress()),
        listener.address().getPort(),
        listener.service().startsWithTls() ? "implicit" : "starttls",
        listener.connections());
  }

  private static String host(InetAddress address) {
    return address.isAnyLocalAddress() ? "*" : address.getHostAddress();
  }

  @Override
  public boolean isReady() {
    return !isStopping
        && parts.filter(there -> there.store().diskState() == DiskState.ROOMY).isPresent();
  }

  /** Reads files, so it is done on a thread of its own. */
  @Override
  public CompletionStage<String> reloadTls() {
    return CompletableFuture.supplyAsync(
        () -> {
          certificates.reload();
          X509Certificate now = certificates.certificate();
          return now.getSubjectX500Principal().getName()
              + ", good until "
              + now.getNotAfter().toInstant();
        });
  }
}
