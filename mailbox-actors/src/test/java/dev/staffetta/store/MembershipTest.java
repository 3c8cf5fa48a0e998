package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static dev.staffetta.store.Stores.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas come and go while the store is written. */
class MembershipTest {
  private static final KeyRange ALL = new KeyRange(bytes("a"), bytes("zz"));

  @TempDir Path directory;
  private StoreCluster cluster;

  @BeforeEach
  void newCluster() {
    cluster = new StoreCluster(directory, "partitions = 1", "raft.election-timeout = 400ms");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aPartitionGrowsMovesAndShrinksWhileItIsWritten() {
    cluster.open(1);
    try (Writers writers = new Writers(cluster, 0)) {
      cluster.open(2);
      cluster.open(3);
      cluster.grow(0, 2);
      cluster.grow(0, 3);
      StoreCluster.soon().until(() -> followers(cluster.node(1)).size() == 2);

      cluster.open(4);
      await(cluster.node(4).addReplica(0));
      await(cluster.node(1).setPeers(0, cluster.peers(1, 2, 4)));
      await(cluster.node(3).removeReplica(0, true));
      assertThat(cluster.node(3).hasReplica(0)).isFalse();

      await(cluster.node(1).transferLeadership(0, "node4"));
      StoreCluster.soon().until(() -> cluster.node(4).leads(0));
      await(cluster.node(4).setPeers(0, cluster.peers(2, 4)));
      await(cluster.node(1).removeReplica(0, true));
      await(cluster.node(4).setPeers(0, cluster.peers(4)));
      await(cluster.node(2).removeReplica(0, true));

      writers.stop();
      assertThat(writers.acknowledged()).hasSizeGreaterThan(100);
      assertThat(pairs(cluster.node(4).reader(0), ALL)).containsAll(writers.acknowledged());
    }
    assertThat(cluster.node(4).status().get(0).peers()).isEqualTo(cluster.peers(4));
  }

  @Test
  void aLoneNodeThatHadNoPortGetsOneAndGrows() {
    await(cluster.open(1, "raft.port = 0").write(0, put("a", "1")));
    cluster.stop(1);
    cluster.open(1);
    Store second = cluster.open(2);
    second.know(cluster.peers(1, 2));
    cluster.grow(0, 2);
    await(second.barrier(0));
    await(cluster.node(1).transferLeadership(0, "node2"));
    StoreCluster.soon().until(() -> second.leads(0));
    await(second.write(0, put("b", "2")));
    await(cluster.node(1).barrier(0));
    assertThat(pairs(cluster.node(1).reader(0), ALL)).containsExactly("a=1", "b=2");
    int last = 1;
    cluster.stop(last);
    assertThatThrownBy(() -> cluster.open(last, "raft.port = 0"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("raft.port");
  }

  @Test
  void aLeadThatCannotBeHandedToADeadNodeStaysOfUse() {
    cluster.open(1);
    cluster.open(2);
    cluster.open(3);
    cluster.grow(0, 2);
    cluster.grow(0, 3);
    await(cluster.node(1).writeAtLeader(0, put("a", "1")));
    cluster.stop(3);
    // Some fail when their time is up, some at once: none may leave a leader that writes no more.
    for (int attempt = 0; attempt < 6; attempt++) {
      StoreCluster.soon().until(() -> cluster.node(1).leads(0) || cluster.node(2).leads(0));
      Store leader = cluster.node(1).leads(0) ? cluster.node(1) : cluster.node(2);
      assertUnavailable(() -> await(leader.transferLeadership(0, "node3")));
    }
    await(cluster.node(1).writeAtLeader(0, put("b", "2")));
  }

  private static List<PartitionStatus.Follower> followers(Store store) {
    return store.status().get(0).followers();
  }

  @Test
  void withoutAReplicaAPartitionIsElsewhere() {
    cluster.open(1);
    Store second = cluster.open(2);
    assertThat(second.hasReplica(0)).isFalse();
    assertThat(second.leads(0)).isFalse();
    PartitionStatus status = second.status().get(0);
    assertThat(status.hasReplica()).isFalse();
    assertThat(status.peers()).isEmpty();
    assertThat(status.leader()).isEmpty();
    assertUnavailable(() -> await(second.write(0, put("a", "1"))));
    assertUnavailable(() -> await(second.barrier(0)));
    assertUnavailable(() -> second.reader(0).get(bytes("a")));
    assertUnavailable(() -> await(second.transferLeadership(0, "node2")));
    assertUnavailable(() -> await(second.setPeers(0, cluster.peers(1, 2))));
    await(second.removeReplica(0));
  }

  @Test
  void whatWasAddedIsThereAfterARestartAndWhatWasRemovedIsNot() {
    cluster.open(1);
    cluster.open(2);
    await(cluster.node(2).addReplica(0));
    await(cluster.node(2).addReplica(0));
    cluster.stop(2);
    cluster.open(2);
    assertThat(cluster.node(2).hasReplica(0)).isTrue();

    List<StorePeer> both = cluster.peers(1, 2);
    await(cluster.node(1).setPeers(0, both));
    await(cluster.node(1).setPeers(0, both));
    await(cluster.node(1).writeAtLeader(0, put("a", "1")));
    await(cluster.node(2).barrier(0));
    assertThatThrownBy(() -> await(cluster.node(2).removeReplica(0)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("node2");

    cluster.stop(2);
    cluster.open(2);
    await(cluster.node(1).writeAtLeader(0, put("b", "2")));
    await(cluster.node(2).barrier(0));
    assertThat(pairs(cluster.node(2).reader(0), ALL)).containsExactly("a=1", "b=2");

    Store leader = cluster.leader(0);
    int other = leader == cluster.node(1) ? 2 : 1;
    await(leader.setPeers(0, List.of(leader.peerAddress())));
    await(cluster.node(other).removeReplica(0, true));
    await(cluster.node(other).removeReplica(0, true));
    cluster.stop(other);
    cluster.open(other);
    assertThat(cluster.node(other).hasReplica(0)).isFalse();
  }

  @Test
  void whatCannotBeIsRefusedInSoManyWords() {
    cluster.open(1);
    cluster.open(2);
    cluster.open(3);
    Store first = cluster.node(1);
    assertThatThrownBy(() -> await(first.setPeers(0, cluster.peers(1, 2, 3))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("majority");
    assertThatThrownBy(() -> await(first.setPeers(0, cluster.peers(2))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("transfer");
    assertThatThrownBy(() -> await(first.transferLeadership(0, "node2")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("node2");
    await(first.transferLeadership(0, "node1"));
  }

  @Test
  void aRemovalThatACrashInterruptedGoesOn() throws Exception {
    cluster.open(1);
    cluster.open(2);
    await(cluster.node(2).addReplica(0));
    GroupDirectory group = cluster.node(2).partition(0).directory();
    cluster.stop(2);
    group.beginRemoval();
    Files.delete(group.root().resolve("current/raft-meta"));
    cluster.open(2);
    assertThat(cluster.node(2).status().get(0).ailment()).isEmpty();
    assertThat(cluster.node(2).hasReplica(0)).isFalse();
    assertThat(group.root()).doesNotExist();
    cluster.grow(0, 2);
  }

  @Test
  void aReplicaThatCannotBeOpenedIsReplacedAndHoldsUpNothing() throws Exception {
    cluster.close();
    cluster = StoreCluster.of(3, directory, "partitions = 2", "raft.election-timeout = 400ms");
    await(cluster.leader(0).write(0, put("a", "1")));
    Path meta = cluster.node(3).partition(0).directory().root().resolve("current/raft-meta");
    cluster.stop(3);
    Files.write(meta, new byte[0]);
    Store third = cluster.open(3);
    assertThat(third.status().get(0).ailment().orElseThrow()).contains("term");
    assertThat(third.hasReplica(0)).isFalse();
    assertThat(third.hasReplica(1)).isTrue();
    await(third.barrier(1));

    assertThatThrownBy(() -> await(third.addReplica(0))).isInstanceOf(StoreException.class);
    List<StorePeer> all = cluster.peers(1, 2, 3);
    await(cluster.leader(0).setPeers(0, cluster.peers(1, 2)));
    await(third.removeReplica(0, true));
    await(third.addReplica(0));
    await(cluster.leader(0).setPeers(0, all));
    await(third.barrier(0));
    assertThat(third.status().get(0).ailment()).isEqualTo(Optional.empty());
    assertThat(pairs(third.reader(0), ALL)).containsExactly("a=1");
  }

  private static void assertUnavailable(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.UNAVAILABLE));
  }

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }
}
