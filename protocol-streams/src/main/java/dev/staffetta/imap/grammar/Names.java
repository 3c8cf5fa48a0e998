package dev.staffetta.imap.grammar;

import dev.staffetta.ports.Flags;
import dev.staffetta.ports.FolderTree;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The names of mailboxes and flags in a command. */
final class Names {
  private Names() {}

  /** A mailbox's name in Unicode, INBOX in upper case (RFC 3501 5.1). */
  static String mailbox(ImapReader reader) throws SyntaxException {
    return FolderTree.canonical(decoded(reader.astring()));
  }

  /** A mailbox's name or a pattern for names, in Unicode. */
  static String pattern(ImapReader reader) throws SyntaxException {
    return decoded(reader.listMailbox());
  }

  private static String decoded(byte[] wire) throws SyntaxException {
    return ModifiedUtf7.decode(wire)
        .orElseThrow(() -> new SyntaxException("a mailbox name is not in modified UTF-7"));
  }

  /** A flag-list in parentheses, which may be empty. */
  static Set<String> flagList(ImapReader reader) throws SyntaxException {
    Set<String> flags = new LinkedHashSet<>();
    reader.expect('(');
    if (!reader.take(')')) {
      do {
        flags.add(flag(reader));
      } while (reader.take(' '));
      reader.expect(')');
    }
    return Collections.unmodifiableSet(flags);
  }

  /** Flags with spaces between, without parentheses (RFC 3501 9, store-att-flags). */
  static Set<String> flags(ImapReader reader) throws SyntaxException {
    Set<String> flags = new LinkedHashSet<>();
    do {
      flags.add(flag(reader));
    } while (reader.take(' '));
    return Collections.unmodifiableSet(flags);
  }

  /** A flag; a system flag in the case in which the RFC writes it. */
  private static String flag(ImapReader reader) throws SyntaxException {
    if (!reader.take('\\')) {
      return reader.atom();
    }
    String name = "\\" + reader.atom();
    if (name.toUpperCase(Locale.ROOT).equals("\\RECENT")) {
      throw new SyntaxException("\\Recent is the server's to set (RFC 3501 2.3.2)");
    }
    return Flags.SYSTEM_NAMES.stream()
        .filter(system -> system.equalsIgnoreCase(name))
        .findFirst()
        .orElse(name);
  }
}
