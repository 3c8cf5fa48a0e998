package dev.staffetta.imap.fetch;

import java.util.Optional;

/** One data item of a FETCH command (RFC 9051 6.4.5, RFC 3501 6.4.5). */
public sealed interface FetchItem {
  /** Whether fetching it sets \Seen (RFC 9051 6.4.5, BODY[section]). */
  boolean setsSeen();

  /** Whether it is known from the mailbox's table alone, without the message's content. */
  boolean isFromTable();

  /** The items that have no parameters. */
  enum Attribute implements FetchItem {
    FLAGS("FLAGS", true, false),
    UID("UID", true, false),
    INTERNALDATE("INTERNALDATE", true, false),
    RFC822_SIZE("RFC822.SIZE", true, false),
    /** RFC 7162 3.1.4.2. */
    MODSEQ("MODSEQ", true, false),
    ENVELOPE("ENVELOPE", false, false),
    /** The structure without extension data. */
    BODY("BODY", false, false),
    BODYSTRUCTURE("BODYSTRUCTURE", false, false),
    /** RFC 3501 6.4.5: BODY[] under another name. */
    RFC822("RFC822", false, true),
    /** RFC 3501 6.4.5: BODY.PEEK[HEADER] under another name. */
    RFC822_HEADER("RFC822.HEADER", false, false),
    /** RFC 3501 6.4.5: BODY[TEXT] under another name. */
    RFC822_TEXT("RFC822.TEXT", false, true);

    private final String name;
    private final boolean fromTable;
    private final boolean setsSeen;

    Attribute(String name, boolean fromTable, boolean setsSeen) {
      this.name = name;
      this.fromTable = fromTable;
      this.setsSeen = setsSeen;
    }

    @Override
    public boolean setsSeen() {
      return setsSeen;
    }

    @Override
    public boolean isFromTable() {
      return fromTable;
    }

    /** As the command and the response write it. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * {@code BODY[section]<partial>} and {@code BODY.PEEK[section]<partial>}.
   *
   * @param peek leave \Seen alone
   */
  record BodySection(Section section, Optional<Partial> partial, boolean peek)
      implements FetchItem {
    @Override
    public boolean setsSeen() {
      return !peek;
    }

    @Override
    public boolean isFromTable() {
      return false;
    }

    /** As the response writes it (RFC 9051 9, msg-att-static). */
    @Override
    public String toString() {
      return "BODY[" + section + "]" + partial.map(p -> "<" + p.offset() + ">").orElse("");
    }
  }

  /**
   * A stretch of a section.
   *
   * @param offset of its first octet, from 0
   * @param length in octets, at least 1 (RFC 9051 9, partial); what lies beyond the end is left out
   */
  record Partial(long offset, long length) {
    public Partial {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException("partial <" + offset + "." + length + ">");
      }
    }
  }
}
