package dev.staffetta.node;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.ClusterStatus.DestinationStatus;
import dev.staffetta.admin.ClusterStatus.ListenerStatus;
import dev.staffetta.admin.ClusterStatus.NodeStatus;
import dev.staffetta.admin.ClusterStatus.QueueStatus;
import dev.staffetta.admin.NodeChange;
import dev.staffetta.admin.Operations;
import dev.staffetta.config.Settings;
import dev.staffetta.listen.Listeners;
import dev.staffetta.listen.ServerCertificates;
import dev.staffetta.placement.NodeRecord;
import dev.staffetta.placement.NodeState;
import dev.staffetta.placement.Nodes;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Refusal;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the admin API asks of this node. */
final class NodeOperations implements Operations {
  /** How long to wait for what is wanted of the nodes; a status is told without it, too. */
  private static final Duration RECORDS_PATIENCE = Duration.ofMillis(2_500);

  /** How long to wait for what the queues have, likewise; and how many destinations to name. */
  private static final Duration QUEUES_PATIENCE = Duration.ofMillis(2_500);

  private static final int TOP_DESTINATIONS = 5;

  private final Settings settings;
  private final Instant startedAt = Instant.now();
  private final ServerCertificates certificates;
  private final Queues queues;

  /** Empty until the node has started. */
  private volatile Optional<Parts> parts = Optional.empty();

  private volatile boolean isStopping;

  /** What there is once the node has started. */
  private record Parts(Store store, Nodes nodes, Supplier<List<Listeners.Status>> listeners) {}

  NodeOperations(Settings settings, ServerCertificates certificates, Queues queues) {
    this.settings = settings;
    this.certificates = certificates;
    this.queues = queues;
  }

  /** The node takes mail from now on. */
  void hasStarted(Store store, Nodes nodes, Supplier<List<Listeners.Status>> listeners) {
    parts = Optional.of(new Parts(store, nodes, listeners));
  }

  /** The node takes no more mail from now on. */
  void stops() {
    isStopping = true;
  }

  @Override
  public CompletionStage<ClusterStatus> status() {
    return parts.map(this::status).orElseGet(() -> CompletableFuture.completedFuture(alone()));
  }

  private CompletionStage<ClusterStatus> status(Parts there) {
    CompletionStage<List<NodeRecord>> records =
        there
            .nodes()
            .records()
            .toCompletableFuture()
            .completeOnTimeout(List.of(), RECORDS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(unknown -> List.of());
    return there
        .nodes()
        .members()
        .thenCombine(records, ClusterOverview::new)
        .thenCombine(
            queue(),
            (overview, queue) ->
                new ClusterStatus(
                    overview.nodes(),
                    overview.spread(),
                    overview.partitions(),
                    there.listeners().get().stream().map(this::listener).toList(),
                    overview.moves(),
                    queue));
  }

  private CompletionStage<Optional<QueueStatus>> queue() {
    return queues
        .sizes(TOP_DESTINATIONS)
        .thenApply(sizes -> Optional.of(queue(sizes, Instant.now())))
        .toCompletableFuture()
        .completeOnTimeout(Optional.empty(), QUEUES_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(unknown -> Optional.empty());
  }

  private static QueueStatus queue(Queues.Sizes sizes, Instant now) {
    return new QueueStatus(
        sizes.all().messages(),
        sizes.all().recipients(),
        sizes.all().held(),
        age(sizes.all(), now),
        sizes.destinations(),
        sizes.top().stream()
            .map(
                one ->
                    new DestinationStatus(
                        one.destination(),
                        one.size().messages(),
                        one.size().recipients(),
                        one.size().held(),
                        age(one.size(), now)))
            .toList(),
        sizes.silent());
  }

  private static long age(Queues.Size size, Instant now) {
    return size.oldestMillis()
        .map(millis -> Duration.between(Instant.ofEpochMilli(millis), now).toSeconds())
        .orElse(0L);
  }

  /** Before the node has its place in the cluster it knows of itself only. */
  private ClusterStatus alone() {
    return new ClusterStatus(
        List.of(
            new NodeStatus(
                settings.node().name(),
                isStopping ? "stopping" : "starting",
                "unknown",
                "none",
                false,
                Version.text(),
                ProcessHandle.current().pid(),
                Duration.between(startedAt, Instant.now()).toSeconds(),
                0,
                0,
                0,
                0,
                0,
                0)),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  @Override
  public CompletionStage<String> changeNode(String name, NodeChange change, boolean force) {
    NodeState wanted =
        switch (change) {
          case DRAIN -> NodeState.DRAINING;
          case RESUME -> NodeState.JOINED;
          case REMOVE -> NodeState.REMOVING;
        };
    return parts
        .map(there -> there.nodes().change(name, wanted, force))
        .orElseGet(
            () ->
                CompletableFuture.failedStage(
                    new Refusal(
                        Refusal.Code.UNAVAILABLE, "this node has not yet joined its cluster")));
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
        && parts
            .filter(there -> there.store().diskState() == DiskState.ROOMY)
            .filter(there -> there.nodes().state() == NodeState.JOINED)
            .isPresent();
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
