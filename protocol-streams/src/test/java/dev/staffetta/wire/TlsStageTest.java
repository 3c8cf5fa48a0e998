package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over a real socket. */
final class TlsStageTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final LineProtocol.World world = new LineProtocol.World();

  private LocalServer server(LocalServer.Tls tls) {
    return LocalServer.start(c -> new LineProtocol(world), tls, ConnectionLimits.DEFAULT);
  }

  private void awaitClosed(LocalServer server, int sessions) {
    await().untilAsserted(() -> assertThat(world.closedSessions()).isEqualTo(sessions));
    await().untilAsserted(() -> assertThat(server.sessions()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void speaksTlsFromTheFirstByte(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT)) {
      try (LineClient client =
          LineClient.connectTls(server.port(), TestCertificate.clientContext(), version)) {
        assertThat(client.line()).isEqualTo("HELLO");
        assertThat(client.send("STREAM 1000000\r\n").line()).isEqualTo("STREAM");
        assertThat(client.line()).isEqualTo("x".repeat(1_000_000) + "END");
        assertThat(client.send("QUIT\r\n").rest()).isEqualTo("BYE\r\n");
      }
      awaitClosed(server, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesLargeInput(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient client =
            LineClient.connectTls(server.port(), TestCertificate.clientContext(), version)) {
      int size = 3_000_000;
      assertThat(client.line()).isEqualTo("HELLO");
      client.send("DATA " + size + "\r\n").send("x".repeat(size)).send("ECHO after\r\n");
      assertThat(client.line()).isEqualTo("GOT " + size + " " + (long) size * 'x');
      assertThat(client.line()).isEqualTo("after");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void startsTlsWhereTheSessionSaysSo(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.STARTTLS);
        LineClient plain = LineClient.connect(server.port())) {
      assertThat(plain.line()).isEqualTo("HELLO");
      assertThat(plain.send("STARTTLS\r\n").line()).isEqualTo("GO");
      LineClient client = plain.tls(TestCertificate.clientContext(), version);
      assertThat(client.send("ECHO hidden\r\n").line()).isEqualTo("hidden");
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("BYE\r\n");
      awaitClosed(server, 1);
    }
  }

  /** RFC 3207 6: nothing that was known before the handshake may be used after it. */
  @Test
  void dropsWhatWasPipelinedBehindStarttls() throws IOException {
    try (LocalServer server = server(LocalServer.Tls.STARTTLS);
        LineClient plain = LineClient.connect(server.port())) {
      assertThat(plain.line()).isEqualTo("HELLO");
      assertThat(plain.send("STARTTLS\r\nECHO injected\r\n").line()).isEqualTo("GO");
      LineClient client = plain.tls(TestCertificate.clientContext());
      assertThat(client.send("ECHO mine\r\n").line()).isEqualTo("mine");
    }
  }

  @Test
  void takesPlainTextAfterStarttlsForABrokenHandshake() throws IOException {
    try (LogWatch log = new LogWatch();
        LocalServer server = server(LocalServer.Tls.STARTTLS);
        LineClient plain = LineClient.connect(server.port())) {
      assertThat(plain.line()).isEqualTo("HELLO");
      assertThat(plain.send("STARTTLS\r\n").line()).isEqualTo("GO");
      assertThat(plain.send("ECHO injected\r\n").rest()).doesNotContain("injected");
      awaitClosed(server, 1);
      assertThat(log.warnings()).isEmpty();
    }
  }

  /** A ClientHello of TLS 1.1 (RFC 4346 7.4.1.2), as sent by a client that knows nothing newer. */
  @Test
  void refusesTls11() throws IOException {
    String hello =
        "0302"
            + "00".repeat(32)
            + "00"
            + "0004"
            + "c009c013"
            + "0100"
            + "000c"
            + "000a000400020017"
            + "000b0000";
    hello = hello.substring(0, hello.length() - 8); // supported groups: secp256r1
    hello = hello.replace("000c000a", "0008000a");
    String handshake = "01" + "%06x".formatted(hello.length() / 2) + hello;
    String record = "160301" + "%04x".formatted(handshake.length() / 2) + handshake;
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient client = LineClient.connect(server.port())) {
      client.send(HexFormat.of().parseHex(record));
      byte[] alert = client.bytes(7);
      // A fatal alert (2): protocol_version (70).
      assertThat(alert).startsWith(0x15).endsWith(2, 70);
      assertThat(client.bytes(1)).isEmpty();
      awaitClosed(server, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void endsAConnectionThatSendsGarbageForAHandshake(long seed) throws IOException {
    try (LogWatch log = new LogWatch();
        LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient client = LineClient.connect(server.port())) {
      byte[] garbage = new byte[5000];
      new Random(seed).nextBytes(garbage);
      if (seed == 1) {
        garbage = "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      } else if (seed == 2) {
        garbage[0] = 0x16; // The start of a handshake record at least.
        garbage[1] = 0x03;
        garbage[2] = 0x03;
      }
      client.send(garbage);
      client.bytes(10_000);
      awaitClosed(server, 1);
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void endsAConnectionWhoseRecordsAreBroken() throws IOException {
    try (LogWatch log = new LogWatch();
        LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient raw = LineClient.connect(server.port())) {
      LineClient client = raw.tls(TestCertificate.clientContext());
      assertThat(client.line()).isEqualTo("HELLO");
      raw.send("this is no record of TLS");
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
      awaitClosed(server, 1);
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void givesUpAHandshakeThatTakesTooLong() throws IOException {
    ConnectionLimits limits = new ConnectionLimits(SHORT, Duration.ofMinutes(1), SHORT);
    try (LocalServer server =
            LocalServer.start(c -> new LineProtocol(world), LocalServer.Tls.IMPLICIT, limits);
        LineClient silent = LineClient.connect(server.port())) {
      silent.bytes(1000);
      awaitClosed(server, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesAStreamCutWithoutCloseNotifyForItsEnd(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient raw = LineClient.connect(server.port())) {
      LineClient client = raw.tls(TestCertificate.clientContext(), version);
      assertThat(client.line()).isEqualTo("HELLO");
      client.send("ECHO last\r\n");
      raw.socket().shutdownOutput();
      assertThat(client.rest()).isEqualTo("last\r\nEND\r\n");
      awaitClosed(server, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesCloseNotifyForTheEnd(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT)) {
      try (LineClient client =
          LineClient.connectTls(server.port(), TestCertificate.clientContext(), version)) {
        assertThat(client.line()).isEqualTo("HELLO");
      }
      awaitClosed(server, 1);
    }
  }

  /** RFC 8446 6.1: only one direction is closed, so what was asked is still answered. */
  @Test
  void answersAfterCloseNotifyInTls13() throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient client =
            LineClient.connectTls(server.port(), TestCertificate.clientContext(), "TLSv1.3")) {
      assertThat(client.line()).isEqualTo("HELLO");
      client.send("STREAM 200000\r\nECHO after\r\n");
      ((SSLSocket) client.socket()).shutdownOutput();
      assertThat(client.rest()).endsWith("END\r\nafter\r\nEND\r\n");
    }
  }

  /** Whoever says no more after QUIT has said QUIT all the same, even if no answer can be sent. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void carriesOutWhatCameBeforeCloseNotify(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient client =
            LineClient.connectTls(server.port(), TestCertificate.clientContext(), version)) {
      assertThat(client.line()).isEqualTo("HELLO");
      client.send("ECHO one\r\nASK a\r\nECHO two\r\nASK b\r\n");
      ((SSLSocket) client.socket()).shutdownOutput();
      await().untilAsserted(() -> assertThat(world.questions()).containsExactly("a"));
      world.answer(0, "first");
      await().untilAsserted(() -> assertThat(world.questions()).containsExactly("a", "b"));
      world.answer(1, "second");
      awaitClosed(server, 1);
    }
  }

  @Test
  void doesNotWaitLongForAHandshakeWhenItStops() throws IOException {
    ConnectionLimits limits = new ConnectionLimits(Duration.ofMinutes(5), SHORT, SHORT);
    try (LocalServer server =
            LocalServer.start(c -> new LineProtocol(world), LocalServer.Tls.IMPLICIT, limits);
        LineClient silent = LineClient.connect(server.port())) {
      await().untilAsserted(() -> assertThat(server.sessions()).hasSize(1));
      server.sessions().forEach(RunningSession::shutdown);
      silent.bytes(1000);
      awaitClosed(server, 1);
    }
  }

  @Test
  void aClientThatNeverReadsCostsLittle() throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient stuck = LineClient.connectTls(server.port(), TestCertificate.clientContext());
        LineClient other = LineClient.connectTls(server.port(), TestCertificate.clientContext())) {
      assertThat(other.line()).isEqualTo("HELLO");
      stuck.send("STREAM 1000000000\r\n");
      for (int i = 0; i < 500; i++) {
        assertThat(other.send("ECHO " + i + "\r\n").line()).isEqualTo("" + i);
      }
      assertThat(world.streamedBytes.get()).isLessThan(16_000_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void doesNotMindHowRecordsAreCutIntoSegments(int segmentInBytes) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.STARTTLS);
        ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread cutting = new Thread(() -> cut(proxy, server.port(), segmentInBytes));
      cutting.setDaemon(true);
      cutting.start();
      try (LineClient plain = LineClient.connect(proxy.getLocalPort())) {
        assertThat(plain.line()).isEqualTo("HELLO");
        assertThat(plain.send("STARTTLS\r\n").line()).isEqualTo("GO");
        LineClient client = plain.tls(TestCertificate.clientContext());
        client.send("DATA 5000\r\n").send("y".repeat(5000)).send("QUIT\r\n");
        assertThat(client.rest()).isEqualTo("GOT 5000 " + 5000 * 'y' + "\r\nBYE\r\n");
      }
      awaitClosed(server, 1);
    }
  }

  /** Passes a connection on, from the client in small segments. */
  private static void cut(ServerSocket proxy, int port, int segmentInBytes) {
    try (Socket client = proxy.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      server.setTcpNoDelay(true);
      Thread back = new Thread(() -> copy(server, client, 65_536));
      back.setDaemon(true);
      back.start();
      copy(client, server, segmentInBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Socket from, Socket to, int segmentInBytes) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] segment = new byte[segmentInBytes];
      for (int size = in.read(segment); size > 0; size = in.read(segment)) {
        out.write(segment, 0, size);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side is gone; so is the other then.
    }
  }
}
