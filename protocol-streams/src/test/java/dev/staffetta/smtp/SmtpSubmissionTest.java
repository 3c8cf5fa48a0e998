package dev.staffetta.smtp;

import static dev.staffetta.smtp.SmtpFixture.AUTH;
import static dev.staffetta.smtp.SmtpFixture.ENVELOPE;
import static dev.staffetta.smtp.SmtpFixture.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.PortCall;
import dev.staffetta.smtp.SmtpFixture.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a submitter may send, and in whose name; what the server adds and hides. */
class SmtpSubmissionTest {
  private final SmtpFixture fixture = new SmtpFixture();

  @AfterEach
  void nothingStaysInTheSpool() {
    assertThat(fixture.mail.spooled()).isZero();
  }

  @Test
  void submissionCompletesAHeaderAndReceiveDoesNot() {
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH + "MAIL FROM:<alice@example.com>\r\n");
    client.lines("RCPT TO:<bob@example.com>", "DATA", "Subject: a", "", "b", ".");
    assertThat(fixture.inbox(fixture.bob))
        .singleElement()
        .asString()
        .endsWith(
            crlf(
                """
                Subject: a
                From: <alice@example.com>
                Date: Fri, 2 Jan 2026 03:04:05 +0000
                Message-ID: <test-1.1767323045000@mx.example.com>

                b
                """));
    Client other = fixture.connect(SmtpRole.RECEIVE);
    other.send("EHLO a\r\n" + ENVELOPE);
    other.lines("DATA", "Subject: a", "", "b", ".");
    assertThat(fixture.inbox(fixture.alice))
        .singleElement()
        .asString()
        .endsWith("+0000\r\nSubject: a\r\n\r\nb\r\n");
  }

  @Test
  void blindCopiesAreHiddenAtSubmissionOnly() {
    submit(
        "From: alice@example.com", "Bcc: x@example.net,", " y@example.net", "Subject: a", "", "b");
    assertThat(fixture.inbox(fixture.bob)).singleElement().asString().doesNotContain("example.net");
    Client other = fixture.connect(SmtpRole.RECEIVE);
    other.send("EHLO a\r\n" + ENVELOPE);
    other.lines("DATA", "Bcc: x@example.net", "", "b", ".");
    assertThat(fixture.inbox(fixture.alice)).singleElement().asString().contains("Bcc: x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "From: alice@example.com                      ; 250 2.0.0",
        "From: A <Alice+list@EXAMPLE.com>             ; 250 2.0.0",
        "From: Both <all@example.com>                 ; 250 2.0.0",
        "From: Bob <bob@example.com>                  ; 550 5.7.1",
        "From: boss@elsewhere.example                 ; 550 5.7.1",
        "From: alice@example.com, bob@example.com     ; 550 5.7.1",
        "From: \"alice@example.com\" <bob@example.com> ; 550 5.7.1",
        "From: alice                                  ; 550 5.7.1",
      })
  void nobodyWritesInAnothersName(String from, String reply) {
    assertThat(submit(from, "Subject: a", "", "b")).startsWith(reply);
    assertThat(fixture.inbox(fixture.bob)).hasSize(reply.startsWith("250") ? 1 : 0);
    assertThat(fixture.mail.spooled()).isZero();
  }

  @Test
  void aMessageHasOneFromField() {
    assertThat(submit("From: alice@example.com", "From: bob@example.com", "", "b"))
        .startsWith("554 5.6.0");
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH + "MAIL FROM:<alice@example.com>\r\n");
    client.lines("RCPT TO:<bob@example.com>");
    String text = "From: alice@example.com\r\nFrom: bob@example.com";
    assertThat(client.send("BDAT " + text.length() + " LAST\r\n" + text))
        .last()
        .asString()
        .startsWith("554 5.6.0");
  }

  @Test
  void anyAuthorMayBeNamedWhereThatIsAllowed() {
    SmtpFixture open = new SmtpFixture("submission-from-any-author = true");
    Client client = open.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH + "MAIL FROM:<alice@example.com>\r\n");
    client.lines("RCPT TO:<bob@example.com>");
    assertThat(client.lines("DATA", "From: x@elsewhere.example", "", "b", ".")).startsWith("250 ");
  }

  @Test
  void aSignatureStandsBeforeWhatGoesOn() {
    List<String> signed = new ArrayList<>();
    fixture.signatures =
        (domain, message) -> {
          signed.add(domain);
          return message
              .runWith(
                  Sink.fold(ByteString.emptyByteString(), ByteString::concat),
                  PureConnection.materializer())
              .thenApply(
                  bytes -> {
                    signed.add(bytes.utf8String());
                    return Optional.of(ByteString.fromString("DKIM-Signature: x\r\n"));
                  });
        };
    submit("From: alice@example.com", "Subject: a", "", "b");
    await().until(() -> !fixture.inbox(fixture.bob).isEmpty());
    assertThat(signed.get(0)).isEqualTo("example.com");
    assertThat(signed.get(1)).startsWith("Received: ");
    assertThat(fixture.inbox(fixture.bob).get(0))
        .isEqualTo("Return-Path: <alice@example.com>\r\nDKIM-Signature: x\r\n" + signed.get(1));
  }

  private String submit(String... lines) {
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH + "MAIL FROM:<alice@example.com>\r\n");
    client.lines("RCPT TO:<bob@example.com>", "DATA");
    return client.lines(Stream.concat(Stream.of(lines), Stream.of(".")).toArray(String[]::new));
  }

  @Test
  void whatTheSenderAskedForGoesWithTheEnvelope() {
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH);
    client.lines(
        "MAIL FROM:<alice@example.com> RET=HDRS ENVID=a+20b+2B BODY=8BITMIME SMTPUTF8",
        "RCPT TO:<x@elsewhere.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;X+2BY@example.com",
        "RCPT TO:<y@elsewhere.example> NOTIFY=NEVER ORCPT=utf-8;j\\x{F6}\\x{1F600}@example.com",
        "RCPT TO:<bob@example.com>");
    client.lines("DATA", "A: b", ".");
    EnvelopeOptions options = fixture.mail.delivered().get(0).options();
    assertThat(options.isEightBit() && options.isUtf8() && !options.requiresTls()).isTrue();
    assertThat(options.returned()).contains(EnvelopeOptions.Returned.HDRS);
    assertThat(options.envelopeId()).contains("a b+");
    assertThat(options.submitter()).contains(fixture.alice);
    assertThat(options.of(SmtpFixture.address("x@elsewhere.example")))
        .isEqualTo(
            new EnvelopeOptions.ForRecipient(
                Optional.of(Set.of(Notify.SUCCESS, Notify.FAILURE)),
                Optional.of("rfc822;X+Y@example.com")));
    assertThat(options.of(SmtpFixture.address("y@elsewhere.example")))
        .isEqualTo(
            new EnvelopeOptions.ForRecipient(
                Optional.of(Set.of()), Optional.of("utf-8;jö😀@example.com")));
    assertThat(options.of(SmtpFixture.address("bob@example.com")))
        .isEqualTo(EnvelopeOptions.ForRecipient.NONE);
  }

  @Test
  void whoSendsTooMuchIsToldAtRcpt() {
    fixture.mail.faults().refuseNext(PortCall.COUNT_RECIPIENT, Refusal.Code.LIMIT);
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH + "MAIL FROM:<alice@example.com>\r\n");
    assertThat(client.lines("RCPT TO:<bob@example.com>")).startsWith("250 ");
    assertThat(client.lines("RCPT TO:<x@elsewhere.example>")).startsWith("450 4.7.1 ");
    assertThat(client.lines("RCPT TO:<x@elsewhere.example>")).startsWith("250 ");
  }

  @Test
  void mailForOthersWaitsWhereThereIsNoWay() {
    fixture.mail.relaying(false);
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    assertThat(client.send("EHLO a\r\n" + AUTH)).noneMatch(line -> line.contains("DSN"));
    client.lines("MAIL FROM:<alice@example.com>");
    assertThat(client.lines("RCPT TO:<x@elsewhere.example>")).startsWith("451 4.4.4 ");
  }

  @Test
  void anySenderMaySubmitWhereThatIsAllowed() {
    SmtpFixture open = new SmtpFixture("submission-from-any-sender = true");
    Client client = open.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH);
    assertThat(client.lines("MAIL FROM:<boss@elsewhere.example>")).startsWith("250 ");
  }

  /** RFC 3207 6. */
  @Test
  void whatCameInPlainTextIsForgottenUnderTls() {
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH + "STARTTLS\r\nMAIL FROM:<alice@example.com>\r\n");
    client.connection.startTls();
    assertThat(client.replies()).isEmpty();
    assertThat(client.lines("EHLO a", "MAIL FROM:<alice@example.com>")).startsWith("530 5.7.0");
    client.connection.send(ByteString.fromString("QUIT\r\n"));
  }
}
