package dev.staffetta.proof;

import dev.staffetta.config.Service;
import dev.staffetta.node.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** An ordinary client that goes on sending and reading while others misbehave. */
final class Bystander {
  private static final byte[] MESSAGE =
      "Subject: as usual\r\n\r\nHello\r\n".getBytes(StandardCharsets.US_ASCII);

  private final TestNode node;
  private final String user;
  private final ImapReader imap;
  private int messages;

  /** Logs in to an account that is empty. */
  Bystander(TestNode node, String user) throws IOException {
    this.node = node;
    this.user = user;
    imap = new ImapReader(node.port(Service.IMAP), user, TestNode.PASSWORD);
    imap.command("SELECT INBOX");
  }

  /**
   * Sends a message by a new SMTP connection, sees it come on an old IMAP one, and reads it by a
   * new POP3 one.
   *
   * @return how long it took
   */
  Duration goesOn() throws IOException {
    Instant start = Instant.now();
    try (SmtpSender smtp = new SmtpSender(node.port(Service.SMTP))) {
      smtp.send(user, MESSAGE);
    }
    messages++;
    while (!imap.command("NOOP").contains("* " + messages + " EXISTS")) {
      if (Duration.between(start, Instant.now()).toMinutes() > 0) {
        throw new IOException("message " + messages + " does not show in a minute");
      }
    }
    try (Pop3Reader pop3 = new Pop3Reader(node.port(Service.POP3), user, TestNode.PASSWORD)) {
      String message = new String(pop3.retr(messages), StandardCharsets.ISO_8859_1);
      if (!message.endsWith(new String(MESSAGE, StandardCharsets.US_ASCII))) {
        throw new IOException("not the message that was sent: " + message);
      }
      pop3.command("QUIT");
    }
    return Duration.between(start, Instant.now());
  }

  void leave() throws IOException {
    imap.close();
  }
}
