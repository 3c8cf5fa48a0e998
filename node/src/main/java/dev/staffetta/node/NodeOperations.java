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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** What the admin API asks of this node. */
final class NodeOperations implements Operations {
  private final Settings settings;
  private final Instant startedAt;
  private final Store store;
  private final Listeners listeners;
  private final ServerCertificates certificates;
  private final BooleanSupplier isUp;

  /**
   * @param isUp whether the node has started and does not stop yet
   */
  NodeOperations(
      Settings settings,
      Instant startedAt,
      Store store,
      Listeners listeners,
      ServerCertificates certificates,
      BooleanSupplier isUp) {
    this.settings = settings;
    this.startedAt = startedAt;
    this.store = store;
    this.listeners = listeners;
    this.certificates = certificates;
    this.isUp = isUp;
  }

  @Override
  public CompletionStage<ClusterStatus> status() {
    return CompletableFuture.completedFuture(
        new ClusterStatus(
            List.of(node()),
            store.status().stream().map(this::partition).toList(),
            listeners.status().stream().map(this::listener).toList()));
  }

  private NodeStatus node() {
    String version = NodeOperations.class.getPackage().getImplementationVersion();
    return new NodeStatus(
        settings.node().name(),
        state(),
        version == null ? "development" : version,
        ProcessHandle.current().pid(),
        Duration.between(startedAt, Instant.now()).toSeconds());
  }

  private String state() {
    if (!isUp.getAsBoolean()) {
      return "stopping";
    }
    return switch (store.diskState()) {
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
    return isUp.getAsBoolean() && store.diskState() == DiskState.ROOMY;
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
