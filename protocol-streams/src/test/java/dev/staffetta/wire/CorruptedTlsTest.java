package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** One byte of what a client sends, of handshake or record, is another on the way. */
final class CorruptedTlsTest {
  /** A corrupted length lets the server wait for the rest of a message until its time is up. */
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(1));

  private static LocalServer server;

  @BeforeContainer
  static void start() {
    server =
        LocalServer.start(
            connection -> new LineProtocol(new LineProtocol.World()),
            LocalServer.Tls.IMPLICIT,
            LIMITS);
  }

  @AfterContainer
  static void stop() {
    server.close();
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void costsOnlyTheConnection(@ForAll @IntRange(max = 1200) int position) throws IOException {
    try (LogWatch log = new LogWatch();
        ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread passing = new Thread(() -> pass(proxy, position));
      passing.setDaemon(true);
      passing.start();
      try (LineClient client =
          LineClient.connectTls(proxy.getLocalPort(), TestCertificate.clientContext())) {
        client.send("ECHO " + "x".repeat(800) + "\r\nQUIT\r\n").rest();
      } catch (IOException e) {
        // As it must be, but for the few bytes that nobody looks at.
      }
      await().untilAsserted(() -> assertThat(server.sessions()).isEmpty());
      assertThat(log.warnings()).isEmpty();
    }
    try (LineClient other = LineClient.connectTls(server.port(), TestCertificate.clientContext())) {
      assertThat(other.line()).isEqualTo("HELLO");
    }
  }

  private static void pass(ServerSocket proxy, int position) {
    try (Socket client = proxy.accept();
        Socket target = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      Thread back = new Thread(() -> copy(target, client, -1));
      back.setDaemon(true);
      back.start();
      copy(client, target, position);
    } catch (IOException e) {
      // The test sees it at its own end.
    }
  }

  private static void copy(Socket from, Socket to, int position) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] segment = new byte[4096];
      int passed = 0;
      for (int size = in.read(segment); size > 0; size = in.read(segment)) {
        if (position >= passed && position < passed + size) {
          segment[position - passed] ^= 0x55;
        }
        out.write(segment, 0, size);
        passed += size;
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side is gone; so is the other then.
    }
  }
}
