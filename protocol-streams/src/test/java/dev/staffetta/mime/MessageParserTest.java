package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {
  /** RFC 2046 5.1.1, the example of a multipart with an implicit and an explicit text part. */
  private static final String RFC_2046 =
      """
      From: Nathaniel Borenstein <nsb@bellcore.com>
      To: Ned Freed <ned@innosoft.com>
      Date: Sun, 21 Mar 1993 23:56:48 -0800 (PST)
      Subject: Sample message
      MIME-Version: 1.0
      Content-type: multipart/mixed; boundary="simple boundary"

      This is the preamble.  It is to be ignored, though it
      is a handy place for composition agents to include an
      explanatory note to non-MIME conformant readers.

      --simple boundary

      This is implicitly typed plain US-ASCII text.
      It does NOT end with a linebreak.
      --simple boundary
      Content-type: text/plain; charset=us-ascii

      This is explicitly typed plain US-ASCII text.
      It DOES end with a linebreak.

      --simple boundary--

      This is the epilogue.  It is also to be ignored.
      """;

  @Test
  void readsTheExampleOfTheRfc() {
    String message = crlf(RFC_2046);
    MessageSummary summary = parse(message);
    assertThat(summary.headerSize()).isEqualTo(message.indexOf("\r\n\r\n") + 4);
    assertThat(summary.body().type())
        .isEqualTo(
            new ContentType(
                "multipart", "mixed", List.of(new Parameter("boundary", "simple boundary"))));
    List<BodyPart> parts = summary.body().parts();
    assertThat(parts).hasSize(2);
    assertThat(body(message, parts.get(0)))
        .isEqualTo(
            "This is implicitly typed plain US-ASCII text.\r\n"
                + "It does NOT end with a linebreak.");
    assertThat(parts.get(0).lines()).isEqualTo(2);
    assertThat(header(message, parts.get(0))).isEqualTo("\r\n");
    assertThat(body(message, parts.get(1)))
        .isEqualTo(
            "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n");
    assertThat(parts.get(1).lines()).isEqualTo(2);
    assertThat(summary.envelope().subject()).contains("Sample message");
    assertThat(summary.envelope().date()).contains("Sun, 21 Mar 1993 23:56:48 -0800 (PST)");
    assertThat(summary.envelope().from())
        .containsExactly(Address.of("Nathaniel Borenstein", "", "nsb", "bellcore.com"));
  }

  @Test
  void bareLineFeedsAreLineEndsToo() {
    MessageSummary summary = parse(RFC_2046);
    assertThat(body(RFC_2046, summary.body().parts().get(0)))
        .isEqualTo(
            "This is implicitly typed plain US-ASCII text.\nIt does NOT end with a linebreak.");
    assertThat(header(RFC_2046, summary.body())).endsWith("boundary\"\n\n");
  }

  /** RFC 2046 5.1.5: in a digest a part is a message when it does not say otherwise. */
  @Test
  void aDigestHoldsMessages() {
    String message =
        crlf(
            """
            Content-Type: multipart/digest; boundary="----- next message ----"

            ------- next message ----

            From: someone-else@example.com
            Subject: my opinion

            body of message 1
            ------- next message ----
            Content-Type: text/plain

            not a message
            ------- next message ------
            """);
    List<BodyPart> parts = parse(message).body().parts();
    assertThat(parts).hasSize(2);
    assertThat(parts.get(0).type().is("message", "rfc822")).isTrue();
    BodyPart.EmbeddedMessage embedded = parts.get(0).message().orElseThrow();
    assertThat(embedded.envelope().subject()).contains("my opinion");
    assertThat(body(message, embedded.body())).isEqualTo("body of message 1");
    assertThat(parts.get(0).bodyOffset()).isEqualTo(embedded.body().headerOffset());
    assertThat(parts.get(0).lines()).isEqualTo(4);
    assertThat(parts.get(1).type().is("text", "plain")).isTrue();
  }

  @Test
  void aMessageWithoutAnEmptyLineIsAllHeader() {
    MessageSummary summary = parse("Subject: x\r\nTo: a@b");
    assertThat(summary.headerSize()).isEqualTo(19);
    assertThat(summary.body().bodySize()).isZero();
    assertThat(summary.envelope().to()).containsExactly(Address.of("", "", "a", "b"));
  }

  @Test
  void aMessageThatBeginsWithAnEmptyLineHasAnEmptyHeader() {
    MessageSummary summary = parse("\r\nSubject: x\r\n");
    assertThat(summary.headerSize()).isEqualTo(2);
    assertThat(summary.body().bodySize()).isEqualTo(12);
    assertThat(summary.body().lines()).isEqualTo(1);
    assertThat(summary.envelope().subject()).isEmpty();
  }

  @Test
  void nothingIsAMessageToo() {
    MessageSummary summary = new MessageParser().finish();
    assertThat(summary.size()).isZero();
    assertThat(summary.headerSize()).isZero();
    assertThat(summary.body().lines()).isZero();
  }

  /**
   * A line of white space goes on with the field before it (RFC 5322 4.2), and is no empty line.
   */
  @Test
  void aLineOfWhiteSpaceDoesNotEndTheHeader() {
    MessageSummary summary = parse("Subject: a\r\n \r\n\tb\r\n\r\nbody");
    assertThat(summary.envelope().subject()).contains("a \tb");
    assertThat(summary.body().bodySize()).isEqualTo(4);
  }

  /** RFC 2046 5.1.1: a boundary line of an outer multipart ends the inner ones. */
  @Test
  void anOuterBoundaryEndsInnerMultiparts() {
    String message =
        crlf(
            """
            Content-Type: multipart/mixed; boundary=outer

            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner

            one
            --outer

            two
            --outer--
            """);
    List<BodyPart> parts = parse(message).body().parts();
    assertThat(parts).hasSize(2);
    assertThat(body(message, parts.get(0))).isEqualTo("--inner\r\n\r\none");
    assertThat(body(message, parts.get(0).parts().get(0))).isEqualTo("one");
    assertThat(body(message, parts.get(1))).isEqualTo("two");
  }

  @Test
  void aPartBetweenTheDelimitersOfTwoMultipartsLiesWithinTheInnerOne() {
    String message =
        crlf(
            """
            Content-Type: multipart/mixed; boundary=outer

            --outer
            Content-Type: multipart/digest; boundary=inner

            --inner
            --outer--
            """);
    BodyPart inner = parse(message).body().parts().get(0);
    long end = inner.bodyOffset() + inner.bodySize();
    assertThat(body(message, inner)).isEqualTo("--inner");
    assertThat(inner.parts()).hasSize(1);
    assertThat(inner.parts().get(0).headerOffset()).isEqualTo(end);
    assertThat(inner.parts().get(0).bodySize()).isZero();
    assertThat(inner.parts().get(0).message().orElseThrow().body().headerOffset()).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({"b,b1", "b1,b", "b,b-", "b-,b", "b,b--", "b,B"})
  void boundariesThatBeginAlikeAreToldApart(String outer, String inner) {
    String message =
        crlf(
            """
            Content-Type: multipart/mixed; boundary=OUTER

            --OUTER
            Content-Type: multipart/alternative; boundary=INNER

            --INNER

            one
            --INNER

            two
            --INNER--
            --OUTER

            three
            --OUTER--
            """
                .replace("OUTER", outer)
                .replace("INNER", inner));
    List<BodyPart> parts = parse(message).body().parts();
    assertThat(parts).hasSize(2);
    assertThat(parts.get(0).parts())
        .extracting(p -> body(message, p))
        .containsExactly("one", "two");
    assertThat(body(message, parts.get(1))).isEqualTo("three");
  }

  @Test
  void anUnterminatedMultipartGoesToTheEnd() {
    String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\ntwo";
    BodyPart part = parse(message).body().parts().get(0);
    assertThat(body(message, part)).isEqualTo("one\r\ntwo");
    assertThat(part.lines()).isEqualTo(2);
  }

  @Test
  void aCloseDelimiterAtTheVeryEndNeedsNoLineEnd() {
    String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--";
    assertThat(body(message, parse(message).body().parts().get(0))).isEqualTo("one");
  }

  @Test
  void aPartMayLackItsHeaderItsBodyOrBoth() {
    String message =
        crlf(
            """
            Content-Type: multipart/mixed; boundary=b

            --b
            --b
            Content-ID: <1>
            --b
            Content-ID: <2>

            --b


            --b--
            """);
    List<BodyPart> parts = parse(message).body().parts();
    assertThat(parts)
        .extracting(p -> header(message, p) + "|" + body(message, p))
        .containsExactly("|", "Content-ID: <1>\r\n|", "Content-ID: <2>\r\n\r\n|", "\r\n|");
  }

  @Test
  void whatFollowsACloseDelimiterIsEpilogueEvenIfItLooksLikeAPart() {
    String message =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo";
    assertThat(parse(message).body().parts()).hasSize(1);
  }

  /** A multipart whose field is not valid is text/plain (RFC 2045 5.2). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/mixed",
        "multipart/mixed; boundary=",
        "multipart/mixed; boundary=\"\"",
        "text",
        "/plain",
        "text/",
        "",
        ";;;",
        "=?utf-8?q?text/html?="
      })
  void anInvalidContentTypeIsPlainText(String type) {
    String message = "Content-Type: " + type + "\r\n\r\n--\r\nx\r\n";
    assertThat(parse(message).body().type()).isEqualTo(ContentType.DEFAULT);
  }

  @Test
  void theFirstOfTwoFieldsCountsButRecipientsAreJoined() {
    MessageEnvelope envelope =
        parse(
                "Subject: one\r\nSubject: two\r\nTo: a@x\r\nTo: b@x\r\nFrom: c@x\r\nFrom: d@x\r\n\r\n")
            .envelope();
    assertThat(envelope.subject()).contains("one");
    assertThat(envelope.to()).extracting(a -> a.mailbox().orElseThrow()).containsExactly("a", "b");
    assertThat(envelope.from()).extracting(a -> a.mailbox().orElseThrow()).containsExactly("c");
  }

  @Test
  void aMissingFieldIsNotAnEmptyOne() {
    MessageEnvelope envelope = parse("Subject:\r\nTo: \r\n\r\n").envelope();
    assertThat(envelope.subject()).contains("");
    assertThat(envelope.date()).isEmpty();
    assertThat(envelope.to()).isEmpty();
  }

  @Test
  void readsAllFieldsOfABody() {
    BodyPart part =
        parse(
                crlf(
                    """
                    Content-Type: Text/X-Foo; Charset="utf\\"-8"; format=flowed
                    Content-Transfer-Encoding: Quoted-Printable (really)
                    Content-ID: <id@x>
                    Content-Description: some
                     text
                    Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
                    Content-Disposition: ATTACHMENT; filename*0*=us-ascii'en'a%20; filename*1=b
                    Content-Language: en, de-CH (Swiss)
                    Content-Location: http://example.com/x

                    """))
            .body();
    assertThat(part.type())
        .isEqualTo(
            new ContentType(
                "text",
                "x-foo",
                List.of(new Parameter("charset", "utf\"-8"), new Parameter("format", "flowed"))));
    assertThat(part.encoding()).contains("quoted-printable");
    assertThat(part.id()).contains("<id@x>");
    assertThat(part.description()).contains("some text");
    assertThat(part.md5()).contains("Q2hlY2sgSW50ZWdyaXR5IQ==");
    assertThat(part.disposition())
        .contains(
            new ContentDisposition(
                "attachment",
                List.of(
                    new Parameter("filename*0*", "us-ascii'en'a%20"),
                    new Parameter("filename*1", "b"))));
    assertThat(part.languages()).containsExactly("en", "de-CH");
    assertThat(part.location()).contains("http://example.com/x");
  }

  @Test
  void aMessageThatEndsWithinTheHeaderOfAPartStillHasThatPart() {
    String message =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n";
    BodyPart part = parse(message).body().parts().get(0);
    assertThat(part.message().orElseThrow().body().bodySize()).isZero();
    assertThat(part.bodyOffset()).isEqualTo(message.length());
  }

  @Test
  void octetsAbove127AreKeptAsTheyAre() {
    assertThat(parse("Subject: caf\u00c3\u00a9 \u00ff\r\n\r\n").envelope().subject())
        .contains("caf\u00c3\u00a9 \u00ff");
  }

  private static MessageSummary parse(String octets) {
    return MessageParser.parse(ByteString.fromArray(octets.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  private static String header(String message, BodyPart part) {
    return message.substring((int) part.headerOffset(), (int) part.bodyOffset());
  }

  private static String body(String message, BodyPart part) {
    return message.substring((int) part.bodyOffset(), (int) (part.bodyOffset() + part.bodySize()));
  }
}
