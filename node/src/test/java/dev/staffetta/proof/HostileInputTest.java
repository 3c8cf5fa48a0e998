package dev.staffetta.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.config.Service;
import dev.staffetta.listen.Listeners;
import dev.staffetta.node.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What strangers send that means no good: others go on being served, memory stays bounded, and the
 * log has nothing to frighten an operator.
 */
class HostileInputTest {
  private static final String VICTIM = "victim@example.com";
  private static final Duration STILL_SERVED = Duration.ofSeconds(30);
  private static final int SILENT_CONNECTIONS = 2_000;

  private static TestNode node;
  private static CapturedLog log;
  private static Bystander bystander;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = TestNode.start(data);
    node.addAccount(VICTIM, TestNode.PASSWORD);
    bystander = new Bystander(node, TestNode.ALICE);
    bystander.goesOn();
    log = CapturedLog.begin();
  }

  @AfterAll
  static void stop() throws Exception {
    log.close();
    bystander.leave();
    node.close();
  }

  /** After each attack: nothing of it is left, nothing was logged, and life goes on. */
  @AfterEach
  void lifeGoesOn() throws Exception {
    assertOthersAreServed();
    await("only the bystander is still connected")
        .atMost(Duration.ofSeconds(30))
        .until(() -> connections() == 1);
    assertThat(log.alarming()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"SMTP", "SUBMISSION", "POP3", "IMAP"})
  void randomOctets(Service service) throws Exception {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      byte[] octets = new byte[64 << 10];
      random.nextBytes(octets);
      if (seed % 3 == 0) {
        // Of ends of lines there are more than chance would make.
        for (int i = 0; i < octets.length - 1; i += 1 + random.nextInt(200)) {
          octets[i] = '\r';
          octets[i + 1] = '\n';
        }
      }
      try (LineStream stream = new LineStream(node.port(service))) {
        String replies = replies(stream, octets);
        assertThat(replies).as("seed %d", seed).isNotEmpty().doesNotContain("Exception");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SMTP", "SUBMISSION", "POP3", "IMAP"})
  void aLineThatDoesNotEnd(Service service) throws Exception {
    long before = usedMegabytes();
    byte[] block = "a".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
    try (LineStream stream = new LineStream(node.port(service))) {
      stream.line();
      boolean isTaken = true;
      for (int i = 0; i < 1_000 && isTaken; i++) {
        isTaken = isSent(stream, block);
      }
      assertThat(usedMegabytes() - before).isLessThan(100);
      assertOthersAreServed();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a LOGIN {4294967295}",
        "a LOGIN {99999999999999999999}",
        "a X {0+}{-1}",
      })
  void aHugeLiteralBeforeLogin(String command) throws Exception {
    try (LineStream stream = new LineStream(node.port(Service.IMAP))) {
      stream.line();
      stream.line(command);
      assertThat(stream.line()).matches("(a (NO|BAD) |\\* (BAD|BYE) ).*");
      assertOthersAreServed();
    }
  }

  /** It may be read and thrown away, or the connection be closed (RFC 7888 4); not be kept. */
  @Test
  void aHugeLiteralThatDoesNotWait() throws Exception {
    byte[] block = "a".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
    long before = usedMegabytes();
    try (LineStream stream = new LineStream(node.port(Service.IMAP))) {
      stream.line();
      stream.line("a LOGIN {" + (1_000 * block.length) + "+}");
      boolean isTaken = true;
      for (int i = 0; i < 1_000 && isTaken; i++) {
        isTaken = isSent(stream, block);
        if (i % 200 == 0) {
          assertThat(usedMegabytes() - before).isLessThan(100);
          assertOthersAreServed();
        }
      }
      if (isTaken) {
        stream.line("");
        assertThat(stream.line()).matches("(a (NO|BAD) |\\* (BAD|BYE) ).*");
      }
    }
  }

  @Test
  void aHugeMessage() throws Exception {
    byte[] block = "line of a message\r\n".repeat(3_000).getBytes(StandardCharsets.US_ASCII);
    int blocks = 1_100;
    long before = usedMegabytes();
    try (ImapReader imap = victim()) {
      imap.stream().line("x APPEND INBOX {4294967295}");
      assertThat(imap.stream().line()).startsWith("x NO [TOOBIG]");
      imap.stream().line("y APPEND INBOX {" + (blocks * block.length) + "+}");
      for (int i = 0; i < blocks && isSent(imap.stream(), block); i++) {
        if (i % 100 == 0) {
          assertThat(usedMegabytes() - before).isLessThan(100);
        }
      }
      imap.stream().line("");
      assertThat(imap.stream().line()).matches("y (NO|BAD) .*|\\* BYE .*");
    }
    try (LineStream smtp = new LineStream(node.port(Service.SMTP))) {
      smtp.expect("220");
      smtp.line("HELO client.example.net");
      smtp.expect("250");
      smtp.line("MAIL FROM:<x@example.net> SIZE=99999999999999999999");
      assertThat(smtp.line()).startsWith("5");
      smtp.line("MAIL FROM:<x@example.net>");
      smtp.expect("250");
      smtp.line("RCPT TO:<" + VICTIM + ">");
      smtp.expect("250");
      smtp.line("DATA");
      smtp.expect("354");
      for (int i = 0; i < blocks; i++) {
        assertThat(isSent(smtp, block)).isTrue();
      }
      smtp.line(".");
      smtp.expect("552");
    }
    assertThat(usedMegabytes() - before).isLessThan(100);
  }

  @Test
  void messagesThatAreNestedDeeply() throws Exception {
    String multiparts =
        nested(20_000, i -> "Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i);
    String messages = nested(20_000, i -> "Content-Type: message/rfc822\r\n");
    List<String> hostile =
        List.of(
            multiparts,
            messages,
            "From: " + "(".repeat(900) + "\r\n" + " (((((((((((\r\n".repeat(20_000) + "\r\n",
            "To: " + "a:b@c,\r\n ".repeat(50_000) + "\r\n\r\n",
            "Content-Type: x/y" + ";\r\n a*0*=b''%00".repeat(50_000) + "\r\n\r\n",
            "References: <x@y>\r\n".repeat(50_000) + "\r\n",
            "Subject: " + "=?utf-8?q?=C3?=\r\n ".repeat(20_000) + "\r\n\r\n");
    try (ImapReader imap = victim()) {
      imap.command("CREATE Nested");
      for (String message : hostile) {
        imap.append("Nested", "", message.getBytes(StandardCharsets.US_ASCII));
        try (SmtpSender smtp = new SmtpSender(node.port(Service.SMTP))) {
          smtp.send(VICTIM, message.getBytes(StandardCharsets.US_ASCII));
        }
      }
      for (String mailbox : List.of("Nested", "INBOX")) {
        imap.command("SELECT " + mailbox);
        for (String command :
            List.of(
                "FETCH 1:* (RFC822.SIZE BODY)",
                "FETCH 1:* BODYSTRUCTURE",
                "SEARCH OR TEXT nowhere OR FROM nobody TO none",
                "SORT (SUBJECT) UTF-8 ALL",
                "FETCH 1:* (ENVELOPE BODY.PEEK[1.1.1.1.1.1.1.1.MIME])")) {
          imap.stream().line("x " + command);
          assertThat(tagged(imap.stream())).matches("x (OK|NO|BAD) .*");
        }
      }
      assertOthersAreServed();
    }
  }

  private interface Level {
    String header(int depth);
  }

  private static String nested(int depth, Level level) {
    StringBuilder message = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      message.append(level.header(i)).append("\r\n");
    }
    return message.append("\r\nthe heart\r\n").toString();
  }

  private static String tagged(LineStream stream) throws IOException {
    String line = stream.line();
    while (!line.startsWith("x ")) {
      line = stream.line();
    }
    return line;
  }

  @Test
  void clientsThatVanish() throws Exception {
    Map<Service, String> unfinished =
        Map.of(
            Service.SMTP,
            "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<" + VICTIM + ">\r\nDATA\r\nSubject: ",
            Service.SUBMISSION,
            "EHLO x\r\nAUTH PLAIN\r\nAGEA",
            Service.POP3,
            "USER " + VICTIM + "\r\nPASS " + TestNode.PASSWORD + "\r\nRETR 1\r\nUID",
            Service.IMAP,
            "a LOGIN "
                + VICTIM
                + " "
                + TestNode.PASSWORD
                + "\r\nb SELECT INBOX\r\nc APPEND INBOX {1000+}\r\nabc");
    List<LineStream> halfOpen = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      for (Map.Entry<Service, String> one : unfinished.entrySet()) {
        LineStream stream = new LineStream(node.port(one.getKey()));
        stream.octets(one.getValue().getBytes(StandardCharsets.US_ASCII));
        stream.flush();
        if (i % 3 == 0) {
          // A reset instead of an orderly end.
          stream.socket().setSoLinger(true, 0);
          stream.close();
        } else if (i % 3 == 1) {
          stream.socket().shutdownOutput();
          halfOpen.add(stream);
        } else {
          stream.close();
        }
      }
    }
    assertOthersAreServed();
    for (LineStream stream : halfOpen) {
      stream.close();
    }
  }

  @Test
  void thousandsThatSayNothing() throws Exception {
    long before = usedMegabytes();
    Service[] services = {Service.SMTP, Service.SUBMISSION, Service.POP3, Service.IMAP};
    List<SocketChannel> silent = new ArrayList<>();
    try {
      for (int i = 0; i < SILENT_CONNECTIONS; i++) {
        silent.add(
            SocketChannel.open(
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), node.port(services[i % 4]))));
      }
      for (SocketChannel channel : silent) {
        assertThat(channel.read(ByteBuffer.allocate(4))).as("a greeting's beginning").isPositive();
      }
      assertThat(connections()).isEqualTo(SILENT_CONNECTIONS + 1);
      long each = (usedMegabytes() - before) * 1024 / SILENT_CONNECTIONS;
      System.out.printf("  %d KB of heap for a connection that says nothing%n", each);
      assertThat(each).isLessThan(100);
      assertOthersAreServed();
    } finally {
      for (SocketChannel channel : silent) {
        channel.close();
      }
    }
  }

  @Test
  void readersThatDoNotRead() throws Exception {
    byte[] large =
        "x"
            .repeat(1 << 20)
            .replaceAll("x{70}", "$0\r\n")
            .concat("\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    String slow = "slow@example.com";
    node.addAccount(slow, TestNode.PASSWORD);
    try (ImapReader imap = new ImapReader(node.port(Service.IMAP), slow, TestNode.PASSWORD)) {
      for (int i = 0; i < 30; i++) {
        imap.append("INBOX", "", large);
      }
    }
    long before = usedMegabytes();
    List<AutoCloseable> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        ImapReader imap = new ImapReader(node.port(Service.IMAP), slow, TestNode.PASSWORD);
        stuck.add(imap);
        imap.command("EXAMINE INBOX");
        imap.stream().line("x FETCH 1:* BODY.PEEK[]");
      }
      Pop3Reader pop3 = new Pop3Reader(node.port(Service.POP3), slow, TestNode.PASSWORD);
      stuck.add(pop3);
      pop3.command("RETR 1\r\nRETR 2\r\nRETR 3\r\nRETR 4\r\nRETR 5\r\nRETR 6\r\nRETR 7");
      for (int i = 0; i < 3; i++) {
        assertOthersAreServed();
      }
      long used = usedMegabytes() - before;
      System.out.printf("  %d MB of heap for 50 readers of 30 MB that do not read%n", used);
      assertThat(used).isLessThan(200);
    } finally {
      for (AutoCloseable one : stuck) {
        one.close();
      }
    }
  }

  private static ImapReader victim() throws IOException {
    return new ImapReader(node.port(Service.IMAP), VICTIM, TestNode.PASSWORD);
  }

  private static void assertOthersAreServed() throws IOException {
    assertThat(bystander.goesOn()).isLessThan(STILL_SERVED);
  }

  private static int connections() {
    return node.node().listeners().stream().mapToInt(Listeners.Status::connections).sum();
  }

  /** Sends all and ends; what the server said up to its end. */
  private static String replies(LineStream stream, byte[] octets) throws IOException {
    if (isSent(stream, octets)) {
      stream.socket().shutdownOutput();
    }
    try {
      return new String(stream.rest(), StandardCharsets.ISO_8859_1);
    } catch (SocketException closed) {
      // It had enough before all was sent.
      return "closed";
    }
  }

  private static boolean isSent(LineStream stream, byte[] octets) {
    try {
      stream.octets(octets);
      stream.flush();
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  private static long usedMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
