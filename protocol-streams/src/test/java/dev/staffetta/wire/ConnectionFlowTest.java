package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session over a real socket in plain text. */
final class ConnectionFlowTest {
  private static final Duration SHORT = Duration.ofMillis(300);

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

  private void awaitClosed(int sessions) {
    await().untilAsserted(() -> assertThat(world.closedSessions()).isEqualTo(sessions));
    await().untilAsserted(() -> assertThat(server.sessions()).isEmpty());
  }

  @Test
  void answersLineByLine() throws IOException {
    try (LineClient client = client()) {
      assertThat(client.send("ECHO one\r\n").line()).isEqualTo("one");
      assertThat(client.send("ECHO two\r\nECHO three\r\n").line()).isEqualTo("two");
      assertThat(client.line()).isEqualTo("three");
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("BYE\r\n");
    }
    awaitClosed(1);
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

  @Test
  void answersAClientThatHasClosedItsSide() throws IOException {
    try (LineClient client = client()) {
      client.send("ECHO one\r\nSTREAM 100000\r\nECHO two\r\nunfinished");
      client.socket().shutdownOutput();
      assertThat(client.rest())
          .isEqualTo("one\r\nSTREAM\r\n" + "x".repeat(100_000) + "END\r\ntwo\r\nEND\r\n");
    }
    awaitClosed(1);
  }

  @Test
  void waitsForTheAnswerThatAClientOnlyReadsAfterClosingItsSide() throws IOException {
    try (LineClient client = client()) {
      client.send("ASK a\r\n");
      client.socket().shutdownOutput();
      assertThat(client.line()).isEqualTo("ASKING");
      await().untilAsserted(() -> assertThat(world.questions()).containsExactly("a"));
      world.answer(0, "late");
      assertThat(client.rest()).isEqualTo("late\r\nEND\r\n");
    }
  }

  @Test
  void startsEffectsInOrderAndTakesNoFrameWhileOneIsUnderWay() throws IOException {
    try (LineClient client = client()) {
      client.send("ASK a b c\r\nECHO after\r\n");
      assertThat(client.line()).isEqualTo("ASKING");
      await().untilAsserted(() -> assertThat(world.questions()).containsExactly("a", "b", "c"));
      world.answer(2, "third");
      assertThat(client.line()).isEqualTo("third");
      world.answer(0, "first");
      assertThat(client.line()).isEqualTo("first");
      world.answer(1, "second");
      assertThat(client.line()).isEqualTo("second");
      assertThat(client.line()).isEqualTo("after");
    }
  }

  @Test
  void tellsEventsInOrderAndReadsMeanwhile() throws IOException {
    try (LineClient client = client()) {
      assertThat(client.send("LISTEN\r\n").line()).isEqualTo("LISTENING");
      for (int i = 0; i < 100; i++) {
        world.tell("event " + i);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.line()).isEqualTo("* event " + i);
      }
      assertThat(client.send("ECHO still here\r\n").line()).isEqualTo("still here");
    }
  }

  @Test
  void losesNoReplyToAClientThatGoesOnSendingAfterTheEnd() throws IOException {
    try (LineClient client = client()) {
      client.send("QUIT\r\n" + "ECHO never read\r\n".repeat(5000));
      assertThat(client.rest()).isEqualTo("BYE\r\n");
    }
    awaitClosed(1);
  }

  @Test
  void letsTheMachineSayFarewellWhenTheServerStops() throws IOException {
    try (LineClient client = client()) {
      server.sessions().forEach(RunningSession::shutdown);
      assertThat(client.rest()).isEqualTo("SHUTDOWN\r\n");
    }
    awaitClosed(1);
  }

  @Test
  void answersWhatIsUnderWayBeforeItSaysFarewell() throws IOException {
    try (LineClient client = client()) {
      client.send("ASK a\r\n");
      assertThat(client.line()).isEqualTo("ASKING");
      await().untilAsserted(() -> assertThat(world.questions()).containsExactly("a"));
      server.sessions().forEach(RunningSession::shutdown);
      world.answer(0, "done");
      assertThat(client.rest()).isEqualTo("done\r\nSHUTDOWN\r\n");
    }
  }

  @Test
  void tellsAQuietClientThatItsTimeIsUpButNotOneThatItselfWaits() throws IOException {
    world.timeout = SHORT;
    try (LineClient waiting = client();
        LineClient quiet = client()) {
      waiting.send("ASK a\r\n");
      assertThat(waiting.line()).isEqualTo("ASKING");
      assertThat(quiet.rest()).isEqualTo("TIMEDOUT\r\n");
      world.answer(0, "answer");
      assertThat(waiting.rest()).isEqualTo("answer\r\nTIMEDOUT\r\n");
    }
    awaitClosed(2);
  }

  @Test
  void doesNotCountEventsAsTheClientsWords() throws IOException {
    world.timeout = SHORT;
    try (LineClient client = client()) {
      assertThat(client.send("LISTEN\r\n").line()).isEqualTo("LISTENING");
      String last = "";
      for (int i = 0; !last.equals("TIMEDOUT"); i++) {
        world.tell("event " + i);
        last = client.line();
      }
    }
    awaitClosed(1);
  }

