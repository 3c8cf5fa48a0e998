package dev.staffetta.node;

import dev.staffetta.cluster.CannotJoinException;
import dev.staffetta.cluster.ClusterEntry;
import dev.staffetta.cluster.KnownMembers;
import dev.staffetta.config.Settings;
import dev.staffetta.journal.StoreExtension;
import dev.staffetta.metrics.StoreMeters;
import dev.staffetta.relay.ShardedRelayQueues;
import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.store.Store;
import dev.staffetta.store.content.ContentSweeper;
import dev.staffetta.store.content.StoredContents;
import dev.staffetta.system.MailSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * All of a node that is below its listeners: its store, its place in the cluster, its mail system.
 *
 * <p>A node with data opens its store first, since who forms a cluster is decided by who leads
 * partition 0, and then asks for its place; one without data asks first, since it has to know whose
 * data it will have.
 */
record Backend(Store store, MailSystem mail) {
  private static final String STORE_DISPATCHER = "dev.staffetta.store-dispatcher";

  /** How long a word with the other replicas of partition 0 may take. */
  private static final long BARRIER_PATIENCE_SECONDS = 5;

  /**
   * Starts it.
   *
   * @param system in no cluster yet
   * @param directory of the node
   * @param steps get what has to be stopped again
   * @param ending hears, perhaps more than once, why the node cannot go on
   * @param stopAsked completes when the node is to stop, started or not
   * @param metering where is told what is done
   */
  static Backend start(
      Settings settings,
      ActorSystem<Void> system,
      Path directory,
      ShutdownSteps steps,
      Consumer<NodeRun.Ending> ending,
      CompletionStage<?> stopAsked,
      ShardedRelayQueues.Metering metering)
      throws StartFailure {
    KnownMembers known = KnownMembers.in(directory);
    AtomicReference<Optional<Store>> opened = new AtomicReference<>(Optional.empty());
    Supplier<Optional<String>> leader = () -> opened.get().flatMap(Backend::leaderOfFirst);
    Store store;
    ClusterEntry entry;
    try {
      entry = ClusterEntry.begin(system, settings, Version.text(), known, leader, stopAsked);
      StoreOpening opening =
          new StoreOpening(
              settings,
              directory,
              readers(system),
              LeaderBoard.of(system)
                  .listening(why -> ending.accept(new NodeRun.Ending.Failure(why))));
      store = opening.hasData() ? opening.open() : opening.create(entry.find());
      steps.addClosing("store", store::close);
      opened.set(Optional.of(store));
      entry.hasData(store.cluster());
      StoreExtension.of(system).install(store, settings.store());
      entry.enter(() -> leadsFirst(store));
    } catch (CannotJoinException e) {
      throw new StartFailure(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted", e);
    }
    ContentSweeper sweeper =
        ContentSweeper.start(store, settings.store().contents(), Clock.systemUTC());
    steps.addClosing("sweep of contents", sweeper::close);
    new StoreMeters(store).bindTo(metering.registry());
    MailSystem mail = startMail(settings, directory, system, store, steps, metering);
    entry.watch(leader, why -> ending.accept(new NodeRun.Ending.GivenUp(why)));
    return new Backend(store, mail);
  }

  private static java.util.concurrent.Executor readers(ActorSystem<Void> system) {
    return system.dispatchers().lookup(DispatcherSelector.fromConfig(STORE_DISPATCHER));
  }

  private static Optional<String> leaderOfFirst(Store store) {
    return store.status().stream().findFirst().flatMap(partition -> partition.leader());
  }

  /** Whether it leads partition 0, and a majority of its replicas says so just now. */
  private static boolean leadsFirst(Store store) {
    if (!store.leads(0)) {
      return false;
    }
    try {
      store.barrier(0).toCompletableFuture().get(BARRIER_PATIENCE_SECONDS, TimeUnit.SECONDS);
      return store.leads(0);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static MailSystem startMail(
      Settings settings,
      Path directory,
      ActorSystem<Void> system,
      Store store,
      ShutdownSteps steps,
      ShardedRelayQueues.Metering metering)
      throws StartFailure {
    StoredContents contents =
        new StoredContents(
            store, settings.store().contents(), SystemMaterializer.get(system).materializer());
    Path spool = directory.resolve("spool");
    try {
      MailSystem mail =
          MailSystem.start(
              system,
              new MailSystem.Settings(
                  HostName.of(settings.node()),
                  settings.accounts(),
                  settings.mailboxes(),
                  settings.delivery(),
                  settings.relay()),
              store,
              contents,
              spool,
              metering);
      steps.addClosing("password threads", mail::close);
      return mail;
    } catch (IOException e) {
      throw new StartFailure("cannot use the spool " + spool + ": " + e.getMessage(), e);
    }
  }
}
