package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** All that a store needs to be opened. Get one from {@link Store#at}. */
public final class StoreBuilder {
  private final Path directory;
  private final StoreSettings settings;
  private String node = "node1";
  private List<StorePeer> peers = List.of();
  private StoreListener listener = reason -> {};
  private LongSupplier freeBytes;
  private Executor readers;

  StoreBuilder(Path directory, StoreSettings settings, Executor readers) {
    this.directory = directory;
    this.settings = settings;
    this.readers = readers;
    this.freeBytes = () -> usableSpace(directory);
  }

  /** Names this node; the directory keeps the name for ever. */
  public StoreBuilder node(String name) {
    this.node = name;
    return this;
  }

  /** All nodes that have replicas, this one among them; none: this one alone. */
  public StoreBuilder peers(List<StorePeer> all) {
    this.peers = List.copyOf(all);
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
   * Opens the store and waits until the leader of every partition is known, which is a second or
   * two.
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

  List<StorePeer> peers() {
    return peers.isEmpty()
        ? List.of(new StorePeer(node, settings.raft().host(), settings.raft().port()))
        : peers;
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
