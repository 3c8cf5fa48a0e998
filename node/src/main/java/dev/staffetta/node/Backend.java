package dev.staffetta.node;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.Settings;
import dev.staffetta.journal.StoreExtension;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.store.Store;
import dev.staffetta.store.StoreException;
import dev.staffetta.store.StoreListener;
import dev.staffetta.store.content.ContentSweeper;
import dev.staffetta.store.content.StoredContents;
import dev.staffetta.system.MailSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.stream.SystemMaterializer;

/** All of a node that is below its listeners: actor system, store, mail system. */
record Backend(ActorSystem<Void> system, Store store, MailSystem mail) {
  private static final Duration JOIN_PATIENCE = Duration.ofSeconds(30);
  private static final String STORE_DISPATCHER = "dev.staffetta.store-dispatcher";

  /**
   * Starts it.
   *
   * @param directory of the node
   * @param steps get what has to be stopped again
   * @param failed hears, perhaps more than once, why the store cannot go on
   */
  static Backend start(
      Settings settings, Path directory, ShutdownSteps steps, Consumer<String> failed)
      throws StartFailure {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(), "staffetta", ConfigFactory.load("actor-system").resolve());
    Store store = openStore(settings, directory, system, failed);
    // Entities write until they have stopped, so the store is closed after them.
    steps.addClosing("store", store::close);
    steps.add("actors", left -> terminate(system));
    StoreExtension.of(system).install(store, settings.store());
    joinSelf(system);
    ContentSweeper sweeper =
        ContentSweeper.start(store, settings.store().contents(), Clock.systemUTC());
    steps.addClosing("sweep of contents", sweeper::close);
    return new Backend(system, store, startMail(settings, directory, system, store, steps));
  }

  private static Store openStore(
      Settings settings, Path directory, ActorSystem<Void> system, Consumer<String> failed)
      throws StartFailure {
    StoreListener listener = LeaderBoard.of(system).listening(failed::accept);
    try {
      return Store.at(
              directory.resolve("store"),
              settings.store(),
              system.dispatchers().lookup(DispatcherSelector.fromConfig(STORE_DISPATCHER)))
          .node(settings.node().name())
          .listener(listener)
          .open();
    } catch (StoreException | Refusal e) {
      system.terminate();
      throw new StartFailure("cannot open the store: " + e.getMessage(), e);
    }
  }

  /** A cluster of one: nobody else is asked. */
  private static void joinSelf(ActorSystem<Void> system) throws StartFailure {
    Cluster cluster = Cluster.get(system);
    CompletableFuture<Void> up = new CompletableFuture<>();
    org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    try {
      up.get(JOIN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new StartFailure(
          "the actors' cluster is not up after " + JOIN_PATIENCE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted", e);
    }
  }

  private static MailSystem startMail(
      Settings settings, Path directory, ActorSystem<Void> system, Store store, ShutdownSteps steps)
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
                  settings.accounts(), settings.mailboxes(), settings.delivery()),
              store,
              contents,
              spool);
      steps.addClosing("password threads", mail::close);
      return mail;
    } catch (IOException e) {
      throw new StartFailure("cannot use the spool " + spool + ": " + e.getMessage(), e);
    }
  }

  private static CompletionStage<Done> terminate(ActorSystem<Void> system) {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
  }
}
