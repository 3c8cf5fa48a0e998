package dev.staffetta.smtp;

import static dev.staffetta.smtp.SmtpFixture.AUTH;
import static dev.staffetta.smtp.SmtpFixture.ENVELOPE;
import static dev.staffetta.smtp.SmtpFixture.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.smtp.SmtpFixture.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a message that is taken: its trace, its octets, its recipients. */
class SmtpMessageTest {
  private final SmtpFixture fixture = new SmtpFixture();

  @AfterEach
  void nothingStaysInTheSpool() {
    assertThat(fixture.mail.spooled()).isZero();
  }

  @Test
  void aMessageIsStoredWithItsTrace() {
    Client client = fixture.connect(SmtpRole.RECEIVE, PureConnection.fromAfar(true));
    client.send("EHLO client.example.net\r\n" + ENVELOPE);
    client.lines("DATA", "Subject: a", "", "..dots", "b", ".");
    assertThat(fixture.inbox(fixture.alice))
        .containsExactly(
            crlf(
                """
                Return-Path: <c@example.net>
                Received: from client.example.net ([192.0.2.1])
                \tby mx.example.com with ESMTPS id test-1
                \tfor <alice@example.com>;
                \tFri, 2 Jan 2026 03:04:05 +0000
                Subject: a

                .dots
                b
                """));
  }

  @Test
  void severalRecipientsAreNotNamedInTheTrace() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.lines("HELO c.example.net", "MAIL FROM:<>", "RCPT TO:<alice@example.com>");
    client.lines("RCPT TO:<bob@example.com>", "RCPT TO:<ALICE@example.com>", "DATA", "A: b", ".");
    assertThat(fixture.inbox(fixture.bob)).hasSize(1);
    assertThat(fixture.inbox(fixture.alice))
        .singleElement()
        .asString()
        .startsWith("Return-Path: <>\r\nReceived: from c.example.net ([127.0.0.1])\r\n")
        .contains(" with SMTP id ")
        .doesNotContain("for <");
    assertThat(fixture.mail.delivered()).hasSize(1);
    assertThat(fixture.mail.delivered().get(0).recipients()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "RECEIVE,    false, HELO a, '',       SMTP",
    "RECEIVE,    false, EHLO a, '',       ESMTP",
    "RECEIVE,    true,  EHLO a, '',       ESMTPS",
    "RECEIVE,    true,  HELO a, '',       SMTP",
    "RECEIVE,    false, EHLO a, SMTPUTF8, UTF8SMTP",
    "RECEIVE,    true,  EHLO a, SMTPUTF8, UTF8SMTPS",
    "SUBMISSION, false, EHLO a, '',       ESMTPA",
    "SUBMISSION, true,  EHLO a, '',       ESMTPSA",
    "SUBMISSION, true,  EHLO a, SMTPUTF8, UTF8SMTPSA",
  })
  void theTraceSaysByWhichProtocol(
      SmtpRole role, boolean tls, String hello, String parameter, String protocol) {
    Client client =
        fixture.connect(role, tls ? PureConnection.fromAfar(true) : PureConnection.fromLoopback());
    client.lines(hello);
    client.send(AUTH);
    client.lines(("MAIL FROM:<alice@example.com> " + parameter).trim());
    client.lines("RCPT TO:<bob@example.com>", "DATA", "A: b", ".");
    assertThat(fixture.inbox(fixture.bob))
        .singleElement()
        .asString()
        .contains(" with " + protocol + " id ");
  }

  @Test
  void anyOctetsButLoneLineEndsAreKept() {
    StringBuilder all = new StringBuilder("Subject: a\r\n\r\n");
    for (int i = 0; i < 256; i++) {
      all.append(i == '\r' || i == '\n' ? "" : (char) i);
    }
    all.append("\r\n").append("x".repeat(20_000)).append("\r\n");
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE + "DATA\r\n");
    client.send(all + ".\r\n");
    assertThat(fixture.inbox(fixture.alice)).singleElement().asString().endsWith("0000\r\n" + all);
  }

  @Test
  void severalMessagesGoOverOneConnection() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.lines("EHLO a");
    for (int i = 1; i <= 50; i++) {
      assertThat(client.send(ENVELOPE + "BDAT 8 LAST\r\nA: b\r\n\r\n"))
          .last()
          .asString()
          .matches("250 2.0.0 ok: accepted [0-9a-f]{32}");
      assertThat(fixture.inbox(fixture.alice))
          .hasSize(i)
          .last()
          .asString()
          .contains(" id test-" + i);
    }
  }

  @Test
  void theConfiguredPostmasterIsAsked() {
    SmtpFixture other = new SmtpFixture("postmaster-domain = EXAMPLE.org");
    other.mail.addAccount("postmaster@example.org", "x");
    Client client = other.connect(SmtpRole.RECEIVE);
    client.lines("HELO a", "MAIL FROM:<>", "RCPT TO:<postmaster>", "DATA", "A: b", ".");
    assertThat(other.mail.delivered().get(0).recipients())
        .containsExactly(SmtpFixture.address("postmaster@example.org"));
  }

  @Test
  void aRecipientIsOneHoweverOftenAndInWhateverWayItIsNamed() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.lines("HELO a", "MAIL FROM:<>", "RCPT TO:<postmaster>", "RCPT TO:<Postmaster>");
    client.lines("RCPT TO:<POSTMASTER@example.com>", "RCPT TO:<\"postmaster\"@EXAMPLE.com>");
    assertThat(client.lines("RCPT TO:<@a.example:postmaster@example.com>")).startsWith("250 ");
    client.lines("DATA", "A: b", ".");
    assertThat(fixture.mail.delivered().get(0).recipients())
        .containsExactly(SmtpFixture.address("postmaster@example.com"));
  }
}
