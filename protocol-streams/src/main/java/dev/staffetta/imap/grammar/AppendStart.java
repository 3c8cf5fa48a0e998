package dev.staffetta.imap.grammar;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/**
 * An APPEND up to its message (RFC 3501 6.3.11).
 *
 * @param flags names
 * @param internalDate empty: now
 */
public record AppendStart(
    String tag, String mailbox, Set<String> flags, Optional<Instant> internalDate) {
  /** What the bytes of a command up to a literal's announcement are. */
  public sealed interface Reading {}

  /** An APPEND whose message is the literal announced. */
  public record MessageNext(AppendStart append) implements Reading {}

  /** An APPEND that is none. */
  public record Wrong(Parsed.Bad bad) implements Reading {}

  /** Another command, or an APPEND with the mailbox's name as the literal. */
  public record OtherLiteral() implements Reading {}

  /**
   * Reads a command up to and with the announcement of a literal.
   *
   * @param bytes as far as they came, earlier literals included
   */
  public static Reading read(ByteString bytes) {
    ImapReader reader = new ImapReader(bytes.toArrayUnsafe());
    Optional<String> tag = Optional.empty();
    try {
      String name = reader.tag();
      reader.space();
      if (!reader.takeWord("APPEND ")) {
        return new OtherLiteral();
      }
      tag = Optional.of(name);
      if (reader.atLastAnnouncement()) {
        return new OtherLiteral();
      }
      String mailbox = Names.mailbox(reader);
      reader.space();
      Set<String> flags = Set.of();
      if (reader.isNext('(')) {
        flags = Names.flagList(reader);
        reader.space();
      }
      Optional<Instant> date = Optional.empty();
      if (reader.isNext('"')) {
        date = Optional.of(InternalDate.dateTime(reader));
        reader.space();
      }
      if (!reader.atLastAnnouncement()) {
        throw new SyntaxException("APPEND's message is a literal");
      }
      return new MessageNext(new AppendStart(name, mailbox, flags, date));
    } catch (SyntaxException e) {
      return new Wrong(new Parsed.Bad(tag, e.getMessage()));
    }
  }
}
