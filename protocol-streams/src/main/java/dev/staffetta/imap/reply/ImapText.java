package dev.staffetta.imap.reply;

import dev.staffetta.imap.grammar.ModifiedUtf7;
import dev.staffetta.ports.Flags;
import java.util.ArrayList;
import java.util.List;

/** How names and sets are written in responses. */
public final class ImapText {
  private ImapText() {}

  /** A mailbox's name: quoted, in modified UTF-7 (RFC 3501 5.1.3). */
  public static String mailbox(String name) {
    return quoted(ModifiedUtf7.encode(name));
  }

  /** A quoted string; the text is printable US-ASCII. */
  public static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Text for people as resp-text allows it: printable US-ASCII, everything else a {@code ?}. */
  public static String forPeople(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.chars().forEach(c -> safe.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
    return safe.toString();
  }

  /** The flags a mailbox has: the system's and its keywords, in parentheses. */
  public static String flagList(List<String> keywords, String... more) {
    List<String> flags = new ArrayList<>(Flags.SYSTEM_NAMES);
    flags.addAll(keywords);
    flags.addAll(List.of(more));
    return "(" + String.join(" ", flags) + ")";
  }

  /**
   * UIDs as a uid-set in this order (RFC 4315 4): runs of ascending neighbours become ranges, so
   * that two lists of one length keep telling which belongs to which.
   */
  public static String uidSet(List<Long> uids) {
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < uids.size()) {
      int end = i;
      while (end + 1 < uids.size() && uids.get(end + 1) == uids.get(end) + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ",").append(uids.get(i));
      if (end > i) {
        text.append(':').append(uids.get(end));
      }
      i = end + 1;
    }
    return text.toString();
  }
}
