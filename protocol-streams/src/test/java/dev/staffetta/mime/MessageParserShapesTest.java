package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mime.generated.ExpectedPart;
import dev.staffetta.mime.generated.MessageShape;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class MessageParserShapesTest {
  @Test
  void thePartsOfAThousandShapesLieWhereTheyWerePut() {
    for (long seed = 0; seed < MessageShape.COUNT; seed++) {
      MessageShape shape = MessageShape.of(seed);
      ByteString bytes = shape.bytes();
      MessageSummary summary = MessageParser.parse(bytes);
      assertThat(summary.size()).isEqualTo(bytes.size());
      check(shape, shape.root(), summary.body(), bytes);
    }
  }

  private static void check(
      MessageShape shape, ExpectedPart expected, BodyPart part, ByteString bytes) {
    String where = shape + ", " + expected.type() + " at " + expected.headerOffset() + ": ";
    assertThat(part.type().type() + "/" + part.type().subtype())
        .as(where + "type")
        .isEqualTo(expected.type());
    assertThat(part.headerOffset()).as(where + "header").isEqualTo(expected.headerOffset());
    int bodyEnd = Math.max(expected.bodyEnd(), (int) part.bodyOffset());
    assertThat(part.bodyOffset() + part.bodySize()).as(where + "end").isEqualTo(bodyEnd);
    if (expected.bodyEnd() >= expected.bodyOffset()) {
      assertThat(part.bodyOffset()).as(where + "body").isEqualTo(expected.bodyOffset());
    }
    assertThat(part.lines())
        .as(where + "lines")
        .isEqualTo(lines(bytes.slice((int) part.bodyOffset(), bodyEnd)));
    assertThat(part.parts()).as(where + "parts").hasSameSizeAs(expected.parts());
    for (int i = 0; i < expected.parts().size(); i++) {
      check(shape, expected.parts().get(i), part.parts().get(i), bytes);
    }
    assertThat(part.message().stream().toList())
        .as(where + "message")
        .hasSameSizeAs(expected.message());
    part.message().ifPresent(m -> check(shape, expected.message().get(0), m.body(), bytes));
  }

  private static long lines(ByteString body) {
    long count = body.utf8String().chars().filter(c -> c == '\n').count();
    return count + (body.isEmpty() || body.last() == (byte) 10 ? 0 : 1);
  }

  @Property(tries = 300)
  void anyChunkingGivesTheSameSummary(@ForAll("shapes") long seed, @ForAll long cuts) {
    ByteString bytes = MessageShape.of(seed).bytes();
    assertThat(parseInPieces(bytes.toArray(), new Random(cuts)))
        .as(MessageShape.of(seed) + " cut by " + cuts)
        .isEqualTo(MessageParser.parse(bytes));
  }

  @Test
  void byteByByteGivesTheSameSummary() {
    for (long seed = 0; seed < MessageShape.COUNT; seed += 10) {
      byte[] bytes = MessageShape.of(seed).bytes().toArray();
      MessageParser parser = new MessageParser();
      for (int i = 0; i < bytes.length; i++) {
        parser.offer(bytes, i, i + 1);
      }
      assertThat(parser.finish()).isEqualTo(MessageParser.parse(ByteString.fromArray(bytes)));
    }
  }

  /** Random bytes of those that mean something, so that most of them do. */
  @Property(tries = 2000)
  void anyBytesAreAMessageWhateverTheirChunks(
      @ForAll("meaningful") byte[] bytes, @ForAll long cuts) {
    MessageSummary whole = MessageParser.parse(ByteString.fromArray(bytes));
    assertThat(whole.size()).isEqualTo(bytes.length);
    assertLiesWithin(whole.body(), 0, bytes.length);
    assertThat(parseInPieces(bytes, new Random(cuts))).isEqualTo(whole);
    assertThat(MessageSummary.fromBytes(whole.toBytes())).isEqualTo(whole);
  }

  private static void assertLiesWithin(BodyPart part, long from, long to) {
    assertThat(part.headerOffset()).isGreaterThanOrEqualTo(from);
    assertThat(part.bodyOffset() + part.bodySize()).isLessThanOrEqualTo(to);
    assertThat(part.headerSize()).isNotNegative();
    assertThat(part.bodySize()).isNotNegative();
    assertThat(part.lines()).isBetween(0L, part.bodySize());
    long end = part.bodyOffset();
    for (BodyPart inner : part.parts()) {
      assertThat(inner.headerOffset()).isGreaterThanOrEqualTo(end);
      assertLiesWithin(inner, end, part.bodyOffset() + part.bodySize());
      end = inner.bodyOffset() + inner.bodySize();
    }
    part.message()
        .ifPresent(
            m ->
                assertLiesWithin(m.body(), part.bodyOffset(), part.bodyOffset() + part.bodySize()));
  }

  @Test
  void aSummaryOfEveryShapeSurvivesItsStoredForm() {
    for (long seed = 0; seed < MessageShape.COUNT; seed++) {
      MessageSummary summary = MessageParser.parse(MessageShape.of(seed).bytes());
      assertThat(MessageSummary.fromBytes(summary.toBytes())).isEqualTo(summary);
    }
  }

  private static MessageSummary parseInPieces(byte[] bytes, Random random) {
    MessageParser parser = new MessageParser();
    int at = 0;
    while (at < bytes.length) {
      int next = Math.min(bytes.length, at + random.nextInt(random.nextBoolean() ? 4 : 700));
      parser.offer(bytes, at, next);
      at = next;
    }
    return parser.finish();
  }

  @Provide
  Arbitrary<Long> shapes() {
    return Arbitraries.longs().between(1000, 1_000_000);
  }

  @Provide
  Arbitrary<byte[]> meaningful() {
    String[] pieces = {
      "\r\n",
      "\n",
      "\r",
      "--",
      "-",
      "b",
      "--b",
      "--b\r\n",
      "--bb\r\n",
      "--b--\r\n",
      "\r\n\r\n",
      " ",
      "\t",
      ":",
      "Content-Type: multipart/mixed; boundary=b\r\n",
      "Content-Type: multipart/digest; boundary=bb\r\n",
      "Content-Type: message/rfc822\r\n\r\n",
      "Subject: x\r\n",
      "To: a@b",
      ",",
      "<",
      "(",
      ")",
      "\"",
      "=?",
      "\0",
      "\u00ff",
      "text"
    };
    return Arbitraries.of(pieces)
        .list()
        .ofMaxSize(60)
        .map(list -> String.join("", list).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}
