package dev.staffetta.pop3;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.wire.LocalServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every script of {@code dialogues/pop3}, each on a fresh server: {@link Pop3Fixture}. */
class Pop3DialoguesTest {
  static List<DialogueScript> scripts() {
    return DialogueScript.all("dialogues/pop3").stream()
        .map(script -> script.with("first-uid", "4711.10").with("second-uid", "4711.11"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void withoutASocket(DialogueScript script) {
    Pop3Fixture fixture = new Pop3Fixture();
    Dialogue.run(script, number -> fixture.open());
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void overASocket(DialogueScript script) {
    Pop3Fixture fixture = new Pop3Fixture();
    try (LocalServer server = LocalServer.start(connection -> fixture.protocol())) {
      Dialogue.run(script, number -> SocketConnection.open(server.address()));
    }
  }
}
