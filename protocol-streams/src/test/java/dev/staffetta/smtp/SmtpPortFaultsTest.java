package dev.staffetta.smtp;

import static dev.staffetta.smtp.SmtpFixture.AUTH;
import static dev.staffetta.smtp.SmtpFixture.ENVELOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.Faults;
import dev.staffetta.ports.memory.PortCall;
import dev.staffetta.smtp.SmtpFixture.Client;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client is told, and what is left behind, when ports or clients fail. */
class SmtpPortFaultsTest {
  private final SmtpFixture fixture = new SmtpFixture();

  @AfterEach
  void nothingStaysInTheSpool() {
    assertThat(fixture.mail.spooled()).isZero();
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
}
