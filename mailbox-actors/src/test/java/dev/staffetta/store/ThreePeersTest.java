package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static dev.staffetta.store.Stores.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same store with three replicas, in one process. */
class ThreePeersTest {
  private static final KeyRange ALL = new KeyRange(bytes("a"), bytes("zz"));

  @TempDir Path directory;
  private final List<Store> stores = new ArrayList<>();

  @AfterEach
  void close() {
    stores.forEach(Store::close);
  }

  @Test
  void aWriteIsOnEveryReplicaAndOutlivesItsLeader() throws Exception {
    openThree();
    Store leader = leader(stores);
    await(leader.write(0, put("a", "1")));
    for (Store store : stores) {
      Awaitility.await().until(() -> pairs(store.reader(0), ALL).equals(List.of("a=1")));
    }
    List<Store> others = stores.stream().filter(s -> s != leader).toList();
    assertThatThrownBy(() -> await(others.get(0).write(0, put("x", "y"))))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.UNAVAILABLE));
    await(leader.write(0, put("b", "2")));
    await(others.get(1).barrier(0));
    assertThat(pairs(others.get(1).reader(0), ALL)).containsExactly("a=1", "b=2");

    leader.close();
    Store next = leader(others);
    await(next.barrier(0));
    assertThat(pairs(next.reader(0), ALL)).containsExactly("a=1", "b=2");
    await(next.write(0, put("c", "3")));
    for (Store store : others) {
      Awaitility.await()
          .until(() -> pairs(store.reader(0), ALL).equals(List.of("a=1", "b=2", "c=3")));
    }
  }

  private void openThree() throws IOException {
    List<StorePeer> peers = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      peers.add(new StorePeer("node" + i, "127.0.0.1", freePort()));
    }
    List<CompletableFuture<Store>> opening =
        peers.stream()
            .map(
                peer ->
                    CompletableFuture.supplyAsync(
                        () ->
                            Stores.at(
                                    directory.resolve(peer.node()),
                                    "partitions = 1, cluster = test",
                                    "raft.port = " + peer.port(),
                                    "raft.election-timeout = 300ms")
                                .node(peer.node())
                                .peers(peers)
                                .open(),
                        task -> new Thread(task, "open-" + peer.node()).start()))
            .toList();
    opening.forEach(store -> stores.add(store.join()));
  }

  private static Store leader(List<Store> among) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> among.stream().filter(s -> s.leads(0)).findFirst(), o -> o.isPresent())
        .orElseThrow();
  }

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
