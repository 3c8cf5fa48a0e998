package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/**
 * The Raft server of a node with a group for every partition, and the threads that serve it: what a
 * directory on the disk becomes when it is opened.
 */
record OpenGroups(
    List<Partition> partitions,
    RaftServer server,
    ExecutorService writing,
    ScheduledExecutorService timer) {
  static OpenGroups open(StoreBuilder setup, StoreIdentity identity) throws IOException {
    StoreSettings settings = setup.settings();
    Path directory = setup.directory().resolve("raft");
    LevelStore.Shape shape =
        new LevelStore.Shape(
            LevelLibrary.choose(
                settings.levelDb().nativeLibrary(), setup.directory().resolve("native")),
            settings.levelDb().writeBufferBytes(),
            settings.levelDb().cacheBytes() / identity.partitions(),
            settings.levelDb().maxOpenFiles(),
            settings.levelDb().compression());
    List<Partition> partitions =
        IntStream.range(0, identity.partitions())
            .mapToObj(i -> new Partition(i, identity.group(i), settings, shape, setup.listener()))
            .toList();
    for (Partition partition : partitions) {
      new GroupDirectory(
              directory.resolve(partition.group().getUuid().toString()), partition.toString())
          .inspect(identity.node(), setup.peers().size() == 1);
    }
    RaftServer server = build(setup, identity, directory, partitions);
    OpenGroups groups = new OpenGroups(partitions, server, writingThread(), timerThread());
    partitions.forEach(p -> p.connect(server, settings, groups.writing, groups.timer));
    try {
      server.start();
      groups.addMissing(setup.peers());
    } catch (IOException | RuntimeException | Error e) {
      groups.close();
      throw e;
    }
    return groups;
  }

  private static RaftServer build(
      StoreBuilder setup, StoreIdentity identity, Path directory, List<Partition> partitions)
      throws IOException {
    Map<RaftGroupId, Partition> byGroup =
        partitions.stream().collect(Collectors.toMap(Partition::group, Function.identity()));
    return RaftServer.newBuilder()
        .setServerId(RaftPeerId.valueOf(identity.node()))
        .setProperties(RaftSettings.of(setup.settings(), directory, setup.peers().size() == 1))
        .setStateMachineRegistry(
            group -> {
              Partition partition = byGroup.get(group);
              if (partition == null) {
                throw new StoreException(
                    directory.resolve(group.getUuid().toString())
                        + " does not belong to cluster "
                        + identity.cluster());
              }
              return partition.stateMachine();
            })
        .build();
  }

  private void addMissing(List<StorePeer> peers) throws IOException {
    Set<RaftGroupId> there = new HashSet<>();
    server.getGroupIds().forEach(there::add);
    List<RaftPeer> raftPeers =
        peers.stream()
            .map(p -> RaftPeer.newBuilder().setId(p.node()).setAddress(p.address()).build())
            .toList();
    ClientId client = ClientId.randomId();
    List<CompletableFuture<RaftClientReply>> added = new ArrayList<>();
    for (Partition partition : partitions) {
      if (!there.contains(partition.group())) {
        added.add(
            server.groupManagementAsync(
                GroupManagementRequest.newAdd(
                    client,
                    server.getId(),
                    partition.number(),
                    RaftGroup.valueOf(partition.group(), raftPeers))));
      }
    }
    for (CompletableFuture<RaftClientReply> reply : added) {
      if (!reply.join().isSuccess()) {
        throw reply.join().getException();
      }
    }
  }

  /** Waits until it is known who leads each partition. */
  void awaitLeaders(long time, TimeUnit unit) {
    CompletableFuture<?>[] settled =
        partitions.stream()
            .map(p -> p.settled().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(settled).get(time, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while the store was opened", e);
    } catch (TimeoutException e) {
      throw new StoreException(
          "no leader within "
              + unit.toSeconds(time)
              + " s for "
              + partitions.stream()
                  .filter(p -> !p.settled().toCompletableFuture().isDone())
                  .map(Partition::toString)
                  .collect(Collectors.joining(", ")),
          e);
    } catch (ExecutionException e) {
      throw new StoreException("the store could not be opened: " + e.getCause(), e);
    }
  }

  void close() {
    timer.shutdownNow();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writing.shutdown();
    }
  }

  private static ExecutorService writingThread() {
    // Also what comes while it shuts down is run: a promise is never forgotten.
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        daemon("store-writer"),
        (task, executor) -> task.run());
  }

  private static ScheduledExecutorService timerThread() {
    return Executors.newSingleThreadScheduledExecutor(daemon("store-timer"));
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
