package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** All that a store needs to be opened. Get one from {@link Store#at}. */
public final class StoreBuilder {
  private final Path directory;
  private final StoreSettings settings;
  private String node = "node1";
  private String cluster;
  private boolean founds = true;
  private Optional<TransportSecurity> transport = Optional.empty();
  private StoreListener listener = reason -> {};
  private LongSupplier freeBytes;
  private Executor readers;

  StoreBuilder(Path directory, StoreSettings settings, Executor readers) {
    this.directory = directory;
    this.settings = settings;
    this.cluster = settings.cluster();
    this.readers = readers;
    this.freeBytes = () -> usableSpace(directory);
  }

  /** Names this node; the directory keeps the name for ever. */
  public StoreBuilder node(String name) {
    this.node = name;
    return this;
  }

  /** Names the cluster that the data is of, as a member said that welcomed this node. */
  public StoreBuilder cluster(String name) {
    this.cluster = name;
    return this;
  }

  /**
   * Whether this node founds the cluster: then a new directory gets every partition, with this node
   * as its only peer. Otherwise, and in a directory that was founded once, what is missing stays
   * missing until {@link Store#addReplica}.
   */
  public StoreBuilder founds(boolean isFirst) {
    this.founds = isFirst;
    return this;
  }

  /** How nodes prove themselves to each other; without it all is plain. */
  public StoreBuilder transport(TransportSecurity security) {
    this.transport = Optional.of(security);
    return this;
  }

  /** Who hears of leaders, of the disk and of failures. */
  public StoreBuilder listener(StoreListener hears) {
    this.listener = hears;
    return this;
  }

  /** Where blocking reads run; a pool of its own, not one that actors run on. */
  public StoreBuilder readers(Executor executor) {
    this.readers = executor;
    return this;
  }

  /** What says how many bytes are free; for tests. */
  StoreBuilder freeBytes(LongSupplier source) {
    this.freeBytes = source;
    return this;
  }

  /**
   * Opens the store: returns when the replicas on this disk run, and when this node leads those
   * that it is alone with, which is a second or two. With other peers, who leads is seen later.
   *
   * @throws StoreException when it cannot be, with one line that says why
   */
  public Store open() {
    return Store.open(this);
  }

  Path directory() {
    return directory;
  }

  StoreSettings settings() {
    return settings;
  }

  String node() {
    return node;
  }

  String cluster() {
    return cluster;
  }

  boolean founds() {
    return founds;
  }

  Optional<TransportSecurity> transport() {
    return transport;
  }

  StoreListener listener() {
    return listener;
  }

  LongSupplier freeBytes() {
    return freeBytes;
  }

  Executor readers() {
    return readers;
  }

  private static long usableSpace(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell how much space is free in " + directory, e);
    }
  }
}
