package dev.staffetta.proof;

import dev.staffetta.config.Service;
import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.node.TestNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dialogues from which the three protocols are learnt, with a whole node. */
class StudentDialoguesTest {
  private static final String MRC = "mrc@example.com";

  /** The header of the message of RFC 9051 8. */
  private static final String HEADER_12 =
      """
      Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
      From: Terry Gray <gray@cac.washington.edu>
      Subject: IMAP4rev2 WG mtg summary and minutes
      To: imap@cac.washington.edu
      cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
      Message-Id: <B27397-0100000@cac.washington.edu>
      MIME-Version: 1.0
      Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

      """
          .replace("\n", "\r\n");

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = TestNode.start(data, "staffetta.accounts.default-domain = example.com");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void twoMailsBySmtpAreReadAndDeletedByPop3() {
    node.addAccount("student@example.com", TestNode.PASSWORD);
    run("dialogues/whole/smtp.txt", Service.SMTP);
    run("dialogues/whole/smtp.txt", Service.SMTP);
    run("dialogues/whole/pop3.txt", Service.POP3);
  }

  @Test
  void theExampleSessionOfImap() throws Exception {
    node.addAccount(MRC, "secret");
    try (ImapReader imap = new ImapReader(node.port(Service.IMAP), MRC, "secret")) {
      for (int i = 1; i <= 18; i++) {
        imap.append(
            "INBOX",
            (i < 17 ? "(\\Seen) " : "") + "\"17-Jul-1996 02:44:25 -0700\" ",
            (i == 12 ? HEADER_12 + text12() : "Subject: " + i + "\r\n\r\nText\r\n")
                .getBytes(StandardCharsets.US_ASCII));
      }
    }
    run("dialogues/whole/imap.txt", Service.IMAP);
  }

  /** 3028 octets in 92 lines, as the RFC's BODY says. */
  private static String text12() {
    return ("x".repeat(31) + "\r\n").repeat(91) + "x".repeat(23) + "\r\n";
  }

  private static void run(String script, Service service) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port(service));
    Dialogue.run(DialogueScript.load(script), number -> SocketConnection.open(address));
  }
}
