package dev.staffetta.imap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.ImapSettings;
import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.session.Effect;
import dev.staffetta.imap.session.ImapState;
import dev.staffetta.imap.session.Input;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.memory.MemoryMail;
import dev.staffetta.wire.Connection;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.util.ByteString;

/** IMAP over ports in memory: accounts alice and bob, and mrc of the RFC's example. */
public final class ImapFixture {
  private static final ActorSystem SYSTEM =
      ActorSystem.create(
          "imap",
          ConfigFactory.parseString("pekko.daemonic = on, pekko.loglevel = WARNING")
              .withFallback(ConfigFactory.load()));

  public final MemoryMail mail;
  public final AccountId alice;
  public final AccountId mrc;
  private final ImapSettings settings;

  public ImapFixture() {
    this(new MemoryMail(), settings(""));
  }

  public ImapFixture(String settings) {
    this(new MemoryMail(), settings(settings));
  }

  public ImapFixture(MemoryMail mail, ImapSettings settings) {
    this.mail = mail;
    this.settings = settings;
    alice = mail.addAccount("alice@example.com", "secret");
    mail.addAccount("bob@example.com", "secret");
    mrc = mail.addAccount("mrc@example.com", "secret");
  }

  /** The settings of reference.conf with some others: HOCON. */
  public static ImapSettings settings(String others) {
    Config reference = ConfigFactory.parseResources("reference.conf").getConfig("staffetta.imap");
    return ImapSettings.from(ConfigFactory.parseString(others).withFallback(reference));
  }

  public static Materializer materializer() {
    return SystemMaterializer.get(SYSTEM).materializer();
  }

  /** One connection's protocol. */
  public ImapProtocol protocol() {
    return protocol(mail.mailboxes());
  }

  /** One connection's protocol, over mailboxes that are wrapped in something. */
  public ImapProtocol protocol(Mailboxes mailboxes) {
    return new ImapProtocol(
        settings,
        new ImapPorts(
            new DefaultDomain(mail.accounts()),
            mail.folders(),
            mailboxes,
            mail.contents(),
            mail.spool()),
        materializer());
  }

  /** A connection from this machine. */
  public PureConnection<ImapState, ImapFrame, Input, Reply, Effect<?>> connect() {
    return connect(PureConnection.fromLoopback());
  }

  public PureConnection<ImapState, ImapFrame, Input, Reply, Effect<?>> connect(
      Connection connection) {
    return PureConnection.open(protocol(), connection).patient();
  }

  /** A client that has said its words to a session without a socket. */
  public Client client() {
    return new Client(connect());
  }

  /** Runs a dialogue from this machine. */
  public String run(DialogueScript script) {
    return Dialogue.run(script, number -> connect());
  }

  public String run(String script) {
    return run(DialogueScript.of(script));
  }

  public MailboxId inbox() {
    return MailboxId.inboxOf(alice);
  }

  public static ByteString bytes(String text) {
    return ByteString.fromString(text, StandardCharsets.ISO_8859_1);
  }

  /** A small client for tests that look at replies by program. */
  public static final class Client {
    public final PureConnection<ImapState, ImapFrame, Input, Reply, Effect<?>> connection;
    private int tags;

    Client(PureConnection<ImapState, ImapFrame, Input, Reply, Effect<?>> connection) {
      this.connection = connection;
      lines();
    }

    /**
     * Sends a command and gives all lines of the reply up to the tagged one, and what came after.
     */
    public List<String> command(String text) {
      String tag = "t" + ++tags;
      connection.send(bytes(tag + " " + text + "\r\n"));
      List<String> lines = new ArrayList<>();
      while (lines.isEmpty() || !lines.get(lines.size() - 1).startsWith(tag + " ")) {
        Optional<String> line = connection.line();
        if (line.isEmpty()) {
          throw new AssertionError(text + " was answered by " + lines);
        }
        lines.add(line.get());
      }
      lines.addAll(lines());
      return lines;
    }

    /** The same for a command that must be answered by OK. */
    public List<String> ok(String text) {
      List<String> lines = command(text);
      if (!lines.get(lines.size() - 1).contains(" OK ")) {
        throw new AssertionError(text + " was answered by " + lines);
      }
      return lines;
    }

    /** The lines that are there. */
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      connection.settle();
      while (!connection.unread().isEmpty()) {
        Optional<String> line = connection.line();
        line.ifPresent(lines::add);
      }
      return lines;
    }
  }

  /** Lets users leave their domain out. */
  private record DefaultDomain(Accounts accounts) implements Accounts {
    @Override
    public CompletionStage<Void> countRecipient(AccountId account) {
      return accounts.countRecipient(account);
    }

    @Override
    public CompletionStage<AccountId> authenticate(
        String user, String password, InetAddress client) {
      return accounts.authenticate(
          user.indexOf('@') < 0 ? user + "@example.com" : user, password, client);
    }

    @Override
    public CompletionStage<MaildropLock> lockMaildrop(AccountId account) {
      return accounts.lockMaildrop(account);
    }
  }
}
