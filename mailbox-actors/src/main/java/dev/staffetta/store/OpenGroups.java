package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import dev.staffetta.store.link.LinkRpcType;
import dev.staffetta.store.link.PeerLinks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft server of a node with a group for every partition that has a replica here, and the
 * threads that serve them: what a directory on the disk becomes when it is opened.
 */
record OpenGroups(
    List<Partition> partitions,
    RaftServer server,
    StorePeer self,
    Membership membership,
    LeaderRoutes routes,
    SnapshotTransfers transfers,
    ReplicaRenewal renewal,
    ExecutorService writing,
    ExecutorService changing,
    ScheduledExecutorService timer) {
  private static final Logger log = LoggerFactory.getLogger(OpenGroups.class);

  static OpenGroups open(StoreBuilder setup, StoreIdentity identity) throws IOException {
    StoreSettings settings = setup.settings();
    Path directory = setup.directory().resolve("raft");
    List<Partition> partitions = partitions(setup, identity, directory);
    for (Partition partition : partitions) {
      partition.ails(partition.directory().inspect(identity.node()));
      partition.isDamaged(partition.ailment().isPresent());
    }
    List<String> peers = peersOnDisk(partitions);
    requireFixedPort(peers, settings);
    Founding founding = Founding.of(setup.directory());
    boolean founds = founding.decide(setup.founds());
    // A newcomer is alone too, but not for long, and must not hurry to elections.
    boolean alone =
        (founds || !peers.isEmpty()) && peers.stream().allMatch(identity.node()::equals);
    PeerLinks links = new PeerLinks(RaftTls.of(setup.transport()));
    RaftServer server = build(setup, identity, links, partitions, alone);
    StorePeer self = new StorePeer(identity.node(), settings.raft().host(), settings.raft().port());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(daemon("store-timer"));
    RaftClients clients = new RaftClients(links);
    Membership membership = new Membership(server, self, settings.writeTimeout());
    LeaderRoutes routes =
        new LeaderRoutes(
            server, links, settings.writeTimeout(), timer, () -> neighbours(partitions));
    ExecutorService changing = oneThread("store-groups");
    OpenGroups groups =
        new OpenGroups(
            partitions,
            server,
            self,
            membership,
            routes,
            SnapshotTransfers.of(
                settings.transfers(), clients, new DiskRoom(settings, setup.freeBytes())),
            new ReplicaRenewal(
                self,
                partitions,
                membership,
                routes,
                clients,
                changing,
                Executors.newSingleThreadScheduledExecutor(daemon("store-renewal"))),
            oneThread("store-writer"),
            changing,
            timer);
    partitions.forEach(
        p -> p.connect(server, groups.routes, groups.transfers, groups.writing, timer));
    try {
      // Peers are heard only then: what they would say to a group half open is an error.
      groups.openThoseOnDisk(alone);
      server.start();
      if (founds) {
        groups.found();
        founding.done();
      }
    } catch (IOException | RuntimeException | Error e) {
      groups.close();
      throw e;
    }
    groups.renewal.start();
    return groups;
  }

  private static List<Partition> partitions(
      StoreBuilder setup, StoreIdentity identity, Path directory) throws IOException {
    StoreSettings settings = setup.settings();
    LevelStore.Shape shape =
        new LevelStore.Shape(
            LevelLibrary.choose(
                settings.levelDb().nativeLibrary(), setup.directory().resolve("native")),
            settings.levelDb().writeBufferBytes(),
            settings.levelDb().cacheBytes() / identity.partitions(),
            settings.levelDb().maxOpenFiles(),
            settings.levelDb().compression());
    return IntStream.range(0, identity.partitions())
        .mapToObj(
            i ->
                new Partition(
                    i,
                    identity.group(i),
                    new GroupDirectory(
                        directory.resolve(identity.group(i).getUuid().toString()),
                        "partition " + i),
                    settings,
                    shape,
                    setup.readers(),
                    setup.listener()))
        .toList();
  }

  /** Whoever has a replica of anything that has one here. */
  private static List<RaftPeer> neighbours(List<Partition> partitions) {
    return partitions.stream()
        .flatMap(p -> p.replica().stream())
        .flatMap(replica -> replica.peers().stream())
        .distinct()
        .toList();
  }

  private static List<String> peersOnDisk(List<Partition> partitions) {
    return partitions.stream().flatMap(p -> p.directory().peers().stream()).distinct().toList();
  }

  /** Peers remember the port: one that is another after each start would not be found. */
  private static void requireFixedPort(List<String> peers, StoreSettings settings) {
    if (peers.size() > 1 && settings.raft().port() == 0) {
      throw new StoreException(
          "store.raft.port must be fixed, not 0, since there are replicas on other nodes: "
              + String.join(", ", peers));
    }
  }

  private static RaftServer build(
      StoreBuilder setup,
      StoreIdentity identity,
      PeerLinks links,
      List<Partition> partitions,
      boolean alone)
      throws IOException {
    Path directory = setup.directory().resolve("raft");
    Map<RaftGroupId, Partition> byGroup =
        partitions.stream().collect(Collectors.toMap(Partition::group, Function.identity()));
    // Ratis would open every group it finds there, and none if one of them cannot be: it is shown
    // an empty place first, and then each group is added by itself.
    RaftProperties properties =
        RaftSettings.of(setup.settings(), directory.resolve("nothing-here"), alone);
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(identity.node()))
            .setProperties(properties)
            .setParameters(
                LinkRpcType.use(properties, links, RaftSettings.listensAt(setup.settings().raft())))
            .setStateMachineRegistry(group -> byGroup.get(group).attach())
            .build();
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
    return server;
  }

  /**
   * Opens the groups on the disk. One that cannot be opened is left alone if it has other peers: it
   * has to be replaced, and nothing else is held up by it.
   */
  private void openThoseOnDisk(boolean alone) {
    Map<Partition, CompletableFuture<Void>> opening =
        partitions.stream()
            .filter(p -> p.ailment().isEmpty() && p.directory().exists())
            .collect(Collectors.toMap(Function.identity(), membership::open));
    opening.forEach(
        (partition, opened) -> {
          try {
            opened.join();
          } catch (CompletionException e) {
            partition.discard("it cannot be opened");
            partition.isDamaged(DamagedReplicaException.isMeantBy(e));
            partition.ails(
                Optional.of(partition + " cannot be opened: " + innermost(e).getMessage()));
            log.error("{} cannot be opened", partition, e);
          }
        });
    for (Partition partition : partitions) {
      partition
          .ailment()
          .ifPresent(
              ailment -> {
                if (alone || partition.directory().peers().equals(List.of(self.node()))) {
                  throw new StoreException(ailment);
                }
                log.error("{}", ailment);
              });
    }
  }

  private static Throwable innermost(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  /** Makes the groups that are not there, with this node as their only peer. */
  private void found() {
    List<CompletableFuture<Void>> made =
        partitions.stream().filter(p -> p.replica().isEmpty()).map(membership::found).toList();
    try {
      made.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new StoreException("a partition cannot be made: " + innermost(e).getMessage(), e);
    }
  }

  /** Waits until this node leads the partitions that nobody else can lead. */
  void awaitLeaders(long time, TimeUnit unit) {
    List<Replica> lone =
        partitions.stream().flatMap(p -> p.replica().stream()).filter(Replica::isAlone).toList();
    try {
      CompletableFuture.allOf(
              lone.stream()
                  .map(r -> r.settled().toCompletableFuture())
                  .toArray(CompletableFuture<?>[]::new))
          .get(time, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while the store was opened", e);
    } catch (TimeoutException e) {
      throw new StoreException(
          "no leader within "
              + unit.toSeconds(time)
              + " s for "
              + lone.stream()
                  .filter(r -> !r.settled().toCompletableFuture().isDone())
                  .map(Replica::toString)
                  .collect(Collectors.joining(", ")),
          e);
    } catch (ExecutionException e) {
      throw new StoreException("the store could not be opened: " + e.getCause(), e);
    }
  }

  /** Newcomers look for this node where the configuration says it is. */
  void moveIn() {
    try {
      partitions.stream()
          .flatMap(partition -> membership.moveIn(partition).stream())
          .toList()
          .forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new StoreException(
          "the address of this node could not be noted: " + innermost(e).getMessage(), e);
    }
  }

  void close() {
    timer.shutdownNow();
    routes.close();
    try {
      server.close();
    } catch (IOException e) {
      log.warn("The store did not close cleanly", e);
    } finally {
      writing.shutdown();
      changing.shutdown();
      transfers.close();
    }
  }

  private static ExecutorService oneThread(String name) {
    // Also what comes while it shuts down is run: a promise is never forgotten.
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        daemon(name),
        (task, executor) -> task.run());
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
