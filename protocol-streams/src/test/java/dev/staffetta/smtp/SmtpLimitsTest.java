package dev.staffetta.smtp;

import static dev.staffetta.smtp.SmtpFixture.ENVELOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.SmtpFixture.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is too large, too many or goes round, and what a client is told of it. */
class SmtpLimitsTest {
  private final SmtpFixture fixture =
      new SmtpFixture("max-message-size = 64k, max-received-fields = 3");

  @AfterEach
  void nothingStaysInTheSpool() {
    assertThat(fixture.mail.spooled()).isZero();
  }

  @Test
  void aMessageTooLargeIsRefusedAtItsEnd() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE + "DATA\r\n");
    for (int i = 0; i < 3000; i++) {
      assertThat(client.send("x".repeat(98) + "\r\n")).isEmpty();
    }
    assertThat(fixture.mail.spooled()).isZero();
    assertThat(client.send("QUIT\r\n.\r\n")).singleElement().asString().startsWith("552 5.3.4 ");
    assertThat(client.lines("RCPT TO:<alice@example.com>")).startsWith("503 ");
    assertThat(client.send(ENVELOPE)).hasSize(2);
    assertThat(client.send("BDAT 65536\r\n" + "x\r".repeat(32768)))
        .last()
        .asString()
        .startsWith("554 5.6.0");
    client.send(ENVELOPE);
    assertThat(client.send("BDAT 65534\r\n" + "x\r\n".repeat(21844) + "xx"))
        .last()
        .asString()
        .startsWith("250 ");
    assertThat(client.send("BDAT 3 LAST\r\nx\r\n")).last().asString().startsWith("552 5.3.4");
    assertThat(fixture.inbox(fixture.alice)).isEmpty();
  }

  @Test
  void aMessageAsLargeAsAllowedIsTaken() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    String message =
        "A: b\r\n\r\n" + ("x".repeat(510) + "\r\n").repeat(127) + "x".repeat(502) + "\r\n";
    assertThat(message).hasSize(65536);
    client.send("EHLO a\r\nMAIL FROM:<> SIZE=65536\r\nRCPT TO:<alice@example.com>\r\nDATA\r\n");
    assertThat(client.send(message + ".\r\n")).singleElement().asString().startsWith("250 ");
    client.send(ENVELOPE + "DATA\r\n");
    assertThat(client.send("." + message + ".\r\n")).singleElement().asString().startsWith("250 ");
    client.send(ENVELOPE + "DATA\r\n");
    assertThat(client.send("x" + message + ".\r\n")).singleElement().asString().startsWith("552 ");
  }

  @Test
  void aMessageThatGoesRoundIsRefused() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE + "DATA\r\n");
    assertThat(client.send("Received: a\r\n".repeat(3) + "\r\n.\r\n").get(0)).startsWith("250 ");
    client.send(ENVELOPE + "DATA\r\n");
    assertThat(client.send("Received: a\r\n".repeat(4) + "\r\n.\r\n").get(0))
        .startsWith("554 5.4.6");
  }

  @Test
  void moreRecipientsThanAllowedAreRefusedForNow() {
    SmtpFixture few = new SmtpFixture("max-recipients = 100");
    Client client = few.connect(SmtpRole.RECEIVE);
    client.lines("EHLO a", "MAIL FROM:<>");
    for (int i = 0; i < 100; i++) {
      assertThat(client.lines("RCPT TO:<alice+" + i + "@example.com>")).startsWith("250 ");
    }
    assertThat(client.lines("RCPT TO:<alice+100@example.com>")).startsWith("452 4.5.3");
    assertThat(client.lines("RCPT TO:<alice+99@example.com>")).startsWith("250 ");
  }

  @Test
  void refusedRecipientsEndTheSessionAtLast() {
    SmtpFixture strict = new SmtpFixture("max-refused-recipients = 3");
    Client client = strict.connect(SmtpRole.RECEIVE);
    client.lines("EHLO a", "MAIL FROM:<>");
    assertThat(client.lines("RCPT TO:<x@example.com>", "RCPT TO:<y@example.com>"))
        .startsWith("550");
    assertThat(client.lines("RCPT TO:<z@example.com>")).startsWith("421 4.7.0");
    assertThat(client.connection.isEnded()).isTrue();
  }

  @Test
  void aDeliveredMessageForgivesFaults() {
    SmtpFixture strict = new SmtpFixture("max-faults = 3");
    Client client = strict.connect(SmtpRole.RECEIVE);
    client.lines("EHLO a", "X", "X");
    client.send(ENVELOPE + "BDAT 8 LAST\r\nA: b\r\n\r\n");
    assertThat(client.lines("X", "X")).startsWith("500");
    assertThat(client.lines("X")).startsWith("421 4.7.0");
  }
}
