package dev.staffetta.node;

import dev.staffetta.admin.AdminToken;
import dev.staffetta.cluster.CannotJoinException;
import dev.staffetta.cluster.LinkSecurity;
import dev.staffetta.config.Settings;
import dev.staffetta.listen.InvalidCertificateException;
import dev.staffetta.listen.Listeners;
import dev.staffetta.listen.ServerCertificates;
import dev.staffetta.ports.Directory;
import dev.staffetta.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in this process, with the lock on its data directory, from its start to its stop.
 *
 * <p>In between it may live more than once ({@link NodeRun}): when its cluster has given it up, by
 * mistake or since it was cut off, it ends all that it runs and joins again. One thread, its own,
 * starts and stops those lives.
 */
public final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Settings settings;
  private final NodeDirectory directory;
  private final NodeRun.Setup setup;
  private final CompletableFuture<Void> stopAsked = new CompletableFuture<>();

  /** Completes when it takes mail for the first time, or cannot. */
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  /** Completes when all has stopped: empty, or why it could not go on. */
  private final CompletableFuture<Optional<String>> ended = new CompletableFuture<>();

  private final Thread living = new Thread(this::live, "node");

  /** The life that it lives, or the last one; written by the node's thread only. */
  private volatile NodeRun run;

  private Node(Settings settings, NodeDirectory directory) throws StartFailure {
    this.settings = settings;
    this.directory = directory;
    this.setup =
        new NodeRun.Setup(
            settings,
            directory,
            readToken(settings, settings.admin().tokenFile()),
            readToken(settings, settings.admin().metrics().tokenFile()),
            openCertificates(settings));
  }

  /**
   * Takes its data directory and begins to start; {@link #awaitStart} tells when it takes mail.
   *
   * @throws StartFailure when it cannot even begin
   */
  public static Node begin(Settings settings) throws StartFailure {
    Optional<String> objection = LinkSecurity.objection(settings);
    if (objection.isPresent()) {
      throw new StartFailure(objection.get());
    }
    NodeDirectory directory = NodeDirectory.open(settings.node().directory());
    try {
      Node node = new Node(settings, directory);
      node.living.start();
      return node;
    } catch (StartFailure | RuntimeException e) {
      close(directory);
      throw e;
    }
  }

  /**
   * Starts a node and returns when it takes mail.
   *
   * @throws StartFailure when it cannot; nothing of it is left running
   */
  public static Node start(Settings settings) throws StartFailure {
    Node node = begin(settings);
    if (!node.awaitStart()) {
      throw new StartFailure("asked to stop while it started");
    }
    return node;
  }

  private static AdminToken readToken(Settings settings, Path name) throws StartFailure {
    Path file = settings.node().dataDirectory().resolve(name);
    try {
      return AdminToken.readOrCreate(file);
    } catch (IOException e) {
      throw new StartFailure("cannot use the token in " + file + ": " + e.getMessage(), e);
    }
  }

  private static ServerCertificates openCertificates(Settings settings) throws StartFailure {
    try {
      return ServerCertificates.open(settings.tls(), settings.node());
    } catch (InvalidCertificateException e) {
      throw new StartFailure("cannot offer TLS: " + e.getMessage(), e);
    }
  }

  private static void close(NodeDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      LOG.warn("{} was not left as it should be", directory.path(), e);
    }
  }

  /** Its own thread's way. */
  private void live() {
    Optional<String> reason = Optional.empty();
    Optional<Throwable> cannotStart = Optional.empty();
    try {
      boolean goesOn = true;
      while (goesOn) {
        run = startRun();
        started.complete(null);
        Optional<NodeRun.Ending> ending = awaitEnding(run);
        List<String> open = stopRun();
        reason = ending.flatMap(Node::failure).or(() -> hangs(open));
        goesOn = ending.isPresent() && reason.isEmpty() && !stopAsked.isDone();
      }
    } catch (StartFailure e) {
      if (!stopAsked.isDone()) {
        reason = Optional.of(e.getMessage());
      }
      cannotStart = Optional.of(e);
    } catch (RuntimeException | Error e) {
      LOG.error("{} cannot go on", settings.node().name(), e);
      reason = Optional.of("unexpected failure: " + e);
      cannotStart = Optional.of(e);
    } finally {
      close(directory);
      cannotStart.ifPresent(started::completeExceptionally);
      ended.complete(reason);
    }
  }

  /** A node that is given up on its way in begins anew, as one that is given up later does. */
  private NodeRun startRun() throws StartFailure {
    while (true) {
      try {
        return NodeRun.start(setup, stopAsked);
      } catch (StartFailure e) {
        if (stopAsked.isDone()
            || !(e.getCause() instanceof CannotJoinException cannot)
            || !cannot.isWorthAnother()) {
          throw e;
        }
        LOG.warn("{} joins again: {}", settings.node().name(), e.getMessage());
      }
    }
  }

  private Optional<NodeRun.Ending> awaitEnding(NodeRun run) {
    CompletableFuture<NodeRun.Ending> ending = run.ended().toCompletableFuture();
    CompletableFuture.anyOf(stopAsked, ending).join();
    if (stopAsked.isDone()) {
      return Optional.empty();
    }
    if (ending.join() instanceof NodeRun.Ending.GivenUp givenUp) {
      LOG.warn("{} ends and joins again: {}", settings.node().name(), givenUp.why());
    } else if (ending.join() instanceof NodeRun.Ending.Failure failure) {
      LOG.error("{}; the node stops", failure.why());
    }
    return Optional.of(ending.join());
  }

  private static Optional<String> failure(NodeRun.Ending ending) {
    return ending instanceof NodeRun.Ending.Failure failure
        ? Optional.of(failure.why())
        : Optional.empty();
  }

  /** A process that begins anew gets rid of what this one cannot close. */
  private static Optional<String> hangs(List<String> open) {
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of("could not close: " + String.join(", ", open));
  }

  private List<String> stopRun() {
    LOG.info("{} stops", settings.node().name());
    long begin = System.nanoTime();
    List<String> open = run.stop();
    LOG.info(
        "{} has stopped after {} ms",
        settings.node().name(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    return open;
  }

  /**
   * Waits until it takes mail, however long that is.
   *
   * @return false: it was asked to stop before
   * @throws StartFailure when it cannot; nothing of it is left running
   */
  public boolean awaitStart() throws StartFailure {
    try {
      started.get();
      return true;
    } catch (ExecutionException e) {
      ended.join();
      if (stopAsked.isDone()) {
        return false;
      }
      throw e.getCause() instanceof StartFailure failure
          ? failure
          : new StartFailure("unexpected failure: " + e.getCause(), e.getCause());
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
    return run.adminUrl();
  }

  /** The admin API's bearer token. */
  public String token() {
    return setup.token().value();
  }

  /** Where the services listen. */
  public List<Listeners.Status> listeners() {
    return run.listeners();
  }

  /** Domains, accounts and aliases. */
  public Directory directory() {
    return run.directory();
  }

  /** Completes when it takes mail for the first time, or cannot. */
  CompletableFuture<Void> started() {
    return started;
  }

  /** Its store, for tests. */
  Store store() {
    return run.store();
  }

  /** Its actors, for tests that take them away. */
  ActorSystem<Void> system() {
    return run.system();
  }

  /** Stops in order, within the deadline of the settings. May be called twice; both calls wait. */
  public void stop() {
    stopAsked.complete(null);
    awaitEnd();
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
