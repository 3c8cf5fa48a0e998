package dev.staffetta.node;

import dev.staffetta.admin.AdminServer;
import dev.staffetta.admin.AdminToken;
import dev.staffetta.admin.MetricsPage;
import dev.staffetta.cluster.CannotJoinException;
import dev.staffetta.cluster.ClusterActors;
import dev.staffetta.cluster.Handover;
import dev.staffetta.config.Service;
import dev.staffetta.config.Settings;
import dev.staffetta.listen.BindFailure;
import dev.staffetta.listen.InvalidCertificateException;
import dev.staffetta.listen.Listeners;
import dev.staffetta.listen.ServerCertificates;
import dev.staffetta.metrics.NodeMetrics;
import dev.staffetta.ports.Directory;
import dev.staffetta.relay.ShardedRelayQueues;
import dev.staffetta.store.Store;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a node in its cluster: from its actor system's start to its end. A node whose cluster
 * has given it up ends this life and begins another one, over the same directory.
 *
 * <p>It starts from below: actor system, admin API (which answers from then on that the node is
 * alive), store and cluster, mail system, listeners; and stops in the opposite order.
 */
final class NodeRun {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

  /** How long opening a listener or the admin API may take. */
  private static final Duration BIND_PATIENCE = Duration.ofSeconds(30);

  /** What all lives of a node have in common. */
  record Setup(
      Settings settings,
      NodeDirectory directory,
      AdminToken token,
      AdminToken metricsToken,
      ServerCertificates certificates) {}

  /** Why a life ends before anybody asked for it. */
  sealed interface Ending {
    /** The store cannot go on, and neither can the process. */
    record Failure(String why) implements Ending {}

    /** The cluster goes on without this node, which may join again. */
    record GivenUp(String why) implements Ending {}
  }

  private final Setup setup;
  private final ShutdownSteps steps = new ShutdownSteps();
  private final CompletableFuture<Ending> ended = new CompletableFuture<>();
  private final LateDirectory mailDirectory = new LateDirectory();
  private final LateQueues queues = new LateQueues();
  private final NodeOperations operations;
  private final NodeMetrics metrics;
  private final ActorSystem<Void> system;
  private final AdminServer admin;
  private final Backend backend;
  private final DrainableListeners listeners;

  private NodeRun(Setup setup, CompletionStage<?> stopAsked) throws StartFailure {
    this.setup = setup;
    this.operations = new NodeOperations(setup.settings(), setup.certificates(), queues);
    this.metrics = new NodeMetrics(Version.text(), setup.directory().path());
    steps.addClosing("metrics", metrics::close);
    try {
      this.system = startActors();
      this.admin = startAdmin();
      this.backend =
          Backend.start(
              setup.settings(),
              system,
              setup.directory().path(),
              steps,
              ended::complete,
              stopAsked,
              new ShardedRelayQueues.Metering(
                  metrics.registry(), setup.settings().admin().metrics().destinations()));
      mailDirectory.isThere(backend.mail().directory());
      queues.isThere(backend.mail().queues());
      this.listeners = startListeners();
      operations.hasStarted(backend.store(), backend.mail().nodes(), listeners::status);
      backend.mail().nodes().follow(listeners::follow);
    } catch (StartFailure | RuntimeException | Error e) {
      steps.run(setup.settings().node().shutdownDeadline());
      throw e;
    }
  }

