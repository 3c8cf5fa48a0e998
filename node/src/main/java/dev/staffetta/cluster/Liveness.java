package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Whether a node's process is there at all, asked of its machine. */
final class Liveness {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private Liveness() {}

  /**
   * Whether the machine answers and says that nothing listens at the address: what was there has
   * ended. A machine that says nothing proves nothing. Blocks for half a second at most, and for a
   * look at the name.
   */
  static boolean isGone(NodeAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.host(), address.port()), (int) PATIENCE.toMillis());
      return false;
    } catch (ConnectException e) {
      // It is thrown for a network that is out of reach too.
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }
}
