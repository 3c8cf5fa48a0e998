package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.LocalServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scripts of {@code dialogues/smtp}, over the session without a socket and over a socket. Their
 * names say what they are for: {@code receive-}, {@code submission-}, and {@code afar-} for a
 * client on another machine.
 */
class SmtpDialogueTest {
  private static LocalServer server;

  /** What the next connection meets. */
  private static volatile SmtpService service;

  @BeforeAll
  static void start() {
    server = LocalServer.start(connection -> service.connection());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<DialogueScript> scripts() {
    return DialogueScript.all("dialogues/smtp").stream()
        .map(script -> script.with("host", SmtpFixture.HOST));
  }

  static Stream<DialogueScript> nearScripts() {
    return scripts().filter(script -> !isFromAfar(script));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void theDialogueGoesAsWritten(DialogueScript script) {
    SmtpFixture fixture = new SmtpFixture();
    Connection from =
        isFromAfar(script) ? PureConnection.fromAfar(false) : PureConnection.fromLoopback();
    Dialogue.run(script, PureConnection.open(fixture.service(role(script)).connection(), from));
    assertThat(fixture.mail.spooled()).isZero();
  }

  @ParameterizedTest
  @MethodSource("nearScripts")
  void theDialogueGoesAsWrittenOverASocket(DialogueScript script) {
    SmtpFixture fixture = new SmtpFixture();
    service = fixture.service(role(script));
    Dialogue.run(script, SocketConnection.open(server.address()));
    await().untilAsserted(() -> assertThat(fixture.mail.spooled()).isZero());
  }

  private static SmtpRole role(DialogueScript script) {
    return script.name().contains("submission") ? SmtpRole.SUBMISSION : SmtpRole.RECEIVE;
  }

  private static boolean isFromAfar(DialogueScript script) {
    return script.name().contains("/afar-");
  }
}
