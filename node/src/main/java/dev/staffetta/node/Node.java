package dev.staffetta.node;

import dev.staffetta.admin.AdminServer;
import dev.staffetta.admin.AdminToken;
import dev.staffetta.admin.Operations;
import dev.staffetta.config.Settings;
import dev.staffetta.listen.InvalidCertificateException;
import dev.staffetta.listen.Listeners;
import dev.staffetta.listen.ServerCertificates;
import dev.staffetta.ports.Directory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in this process.
 *
 * <p>It starts from below: data directory, store and actors, listeners, admin API; and stops in the
 * opposite order: no new connections, farewells, actors, store, directory.
 */
public final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How long opening a listener or the admin API may take. */
  private static final Duration BIND_PATIENCE = Duration.ofSeconds(30);

  private final Settings settings;
  private final Instant startedAt = Instant.now();
  private final ShutdownSteps steps = new ShutdownSteps();
  private final AtomicBoolean isStopping = new AtomicBoolean();

  /** Why the store cannot go on; null while it can. */
  private final AtomicReference<String> failure = new AtomicReference<>();

  /** Completes when all has stopped: empty, or why it could not go on. */
  private final CompletableFuture<Optional<String>> ended = new CompletableFuture<>();

  private final NodeDirectory directory;
  private final AdminToken token;
  private final Backend backend;
  private final Listeners listeners;
  private final AdminServer admin;
  private volatile boolean isReady;

  private Node(Settings settings) throws StartFailure {
    this.settings = settings;
    try {
      this.directory = NodeDirectory.open(settings.node().directory());
      steps.addClosing("data directory", directory::close);
      this.token = readToken();
      ServerCertificates certificates = openCertificates();
      this.backend = Backend.start(settings, directory.path(), steps, this::fail);
      this.listeners = startListeners(certificates);
      this.admin = startAdmin(certificates);
    } catch (StartFailure | RuntimeException e) {
      isStopping.set(true);
      steps.run(settings.node().shutdownDeadline());
      throw e;
    }
  }

  /**
   * Starts a node and returns when it takes mail.
   *
   * @throws StartFailure when it cannot; nothing of it is left running
   */
  public static Node start(Settings settings) throws StartFailure {
    long begin = System.nanoTime();
    Node node = new Node(settings);
    node.takesMail();
    LOG.info(
        "{} is up after {} ms; data in {}, admin API on {}",
        settings.node().name(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
        node.directory.path().toAbsolutePath().normalize(),
        node.adminUrl());
    return node;
  }

  private AdminToken readToken() throws StartFailure {
    Path file = settings.node().dataDirectory().resolve(settings.admin().tokenFile());
    try {
      return AdminToken.readOrCreate(file);
    } catch (IOException e) {
      throw new StartFailure("cannot use the admin token in " + file + ": " + e.getMessage(), e);
    }
  }

  private ServerCertificates openCertificates() throws StartFailure {
    try {
      return ServerCertificates.open(settings.tls(), settings.node());
    } catch (InvalidCertificateException e) {
      throw new StartFailure("cannot offer TLS: " + e.getMessage(), e);
    }
  }

  private Listeners startListeners(ServerCertificates certificates) throws StartFailure {
    String hostName = HostName.of(settings.node());
    Listeners started =
        await(
            Listeners.start(
                backend.system(),
                settings.listeners(),
                settings.tls(),
                certificates,
                Protocols.of(
                    settings,
                    hostName,
                    backend.mail(),
                    SystemMaterializer.get(backend.system()).materializer())));
    steps.add("listeners", left -> started.stop(left.dividedBy(2)));
    return started;
  }

  private AdminServer startAdmin(ServerCertificates certificates) throws StartFailure {
    Operations operations =
        new NodeOperations(
            settings, startedAt, backend.store(), listeners, certificates, () -> isReady);
    AdminServer started =
        await(
            AdminServer.start(
                    backend.system(),
                    settings.admin(),
                    token,
                    backend.mail().directory(),
                    operations)
                .exceptionallyCompose(this::adminFailure));
    steps.add("admin API", left -> started.stop(left.dividedBy(4)));
    try {
      directory.writeAdminUrl(started.url());
    } catch (IOException e) {
      throw new StartFailure("cannot write to " + directory.path() + ": " + e.getMessage(), e);
    }
    return started;
  }

  private CompletionStage<AdminServer> adminFailure(Throwable failure) {
    return CompletableFuture.failedStage(
        new IllegalStateException(
            "cannot listen on %s port %d for the admin API: %s; free the port or change"
                    .formatted(
                        settings.admin().host(), settings.admin().port(), rootMessage(failure))
                + " staffetta.admin",
            failure));
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
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

  /** Whether its directory was made by this start. */
  public boolean isNew() {
    return directory.isNew();
  }

  /** Where the admin API listens. */
  public URI adminUrl() {
    return URI.create(admin.url());
  }

  /** The admin API's bearer token. */
  public String token() {
    return token.value();
  }

  /** Where the services listen. */
  public List<Listeners.Status> listeners() {
    return listeners.status();
  }

  /** Domains, accounts and aliases. */
  public Directory directory() {
    return backend.mail().directory();
  }

  /** Stops in order, within the deadline of the settings. May be called twice; both calls wait. */
  public void stop() {
    end(Optional.empty());
    awaitEnd();
  }

  private void takesMail() {
    isReady = true;
    Optional.ofNullable(failure.get()).ifPresent(this::stopBecauseOf);
  }

  /** The store cannot go on. While the node still starts, it stops once that is over. */
  private void fail(String reason) {
    boolean isFirst = failure.compareAndSet(null, reason);
    if (isFirst && isReady) {
      stopBecauseOf(reason);
    }
  }

  private void stopBecauseOf(String reason) {
    LOG.error("{}; the node stops", reason);
    new Thread(() -> end(Optional.of(reason)), "stop-after-failure").start();
  }

  private void end(Optional<String> reason) {
    if (!isStopping.compareAndSet(false, true)) {
      return;
    }
    isReady = false;
    LOG.info("{} stops", settings.node().name());
    long begin = System.nanoTime();
    steps.run(settings.node().shutdownDeadline());
    LOG.info(
        "{} has stopped after {} ms",
        settings.node().name(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    ended.complete(reason);
  }

  /**
   * Waits until it has stopped.
   *
   * @return why it could not go on; empty: it was asked to stop
   */
  public Optional<String> awaitEnd() {
    return ended.join();
  }
}
