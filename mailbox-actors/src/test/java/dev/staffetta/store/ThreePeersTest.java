package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static dev.staffetta.store.Stores.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same store with three replicas, in one process. */
class ThreePeersTest {
  private static final KeyRange ALL = new KeyRange(bytes("a"), bytes("zz"));

  @TempDir Path directory;

  @Test
  void aWriteIsOnEveryReplicaAndOutlivesItsLeader() {
    try (StoreCluster cluster = StoreCluster.of(3, directory, "partitions = 1")) {
      Store leader = cluster.leader(0);
      await(leader.write(0, put("a", "1")));
      for (Store store : cluster.all()) {
        StoreCluster.soon().until(() -> pairs(store.reader(0), ALL).equals(List.of("a=1")));
      }
      List<Store> others = cluster.all().stream().filter(s -> s != leader).toList();
      assertThatThrownBy(() -> await(others.get(0).write(0, put("x", "y"))))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.UNAVAILABLE));
      await(leader.write(0, put("b", "2")));
      await(others.get(1).barrier(0));
      assertThat(pairs(others.get(1).reader(0), ALL)).containsExactly("a=1", "b=2");

      cluster.stop(cluster.number(leader));
      Store next = cluster.leader(0);
      await(next.barrier(0));
      assertThat(pairs(next.reader(0), ALL)).containsExactly("a=1", "b=2");
      await(next.write(0, put("c", "3")));
      for (Store store : others) {
        StoreCluster.soon()
            .until(() -> pairs(store.reader(0), ALL).equals(List.of("a=1", "b=2", "c=3")));
      }
    }
  }

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }
}
