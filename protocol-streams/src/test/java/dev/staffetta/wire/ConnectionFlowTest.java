package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session over a real socket in plain text. */
final class ConnectionFlowTest {
  private final LineProtocol.World world = new LineProtocol.World();
  private final LocalServer server = LocalServer.start(connection -> new LineProtocol(world));

  @AfterEach
  void stop() {
    server.close();
  }

  private LineClient client() throws IOException {
    LineClient client = LineClient.connect(server.port());
    assertThat(client.line()).isEqualTo("HELLO");
    return client;
  }

  @Test
  void answersLineByLine() throws IOException {
    try (LineClient client = client()) {
      assertThat(client.send("ECHO one\r\n").line()).isEqualTo("one");
      assertThat(client.send("ECHO two\r\nECHO three\r\n").line()).isEqualTo("two");
      assertThat(client.line()).isEqualTo("three");
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("BYE\r\n");
    }
    await().untilAsserted(() -> assertThat(world.closedSessions()).isEqualTo(1));
    await().untilAsserted(() -> assertThat(server.sessions()).isEmpty());
  }

  @Test
  void cutsDataByTheModeThatTheSessionSet() throws IOException {
    try (LineClient client = client()) {
      client.send("DATA 5\r\nabcdeECHO after\r\n");
      assertThat(client.line()).isEqualTo("GOT 5 " + ('a' + 'b' + 'c' + 'd' + 'e'));
      assertThat(client.line()).isEqualTo("after");
    }
  }

  @Test
  void streamsWithinTheOrderOfReplies() throws IOException {
    try (LineClient client = client()) {
      client.send("STREAM 100000\r\nECHO after\r\n");
      assertThat(client.line()).isEqualTo("STREAM");
      assertThat(client.line()).isEqualTo("x".repeat(100_000) + "END");
      assertThat(client.line()).isEqualTo("after");
    }
  }
}
