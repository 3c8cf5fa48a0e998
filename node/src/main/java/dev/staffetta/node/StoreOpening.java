package dev.staffetta.node;

import dev.staffetta.cluster.ClusterEntry;
import dev.staffetta.config.ClusterSettings;
import dev.staffetta.config.Settings;
import dev.staffetta.ports.Refusal;
import dev.staffetta.store.Store;
import dev.staffetta.store.StoreBuilder;
import dev.staffetta.store.StoreException;
import dev.staffetta.store.StoreListener;
import dev.staffetta.store.TransportSecurity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** The store of a node, as its settings and its place in the cluster want it opened. */
final class StoreOpening {
  private final Settings settings;
  private final Path directory;
  private final Executor readers;
  private final StoreListener listener;

  /**
   * @param node its directory
   */
  StoreOpening(Settings settings, Path node, Executor readers, StoreListener listener) {
    this.settings = settings;
    this.directory = node.resolve("store");
    this.readers = readers;
    this.listener = listener;
  }

  /** Whether it has been decided whose data the node has. */
  boolean hasData() {
    return Files.exists(directory.resolve("founding"));
  }

  /** Opens what there is. */
  Store open() throws StartFailure {
    return open(builder());
  }

  /** Makes a new one. */
  Store create(ClusterEntry.Place place) throws StartFailure {
    return place instanceof ClusterEntry.Place.Newcomer newcomer
        ? open(builder().cluster(newcomer.cluster()).founds(false))
        : open(builder().founds(true));
  }

  private StoreBuilder builder() {
    StoreBuilder builder =
        Store.at(directory, settings.store(), readers)
            .node(settings.node().name())
            .listener(listener);
    settings.cluster().tls().map(StoreOpening::security).ifPresent(builder::transport);
    return builder;
  }

  private static TransportSecurity security(ClusterSettings.Tls tls) {
    return new TransportSecurity(tls.key(), tls.certificate(), tls.ca());
  }

  private static Store open(StoreBuilder builder) throws StartFailure {
    try {
      return builder.open();
    } catch (StoreException | Refusal e) {
      throw new StartFailure("cannot open the store: " + e.getMessage(), e);
    }
  }
}
