package dev.staffetta.imap.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.FetchItem.BodySection;
import dev.staffetta.imap.fetch.FetchItem.Partial;
import dev.staffetta.imap.fetch.Section.Text;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.PortCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchRendererTest {
  private final FetchFixture mailbox = new FetchFixture();

  @AfterEach
  void close() {
    mailbox.close();
  }

  /** RFC 3501 8, the example session: FETCH 12 FULL, with a body of the same measures. */
  @Test
  void answersTheRfcsExampleOfFull() throws Exception {
    String header =
        """
        Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
        From: Terry Gray <gray@cac.washington.edu>
        Subject: IMAP4rev1 WG mtg summary and minutes
        To: imap@cac.washington.edu
        cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
        Message-Id: <B27397-0100000@cac.washington.edu>
        MIME-Version: 1.0
        Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

        """
            .replace("\n", "\r\n");
    String body = "x".repeat(3028 - 91 * 2 - 2) + "\r\n".repeat(92);
    mailbox.put(header + body, "\\Seen");
    assertThat(
            mailbox.fetch(
                Attribute.FLAGS,
                Attribute.INTERNALDATE,
                Attribute.RFC822_SIZE,
                Attribute.ENVELOPE,
                Attribute.BODY))
        .isEqualTo(
            "* 1 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 09:44:25 +0000\" RFC822.SIZE "
                + (header.length() + 3028)
                + " ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\""
                + " \"IMAP4rev1 WG mtg summary and minutes\""
                + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                + " ((NIL NIL \"imap\" \"cac.washington.edu\"))"
                + " ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
                + "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL"
                + " \"<B27397-0100000@cac.washington.edu>\")"
                + " BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))\r\n");
  }

  /** RFC 3501 7.4.2, the example of a BODY with two parts. */
  @Test
  void answersTheRfcsExampleOfAMultipart() throws Exception {
    mailbox.put(
        """
        Content-Type: MULTIPART/MIXED; BOUNDARY=b

        --b
        Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

        FIRST
        --b
        Content-Type: TEXT/PLAIN; CHARSET=US-ASCII; NAME="cc.diff"
        Content-ID: <960723163407.20117h@cac.washington.edu>
        Content-Description: Compiler diff
        Content-Transfer-Encoding: BASE64

        SECOND
        --b--
        """
            .replace("FIRST", "a".repeat(48) + "\nb".repeat(22) + "c".repeat(1152 - 22 * 3 - 48))
            .replace("SECOND", "a".repeat(100) + "\nb".repeat(72) + "c".repeat(4554 - 72 * 3 - 100))
            .replace("\n", "\r\n"));
    assertThat(mailbox.fetch(Attribute.BODY))
        .isEqualTo(
            "* 1 FETCH (BODY ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152"
                + " 23)(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" \"cc.diff\")"
                + " \"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"BASE64\" 4554"
                + " 73) \"MIXED\"))\r\n");
  }

  @Test
  void extensionDataFollowsInTheOrderOfTheGrammar() throws Exception {
    mailbox.put(
        """
        Content-Type: multipart/mixed; boundary=b
        Content-Language: en, de
        Content-Location: http://x/

        --b
        Content-Disposition: attachment; filename="a b"
        Content-MD5: Q2hlY2s=
        Content-Language: fr

        x
        --b
        Content-Type: image/png

        --b--
        """
            .replace("\n", "\r\n"));
    assertThat(mailbox.fetch(Attribute.BODYSTRUCTURE))
        .isEqualTo(
            "* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL"
                + " \"7BIT\" 1 1 \"Q2hlY2s=\" (\"ATTACHMENT\" (\"FILENAME\" \"a b\")) \"fr\" NIL)"
                + "(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 0 NIL NIL NIL NIL) \"MIXED\""
                + " (\"BOUNDARY\" \"b\") NIL (\"en\" \"de\") \"http://x/\"))\r\n");
  }

  @Test
  void anEmbeddedMessageShowsItsEnvelopeAndStructure() throws Exception {
    mailbox.put("Content-Type: message/rfc822\r\n\r\nSubject: in\r\nFrom: a@b\r\n\r\nhi\r\n");
    assertThat(mailbox.fetch(Attribute.BODY))
        .isEqualTo(
            "* 1 FETCH (BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 30 (NIL \"in\""
                + " ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\"))"
                + " NIL NIL NIL NIL NIL) (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL"
                + " \"7BIT\" 4 1) 4))\r\n");
  }

  /** The grammar knows no multipart without parts (RFC 3501 9): an empty text stands for them. */
  @Test
  void aMultipartWithoutPartsShowsAnEmptyOne() throws Exception {
    mailbox.put("Content-Type: multipart/mixed; boundary=b\r\n\r\nno boundary\r\n");
    assertThat(mailbox.fetch(Attribute.BODY, section("1"), section("2"), section("1.MIME")))
        .isEqualTo(
            "* 1 FETCH (BODY ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 0 0)"
                + " \"MIXED\") BODY[1] {0}\r\n BODY[2] NIL BODY[1.MIME] {0}\r\n)\r\n");
  }

  /**
   * RFC 9051 7.5.2: quotes and backslashes are escaped, what no quoted string holds is a literal.
   */
  @Test
  void stringsAreQuotedOrLiterals() throws Exception {
    mailbox.put(
        "Subject: say \"a\\b\"\r\nMessage-ID: caf\u00e9\r\nIn-Reply-To:\r\nFrom: \"q\\\"q\" <a@b>\r\n\r\n");
    assertThat(mailbox.fetch(Attribute.ENVELOPE))
        .isEqualTo(
            "* 1 FETCH (ENVELOPE (NIL \"say \\\"a\\\\b\\\"\" ((\"q\\\"q\" NIL \"a\" \"b\"))"
                + " ((\"q\\\"q\" NIL \"a\" \"b\")) ((\"q\\\"q\" NIL \"a\" \"b\")) NIL NIL NIL \"\""
                + " {4}\r\ncaf\u00e9))\r\n");
  }

  @Test
  void groupsAreShownWithTheirMarks() throws Exception {
    mailbox.put("To: A Group:a@b;, c@d\r\n\r\n");
    assertThat(mailbox.fetch(Attribute.ENVELOPE))
        .contains(
            "((NIL NIL \"A Group\" NIL)(NIL NIL \"a\" \"b\")(NIL NIL NIL NIL)(NIL NIL \"c\" \"d\"))");
  }

  /** RFC 3501 6.4.5, the example of a message with part specifiers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|one",
        "1.MIME|Content-ID: <1>~~",
        "2|two",
        "3|Subject: three~Content-Type: multipart/mixed; boundary=c~~--c~~3one~--c~~3two~--c--",
        "3.HEADER|Subject: three~Content-Type: multipart/mixed; boundary=c~~",
        "3.TEXT|--c~~3one~--c~~3two~--c--",
        "3.HEADER.FIELDS (subject)|Subject: three~~",
        "3.HEADER.FIELDS.NOT (subject)|Content-Type: multipart/mixed; boundary=c~~",
        "3.1|3one",
        "3.2|3two",
        "3.1.MIME|~",
        "4.1|gif",
        "4.1.MIME|Content-Type: image/gif~~",
        "4.2.HEADER|Subject: four~Content-Type: multipart/mixed; boundary=e~~",
        "4.2.1|4text",
        "4.2.2.1|4plain",
        "4.2.2.2|4rich",
        "4.2.2.2.MIME|Content-Type: text/richtext~~",
      })
  void findsEverySectionOfTheRfcsExample(String name, String expected) throws Exception {
    mailbox.put(
        """
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-ID: <1>

        one
        --b
        Content-Type: application/octet-stream

        two
        --b
        Content-Type: message/rfc822

        Subject: three
        Content-Type: multipart/mixed; boundary=c

        --c

        3one
        --c

        3two
        --c--
        --b
        Content-Type: multipart/mixed; boundary=d

        --d
        Content-Type: image/gif

        gif
        --d
        Content-Type: message/rfc822

        Subject: four
        Content-Type: multipart/mixed; boundary=e

        --e

        4text
        --e
        Content-Type: multipart/alternative; boundary=f

        --f

        4plain
        --f
        Content-Type: text/richtext

        4rich
        --f--
        --e--
        --d--
        --b--
        """
            .replace("\n", "\r\n"));
    String octets = expected.replace("~", "\r\n");
    assertThat(mailbox.fetch(section(name)))
        .isEqualTo(
            "* 1 FETCH (BODY[" + name + "] {" + octets.length() + "}\r\n" + octets + ")\r\n");
    for (String absent :
        List.of("5", "1.1", "1.HEADER", "2.TEXT", "4.HEADER", "3.3", "4.2.2.3", "4.1.1")) {
      assertThat(mailbox.fetch(section(absent)))
          .isEqualTo("* 1 FETCH (BODY[" + absent + "] NIL)\r\n");
    }
  }

  @Test
  void aMessageThatIsNoMultipartHasPartOne() throws Exception {
    mailbox.put("Subject: x\r\n\r\nbody\r\n");
    assertThat(mailbox.fetch(section("1"), section("1.MIME"), section("1.1"), section("2")))
        .isEqualTo(
            crlf(
                "* 1 FETCH (BODY[1] {6}~body~ BODY[1.MIME] {14}~Subject: x~~"
                    + " BODY[1.1] NIL BODY[2] NIL)~"));
  }

  @Test
  void oldNamesOfSectionsGiveTheSameBytes() throws Exception {
    mailbox.put("Subject: x\r\n\r\nbody\r\n");
    assertThat(mailbox.fetch(Attribute.RFC822, Attribute.RFC822_HEADER, Attribute.RFC822_TEXT))
        .isEqualTo(
            crlf(
                "* 1 FETCH (RFC822 {20}~Subject: x~~body~ RFC822.HEADER {14}~Subject: x~~"
                    + " RFC822.TEXT {6}~body~)~"));
  }

  @ParameterizedTest
  @CsvSource({
    "0,4,Subj",
    "4,100,ect: x~~body~",
    "19,1,'\n'",
    "20,1,''",
    "1000,10,''",
    "4294967295,4294967295,''"
  })
  void aPartialIsCutExactlyAndEmptyBeyondTheEnd(long offset, long length, String expected)
      throws Exception {
    mailbox.put("Subject: x\r\n\r\nbody\r\n");
    String octets = expected.replace("~", "\r\n");
    BodySection item =
        new BodySection(Section.whole(), Optional.of(new Partial(offset, length)), true);
    assertThat(mailbox.fetch(item))
        .isEqualTo(
            "* 1 FETCH (BODY[]<" + offset + "> {" + octets.length() + "}\r\n" + octets + ")\r\n");
  }

  @Test
  void headerFieldsKeepTheirOrderFoldsAndDuplicates() throws Exception {
    mailbox.put(
        "A: 1\r\n folded\r\nB: 2\r\nno colon\r\n of it\r\na : again\r\nAB: 3\r\n\r\nA: body\r\n");
    assertThat(mailbox.fetch(fields(Text.HEADER_FIELDS, "a", "zz")))
        .endsWith("{28}\r\nA: 1\r\n folded\r\na : again\r\n\r\n)\r\n");
    assertThat(mailbox.fetch(fields(Text.HEADER_FIELDS_NOT, "A")))
        .endsWith("{33}\r\nB: 2\r\nno colon\r\n of it\r\nAB: 3\r\n\r\n)\r\n");
    assertThat(mailbox.fetch(fields(Text.HEADER_FIELDS, "zz"))).endsWith("{2}\r\n\r\n)\r\n");
  }

  /** RFC 3501 6.4.5: no blank line for a message that has no body and no blank line. */
  @Test
  void aHeaderWithoutAnEmptyLineGetsNone() throws Exception {
    mailbox.put("A: 1\r\nB: 2");
    assertThat(mailbox.fetch(fields(Text.HEADER_FIELDS, "B"))).endsWith("{4}\r\nB: 2)\r\n");
    assertThat(mailbox.fetch(fields(Text.HEADER_FIELDS_NOT, "B"))).endsWith("{6}\r\nA: 1\r\n)\r\n");
  }

  /** A header too large to be read at once is read twice, with the same result. */
  @Test
  void aHugeHeaderIsFilteredAsAnyOther() throws Exception {
    String unwanted = ("X: " + "y".repeat(70) + "\r\n").repeat(2000);
    String wanted = "A: " + "z".repeat(50_000) + "\r\n";
    mailbox.put(unwanted + wanted + unwanted + "\r\nbody");
    assertThat(mailbox.fetch(fields(Text.HEADER_FIELDS, "A")))
        .endsWith("{" + (wanted.length() + 2) + "}\r\n" + wanted + "\r\n)\r\n");
    BodySection cut =
        new BodySection(
            new Section(List.of(), Text.HEADER_FIELDS, List.of("A")),
            Optional.of(new Partial(49_990, 100)),
            true);
    assertThat(mailbox.fetch(cut)).endsWith("{17}\r\n" + "z".repeat(13) + "\r\n\r\n)\r\n");
  }

  @Test
  void largeAndSmallMessagesComeInOrder() throws Exception {
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 200; i++) {
      String message = "Subject: " + i + "\r\n\r\n" + "x".repeat(i % 7 == 0 ? 70_000 : i * 3);
      mailbox.put(message);
      expected.append(
          "* "
              + i
              + " FETCH (UID "
              + i
              + " BODY[] {"
              + message.length()
              + "}\r\n"
              + message
              + " RFC822.SIZE "
              + message.length()
              + ")\r\n");
    }
    assertThat(mailbox.fetch(Attribute.UID, section(""), Attribute.RFC822_SIZE))
        .isEqualTo(expected.toString());
  }

  @Test
  void manyItemsOfOneMessageAreReadOneAfterTheOther() throws Exception {
    mailbox.put("Subject: x\r\n\r\n" + "0123456789".repeat(1000));
    FetchItem[] items = new FetchItem[3000];
    StringBuilder expected = new StringBuilder("* 1 FETCH (");
    for (int i = 0; i < items.length; i++) {
      items[i] =
          new BodySection(Section.of(List.of(), Text.TEXT), Optional.of(new Partial(i, 100)), true);
      expected.append(i == 0 ? "" : " ").append(items[i]).append(" {100}\r\n");
      expected.append("0123456789".repeat(11), i % 10, i % 10 + 100);
    }
    assertThat(mailbox.fetch(items)).isEqualTo(expected + ")\r\n");
  }

  /**
   * RFC 2180 4.1.2: messages whose content is gone are left out; the session says NO at the end.
   */
  @Test
  void aMissingContentIsLeftOutAndReported() throws Exception {
    for (int i = 0; i < 100; i++) {
      mailbox.put("Subject: " + i + "\r\n\r\nbody");
    }
    FetchRequest whole = mailbox.request(Attribute.UID, section(""));
    List<Message> rows = new ArrayList<>(whole.table().stream().toList());
    for (int gone : new int[] {7, 42, 99}) {
      Message row = rows.get(gone);
      rows.set(
          gone,
          new Message(row.uid(), 0, 1, row.size(), row.internalDate(), new ContentId(0, gone)));
    }
    FetchRequest request =
        new FetchRequest(
            whole.account(),
            MessageTable.of(rows),
            whole.sequenceNumbers(),
            whole.items(),
            List.of(),
            FetchRequest.NO_RECENT);
    assertThat(ResponseReader.lines(mailbox.fetchBytes(request))).hasSize(97);
    assertThat(mailbox.missing).containsExactly(8, 43, 100);
  }

  @Test
  void whatCannotBeReadNowIsLeftOutAndReportedIfNothingOfItWasSent() throws Exception {
    mailbox.put("Subject: 1\r\n\r\nbody");
    mailbox.put("Subject: 2\r\n\r\nbody");
    // Twice when both are read together, and once more when the first is read for itself.
    for (int i = 0; i < 3; i++) {
      mailbox.mail.faults().failNext(PortCall.READ);
    }
    assertThat(ResponseReader.lines(mailbox.fetchBytes(section("")))).hasSize(1);
    assertThat(mailbox.missing).hasSize(1);
    mailbox.missing.clear();
    mailbox.mail.faults().refuseAll(PortCall.SUMMARIES, Refusal.Code.UNAVAILABLE);
    assertThat(mailbox.fetch(Attribute.ENVELOPE)).isEmpty();
    assertThat(mailbox.missing).containsExactly(1, 2);
  }

  /**
   * A literal that was announced cannot be taken back: the stream fails, so the connection ends.
   */
  @Test
  void aLargeContentThatBreaksOffFailsTheStream() {
    mailbox.put("Subject: 1\r\n\r\n" + "x".repeat(100_000));
    mailbox.mail.faults().breakOffNextRead(50_000);
    assertThatThrownBy(() -> mailbox.fetchBytes(section(""))).isNotNull();
  }

  /** RFC 3501 9, CHAR8: no literal holds NUL. */
  @Test
  void nulIsShownAsAQuestionMark() throws Exception {
    mailbox.put("Subject: a\0b\r\nX: \0\r\n\r\n\0body\0");
    assertThat(mailbox.fetch(section(""), fields(Text.HEADER_FIELDS, "x"), Attribute.ENVELOPE))
        .isEqualTo(
            "* 1 FETCH (BODY[] {28}\r\nSubject: a?b\r\nX: ?\r\n\r\n?body?"
                + " BODY[HEADER.FIELDS (x)] {8}\r\nX: ?\r\n\r\n"
                + " ENVELOPE (NIL \"ab\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n");
  }

  @Test
  void flagsOfAHundredThousandMessagesNeedNoContentAndFewChunks() throws Exception {
    MessageTable table =
        MessageTable.of(
            LongStream.rangeClosed(1, 100_000)
                .mapToObj(u -> new Message(u, u % 32, u, 1000, Instant.EPOCH, new ContentId(0, u)))
                .toList());
    FetchRequest request =
        new FetchRequest(
            mailbox.alice,
            table,
            IntStream.rangeClosed(1, 100_000).boxed().toList(),
            List.of(Attribute.UID, Attribute.FLAGS),
            List.of(),
            FetchRequest.NO_RECENT);
    ByteString all = mailbox.fetchBytes(request);
    assertThat(mailbox.chunks(request))
        .isBetween((long) all.size() / 65_536, (long) all.size() / 16_384);
    assertThat(ResponseReader.lines(all)).hasSize(100_000);
    assertThat(mailbox.mail.faults().calls(PortCall.SUMMARIES)).isZero();
  }

  private static String crlf(String text) {
    return text.replace("~", "\r\n");
  }

  private static BodySection section(String name) {
    List<Integer> part = new ArrayList<>();
    String rest = name;
    while (!rest.isEmpty() && Character.isDigit(rest.charAt(0))) {
      int dot = rest.indexOf('.');
      part.add(Integer.parseInt(dot < 0 ? rest : rest.substring(0, dot)));
      rest = dot < 0 ? "" : rest.substring(dot + 1);
    }
    int space = rest.indexOf(' ');
    String text = space < 0 ? rest : rest.substring(0, space);
    List<String> fields =
        space < 0 ? List.of() : List.of(rest.substring(space + 2, rest.length() - 1).split(" "));
    for (Text candidate : Text.values()) {
      if (candidate.toString().equals(text)) {
        return new BodySection(new Section(part, candidate, fields), Optional.empty(), true);
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static BodySection fields(Text text, String... names) {
    return new BodySection(new Section(List.of(), text, List.of(names)), Optional.empty(), true);
  }
}
