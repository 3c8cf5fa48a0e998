package dev.staffetta.system;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Two actor systems that talk over Artery, with what the product has of settings and serializers.
 */
public final class TwoSystems implements AutoCloseable {
  private final ActorSystem<Void> here = start();
  private final ActorSystem<Void> there = start();

  private static ActorSystem<Void> start() {
    return ActorSystem.create(
        Behaviors.empty(),
        "staffetta",
        ConfigFactory.parseString(
                """
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                pekko.cluster.jmx.enabled = off
                pekko.loglevel = WARNING
                pekko.coordinated-shutdown.exit-jvm = off
                pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                """)
            .withFallback(ConfigFactory.load()));
  }

  public ActorSystem<Void> here() {
    return here;
  }

  public ActorSystem<Void> there() {
    return there;
  }

  /** An actor of the system there, as it is known here. */
  public <T> ActorRef<T> fromHere(ActorRef<T> actorThere) {
    return ActorRefResolver.get(here)
        .resolveActorRef(ActorRefResolver.get(there).toSerializationFormat(actorThere));
  }

  @Override
  public void close() {
    for (ActorSystem<Void> system : java.util.List.of(here, there)) {
      system.terminate();
      try {
        system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError("an actor system did not stop", e);
      }
    }
  }
}