  @Test
  void resetsOnABugAndLogsItOnce() throws IOException {
    for (String bug : List.of("CRASH", "CRASH-EFFECT")) {
      try (LogWatch log = new LogWatch();
          LineClient client = client()) {
        client.send(bug + "\r\n");
        assertThat(isReset(client)).isTrue();
        await().untilAsserted(() -> assertThat(server.sessions()).isEmpty());
        assertThat(log.warnings()).singleElement().asString().startsWith("test-");
      }
    }
    awaitClosed(2);
  }

  @Test
  void resetsWhenAStreamedReplyBreaksOff() throws IOException {
    try (LineClient client = client()) {
      client.send("BREAK 10\r\n");
      assertThat(isReset(client)).isTrue();
    }
    awaitClosed(1);
  }

  private static boolean isReset(LineClient client) {
    try {
      client.rest();
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void closesOnceWhenTheClientResets() throws IOException {
    LineClient idle = client();
    idle.reset();
    LineClient streaming = client();
    streaming.send("STREAM 100000000\r\n").line();
    streaming.reset();
    LineClient listening = client();
    listening.send("LISTEN\r\n").line();
    listening.reset();
    awaitClosed(3);
    world.tell("nobody listens");
  }

  @Test
  void closesOnceWhenTheNodeStopsAbruptly() throws IOException {
    try (LineClient client = client()) {
      client.send("ASK a\r\n").line();
      server.close();
      assertThat(world.closedSessions()).isEqualTo(1);
    }
  }

  @Test
  void closesOnceWhenAborted() throws IOException {
    try (LineClient client = client()) {
      server.sessions().forEach(RunningSession::abort);
      assertThat(isReset(client)).isTrue();
    }
    awaitClosed(1);
  }

  @Test
  void aClientThatNeverReadsCostsLittleWhileOthersAreServed() throws IOException {
    try (LineClient stuck = client();
        LineClient other = client()) {
      stuck.send("STREAM 1000000000\r\n");
      for (int i = 0; i < 500; i++) {
        assertThat(other.send("ECHO " + i + "\r\n").line()).isEqualTo("" + i);
      }
      await()
          .during(Duration.ofMillis(200))
          .until(world.streamedBytes::get, made -> made == world.streamedBytes.get());
      // What is not in the operating system's two buffers is not even made.
      assertThat(world.streamedBytes.get()).isLessThan(16_000_000L);
    }
    awaitClosed(2);
  }

  @Test
  void disconnectsAClientThatDoesNotReadForTooLong() throws IOException {
    ConnectionLimits limits = new ConnectionLimits(SHORT, SHORT, SHORT);
    try (LocalServer strict =
            LocalServer.start(c -> new LineProtocol(world), LocalServer.Tls.NONE, limits);
        LineClient stuck = LineClient.connect(strict.port())) {
      stuck.send("STREAM 1000000000\r\n");
      awaitClosed(1);
      assertThat(isReset(stuck)).isTrue();
    }
  }

  @Test
  void doesNotWaitForEverForAClientToClose() throws IOException {
    ConnectionLimits limits = new ConnectionLimits(SHORT, SHORT, SHORT);
    try (LocalServer strict =
            LocalServer.start(c -> new LineProtocol(world), LocalServer.Tls.NONE, limits);
        LineClient stuck = LineClient.connect(strict.port())) {
      stuck.send("QUIT\r\n");
      assertThat(stuck.rest()).isEqualTo("HELLO\r\nBYE\r\n");
      await().untilAsserted(() -> assertThat(strict.sessions()).isEmpty());
    }
  }

  @Test
  void makesOneOfEventsThatWaitWhereTheProtocolCan() throws IOException {
    world.coalesces = true;
    try (LineClient client = client()) {
      fillWithEvents(client, 100_000);
      String last = client.line();
      while (!last.equals("* event 99999")) {
        last = client.line();
      }
    }
  }

  @Test
  void disconnectsAClientThatLetsEventsPileUp() throws IOException {
    try (LineClient client = client()) {
      fillWithEvents(client, 100_000);
      awaitClosed(1);
    }
  }

  /** The client asks for more than it takes, so that the events cannot be told. */
  private void fillWithEvents(LineClient client, int count) throws IOException {
    assertThat(client.send("LISTEN\r\n").line()).isEqualTo("LISTENING");
    client.send("STREAM 30000000\r\n");
    await().untilAsserted(() -> assertThat(world.streamedBytes.get()).isPositive());
    for (int i = 0; i < count; i++) {
      world.tell("event " + i);
    }
  }

  @Test
  void survivesTwoThousandClientsThatSayNothing() throws IOException {
    int count = 2000;
    Socket[] idle = new Socket[count];
    try (LineClient before = client()) {
      long used = usedHeap();
      for (int i = 0; i < count; i++) {
        idle[i] = new Socket(InetAddress.getLoopbackAddress(), server.port());
      }
      await().untilAsserted(() -> assertThat(server.sessions()).hasSize(count + 1));
      assertThat(before.send("ECHO served\r\n").line()).isEqualTo("served");
      long perConnection = (usedHeap() - used) / count;
      System.out.println("heap of an idle connection in plain text: " + perConnection + " bytes");
      assertThat(perConnection).isLessThan(60_000);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    awaitClosed(count + 1);
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
