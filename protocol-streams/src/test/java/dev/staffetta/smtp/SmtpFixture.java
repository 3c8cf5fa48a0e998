package dev.staffetta.smtp;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.SmtpSettings;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Signatures;
import dev.staffetta.ports.memory.MemoryMail;
import dev.staffetta.wire.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** A server with the accounts that the tests know, and clients of it. */
final class SmtpFixture {
  static final String HOST = "mx.example.com";

  /** A message from elsewhere to alice. */
  static final String ENVELOPE = "MAIL FROM:<c@example.net>\r\nRCPT TO:<alice@example.com>\r\n";

  /** Alice's password. */
  static final String AUTH = "AUTH PLAIN AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==\r\n";

  private static final Config REFERENCE =
      ConfigFactory.parseResources("reference.conf").resolve().getConfig("staffetta.smtp");
  private static final SmtpSettings DEFAULTS = SmtpSettings.from(REFERENCE);

  final MemoryMail mail = new MemoryMail();
  final AccountId alice = mail.addAccount("alice@example.com", "secret");
  final AccountId bob = mail.addAccount("bob@example.com", "hidden");
  final SmtpSettings settings;
  Signatures signatures = Signatures.NONE;

  SmtpFixture() {
    this("");
  }

  /**
   * @param settings those that are not the default, in HOCON
   */
  SmtpFixture(String settings) {
    this.settings = settings(settings);
    alias("all@example.com", "bob@example.com", "alice@example.com");
    alias("bob.alias@example.com", "bob@example.com");
  }

  static SmtpSettings settings(String changed) {
    return changed.isEmpty()
        ? DEFAULTS
        : SmtpSettings.from(ConfigFactory.parseString(changed).withFallback(REFERENCE));
  }

  private void alias(String address, String... targets) {
    mail.directory()
        .addAlias(address(address), List.of(targets).stream().map(SmtpFixture::address).toList())
        .toCompletableFuture()
        .join();
  }

  static MailAddress address(String text) {
    int at = text.lastIndexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1));
  }

  /** Text as it is sent. */
  static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  SmtpService service(SmtpRole role) {
    return new SmtpService(
        role,
        HOST,
        settings,
        mail.accounts(),
        mail.deliveries(),
        mail.spool(),
        mail.directory(),
        signatures);
  }

  /** A client on the same machine, greeted. */
  Client connect(SmtpRole role) {
    return connect(role, PureConnection.fromLoopback());
  }

  Client connect(SmtpRole role, Connection from) {
    Client client = new Client(PureConnection.open(service(role).connection(), from));
    client.replies();
    return client;
  }

  /** Every message in an INBOX, a char an octet. */
  List<String> inbox(AccountId account) {
    MailboxId inbox = MailboxId.inboxOf(account);
    return mail.view(inbox).messages().stream()
        .map(message -> mail.content(inbox, message.uid()))
        .map(octets -> octets.decodeString(StandardCharsets.ISO_8859_1))
        .toList();
  }

  /** One that sends and reads. */
  static final class Client {
    final PureConnection<SmtpState, SmtpFrame, SmtpInput, SmtpOutput, SmtpEffect> connection;

    Client(PureConnection<SmtpState, SmtpFrame, SmtpInput, SmtpOutput, SmtpEffect> connection) {
      this.connection = connection;
    }

    /** Sends as it is, a char an octet; returns what the server says. */
    List<String> send(String text) {
      connection.send(ByteString.fromString(text, StandardCharsets.ISO_8859_1));
      return replies();
    }

    /** Sends lines; returns the last line of the last reply. */
    String lines(String... lines) {
      List<String> replies = send(String.join("\r\n", lines) + "\r\n");
      return replies.isEmpty() ? "" : replies.get(replies.size() - 1);
    }

    List<String> replies() {
      List<String> replies = new ArrayList<>();
      for (Optional<String> line = connection.line(); line.isPresent(); line = connection.line()) {
        replies.add(line.get());
      }
      return replies;
    }
  }
}
