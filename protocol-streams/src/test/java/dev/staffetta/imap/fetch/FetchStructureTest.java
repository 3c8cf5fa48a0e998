package dev.staffetta.imap.fetch;

import static dev.staffetta.imap.fetch.FetchFixture.section;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ENVELOPE, BODY and BODYSTRUCTURE as the RFCs show them. */
class FetchStructureTest {
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
}
