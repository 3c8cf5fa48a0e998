package dev.staffetta.pop3;

import dev.staffetta.config.Pop3Settings;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.memory.MemoryMail;
import dev.staffetta.wire.Connection;
import java.time.Duration;

/**
 * A server with one account, alice@example.com with the password {@code secret}, in whose maildrop
 * are the two messages of RFC 1939's examples: 120 and 200 octets.
 */
public final class Pop3Fixture {
  /** Small limits, which the scripts count on. */
  public static final Pop3Settings SETTINGS =
      new Pop3Settings(255, 5, 3, Duration.ofMinutes(1), Duration.ofMinutes(10));

  /** 120 octets, with lines that begin with dots. */
  public static final String FIRST =
      "From: bob@example.com\r\nSubject: one\r\n\r\nfirst line\r\n.\r\n..dots\r\n"
          + "x".repeat(120 - 62 - 2)
          + "\r\n";

  /** 200 octets. */
  public static final String SECOND =
      "From: carol@example.com\r\nSubject: two\r\n\r\n" + "y".repeat(200 - 41 - 2) + "\r\n";

  final MemoryMail mail = new MemoryMail();
  final AccountId alice = mail.addAccount("alice@example.com", "secret");
  final MailboxId inbox = MailboxId.inboxOf(alice);

  Pop3Fixture() {
    mail.number(inbox, 4711, 10);
    mail.setChunkSize(7);
    mail.put(alice, FIRST);
    mail.put(alice, SECOND);
  }

  Pop3Protocol protocol() {
    return new Pop3Protocol(SETTINGS, mail.accounts(), mail.mailboxes(), mail.contents());
  }

  PureConnection<Pop3State, Pop3Frame, Pop3Input, Pop3Reply, Pop3Effect> open() {
    return open(PureConnection.fromLoopback());
  }

  PureConnection<Pop3State, Pop3Frame, Pop3Input, Pop3Reply, Pop3Effect> open(
      Connection connection) {
    return PureConnection.open(protocol(), connection);
  }
}
