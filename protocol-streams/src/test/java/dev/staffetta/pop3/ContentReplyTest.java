package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** How the bytes of a message become the lines of a response: dot-stuffing and TOP. */
class ContentReplyTest {
  @Test
  void aDotAtTheStartOfALineIsDoubled() {
    assertThat(stuff(".\r\n..\r\na.b\r\n.c\r\n", 1)).isEqualTo("..\r\n...\r\na.b\r\n..c\r\n.\r\n");
  }

  @Test
  void whatDoesNotEndInCrlfGetsIt() {
    assertThat(stuff("", 1)).isEqualTo(".\r\n");
    assertThat(stuff("a", 1)).isEqualTo("a\r\n.\r\n");
    assertThat(stuff("a\n", 1)).isEqualTo("a\n\r\n.\r\n");
    assertThat(stuff("\n", 1)).isEqualTo("\n\r\n.\r\n");
    assertThat(stuff("a\r", 1)).isEqualTo("a\r\r\n.\r\n");
    assertThat(stuff("a\r\n", 1)).isEqualTo("a\r\n.\r\n");
    assertThat(stuff("\r\n", 2)).isEqualTo("\r\n.\r\n");
  }

  /** What comes after the end of the response would be the next one to such a client. */
  @Test
  void aClientThatEndsLinesAtLfIsNotMisled() {
    assertThat(stuff("a\n.\r\n+OK 1 1\r\n", 3)).isEqualTo("a\n..\r\n+OK 1 1\r\n.\r\n");
  }

  @Property
  void stuffingIsUndoneByTheClient(
      @ForAll("messages") String message, @ForAll @IntRange(min = 1, max = 9) int chunkSize) {
    String crlf = message.replaceAll("\r?\n", "\r\n").replaceAll("\r(?!\n)", "");
    String lines = crlf.isEmpty() || crlf.endsWith("\r\n") ? crlf : crlf + "\r\n";
    assertThat(unstuff(stuff(crlf, chunkSize))).isEqualTo(lines);
  }

  @Property
  void theResponseEndsWhereItEndsForEveryClient(
      @ForAll("messages") String message, @ForAll @IntRange(min = 1, max = 9) int chunkSize) {
    String response = stuff(message, chunkSize);
    assertThat(("\r\n" + response).indexOf("\r\n.\r\n")).isEqualTo(response.length() - 3);
    // One that takes LF for the end of a line, with or without a CR before it.
    List<String> lines = List.of(response.replace("\r\n", "\n").split("\n", -1));
    assertThat(lines.indexOf(".")).isEqualTo(lines.size() - 2);
    assertThat(response.length()).isGreaterThanOrEqualTo(message.length() + 3);
  }

  @Test
  void topIsTheHeaderTheBlankLineAndSomeLines() {
    String message = "A: b\r\n c\r\n\r\none\r\n\r\nthree\r\n";
    assertThat(top(message, 0)).isEqualTo("A: b\r\n c\r\n\r\n");
    assertThat(top(message, 1)).isEqualTo("A: b\r\n c\r\n\r\none\r\n");
    assertThat(top(message, 2)).isEqualTo("A: b\r\n c\r\n\r\none\r\n\r\n");
    assertThat(top(message, 3)).isEqualTo(message);
    assertThat(top(message, Integer.MAX_VALUE)).isEqualTo(message);
  }

  @Test
  void topOfOddMessages() {
    assertThat(top("", 0)).isEmpty();
    assertThat(top("A: b\r\n", 0)).isEqualTo("A: b\r\n");
    assertThat(top("A: b", 5)).isEqualTo("A: b");
    assertThat(top("\r\nbody\r\n", 0)).isEqualTo("\r\n");
    assertThat(top("A: b\n\none\ntwo\n", 1)).isEqualTo("A: b\n\none\n");
    assertThat(top("A: b\r\n\r\nlast", 1)).isEqualTo("A: b\r\n\r\nlast");
  }

  @Property
  void topIsAPrefixWithThatManyLines(
      @ForAll("messages") String message, @ForAll @IntRange(min = 0, max = 5) int bodyLines) {
    String top = top(message, bodyLines);
    assertThat(message).startsWith(top);
    String unixTop = top.replace("\r", "");
    // The header, with the line end before it that the message's start stands for.
    int headerEnd = ("\n" + unixTop).indexOf("\n\n") + 1;
    if (headerEnd > 0) {
      long lines = unixTop.substring(headerEnd).chars().filter(c -> c == '\n').count();
      assertThat(lines).isLessThanOrEqualTo(bodyLines);
      assertThat(lines == bodyLines || top.equals(message)).isTrue();
    } else {
      assertThat(top).isEqualTo(message);
    }
  }

  /** Short, of the bytes that matter. */
  @Provide
  Arbitrary<String> messages() {
    return Arbitraries.of("\r\n", "\r\n", "\n", "\r", ".", ".", "a", "\r\n.\r\n")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  private static String stuff(String message, int chunkSize) {
    DotStuffing stuffing = new DotStuffing();
    StringBuilder sent = new StringBuilder();
    for (ByteString chunk : chunks(message, chunkSize)) {
      sent.append(stuffing.stuff(chunk).decodeString(StandardCharsets.ISO_8859_1));
    }
    return sent.append(stuffing.end().utf8String()).toString();
  }

  private static String top(String message, int bodyLines) {
    String whole = top(message, bodyLines, 1000);
    for (int chunkSize = 1; chunkSize < 8; chunkSize++) {
      assertThat(top(message, bodyLines, chunkSize)).isEqualTo(whole);
    }
    return whole;
  }

  private static String top(String message, int bodyLines, int chunkSize) {
    TopOfMessage top = new TopOfMessage(bodyLines);
    StringBuilder sent = new StringBuilder();
    for (ByteString chunk : chunks(message, chunkSize)) {
      sent.append(top.take(chunk).utf8String());
    }
    return sent.toString();
  }

  private static List<ByteString> chunks(String message, int size) {
    List<ByteString> chunks = new ArrayList<>();
    for (int i = 0; i < message.length(); i += size) {
      chunks.add(ByteString.fromString(message.substring(i, Math.min(message.length(), i + size))));
    }
    return chunks;
  }

  /** What a client does, to the letter of RFC 1939 3. */
  private static String unstuff(String response) {
    StringBuilder message = new StringBuilder();
    for (String line : response.split("\r\n", -1)) {
      if (line.equals(".")) {
        return message.toString();
      }
      message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    throw new AssertionError("no end: " + response);
  }
}
