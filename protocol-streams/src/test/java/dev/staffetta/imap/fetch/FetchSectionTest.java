package dev.staffetta.imap.fetch;

import static dev.staffetta.imap.fetch.FetchFixture.fields;
import static dev.staffetta.imap.fetch.FetchFixture.section;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.FetchItem.BodySection;
import dev.staffetta.imap.fetch.FetchItem.Partial;
import dev.staffetta.imap.fetch.Section.Text;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections of a message, cut exactly: parts, header fields, partials. */
class FetchSectionTest {
  private final FetchFixture mailbox = new FetchFixture();

  @AfterEach
  void close() {
    mailbox.close();
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

  private static String crlf(String text) {
    return text.replace("~", "\r\n");
  }
}
