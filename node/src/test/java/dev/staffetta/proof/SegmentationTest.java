package dev.staffetta.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.Service;
import dev.staffetta.node.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a client's octets are cut into segments of TCP, the replies are the same. */
class SegmentationTest {
  private static final String SMTP =
      """
      EHLO client.example.net
      MAIL FROM:<a@example.net>
      RCPT TO:<nobody@example.com>
      RCPT TO:<alice@example.com>
      DATA
      Subject: dots

      ..
      ...and more
      .
      nonsense
      MAIL FROM:<b@example.net> BODY=8BITMIME
      RCPT TO:<alice@example.com>
      BDAT 10 LAST
      12345678
      RSET
      QUIT
      """;

  private static final String POP3 =
      """
      CAPA
      nonsense
      USER read@example.com
      PASS correct-horse-battery
      STAT
      UIDL 1
      RETR 1
      TOP 1 0
      RETR 9
      DELE 1
      RSET
      QUIT
      """;

  private static final String IMAP =
      """
      a1 LOGIN {16+}
      read@example.com {21+}
      correct-horse-battery
      a2 SELECT INBOX
      a3 FETCH 1 (FLAGS ENVELOPE BODY.PEEK[] BODY.PEEK[TEXT]<3.4>)

      nonsense
      a4 APPEND none (\\Seen) {14+}
      Subject: x


      a5 SEARCH SUBJECT {5+}
      hello
      a6 SEARCH {99999+
      a7 LOGIN {9000000000}
      a8 IDLE
      DONE
      a9 LOGOUT
      """;

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = TestNode.start(data);
    node.addAccount("read@example.com", TestNode.PASSWORD);
    try (ImapReader imap =
        new ImapReader(node.port(Service.IMAP), "read@example.com", TestNode.PASSWORD)) {
      imap.append(
          "INBOX",
          "(\\Seen) ",
          "Subject: hello\r\n\r\n.\r\nText\r\n".getBytes(StandardCharsets.US_ASCII));
      // Takes \Recent from it, so that each session sees the same.
      imap.command("SELECT INBOX");
    }
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({"SMTP, 221 ", "POP3, +OK", "IMAP, a9 OK"})
  void theCutsDoNotMatter(Service service, String lastReply) throws Exception {
    String expected = replies(service, () -> Integer.MAX_VALUE);
    assertThat(expected.lines()).last().asString().startsWith(lastReply);
    assertThat(replies(service, () -> 1)).as("octet by octet").isEqualTo(expected);
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      assertThat(replies(service, () -> 1 + random.nextInt(40)))
          .as("in pieces of seed %d", seed)
          .isEqualTo(expected);
    }
  }

  /** All that the server says, but for names that it gives each message anew. */
  private static String replies(Service service, IntSupplier sizes) throws IOException {
    byte[] said = said(service).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (LineStream stream = new LineStream(node.port(service))) {
      for (int from = 0; from < said.length; ) {
        int size = Math.min(sizes.getAsInt(), said.length - from);
        stream.octets(Arrays.copyOfRange(said, from, from + size));
        stream.flush();
        from += size;
      }
      return new String(stream.rest(), StandardCharsets.ISO_8859_1)
          .replaceAll("accepted \\p{XDigit}+", "accepted (its name)");
    }
  }

  private static String said(Service service) {
    if (service == Service.SMTP) {
      return SMTP;
    }
    return service == Service.POP3 ? POP3 : IMAP;
  }
}