  /**
   * Begins a life and returns when the node takes mail, however long it has to wait for its
   * cluster.
   *
   * @param stopAsked completes when the node is to stop, started or not
   * @throws StartFailure when it cannot; nothing of it is left running
   */
  static NodeRun start(Setup setup, CompletionStage<?> stopAsked) throws StartFailure {
    long begin = System.nanoTime();
    NodeRun run = new NodeRun(setup, stopAsked);
    LOG.info(
        "{} is up after {} ms; data in {}, admin API on {}",
        setup.settings().node().name(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
        setup.directory().path().toAbsolutePath().normalize(),
        run.adminUrl());
    return run;
  }

  private ActorSystem<Void> startActors() throws StartFailure {
    ActorSystem<Void> started;
    try {
      started = ClusterActors.start(setup.settings());
    } catch (CannotJoinException | InvalidCertificateException e) {
      throw new StartFailure(e.getMessage(), e);
    }
    steps.add("actors", left -> terminate(started));
    started
        .getWhenTerminated()
        .thenRun(() -> ended.complete(new Ending.GivenUp("its cluster has given it up")));
    return started;
  }

  private static CompletionStage<Done> terminate(ActorSystem<Void> system) {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
  }

  private AdminServer startAdmin() throws StartFailure {
    AdminServer started =
        await(
            AdminServer.start(
                    system,
                    setup.settings().admin(),
                    setup.token(),
                    mailDirectory,
                    queues,
                    operations,
                    new MetricsPage(setup.metricsToken(), metrics::page))
                .exceptionallyCompose(this::adminFailure));
    // It answers that the node is alive until the actors end, and itself with them.
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "end the admin API",
            () -> started.stop(Duration.ofSeconds(1)).thenApply(ended -> Done.getInstance()));
    try {
      setup.directory().writeAdminUrl(started.url());
    } catch (IOException e) {
      throw new StartFailure(
          "cannot write to " + setup.directory().path() + ": " + e.getMessage(), e);
    }
    return started;
  }

  private CompletionStage<AdminServer> adminFailure(Throwable failure) {
    return CompletableFuture.failedStage(
        new IllegalStateException(
            "cannot listen on %s port %d for the admin API: %s or change"
                    .formatted(
                        setup.settings().admin().host(),
                        setup.settings().admin().port(),
                        BindFailure.explain(failure))
                + " staffetta.admin",
            failure));
  }

  private DrainableListeners startListeners() throws StartFailure {
    Settings settings = setup.settings();
    DrainableListeners started =
        new DrainableListeners(
            () ->
                Listeners.start(
                    system,
                    settings.listeners(),
                    settings.tls(),
                    setup.certificates(),
                    Protocols.of(
                        settings,
                        HostName.of(settings.node()),
                        backend.mail(),
                        SystemMaterializer.get(system).materializer(),
                        metrics.registry()),
                    metrics.registry()),
            settings.node().shutdownDeadline());
    for (Service service : Service.values()) {
      Gauge.builder("staffetta.sessions", started, all -> sessions(all, service))
          .description("Sessions open now")
          .tag("service", service.key())
          .register(metrics.registry());
    }
    await(started.start());
    steps.add("listeners", left -> started.stop(left.dividedBy(2)));
    // Sessions go on while what they use moves to other nodes; then they are told to go there too.
    steps.add(
        "leaderships",
        left -> {
          backend.mail().nodes().stopping();
          return Handover.of(backend.store(), left.dividedBy(4));
        });
    steps.add("acceptors", left -> started.unbind());
    return started;
  }

  private static double sessions(DrainableListeners listeners, Service service) {
    return listeners.status().stream()
        .filter(status -> status.service() == service)
        .mapToInt(Listeners.Status::connections)
        .sum();
  }

  private static <T> T await(CompletionStage<T> stage) throws StartFailure {
    try {
      return stage.toCompletableFuture().get(BIND_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new StartFailure(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new StartFailure("not started after " + BIND_PATIENCE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted", e);
    }
  }

  /** Completes when it cannot go on. */
  CompletionStage<Ending> ended() {
    return ended;
  }

  Store store() {
    return backend.store();
  }

  ActorSystem<Void> system() {
    return system;
  }

  URI adminUrl() {
    return URI.create(admin.url());
  }

  List<Listeners.Status> listeners() {
    return listeners.status();
  }

  Directory directory() {
    return mailDirectory;
  }

  /**
   * Stops in order, within the deadline of the settings.
   *
   * @return what did not close and may stand in another life's way
   */
  List<String> stop() {
    operations.stops();
    return steps.run(setup.settings().node().shutdownDeadline());
  }
}
