package dev.staffetta.store;

import static dev.staffetta.store.Stores.await;
import static dev.staffetta.store.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.ports.Refusal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with certificates, and one that has none that counts. */
class SecuredTransportTest {
  private static final String[] SETTINGS = {
    "partitions = 1", "raft.election-timeout = 400ms", "write-timeout = 3s"
  };

  @TempDir Path directory;

  @Test
  void nodesWithCertificatesOfOneAuthorityReplicateAndAskEachOther() throws Exception {
    TestAuthority authority = new TestAuthority(directory.resolve("tls"), "authority");
    TransportSecurity first = authority.issue("node1");
    TransportSecurity second = authority.issue("node2");
    try (StoreCluster cluster = new StoreCluster(directory, SETTINGS)) {
      cluster.with(b -> b.transport(first)).open(1);
      cluster.with(b -> b.transport(second)).open(2);
      cluster.grow(0, 2);
      Store other = cluster.node(cluster.leader(0) == cluster.node(1) ? 2 : 1);
      await(other.writeAtLeader(0, put("a", "1")));
      await(other.barrier(0));
      assertThat(other.reader(0).get(bytes("a"))).isPresent();
      assertThat(await(other.getAtLeader(0, List.of(bytes("a")))).get(0)).isPresent();
    }
  }

  @Test
  void whoHasNoCertificateOfTheAuthorityIsTurnedAway() throws Exception {
    TransportSecurity good =
        new TestAuthority(directory.resolve("tls"), "authority").issue("node1");
    TransportSecurity foreign =
        new TestAuthority(directory.resolve("other"), "stranger").issue("node3");
    TransportSecurity mixed =
        new TransportSecurity(foreign.key(), foreign.certificate(), good.authority());
    try (StoreCluster cluster = new StoreCluster(directory, SETTINGS)) {
      Store first = cluster.with(b -> b.transport(good)).open(1);
      await(first.write(0, put("a", "1")));
      Store plain = cluster.with(b -> b).open(2);
      Store strange = cluster.with(b -> b.transport(mixed)).open(3);
      for (Store turnedAway : List.of(plain, strange)) {
        turnedAway.know(List.of(first.peerAddress()));
        assertThatThrownBy(() -> await(turnedAway.writeAtLeader(0, put("a", "2"))))
            .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> await(turnedAway.getAtLeader(0, List.of(bytes("a")))))
            .isInstanceOf(Refusal.class);
      }
      assertThat(first.reader(0).get(bytes("a")).map(Stores::text)).contains("1");
      await(first.write(0, put("b", "2")));
    }
  }

  @Test
  void aMissingKeyRefusesTheStart() {
    Path nowhere = directory.resolve("nothing.key");
    assertThatThrownBy(
            () ->
                Stores.at(directory)
                    .transport(new TransportSecurity(nowhere, nowhere, nowhere))
                    .open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("nothing.key");
  }

  private static WriteBatch put(String key, String value) {
    return WriteBatch.builder().put(bytes(key), bytes(value)).build();
  }
}
