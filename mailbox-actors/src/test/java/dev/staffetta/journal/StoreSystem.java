package dev.staffetta.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.store.Store;
import dev.staffetta.store.Stores;
import java.nio.file.Path;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.testkit.javadsl.TestKit;

/** A store and an actor system over it. */
final class StoreSystem implements AutoCloseable {
  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.loglevel = WARNING
              pekko.actor {
                serializers.fact = "dev.staffetta.journal.FactSerializer"
                serialization-bindings {
                  "dev.staffetta.journal.Fact" = fact
                  "dev.staffetta.journal.Part" = fact
                  "dev.staffetta.journal.Pages$Cover" = fact
                }
              }
              """)
          .withFallback(ConfigFactory.load());

  private final Store store;
  private final ActorSystem system;

  StoreSystem(Path directory, String... settings) {
    store = Stores.at(directory, settings).open();
    system = ActorSystem.create("journal", CONFIG);
    StoreExtension.of(system).install(store, Stores.settings(settings));
  }

  Store store() {
    return store;
  }

  ActorSystem system() {
    return system;
  }

  ActorRef journal() {
    return Persistence.get(system).journalFor("", ConfigFactory.empty());
  }

  ActorRef snapshots() {
    return Persistence.get(system).snapshotStoreFor("", ConfigFactory.empty());
  }

  @Override
  public void close() {
    TestKit.shutdownActorSystem(system);
    store.close();
  }
}
