package dev.staffetta.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.Service;
import dev.staffetta.mime.generated.MessageShape;
import dev.staffetta.node.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of 1,000 shapes come out byte for byte as they went in, whole and in pieces. */
class GeneratedShapesTest {
  private static final String BY_SMTP = "smtp@example.com";
  private static final String BY_APPEND = "append@example.com";

  /** What delivery puts before a message (RFC 5321 4.4). */
  private static final String TRACE =
      "Return-Path: <sender@example\\.net>\r\nReceived: [^\r\n]*(\r\n[ \t][^\r\n]*)*\r\n";

  /** What is no field's beginning belongs to the text, and an empty line goes before that. */
  private static final Pattern WITHOUT_HEADER = Pattern.compile("[^:\r\n]*\r\n");

  private static TestNode node;

  @BeforeAll
  static void fill(@TempDir Path data) throws Exception {
    node = TestNode.start(data);
    node.addAccount(BY_SMTP, TestNode.PASSWORD);
    node.addAccount(BY_APPEND, TestNode.PASSWORD);
    try (SmtpSender smtp = new SmtpSender(node.port(Service.SMTP));
        ImapReader imap = imap(BY_APPEND)) {
      for (int seed = 0; seed < MessageShape.COUNT; seed++) {
        smtp.send(BY_SMTP, shape(seed));
        imap.append("INBOX", "", shape(seed));
      }
    }
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whatIsAppendedIsFetchedWholeAndInPieces() throws Exception {
    try (ImapReader imap = imap(BY_APPEND)) {
      assertThat(imap.command("EXAMINE INBOX")).contains("* 1000 EXISTS");
      for (int seed = 0; seed < MessageShape.COUNT; seed++) {
        byte[] shape = shape(seed);
        assertSame(seed, imap.fetch(seed + 1, "BODY.PEEK[]").get("BODY[]"), shape);
        assertSame(seed, pieces(imap, seed + 1, shape.length, new Random(seed)), shape);
        assertSame(seed, headerAndText(imap, seed + 1), shape);
      }
    }
  }

  @Test
  void whatIsSentIsFetchedWholeAndInPiecesBehindItsTrace() throws Exception {
    try (ImapReader imap = imap(BY_SMTP)) {
      assertThat(imap.command("EXAMINE INBOX")).contains("* 1000 EXISTS");
      for (int seed = 0; seed < MessageShape.COUNT; seed++) {
        byte[] whole = imap.fetch(seed + 1, "BODY.PEEK[]").get("BODY[]");
        assertSame(seed, withoutTrace(seed, whole), shape(seed));
        assertSame(seed, pieces(imap, seed + 1, whole.length, new Random(seed)), whole);
        assertSame(seed, headerAndText(imap, seed + 1), whole);
      }
    }
  }

  @Test
  void whatIsAppendedIsRetrieved() throws Exception {
    try (Pop3Reader pop3 = pop3(BY_APPEND)) {
      assertThat(pop3.count()).isEqualTo(MessageShape.COUNT);
      for (int seed = 0; seed < MessageShape.COUNT; seed++) {
        assertSame(seed, pop3.retr(seed + 1), shape(seed));
      }
    }
  }

  @Test
  void whatIsSentIsRetrievedBehindItsTrace() throws Exception {
    try (Pop3Reader pop3 = pop3(BY_SMTP)) {
      assertThat(pop3.count()).isEqualTo(MessageShape.COUNT);
      for (int seed = 0; seed < MessageShape.COUNT; seed++) {
        assertSame(seed, withoutTrace(seed, pop3.retr(seed + 1)), shape(seed));
      }
    }
  }

  /** Partial fetches of random lengths, some by one command and the last over the end. */
  private static byte[] pieces(ImapReader imap, int number, int size, Random random)
      throws IOException {
    StringBuilder items = new StringBuilder();
    int longest = 1 + random.nextInt(Math.max(1, size / 3));
    for (int offset = 0; offset < size; ) {
      int length = 1 + random.nextInt(longest);
      items.append(" BODY.PEEK[]<").append(offset).append('.').append(length).append('>');
      offset += length;
      if (offset < size && random.nextInt(30) == 0) {
        // A command's line has its limits: what is left in one.
        items.append(" BODY.PEEK[]<").append(offset).append('.').append(size).append('>');
        offset += size;
      }
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Map<String, byte[]> pieces = imap.fetch(number, items.substring(1));
    for (Map.Entry<String, byte[]> piece : pieces.entrySet()) {
      assertThat(piece.getKey())
          .as("the reply's pieces %s to FETCH %d (%s)", pieces.keySet(), number, items)
          .isEqualTo("BODY[]<" + whole.size() + ">");
      whole.writeBytes(piece.getValue());
    }
    return whole.toByteArray();
  }

  private static byte[] headerAndText(ImapReader imap, int number) throws IOException {
    Map<String, byte[]> parts = imap.fetch(number, "BODY.PEEK[HEADER] BODY.PEEK[TEXT]");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(parts.get("BODY[HEADER]"));
    whole.writeBytes(parts.get("BODY[TEXT]"));
    return whole.toByteArray();
  }

  private static byte[] withoutTrace(int seed, byte[] delivered) {
    int trace = delivered.length - shape(seed).length;
    assertThat(trace).as("octets added before %s", MessageShape.of(seed)).isPositive();
    String sent = new String(shape(seed), StandardCharsets.ISO_8859_1);
    String added = new String(delivered, 0, trace, StandardCharsets.ISO_8859_1);
    assertThat(added).matches(WITHOUT_HEADER.matcher(sent).lookingAt() ? TRACE + "\r\n" : TRACE);
    return Arrays.copyOfRange(delivered, trace, delivered.length);
  }

  private static void assertSame(int seed, byte[] actual, byte[] expected) {
    if (!Arrays.equals(actual, expected)) {
      assertThat(new String(actual, StandardCharsets.ISO_8859_1))
          .as("%s", MessageShape.of(seed))
          .isEqualTo(new String(expected, StandardCharsets.ISO_8859_1));
    }
  }

  private static byte[] shape(int seed) {
    return MessageShape.of(seed).bytes().toArray();
  }

  private static ImapReader imap(String account) throws IOException {
    return new ImapReader(node.port(Service.IMAP), account, TestNode.PASSWORD);
  }

  private static Pop3Reader pop3(String account) throws IOException {
    return new Pop3Reader(node.port(Service.POP3), account, TestNode.PASSWORD);
  }
}
