package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.Faults;
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
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a message, with ports that work and ports that do not. */
class SmtpMessageTest {
  private static final String ENVELOPE =
      "MAIL FROM:<c@example.net>\r\nRCPT TO:<alice@example.com>\r\n";
  private static final String AUTH = "AUTH PLAIN AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==\r\n";

  private final SmtpFixture fixture =
      new SmtpFixture("max-message-size = 64k, max-received-fields = 3");

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

  @Test
  void anySenderMaySubmitWhereThatIsAllowed() {
    SmtpFixture open = new SmtpFixture("submission-from-any-sender = true");
    Client client = open.connect(SmtpRole.SUBMISSION);
    client.send("EHLO a\r\n" + AUTH);
    assertThat(client.lines("MAIL FROM:<boss@elsewhere.example>")).startsWith("250 ");
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, 451 4.3.0",
    "OVERQUOTA,   552 5.2.2",
    "LIMIT,       552 5.2.2",
    "TOOBIG,      552 5.3.4",
    "NONEXISTENT, 550 5.1.1",
    "INUSE,       450 4.2.0",
    "NOPERM,      550 5.7.1",
    "CANNOT,      554 5.3.0",
    "LOOP,        554 5.4.6",
  })
  void aFailedDeliveryIsTold(Refusal.Code code, String reply) {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE + "DATA\r\n");
    fixture.mail.faults().refuseNext(PortCall.DELIVER, code);
    assertThat(client.send("A: b\r\n.\r\n").get(0)).startsWith(reply);
    assertThat(client.lines("DATA")).startsWith("503 5.5.1");
    assertThat(fixture.inbox(fixture.alice)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = PortCall.class,
      names = {"FIND", "SPOOL_APPEND", "SPOOL_FINISH", "DELIVER"})
  void whatBreaksIsATemporaryErrorAndTheSessionGoesOn(PortCall call) {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    for (int working = 0; working < 4; working++) {
      client.lines("EHLO a", "MAIL FROM:<>");
      fixture.mail.faults().failNext(call);
      client.lines("RCPT TO:<alice@example.com>", "RCPT TO:<bob@example.com>", "DATA");
      List<String> replies = client.send("A: b\r\n\r\na\r\n.\r\n");
      assertThat(replies).isNotEmpty();
      fixture.mail.faults().clear();
      client.send("RSET\r\n" + ENVELOPE);
      assertThat(client.send("BDAT 3 LAST\r\nA:\r\n")).isNotEmpty();
      assertThat(fixture.mail.spooled()).isZero();
    }
  }

  @Test
  void aSpoolThatIsFullIsToldBeforeTheMessageOrAfter() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE);
    fixture.mail.faults().failNext(PortCall.SPOOL_APPEND);
    assertThat(client.lines("DATA")).startsWith("452 4.3.1");
    client.send(ENVELOPE);
    fixture.mail.faults().failNext(PortCall.SPOOL_APPEND);
    assertThat(client.send("BDAT 6\r\nRSET\r\nNOOP\r\n"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("452 4.3.1");
    client.send(ENVELOPE + "DATA\r\n");
    fixture.mail.faults().failNext(PortCall.SPOOL_APPEND);
    assertThat(client.send("A: b\r\n\r\nmore\r\n")).isEmpty();
    assertThat(client.send("and more\r\n.\r\n")).singleElement().asString().startsWith("452 4.3.1");
    client.send(ENVELOPE + "DATA\r\n");
    fixture.mail.faults().failNext(PortCall.SPOOL_FINISH);
    assertThat(client.send("A: b\r\n\r\nmore\r\n.\r\n"))
        .singleElement()
        .asString()
        .startsWith("451 4.3.0");
    assertThat(client.send(ENVELOPE + "DATA\r\n")).last().asString().startsWith("354");
    assertThat(client.send("A: b\r\n.\r\n")).singleElement().asString().startsWith("250");
  }

  @Test
  void passwordsAndAliasesThatCannotBeCheckedNowAreATemporaryError() {
    Client client = fixture.connect(SmtpRole.SUBMISSION);
    client.lines("EHLO a");
    fixture.mail.faults().failNext(PortCall.AUTHENTICATE);
    assertThat(client.send(AUTH).get(0)).startsWith("454 4.7.0");
    client.send(AUTH);
    fixture.mail.faults().failNext(PortCall.DIRECTORY);
    assertThat(client.lines("MAIL FROM:<all@example.com>")).startsWith("451 4.3.0");
    assertThat(client.lines("MAIL FROM:<all@example.com>")).startsWith("250 ");
    fixture.mail.faults().failNext(PortCall.DIRECTORY);
    assertThat(client.lines("RCPT TO:<postmaster>")).startsWith("451 4.3.0");
    assertThat(client.lines("RCPT TO:<postmaster>")).startsWith("250 ");
  }

  @Test
  void aClientThatGoesAwayLeavesNothingBehind() {
    for (String last :
        List.of("DATA\r\n", "DATA\r\nA: b\r\n\r\nx", "BDAT 9\r\nA: b", "BDAT 4\r\nA: b")) {
      Client client = fixture.connect(SmtpRole.RECEIVE);
      client.send("EHLO a\r\n" + ENVELOPE + last);
      assertThat(fixture.mail.spooled()).isEqualTo(1);
      client.connection.endInput();
      assertThat(fixture.mail.spooled()).isZero();
    }
    assertThat(fixture.inbox(fixture.alice)).isEmpty();
  }

  @Test
  void aMessageThatIsWholeIsDeliveredThoughItsClientIsGone() {
    Client client = fixture.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE + "DATA\r\n");
    Faults.Held held = fixture.mail.faults().holdNext(PortCall.DELIVER);
    assertThat(client.send("A: b\r\n.\r\n")).isEmpty();
    client.connection.close();
    held.release();
    assertThat(fixture.inbox(fixture.alice)).hasSize(1);
  }

  @Test
  void aDeliveryThatTakesTooLongIsATemporaryError() {
    SmtpFixture hasty = new SmtpFixture("delivery-timeout = 1s");
    Client client = hasty.connect(SmtpRole.RECEIVE);
    client.send("EHLO a\r\n" + ENVELOPE + "DATA\r\n");
    Faults.Held held = hasty.mail.faults().holdNext(PortCall.DELIVER);
    assertThat(client.send("A: b\r\n.\r\n")).isEmpty();
    await()
        .untilAsserted(
            () -> assertThat(client.replies()).singleElement().asString().startsWith("451 4.3.0"));
    assertThat(hasty.mail.spooled()).isEqualTo(1);
    held.release();
    assertThat(hasty.mail.spooled()).isZero();
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

  private static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }
}
