package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static dev.staffetta.store.Stores.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on with a majority of replicas, and what does not without. */
class MajorityTest {
  private static final KeyRange ALL = new KeyRange(bytes("a"), bytes("zz"));
  private static final String[] SETTINGS = {"partitions = 1", "raft.election-timeout = 400ms"};

  @TempDir Path directory;

  @Test
  void aLeaderThatStopsIsFollowedByAnotherAndNothingAcknowledgedIsLost() {
    try (StoreCluster cluster = StoreCluster.of(3, directory, SETTINGS);
        Writers writers = new Writers(cluster, 0)) {
      for (int round = 0; round < 2; round++) {
        int before = writers.acknowledged().size();
        StoreCluster.soon().until(() -> writers.acknowledged().size() > before + 50);
        int leader = cluster.number(cluster.leader(0));
        cluster.stop(leader);
        long stopped = System.nanoTime();
        StoreCluster.soon().until(() -> writers.lastAnswerNanos() > stopped);
        cluster.open(leader);
      }
      writers.stop();
      for (Store store : cluster.all()) {
        await(store.barrier(0));
        assertThat(pairs(store.reader(0), ALL)).containsAll(writers.acknowledged());
      }
    }
  }

  @Test
  void writesOnTheirWayAreAnsweredSoonWhenTheMajorityIsLost() throws Exception {
    try (StoreCluster cluster = StoreCluster.of(3, directory, SETTINGS)) {
      Store leader = cluster.leader(0);
      await(leader.write(0, put("a", "1")));
      for (int node = 1; node <= 3; node++) {
        if (cluster.node(node) != leader) {
          cluster.stop(node);
        }
      }
      List<CompletionStage<Void>> written = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        written.add(leader.write(0, put("b" + i, "2")));
      }
      for (CompletionStage<Void> stage : written) {
        assertThatThrownBy(() -> stage.toCompletableFuture().get(4, TimeUnit.SECONDS))
            .hasCauseInstanceOf(Refusal.class);
      }
      // It steps down by itself; the writes may have been given up a moment before.
      StoreCluster.soon().until(() -> !leader.leads(0));
    }
  }

  @Test
  void aNodeOpensWithoutTheOthersAndOnePartitionWithoutAMajorityDisturbsNoOther() {
    try (StoreCluster cluster =
        new StoreCluster(
            directory, "partitions = 2", "raft.election-timeout = 400ms", "write-timeout = 2s")) {
      cluster.open(1);
      cluster.open(2);
      cluster.grow(1, 2);
      await(cluster.leader(1).writeAtLeader(1, put("a", "1")));
      cluster.stop(1);
      cluster.stop(2);

      Store first = cluster.open(1);
      assertThat(first.hasReplica(1)).isTrue();
      assertThat(first.leads(1)).isFalse();
      await(first.write(0, put("b", "2")));
      CompletionStage<Void> stuck = first.barrier(1);
      await(first.barrier(0));
      assertThatThrownBy(() -> await(stuck)).isInstanceOf(Refusal.class);
      assertThatThrownBy(() -> await(first.write(1, put("c", "3")))).isInstanceOf(Refusal.class);
      assertThat(first.status().get(1).peers()).hasSize(2);

      cluster.open(2);
      cluster.leader(1);
      await(first.barrier(1));
      assertThat(pairs(first.reader(1), ALL)).containsExactly("a=1");
    }
  }

  @Test
  void aReplicaThatDiesAmongOthersStopsNeitherTheNodeNorThePartition() throws Exception {
    List<String> failed = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (StoreCluster cluster = new StoreCluster(directory, SETTINGS)) {
      cluster.with(b -> b.listener(failed::add));
      for (int node = 1; node <= 3; node++) {
        cluster.open(node);
        if (node > 1) {
          cluster.grow(0, node);
        }
      }
      Store leader = cluster.leader(0);
      leader.partition(0).replica().flatMap(Replica::division).orElseThrow().close();
      StoreCluster.soon().until(() -> leader.status().get(0).ailment().isPresent());
      assertThat(leader.leads(0)).isFalse();
      Store other = cluster.all().stream().filter(s -> s != leader).findFirst().orElseThrow();
      await(other.writeAtLeader(0, put("a", "1")));
      // It comes to life again by itself.
      StoreCluster.soon().until(() -> leader.hasReplica(0));
      await(leader.barrier(0));
      assertThat(pairs(leader.reader(0), ALL)).containsExactly("a=1");
      assertThat(failed).isEmpty();
    }
  }

  @Test
  void aNearlyFullDiskHandsTheLeadershipAway() {
    AtomicLong free = new AtomicLong(1L << 30);
    try (StoreCluster cluster = new StoreCluster(directory, SETTINGS)) {
      Store first =
          cluster
              .with(b -> b.freeBytes(free::get))
              .open(1, "disk { refuse-below-bytes = 5000, check-interval = 20ms }");
      cluster.with(b -> b).open(2);
      cluster.grow(0, 2);
      StoreCluster.soon()
          .until(() -> first.leads(0) && first.status().get(0).followers().size() == 1);
      free.set(4_000);
      StoreCluster.soon().until(() -> cluster.node(2).leads(0));
      await(cluster.node(2).write(0, put("a", "1")));
    }
  }

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }
}
