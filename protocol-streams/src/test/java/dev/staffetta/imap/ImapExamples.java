package dev.staffetta.imap;

import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import java.time.Instant;
import java.util.Set;

/** What the mailboxes hold that the dialogues are about. */
final class ImapExamples {
  /** The message of RFC 3501 8 and RFC 9051 8, whose header is as long as they say: 342 octets. */
  static final String MESSAGE_12 =
      """
      Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
      From: Terry Gray <gray@cac.washington.edu>
      Subject: IMAP4rev2 WG mtg summary and minutes
      To: imap@cac.washington.edu
      cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
      Message-Id: <B27397-0100000@cac.washington.edu>
      MIME-Version: 1.0
      Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

      """
          .replace("\n", "\r\n");

  private ImapExamples() {}

  /** alice's INBOX has three small messages, mrc's is the RFC's. */
  static void fill(ImapFixture fixture) {
    MailboxId mrc = MailboxId.inboxOf(fixture.mrc);
    fixture.mail.number(mrc, 3857529045L, 4374);
    for (int i = 1; i <= 18; i++) {
      if (i == 17) {
        takeRecent(fixture, mrc);
      }
      String text = i == 12 ? message12() : "Subject: " + i + "\r\n\r\nText " + i + "\r\n";
      fixture.mail.put(
          mrc,
          ImapFixture.bytes(text),
          i < 17 ? Set.of("\\Seen") : Set.of(),
          Instant.parse("1996-07-17T09:44:25Z"));
    }
    MailboxId alice = fixture.inbox();
    fixture.mail.number(alice, 1, 1);
    for (int i = 1; i <= 3; i++) {
      fixture.mail.put(
          alice,
          ImapFixture.bytes(
              "From: bob@example.com\r\nSubject: " + i + "\r\n\r\nText " + i + "\r\n"),
          i == 1 ? Set.of("\\Seen") : Set.of(),
          Instant.parse("2026-01-0" + i + "T10:00:00Z"));
    }
  }

  /** Another session was told of what is there so far. */
  private static void takeRecent(ImapFixture fixture, MailboxId mailbox) {
    fixture
        .mail
        .mailboxes()
        .open(mailbox, Mailboxes.Access.READ_WRITE, event -> {})
        .toCompletableFuture()
        .join()
        .close();
  }

  /** With a text of 3028 octets and 92 lines, as the RFC's BODY says. */
  private static String message12() {
    StringBuilder text = new StringBuilder(MESSAGE_12);
    int octets = 3028;
    int lines = 92;
    for (int line = 1; line <= lines; line++) {
      int rest = octets - (lines - line) * 2;
      int length = line == lines ? rest - 2 : Math.min(31, rest - 2);
      text.append("x".repeat(length)).append("\r\n");
      octets -= length + 2;
    }
    return text.toString();
  }
}
