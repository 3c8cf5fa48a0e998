package dev.staffetta.imap;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.wire.LocalServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each dialogue over the pure session, and over a socket. */
class ImapDialoguesTest {
  static List<DialogueScript> scripts() {
    return DialogueScript.all("dialogues/imap");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void overThePureSession(DialogueScript script) {
    ImapFixture fixture = new ImapFixture();
    ImapExamples.fill(fixture);
    Dialogue.run(script, number -> fixture.connect(PureConnection.fromLoopback()));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void overASocket(DialogueScript script) {
    ImapFixture fixture = new ImapFixture();
    ImapExamples.fill(fixture);
    try (LocalServer server = LocalServer.start(connection -> fixture.protocol())) {
      Dialogue.run(script, number -> SocketConnection.open(server.address()));
    }
  }
}
