package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.imap.ImapFixture.Client;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client may not do, and for how long. */
class ImapLimitsTest {
  private final ImapFixture fixture = new ImapFixture();

  private static String run(ImapFixture fixture, boolean tls, String script) {
    return Dialogue.run(
        DialogueScript.of(script), number -> fixture.connect(PureConnection.fromAfar(tls)));
  }

  @Test
  void aPasswordIsNotTakenInPlainTextFromAfar() {
    run(
        fixture,
        false,
        """
        S: * OK [CAPABILITY IMAP4rev1 … STARTTLS LOGINDISABLED] …
        C: a1 LOGIN alice@example.com secret
        S: a1 NO [PRIVACYREQUIRED] …
        C: a2 AUTHENTICATE PLAIN
        S: a2 NO [PRIVACYREQUIRED] …
        C+: a3 STARTTLS\\r\\na4 NOOP\\r\\n
        S: a3 OK …
        TLS:
        C: a5 STARTTLS
        S: a5 BAD …
        C: a6 CAPABILITY
        S: * CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE AUTH=PLAIN SASL-IR
        S: a6 OK …
        C: a7 LOGIN alice@example.com secret
        S: a7 OK LOGIN completed
        """);
  }

  @Test
  void withTlsFromTheStartThereIsNoStartTls() {
    run(
        fixture,
        true,
        """
        S: * OK [CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE AUTH=PLAIN SASL-IR] …
        C: a1 STARTTLS
        S: a1 BAD …
        C: a2 AUTHENTICATE PLAIN
        S: +…
        C: Ym9iQGV4YW1wbGUuY29tAGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==
        S: a2 NO [AUTHORIZATIONFAILED] …
        C: a3 AUTHENTICATE plain {5+}
        C: hello
        S: a3 BAD …
        C: a4 AUTHENTICATE PLAIN
        S: +…
        C: AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==
        S: a4 OK …
        """);
  }

  @Test
  void tooManyFailedLoginsEndTheConnection() {
    fixture.run(
        """
        S: * OK …
        C: a1 LOGIN alice@example.com x
        S: a1 NO [AUTHENTICATIONFAILED] …
        C: a2 AUTHENTICATE PLAIN AGFsaWNlQGV4YW1wbGUuY29tAHg=
        S: a2 NO [AUTHENTICATIONFAILED] …
        C: a3 LOGIN nobody@example.com secret
        S: a3 NO [AUTHENTICATIONFAILED] …
        S: * BYE …
        S-EOF:
        """);
  }

  @Test
  void tooManyBadCommandsInARowEndTheConnection() {
    new ImapFixture("max-bad-commands = 3")
        .run(
            """
            S: * OK …
            C: a1 X
            S: a1 BAD …
            C: a2 X
            S: a2 BAD …
            C: a3 NOOP
            S: a3 OK …
            C: a4 X
            S: a4 BAD …
            C: x
            S: * BAD …
            C: a5 SELECT INBOX
            S: a5 BAD …
            S: * BYE …
            S-EOF:
            """);
  }

  @Test
  void aStrangerMaySayLittle() {
    new ImapFixture("max-command-size-before-login = 1k")
        .run(
            """
            S: * OK …
            C: a1 LOGIN {900}
            S: + …
            C+: ${x}
            C:  {900}
            S: a1 BAD …
            C: a2 LOGIN {2000+}
            C+: ${x}${x}${y}
            C:  x
            S: a2 BAD …
            C: a3 ${x}${x}
            S: a3 BAD …
            C: a4 ${x}${x} {5+}
            C: hello
            S: a4 BAD …
            C: a5 ${x}${x} {5}
            S: a5 BAD …
            C: a6 NOOP
            S: a6 OK …
            """
                .replace("${x}", "x".repeat(900))
                .replace("${y}", "y".repeat(200)));
  }

