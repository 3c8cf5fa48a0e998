package dev.staffetta.system;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.pop3.Pop3Fixture;
import dev.staffetta.pop3.Pop3Protocol;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes.Appended;
import dev.staffetta.wire.LocalServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every POP3 script over a socket, real entities and a real store. Each has the account of the one
 * before it, removed and made again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Pop3DialoguesTest {
  private static final AccountId ALICE = new AccountId("alice@example.com");

  private RunningMailSystem running;
  private LocalServer server;
  private Appended first;
  private Appended second;

  @BeforeAll
  void start(@TempDir Path directory) {
    running = new RunningMailSystem(directory);
    MailSystem mail = running.mail();
    server =
        LocalServer.start(
            connection ->
                new Pop3Protocol(
                    Pop3Fixture.SETTINGS, mail.accounts(), mail.mailboxes(), mail.contents()));
    running.account(ALICE.address());
  }

  @AfterAll
  void stop() {
    server.close();
    running.close();
  }

  @BeforeEach
  void fillMaildrop() {
    MailSystem mail = running.mail();
    mail.directory().removeAccount(ALICE).toCompletableFuture().join();
    mail.directory().addAccount(ALICE, "secret").toCompletableFuture().join();
    MailboxId inbox = MailboxId.inboxOf(ALICE);
    first = running.append(inbox, Pop3Fixture.FIRST);
    second = running.append(inbox, Pop3Fixture.SECOND);
  }

  static List<DialogueScript> scripts() {
    return DialogueScript.all("dialogues/pop3");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void overASocket(DialogueScript script) {
    Dialogue.run(
        script.with("first-uid", uniqueId(first)).with("second-uid", uniqueId(second)),
        number -> SocketConnection.open(server.address()));
  }

  private static String uniqueId(Appended message) {
    return message.uidValidity() + "." + message.uid();
  }
}
