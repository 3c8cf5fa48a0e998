package dev.staffetta.imap.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.imap.SequenceSet;
import dev.staffetta.imap.search.SearchKey.AddressField;
import dev.staffetta.imap.search.SearchKey.And;
import dev.staffetta.imap.search.SearchKey.Body;
import dev.staffetta.imap.search.SearchKey.Header;
import dev.staffetta.imap.search.SearchKey.InternalDate;
import dev.staffetta.imap.search.SearchKey.Keyword;
import dev.staffetta.imap.search.SearchKey.Larger;
import dev.staffetta.imap.search.SearchKey.Modseq;
import dev.staffetta.imap.search.SearchKey.Not;
import dev.staffetta.imap.search.SearchKey.Numbers;
import dev.staffetta.imap.search.SearchKey.Or;
import dev.staffetta.imap.search.SearchKey.SentDate;
import dev.staffetta.imap.search.SearchKey.Smaller;
import dev.staffetta.imap.search.SearchKey.Subject;
import dev.staffetta.imap.search.SearchKey.Text;
import dev.staffetta.imap.search.SearchKey.Uids;
import dev.staffetta.imap.search.SearchKey.When;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.ports.memory.MemoryMail;
import dev.staffetta.ports.memory.PortCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSearchTest {
  /** Makes a text so long that it is read in chunks. */
  private static final String FILLER = "xyz \r\n".repeat(12_000);

  private final ActorSystem system = ActorSystem.create("search");
  private final MemoryMail mail = new MemoryMail();
  private final AccountId alice = mail.addAccount("alice@example.com", "secret");
  private final MailboxId inbox = MailboxId.inboxOf(alice);
  private final MessageSearch search =
      new MessageSearch(mail.contents(), Materializer.matFromSystem(system));

  @AfterEach
  void close() {
    system.terminate();
  }

  @Test
  void flagsKeywordsSizesDatesAndSetsAreKnownFromTheTable() throws Exception {
    put("a", Instant.parse("2024-02-01T00:00:00Z"), "\\Seen", "\\Flagged", "$Work");
    put("aaaaaaaaaa", Instant.parse("2024-02-01T23:59:59Z"), "\\Answered", "\\Deleted");
    put("aaaaaaaaaaaaaaaaaaaa", Instant.parse("2024-02-02T00:00:00Z"), "\\Draft");
    assertThat(found(SearchKey.ALL)).containsExactly(1, 2, 3);
    assertThat(found(SearchKey.SEEN)).containsExactly(1);
    assertThat(found(SearchKey.UNSEEN)).containsExactly(2, 3);
    assertThat(found(SearchKey.ANSWERED)).containsExactly(2);
    assertThat(found(SearchKey.UNANSWERED)).containsExactly(1, 3);
    assertThat(found(SearchKey.DELETED)).containsExactly(2);
    assertThat(found(SearchKey.UNDELETED)).containsExactly(1, 3);
    assertThat(found(SearchKey.DRAFT)).containsExactly(3);
    assertThat(found(SearchKey.UNDRAFT)).containsExactly(1, 2);
    assertThat(found(SearchKey.FLAGGED)).containsExactly(1);
    assertThat(found(SearchKey.UNFLAGGED)).containsExactly(2, 3);
    assertThat(found(SearchKey.RECENT)).containsExactly(2, 3);
    assertThat(found(SearchKey.OLD)).containsExactly(1);
    assertThat(found(SearchKey.NEW)).containsExactly(2, 3);
    assertThat(found(new Keyword("$work"))).containsExactly(1);
    assertThat(found(new Keyword("unknown"))).isEmpty();
    assertThat(found(new Not(new Keyword("unknown")))).containsExactly(1, 2, 3);
    assertThat(found(new Larger(10))).containsExactly(3);
    assertThat(found(new Smaller(10))).containsExactly(1);
    LocalDate first = LocalDate.of(2024, 2, 1);
    assertThat(found(new InternalDate(When.ON, first))).containsExactly(1, 2);
    assertThat(found(new InternalDate(When.BEFORE, first))).isEmpty();
    assertThat(found(new InternalDate(When.BEFORE, first.plusDays(1)))).containsExactly(1, 2);
    assertThat(found(new InternalDate(When.SINCE, first.plusDays(1)))).containsExactly(3);
    assertThat(found(new Modseq(view().messages().get(2).modseq()))).contains(2).doesNotContain(1);
    assertThat(found(new Numbers(SequenceSet.parse("2:*,9").orElseThrow()))).containsExactly(2, 3);
    long last = view().messages().uid(3);
    assertThat(found(new Uids(SequenceSet.of(last)))).containsExactly(3);
    assertThat(found(new Uids(SequenceSet.parse("4000:*").orElseThrow()))).containsExactly(3);
    assertThat(mail.faults().calls(PortCall.SUMMARIES)).isZero();
    assertThat(mail.faults().calls(PortCall.READ)).isZero();
  }

  @Test
  void keysCombine() throws Exception {
    put("x", Instant.EPOCH, "\\Seen");
    put("x", Instant.EPOCH, "\\Flagged");
    put("x", Instant.EPOCH, "\\Seen", "\\Flagged");
    put("x", Instant.EPOCH);
    assertThat(found(new And(List.of(SearchKey.SEEN, SearchKey.FLAGGED)))).containsExactly(3);
    assertThat(found(new And(List.of()))).containsExactly(1, 2, 3, 4);
    assertThat(found(new Or(SearchKey.SEEN, SearchKey.FLAGGED))).containsExactly(1, 2, 3);
    assertThat(found(new Not(new Or(SearchKey.SEEN, SearchKey.FLAGGED)))).containsExactly(4);
    assertThat(found(new Or(SearchKey.SEEN, new Body("x")))).containsExactly(1, 3);
  }

  @Test
  void fieldsOfTheEnvelopeAreDecodedAndFoundInAnyCase() throws Exception {
    put(
        """
        From: =?utf-8?q?J=C3=BCrgen?= <jt@Example.COM>
        To: g: "Doe, John" <j@d>;
        Subject: =?iso-8859-1?q?Caf=E9?=
         =?utf-8?q?_STRASSE?=
        Cc: c@d
        Date: Wed, 17 Jul 1996 23:23:25 -0700
        Message-ID: <Abc@x>

        body"""
            .replace("\n", "\r\n"));
    put("Subject: other\r\nBcc: b@c\r\nDate: 18 Jul 1996 01:00 +0200\r\n\r\nCaf\u00e9");
    assertThat(found(address(AddressField.FROM, "J\u00dcRGEN"))).containsExactly(1);
    assertThat(found(address(AddressField.FROM, "jt@example"))).containsExactly(1);
    assertThat(found(address(AddressField.TO, "doe, john"))).containsExactly(1);
    assertThat(found(address(AddressField.TO, ""))).containsExactly(1);
    assertThat(found(address(AddressField.CC, "C@D"))).containsExactly(1);
    assertThat(found(address(AddressField.BCC, "b@c"))).containsExactly(2);
    assertThat(found(new Subject("caf\u00c9"))).containsExactly(1);
    assertThat(found(new Subject("cafe\u0301 strasse"))).containsExactly(1);
    assertThat(found(new Not(new Subject("caf\u00c9")))).containsExactly(2);
    assertThat(found(new Header("Message-Id", "<aBC@X>"))).containsExactly(1);
    assertThat(mail.faults().calls(PortCall.READ)).isZero();
  }

  /** RFC 9051 6.4.4: SENTON and the like disregard time and zone. */
  @Test
  void theDayTheDateFieldNamesCounts() throws Exception {
    put("Date: Wed, 17 Jul 1996 23:59:59 -1200\r\n\r\n");
    put("Date: Thu, 18 Jul 1996 00:00:00 +1400\r\n\r\n");
    put("Date: someday\r\n\r\n");
    LocalDate day = LocalDate.of(1996, 7, 18);
    assertThat(found(new SentDate(When.ON, day))).containsExactly(2);
    assertThat(found(new SentDate(When.BEFORE, day))).containsExactly(1);
    assertThat(found(new SentDate(When.SINCE, day))).containsExactly(2);
  }

  @Test
  void anyFieldOfTheHeaderIsFound() throws Exception {
    put("X-Spam: Yes, really\r\n and folded\r\nX-Spam: second\r\n\r\nX-Other: body\r\n");
    put("X-Other: =?utf-8?b?4oKs?=\r\n\r\n");
    assertThat(found(new Header("x-spam", "REALLY and"))).containsExactly(1);
    assertThat(found(new Header("X-SPAM", "second"))).containsExactly(1);
    assertThat(found(new Header("X-Spam", ""))).containsExactly(1);
    assertThat(found(new Header("X-Other", "\u20ac"))).containsExactly(2);
    assertThat(found(new Header("X-Other", "body"))).isEmpty();
    assertThat(found(new Header("X-Missing", ""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "utf-8,8bit",
    "utf-8,base64",
    "utf-8,quoted-printable",
    "iso-8859-1,8bit",
    "iso-8859-1,base64",
    "iso-8859-1,quoted-printable",
    "utf-16,base64",
    "windows-1252,8bit"
  })
  void textsAreDecodedWhateverTheirEncodingAndCharset(String charset, String encoding)
      throws Exception {
    mail.setChunkSize(333);
    byte[] text = (FILLER + "Gr\u00fc\u00dfe aus " + "M\u00fcnchen ".repeat(30)).getBytes(charset);
    String body =
        switch (encoding) {
          case "base64" -> Base64.getMimeEncoder().encodeToString(text);
          case "quoted-printable" -> quotedPrintable(text);
          default -> new String(text, StandardCharsets.ISO_8859_1);
        };
    put(
        "Content-Type: text/plain; charset="
            + charset
            + "\r\nContent-Transfer-Encoding: "
            + encoding
            + "\r\n\r\n"
            + body);
    assertThat(found(new Body("GR\u00dc\u00dfE AUS m\u00fcnchen"))).containsExactly(1);
    assertThat(found(new Body("M\u00fcnchen M\u00fcnchen"))).containsExactly(1);
    assertThat(found(new Body("Berlin"))).isEmpty();
  }

  @Test
  void bodyLeavesFieldsAloneAndTextDoesNot() throws Exception {
    put(
        """
        Subject: toplevel
        X-Top: =?utf-8?q?caf=C3=A9?=
        Content-Type: multipart/mixed; boundary=b

        preamble
        --b
        Content-Description: partfield

        parttext
        --b
        Content-Type: message/rfc822

        Subject: innersubject

        innertext
        --b
        Content-Type: image/png; name="attached.png"

        imagebytes
        --b--
        epilogue
        """
            .replace("\n", "\r\n"));
    for (String inBody : List.of("parttext", "innersubject", "innertext", "subject: inner")) {
      assertThat(found(new Body(inBody))).as(inBody).containsExactly(1);
      assertThat(found(new Text(inBody))).as(inBody).containsExactly(1);
    }
    for (String inHeader :
        List.of("toplevel", "partfield", "attached.png", "CAF\u00c9", "x-top: c")) {
      assertThat(found(new Body(inHeader))).as(inHeader).isEmpty();
      assertThat(found(new Text(inHeader))).as(inHeader).containsExactly(1);
    }
    for (String nowhere : List.of("imagebytes", "preamble", "parttextinner")) {
      assertThat(found(new Body(nowhere))).as(nowhere).isEmpty();
      assertThat(found(new Text(nowhere))).as(nowhere).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {71, 1009, 1024, 65_536})
  void aTextIsFoundAcrossChunks(int chunkSize) throws Exception {
    mail.setChunkSize(chunkSize);
    put("Subject: x\r\n\r\n" + FILLER + "aaaaaaaaaaaaaaaaaaaaab and ababababac");
    assertThat(found(new Body("aaab"))).containsExactly(1);
    assertThat(found(new Body("ABABAC"))).containsExactly(1);
    assertThat(found(new Body("aaabb"))).isEmpty();
    assertThat(found(new And(List.of(new Body("ab and"), new Body("abac"))))).containsExactly(1);
    assertThat(found(new And(List.of(new Body("ab and"), new Not(new Body("abac")))))).isEmpty();
  }

  @Test
  void anEmptyTextIsInEveryBody() throws Exception {
    put("\r\n");
    assertThat(found(new Body(""))).containsExactly(1);
    assertThat(found(new Text(""))).containsExactly(1);
  }

  /** Cheap keys first: contents are read only of what nothing else has excluded. */
  @Test
  void contentsAreReadOnlyWhereNothingElseDecides() throws Exception {
    for (int i = 0; i < 100; i++) {
      put("Subject: s" + i + "\r\n\r\nbody", Instant.EPOCH, i == 42 ? "\\Flagged" : "\\Seen");
    }
    assertThat(found(new And(List.of(new Body("body"), SearchKey.FLAGGED)))).containsExactly(43);
    assertThat(mail.faults().calls(PortCall.READ)).isEqualTo(1);
    assertThat(found(new And(List.of(new Body("body"), new Subject("s77"))))).containsExactly(78);
    assertThat(mail.faults().calls(PortCall.READ)).isEqualTo(2);
    assertThat(found(new Or(SearchKey.ALL, new Body("body")))).hasSize(100);
    assertThat(mail.faults().calls(PortCall.READ)).isEqualTo(2);
  }

  @Test
  void manyMessagesAreFoundInOrder() throws Exception {
    for (int i = 1; i <= 300; i++) {
      put("Subject: x\r\n\r\n" + (i % 3 == 0 ? "fizz" : "other"));
    }
    assertThat(found(new Body("fizz"))).hasSize(100).isSorted().allMatch(n -> n % 3 == 0);
  }

  @Test
  void aMessageWhoseContentIsGoneMatchesByItsRowOnly() throws Exception {
    put("Subject: x\r\n\r\nbody");
    put("Subject: x\r\n\r\nbody");
    List<Message> rows = new ArrayList<>(view().messages().stream().toList());
    Message row = rows.get(0);
    rows.set(0, new Message(row.uid(), 0, 1, row.size(), row.internalDate(), new ContentId(0, 0)));
    MessageTable table = MessageTable.of(rows);
    assertThat(found(table, new Subject("x"))).containsExactly(2);
    assertThat(found(table, new Not(new Subject("x")))).isEmpty();
    assertThat(found(table, SearchKey.ALL)).containsExactly(1, 2);
    assertThat(found(table, new Or(SearchKey.ALL, new Body("body")))).containsExactly(1, 2);
  }

  @Test
  void failsWhenContentsCannotBeReadNow() {
    put("Subject: x\r\n\r\nbody");
    mail.faults().refuseAll(PortCall.READ, Refusal.Code.UNAVAILABLE);
    assertThatThrownBy(() -> found(new Body("body")))
        .satisfies(e -> assertThat(Refusal.of(e).code()).isEqualTo(Refusal.Code.UNAVAILABLE));
    mail.faults().clear();
    mail.faults().refuseAll(PortCall.SUMMARIES, Refusal.Code.UNAVAILABLE);
    assertThatThrownBy(() -> found(new Subject("x"))).isNotNull();
  }

  @Test
  void closingEndsASearchUnderWay() {
    put("Subject: x\r\n\r\nbody");
    mail.faults().silenceNext(PortCall.READ);
    var running = search.search(request(view().messages(), new Body("body"))).toCompletableFuture();
    search.close();
    assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aHundredThousandRowsAreSearchedWithoutTheirContents() throws Exception {
    MessageTable table =
        MessageTable.of(
            LongStream.rangeClosed(1, 100_000)
                .mapToObj(u -> new Message(u, u % 32, u, u, Instant.EPOCH, new ContentId(0, u)))
                .toList());
    SearchKey key = new And(List.of(SearchKey.SEEN, new Larger(50_000)));
    assertThat(found(table, key)).hasSize(25_000).isSorted().allMatch(n -> n > 50_000);
    assertThat(mail.faults().calls(PortCall.SUMMARIES)).isZero();
  }

  private static SearchKey address(AddressField field, String text) {
    return new SearchKey.Address(field, text);
  }

  private static String quotedPrintable(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      text.append(
          bytes[i] > ' ' && bytes[i] != '='
              ? "" + (char) bytes[i]
              : String.format("=%02X", bytes[i]));
      text.append(i % 20 == 19 ? "=\r\n" : "");
    }
    return text.toString();
  }

  private void put(String octets) {
    put(octets, Instant.EPOCH);
  }

  private void put(String octets, Instant received, String... flags) {
    mail.put(
        inbox, ByteString.fromString(octets, StandardCharsets.ISO_8859_1), Set.of(flags), received);
  }

  private MailboxView view() {
    return mail.view(inbox);
  }

  private List<Integer> found(SearchKey key) throws Exception {
    return found(view().messages(), key);
  }

  private List<Integer> found(MessageTable table, SearchKey key) throws Exception {
    UidSet uids =
        search.search(request(table, key)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    return table.sequenceNumbers(uids).boxed().toList();
  }

  private SearchRequest request(MessageTable table, SearchKey key) {
    long recentFrom = table.isEmpty() ? 1 : table.uid(1) + 1;
    return new SearchRequest(alice, table, view().keywords(), recentFrom, key);
  }
}
