package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes and reads at a leader that is another node. */
class LeaderElsewhereTest {
  private static final String[] SETTINGS = {
    "partitions = 1", "raft.election-timeout = 400ms", "write-timeout = 5s"
  };

  @TempDir Path directory;

  @Test
  void anyNodeWritesAndReadsWithAReplicaOrWithout() {
    try (StoreCluster cluster = StoreCluster.of(2, directory, SETTINGS)) {
      cluster.open(3);
      cluster.node(3).know(cluster.peers(1, 2, 3));
      int n = 0;
      for (Store store : cluster.all()) {
        String key = "k" + n++;
        await(store.writeAtLeader(0, put(key, "v")));
        for (Store reader : cluster.all()) {
          assertThat(get(reader, key, "none")).containsExactly("v", "");
        }
      }
      byte[] large = new byte[3 << 20];
      await(
          cluster
              .node(3)
              .writeAtLeader(0, WriteBatch.builder().put(bytes("large"), large).build()));
      assertThat(await(cluster.node(3).getAtLeader(0, List.of(bytes("large")))).get(0))
          .hasValueSatisfying(v -> assertThat(v).hasSize(large.length));
      assertThatThrownBy(
              () ->
                  await(
                      cluster
                          .node(3)
                          .writeAtLeader(
                              0, WriteBatch.builder().requireAbsent(bytes("k0")).build())))
          .isInstanceOf(RequirementNotMetException.class);
    }
  }

  @Test
  void writesFromElsewhereGoTogetherAndKeepTheirOrder() {
    try (StoreCluster cluster = StoreCluster.of(1, directory, SETTINGS)) {
      Store other = cluster.open(2);
      other.know(cluster.peers(1));
      await(other.writeAtLeader(0, put("n", "0")));
      long before = cluster.node(1).status().get(0).appliedIndex();
      List<CompletionStage<Void>> written = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        written.add(
            other.writeAtLeader(
                0,
                WriteBatch.builder()
                    .requireEquals(bytes("n"), bytes("" + i))
                    .put(bytes("n"), bytes("" + (i + 1)))
                    .build()));
      }
      written.forEach(Stores::await);
      assertThat(get(other, "n")).containsExactly("200");
      assertThat(cluster.node(1).status().get(0).appliedIndex() - before).isLessThan(100);
    }
  }

  @Test
  void aRequestFollowsTheLeadershipThatMovesAndEachWriteIsAppliedOnce() {
    try (StoreCluster cluster = StoreCluster.of(3, directory, SETTINGS)) {
      Store outside = cluster.open(4);
      outside.know(cluster.peers(1, 2, 3));
      for (int round = 0; round < 4; round++) {
        Store leader = cluster.leader(0);
        List<CompletionStage<Void>> written = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          int n = round * 50 + i;
          WriteBatch.Builder next = WriteBatch.builder().put(bytes("n"), bytes("" + (n + 1)));
          written.add(
              outside.writeAtLeader(
                  0,
                  n == 0
                      ? next.requireAbsent(bytes("n")).build()
                      : next.requireEquals(bytes("n"), bytes("" + n)).build()));
          if (i == 20) {
            int to = cluster.number(leader) % 3 + 1;
            await(leader.transferLeadership(0, StoreCluster.name(to)));
          }
        }
        written.forEach(Stores::await);
      }
      assertThat(get(outside, "n")).containsExactly("200");
    }
  }

  @Test
  void theLeadersNearlyFullDiskRefusesWhatComesFromElsewhere() {
    AtomicLong free = new AtomicLong(1L << 30);
    try (StoreCluster cluster = new StoreCluster(directory, SETTINGS)) {
      cluster
          .with(b -> b.freeBytes(free::get))
          .open(1, "disk { refuse-below-bytes = 5000, check-interval = 20ms }");
      Store other = cluster.with(b -> b).open(2);
      other.know(cluster.peers(1));
      await(other.writeAtLeader(0, put("a", "1")));
      free.set(4_000);
      StoreCluster.soon().until(() -> cluster.node(1).diskState() == DiskState.NEARLY_FULL);
      assertUnavailable(other.writeAtLeader(0, put("b", "2")));
      await(other.writeAtLeader(0, WriteBatch.builder().delete(bytes("a")).makesRoom().build()));
      assertThat(get(other, "a", "b")).containsExactly("", "");
    }
  }

  @Test
  void nobodyToAskIsATemporaryRefusalWithinTheDeadline() {
    try (StoreCluster cluster = new StoreCluster(directory, "write-timeout = 1s")) {
      Store alone = cluster.open(2);
      assertUnavailable(alone.writeAtLeader(0, put("a", "1")));
      assertUnavailable(alone.getAtLeader(0, List.of(bytes("a"))));
      alone.know(List.of(new StorePeer("node1", "127.0.0.1", 1)));
      assertUnavailable(alone.writeAtLeader(0, put("a", "1")));
    }
  }

  private static List<String> get(Store store, String... keys) {
    return await(store.getAtLeader(0, java.util.Arrays.stream(keys).map(Stores::bytes).toList()))
        .stream()
        .map((Optional<byte[]> v) -> v.map(Stores::text).orElse(""))
        .toList();
  }

  private static void assertUnavailable(CompletionStage<?> stage) {
    assertThatThrownBy(() -> await(stage))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.UNAVAILABLE));
  }

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }
}
