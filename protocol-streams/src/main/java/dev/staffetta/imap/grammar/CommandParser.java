package dev.staffetta.imap.grammar;

import dev.staffetta.imap.SequenceSet;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Mailboxes.StoreMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/** The bytes of a whole command to a {@link Command} (RFC 3501 9). Total: bytes in, value out. */
public final class CommandParser {
  /** RFC 2971 3.3: no more than so many field-value pairs. */
  private static final int MAX_ID_FIELDS = 30;

  private CommandParser() {}

  /**
   * Reads a command.
   *
   * @param bytes without the line end; each literal follows its announcement and CRLF
   */
  public static Parsed parse(ByteString bytes) {
    ImapReader reader = new ImapReader(bytes.toArrayUnsafe());
    Optional<String> tag = Optional.empty();
    try {
      String found = reader.tag();
      reader.space();
      tag = Optional.of(found);
      Command command = command(reader);
      reader.end();
      return new Parsed.Understood(found, command);
    } catch (SyntaxException e) {
      return new Parsed.Bad(tag, e.getMessage());
    }
  }

  /** The tag of what is perhaps only the start of a command. */
  public static Optional<String> tag(ByteString start) {
    ImapReader reader = new ImapReader(start.toArrayUnsafe());
    try {
      String tag = reader.tag();
      reader.space();
      return Optional.of(tag);
    } catch (SyntaxException e) {
      return Optional.empty();
    }
  }

  private static Command command(ImapReader reader) throws SyntaxException {
    String name = reader.keyword();
    return switch (name) {
      case "CAPABILITY" -> new Command.Capability();
      case "NOOP" -> new Command.Noop();
      case "LOGOUT" -> new Command.Logout();
      case "ID" -> id(reader);
      case "STARTTLS" -> new Command.StartTls();
      case "AUTHENTICATE" -> authenticate(reader);
      case "LOGIN" -> login(reader);
      case "ENABLE" -> enable(reader);
      case "SELECT" -> new Command.Select(mailbox(reader), Access.READ_WRITE);
      case "EXAMINE" -> new Command.Select(mailbox(reader), Access.READ_ONLY);
      case "CREATE" -> create(reader);
      case "DELETE" -> new Command.Delete(mailbox(reader));
      case "RENAME" -> new Command.Rename(mailbox(reader), mailbox(reader));
      case "SUBSCRIBE" -> new Command.Subscribe(mailbox(reader));
      case "UNSUBSCRIBE" -> new Command.Unsubscribe(mailbox(reader));
      case "LIST" -> new Command.ListMailboxes(ListGrammar.list(reader));
      case "LSUB" -> new Command.ListSubscribed(pattern(reader), pattern(reader));
      case "STATUS" -> status(reader);
      case "NAMESPACE" -> new Command.Namespace();
      case "APPEND" -> throw new SyntaxException("APPEND's message is a literal");
      case "IDLE" -> new Command.Idle();
      case "CHECK" -> new Command.Check();
      case "CLOSE" -> new Command.Close();
      case "UNSELECT" -> new Command.Unselect();
      case "EXPUNGE" -> new Command.Expunge();
      case "UID" -> byUid(reader);
      default -> ofMessages(name, false, reader);
    };
  }

  private static Command byUid(ImapReader reader) throws SyntaxException {
    reader.space();
    String name = reader.keyword();
    return name.equals("EXPUNGE")
        ? new Command.UidExpunge(sequenceSet(reader))
        : ofMessages(name, true, reader);
  }

  /** The commands that name messages, by sequence number or UID. */
  private static Command ofMessages(String name, boolean byUid, ImapReader reader)
      throws SyntaxException {
    return switch (name) {
      case "SEARCH" -> SearchGrammar.search(reader, byUid);
      case "FETCH" -> {
        SequenceSet messages = sequenceSet(reader);
        reader.space();
        yield new Command.Fetch(byUid, messages, FetchGrammar.items(reader));
      }
      case "STORE" -> store(byUid, reader);
      case "COPY" -> new Command.Copy(byUid, sequenceSet(reader), mailbox(reader));
      case "MOVE" -> new Command.Move(byUid, sequenceSet(reader), mailbox(reader));
      default -> throw new SyntaxException("there is no command " + name);
    };
  }

  private static Command store(boolean byUid, ImapReader reader) throws SyntaxException {
    SequenceSet messages = sequenceSet(reader);
    reader.space();
    StoreMode mode = StoreMode.REPLACE;
    if (reader.take('+')) {
      mode = StoreMode.ADD;
    } else if (reader.take('-')) {
      mode = StoreMode.REMOVE;
    }
    if (!reader.takeWord("FLAGS")) {
      throw new SyntaxException("STORE takes FLAGS, +FLAGS or -FLAGS");
    }
    boolean silent = reader.takeWord(".SILENT");
    reader.space();
    Set<String> flags = reader.isNext('(') ? Names.flagList(reader) : Names.flags(reader);
    return new Command.Store(byUid, messages, mode, silent, flags);
  }

  private static Command id(ImapReader reader) throws SyntaxException {
    reader.space();
    if (!reader.take('(')) {
      if (!reader.takeWord("NIL")) {
        throw new SyntaxException("ID takes NIL or a list in parentheses");
      }
      return new Command.Id();
    }
    int fields = 0;
    if (!reader.take(')')) {
      do {
        reader.string();
        reader.space();
        reader.nstring();
        fields++;
      } while (reader.take(' '));
      reader.expect(')');
    }
    if (fields > MAX_ID_FIELDS) {
      throw new SyntaxException("ID takes at most " + MAX_ID_FIELDS + " fields (RFC 2971 3.3)");
    }
    return new Command.Id();
  }

  private static Command authenticate(ImapReader reader) throws SyntaxException {
    reader.space();
    String mechanism = reader.atom().toUpperCase(Locale.ROOT);
    Optional<String> initial = Optional.empty();
    if (reader.take(' ')) {
      initial = Optional.of(reader.base64());
    }
    return new Command.Authenticate(mechanism, initial);
  }

  private static Command login(ImapReader reader) throws SyntaxException {
    reader.space();
    String user = reader.utf8Astring();
    reader.space();
    return new Command.Login(user, reader.utf8Astring());
  }

  private static Command enable(ImapReader reader) throws SyntaxException {
    List<String> capabilities = new ArrayList<>();
    reader.space();
    do {
      capabilities.add(reader.atom().toUpperCase(Locale.ROOT));
    } while (reader.take(' '));
    return new Command.Enable(capabilities);
  }

  private static Command create(ImapReader reader) throws SyntaxException {
    String mailbox = mailbox(reader);
    List<String> uses = new ArrayList<>();
    if (reader.takeWord(" (USE (")) {
      if (!reader.isNext(')')) {
        do {
          reader.expect('\\');
          uses.add("\\" + reader.atom());
        } while (reader.take(' '));
      }
      reader.expect(')');
      reader.expect(')');
    }
    return new Command.Create(mailbox, uses);
  }

  private static Command status(ImapReader reader) throws SyntaxException {
    String mailbox = mailbox(reader);
    reader.space();
    return new Command.Status(mailbox, ListGrammar.statusItems(reader));
  }

  private static String mailbox(ImapReader reader) throws SyntaxException {
    reader.space();
    return Names.mailbox(reader);
  }

  private static String pattern(ImapReader reader) throws SyntaxException {
    reader.space();
    return Names.pattern(reader);
  }

  private static SequenceSet sequenceSet(ImapReader reader) throws SyntaxException {
    reader.space();
    return reader.sequenceSet();
  }
}
