package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.NodeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LivenessTest {
  @Test
  void aNodeIsGoneWhenItsMachineSaysThatNothingListens() throws IOException {
    NodeAddress address;
    try (ServerSocket node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new NodeAddress("127.0.0.1", node.getLocalPort());
      assertThat(Liveness.isGone(address)).isFalse();
    }
    assertThat(Liveness.isGone(address)).isTrue();
  }

  @Test
  void silenceProvesNothing() {
    assertThat(Liveness.isGone(new NodeAddress("no-such-host.invalid", 1))).isFalse();
  }
}
