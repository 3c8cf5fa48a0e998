package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten megabytes of each thing that has ever made a parser slow, deep or large. */
class HostileMessageTest {
  private static final int SIZE = 10_000_000;

  private static final String MULTIPART = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";

  /** A beginning, and what is repeated after it. */
  enum Attack {
    BOUNDARY_LINES(MULTIPART, "--b\r\n"),
    ALMOST_BOUNDARY_LINES(MULTIPART, "--c\r\n"),
    HYPHENS(MULTIPART, "--"),
    HYPHEN_LINES(MULTIPART, "-\n"),
    MULTIPARTS_IN_MULTIPARTS("", MULTIPART + "--b\r\n"),
    MESSAGES_IN_MESSAGES("", "Content-Type: message/rfc822\r\n\r\n"),
    DIGESTS("", "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n"),
    ONE_FIELD_OF_MANY_LINES("Subject:", " x\r\n"),
    LINES_OF_WHITE_SPACE("To:", " \r\n"),
    MANY_FIELDS("", "X: y\r\n"),
    MANY_KNOWN_FIELDS("", "To: a@b\r\n"),
    A_FIELD_WITHOUT_A_COLON("", "x"),
    COMMENTS("To: ", "("),
    CLOSED_COMMENTS("To: ", "()"),
    QUOTES("To: ", "\""),
    ANGLES("To: ", "<"),
    ROUTES("To: <", "@a,"),
    BRACKETS("To: ", "["),
    COMMAS("To: ", ","),
    ADDRESSES("To: ", "a,"),
    GROUPS("To: ", "a:;"),
    COLONS_AFTER_WORDS("To: " + "a ".repeat(16_000) + "@", ":"),
    PARTS_FULL_OF_PARAMETERS(
        MULTIPART, "--b\r\nContent-Type: a/b" + ";a=b".repeat(64) + "\r\n\r\n"),
    MESSAGES_FULL_OF_ADDRESSES(
        "Content-Type: multipart/digest; boundary=b\r\n\r\n",
        "--b\r\n\r\nTo: " + "a,".repeat(500) + "\r\n\r\n"),
    BACKSLASHES("To: \"", "\\"),
    ENCODED_WORD_BEGINNINGS("To: ", "=?"),
    ENCODED_WORDS("Subject: ", "=?utf-8?q?a?="),
    PARAMETERS("Content-Type: text/plain", ";a=b"),
    LANGUAGES("Content-Language: ", "a,"),
    NULS("", "\0"),
    CARRIAGE_RETURNS("", "\r"),
    LINE_FEEDS("", "\n"),
    NO_LINE_END("\r\n", "x");

    private final String start;
    private final String repeated;

    Attack(String start, String repeated) {
      this.start = start;
      this.repeated = repeated;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isReadInLinearTimeAndLittleMemory(Attack attack) {
    byte[] message =
        (attack.start + attack.repeated.repeat(SIZE / attack.repeated.length()))
            .getBytes(StandardCharsets.ISO_8859_1);
    MessageSummary summary =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> parse(message));
    assertThat(summary.size()).isEqualTo(message.length);
    assertThat(summary.toBytes().length).isLessThan(300_000);
    assertThat(parts(summary.body())).isLessThanOrEqualTo(MimeLimits.DEFAULT.parts());
    assertThat(depth(summary.body())).isLessThanOrEqualTo(MimeLimits.DEFAULT.depth());
    assertThat(objects(summary.body())).isLessThan(4000);
    assertThat(MessageSummary.fromBytes(summary.toBytes())).isEqualTo(summary);
    String subject = summary.envelope().subject().orElse("");
    assertThat(EncodedWords.decode(subject).length()).isLessThanOrEqualTo(subject.length());
  }

  /** The worst that nested boundaries can do: many of them, all alike but for their end. */
  @Test
  void manyOpenBoundariesThatAlmostMatchDoNotMakeItSlow() {
    StringBuilder message = new StringBuilder();
    String alike = "a".repeat(240);
    for (int i = 0; i < 60; i++) {
      String boundary = alike + (char) ('A' + i % 26) + (char) ('A' + i / 26);
      message.append("Content-Type: multipart/mixed; boundary=").append(boundary);
      message.append("\r\n\r\n--").append(boundary).append("\r\n");
    }
    message.append("\r\n");
    String line = "--" + alike + "\r\n";
    message.append(line.repeat(SIZE / line.length()));
    byte[] bytes = message.toString().getBytes(StandardCharsets.ISO_8859_1);
    MessageSummary summary =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> parse(bytes));
    assertThat(depth(summary.body())).isEqualTo(61);
  }

  /** Beyond the limits the message is still whole: one opaque part holds the rest. */
  @Test
  void whatIsTooMuchIsOneOpaquePart() {
    byte[] message =
        (MULTIPART + "--b\r\n\r\nx\r\n".repeat(20)).getBytes(StandardCharsets.US_ASCII);
    MessageParser parser = new MessageParser(new MimeLimits(64, 11, 1000, 1000, 1000, 10, 10));
    parser.offer(message, 0, message.length);
    BodyPart body = parser.finish().body();
    assertThat(body.parts()).hasSize(10);
    BodyPart last = body.parts().get(9);
    assertThat(last.type()).isEqualTo(ContentType.OPAQUE);
    assertThat(last.bodyOffset()).isEqualTo(MULTIPART.length() + 9 * 10 + 5);
    assertThat(last.bodyOffset() + last.bodySize()).isEqualTo(message.length);
    assertThat(last.lines()).isEqualTo(10 * 3 + 2);
  }

  @Test
  void whatIsTooDeepIsOneOpaquePart() {
    byte[] message = MULTIPART.concat("--b\r\n").repeat(6).getBytes(StandardCharsets.US_ASCII);
    MessageParser parser = new MessageParser(new MimeLimits(4, 100, 1000, 1000, 1000, 10, 10));
    parser.offer(message, 0, message.length);
    BodyPart body = parser.finish().body();
    assertThat(depth(body)).isEqualTo(4);
    assertThat(body.parts().get(0).parts().get(0).parts().get(0).type())
        .isEqualTo(ContentType.OPAQUE);
  }

  private static MessageSummary parse(byte[] message) {
    MessageParser parser = new MessageParser();
    for (int i = 0; i < message.length; i += 65_536) {
      parser.offer(message, i, Math.min(message.length, i + 65_536));
    }
    return parser.finish();
  }

  private static int parts(BodyPart part) {
    int inner = part.parts().stream().mapToInt(HostileMessageTest::parts).sum();
    return 1 + inner + part.message().map(m -> parts(m.body())).orElse(0);
  }

  /** Parts, parameters and addresses: what takes memory. */
  private static int objects(BodyPart part) {
    int own = 1 + part.type().parameters().size();
    int inner = part.parts().stream().mapToInt(HostileMessageTest::objects).sum();
    return own
        + inner
        + part.message().map(m -> m.envelope().to().size() + objects(m.body())).orElse(0);
  }

  private static int depth(BodyPart part) {
    IntStream inner =
        IntStream.concat(
            part.parts().stream().mapToInt(HostileMessageTest::depth),
            part.message().stream().mapToInt(m -> depth(m.body())));
    return 1 + inner.max().orElse(0);
  }
}
