package dev.staffetta.imap.fetch;

import static dev.staffetta.imap.fetch.FetchFixture.fields;
import static dev.staffetta.imap.fetch.FetchFixture.section;
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

/** Responses as one stream: their order, their chunks, contents that are gone or break off. */
class FetchRendererTest {
  private final FetchFixture mailbox = new FetchFixture();

  @AfterEach
  void close() {
    mailbox.close();
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
}