  @Test
  void aClientThatLoggedInMaySayMuch() {
    String set = "1" + ",1".repeat(32_000 - 10);
    fixture.run(
        """
        S: * OK …
        C: a1 LOGIN alice@example.com secret
        S: a1 OK …
        C: a2 SELECT INBOX
        S*: * …
        S: a2 OK …
        C: a3 UID STORE ${set} +FLAGS.SILENT (\\Seen)
        S: a3 OK …
        C: a4 SEARCH TEXT {60000}
        S: + …
        C+: ${text}
        C:  TEXT {60000}
        S: + …
        C+: ${text}
        C:  TEXT {60000}
        S: a4 BAD …
        C: a5 NOOP
        S: a5 OK …
        """
            .replace("${set}", set)
            .replace("${text}", "x".repeat(60_000)));
  }

  @Test
  void anAbsurdLiteralIsNotSkipped() {
    fixture.run(
        """
        S: * OK …
        C: a1 LOGIN {99999999999+}
        S: a1 BAD …
        S: * BYE …
        S-EOF:
        """);
  }

  @Test
  void loggingInMayNotTakeForEver() {
    Client client = fixture.client();
    client.ok("NOOP");
    client.connection.elapse(Duration.ofSeconds(61));
    client.connection.send(ImapFixture.bytes("x NOOP\r\n"));
    assertThat(client.lines()).hasSize(1).first().asString().startsWith("* BYE ");
    assertThat(client.connection.isEnded()).isTrue();
  }

  @Test
  void silenceIsAllowedForAsLongAsTheRfcSays() {
    Client client = fixture.client();
    ImapProtocol protocol = fixture.protocol();
    assertThat(protocol.timeout(client.connection.state())).isEqualTo(Duration.ofMinutes(1));
    client.ok("LOGIN alice@example.com secret");
    assertThat(protocol.timeout(client.connection.state())).isEqualTo(Duration.ofMinutes(30));
    client.connection.send(ImapFixture.bytes("i IDLE\r\n"));
    assertThat(protocol.timeout(client.connection.state())).isEqualTo(Duration.ofMinutes(35));
    client.connection.timeOut();
    assertThat(client.lines()).last().asString().startsWith("* BYE ");
    assertThat(client.connection.isEnded()).isTrue();
  }

  @Test
  void aServerThatStopsSaysSo() {
    Client client = fixture.client();
    client.ok("LOGIN alice@example.com secret");
    client.ok("SELECT INBOX");
    client.connection.shutDown();
    assertThat(client.lines()).hasSize(1).first().asString().startsWith("* BYE [UNAVAILABLE] ");
    assertThat(client.connection.isEnded()).isTrue();
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isZero();
  }

  @Test
  void namesHaveALimit() {
    Client client = fixture.client();
    client.ok("LOGIN alice@example.com secret");
    client.ok("SELECT INBOX");
    assertThat(client.command("CREATE " + "x".repeat(1001)))
        .last()
        .asString()
        .contains("NO [CANNOT]");
    String flag = "x".repeat(129);
    assertThat(client.command("UID STORE 1 FLAGS " + flag))
        .last()
        .asString()
        .contains("NO [LIMIT]");
    assertThat(client.command("APPEND INBOX (" + flag + ") {5+}\r\nhello"))
        .last()
        .asString()
        .contains("NO [LIMIT]");
  }

  @Test
  void keywordsHaveALimit() {
    Client client = fixture.client();
    fixture.mail.put(fixture.alice, "x");
    client.ok("LOGIN alice@example.com secret");
    client.ok("SELECT INBOX");
    for (int i = 0; i < 58; i++) {
      client.ok("STORE 1 +FLAGS.SILENT (k" + i + ")");
    }
    assertThat(client.command("STORE 1 +FLAGS.SILENT (more)"))
        .last()
        .asString()
        .contains("NO [LIMIT]");
    List<String> selected = client.ok("SELECT INBOX");
    assertThat(selected)
        .anyMatch(line -> line.contains("PERMANENTFLAGS") && line.contains(" k57)"));
  }
}
