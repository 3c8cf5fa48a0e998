package dev.staffetta.journal;

import dev.staffetta.config.StoreSettings;
import dev.staffetta.store.Store;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionId;
import org.apache.pekko.actor.ExtensionIdProvider;

/**
 * The store of an actor system: whoever wires the node installs it before the first persistent
 * actor starts, the plugins take it from here.
 */
public final class StoreExtension implements Extension {
  private record Installed(Store store, StoreSettings settings) {}

  private final AtomicReference<Installed> installed = new AtomicReference<>();

  private StoreExtension() {}

  /** The one of a system, classic or typed. */
  public static StoreExtension of(ClassicActorSystemProvider system) {
    return Id.INSTANCE.get(system);
  }

  /** Installs the store, once. */
  public void install(Store store, StoreSettings settings) {
    if (!installed.compareAndSet(null, new Installed(store, settings))) {
      throw new IllegalStateException("the actor system has a store already");
    }
  }

  /** The store. */
  public Store store() {
    return get().store();
  }

  /** What it was opened with. */
  public StoreSettings settings() {
    return get().settings();
  }

  private Installed get() {
    Installed there = installed.get();
    if (there == null) {
      throw new IllegalStateException("no store was installed in the actor system");
    }
    return there;
  }

  private static final class Id extends AbstractExtensionId<StoreExtension>
      implements ExtensionIdProvider {
    private static final Id INSTANCE = new Id();

    @Override
    public StoreExtension createExtension(ExtendedActorSystem system) {
      return new StoreExtension();
    }

    @Override
    public ExtensionId<StoreExtension> lookup() {
      return INSTANCE;
    }
  }
}
