package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.staffetta.listen.PeerFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that prove who they are. */
class ClusterTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;

  @Test
  void nodesWithCertificatesOfOneAuthorityFindEachOtherAndOthersDoNot() throws Exception {
    PeerFiles ours = PeerFiles.in(data.resolve("ours"));
    PeerFiles theirs = PeerFiles.in(data.resolve("theirs"));
    try (TestCluster cluster = TestCluster.of(data, 2, settings(ours))) {
      cluster.start(1);
      Node stranger = Node.begin(cluster.settings(2, data.resolve("stranger"), settings(theirs)));
      try {
        assertThatThrownBy(() -> stranger.started().get(8, TimeUnit.SECONDS))
            .isInstanceOf(TimeoutException.class);
      } finally {
        stranger.stop();
      }
      cluster.start(2);
      await()
          .atMost(PATIENCE)
          .until(() -> Cluster.get(cluster.node(1).node().system()).state().members().size() == 2);
    }
  }

  @Test
  void anAddressThatIsNotLoopbackAsksForTls() {
    assertThatThrownBy(() -> TestNode.start(data, "staffetta.cluster.actors.host = 192.0.2.1"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("cluster.tls.certificate");
  }

  private static String settings(PeerFiles files) {
    return """
        staffetta.store.partitions = 2
        staffetta.cluster.tls { certificate = "%s", key = "%s", ca = "%s" }
        """
        .formatted(files.certificate(), files.key(), files.ca());
  }
}
