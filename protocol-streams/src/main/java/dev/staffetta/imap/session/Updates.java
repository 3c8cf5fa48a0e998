package dev.staffetta.imap.session;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.FetchRenderer;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;

/**
 * What a client is to be told of its mailbox: EXPUNGE, EXISTS, RECENT, FETCH with FLAGS, and FLAGS
 * when there are new keywords (RFC 3501 5.2, 7.2.6, 7.3, 7.4).
 *
 * @param after the selection once the client was told
 * @param lines made one by one as they are taken
 * @param count how many lines
 */
record Updates(Selection after, Iterable<ByteString> lines, int count) {
  /** Whether EXPUNGE may be told, which changes sequence numbers (RFC 3501 7.4.1). */
  enum Expunges {
    TOLD,
    KEPT_BACK
  }

  /**
   * What is to be told.
   *
   * @param withUid whether FETCH names the UID too, as in a UID command (RFC 3501 6.4.8)
   * @param flagsOf messages whose flags are told even when they did not change
   */
  static Updates of(Selection selection, Expunges expunges, boolean withUid, UidSet flagsOf) {
    MessageTable told = selection.told();
    MessageTable now = selection.current().messages();
    TableChanges changes = TableChanges.between(told, now, flagsOf);
    int[] expunged = expunges == Expunges.TOLD ? changes.expunged() : new int[0];
    MessageTable after = after(selection, changes, expunges);
    Selection next = selection.tell(after, selection.current().keywords().size());
    List<ByteString> first = new ArrayList<>(keywords(selection));
    List<ByteString> last = new ArrayList<>();
    if (changes.added() > 0) {
      last.add(line("* " + after.size() + " EXISTS"));
    }
    int recent = selection.recent(after);
    if (changes.added() > 0 || recent != selection.recent(told)) {
      last.add(line("* " + recent + " RECENT"));
    }
    List<Attribute> items =
        withUid ? List.of(Attribute.UID, Attribute.FLAGS) : List.of(Attribute.FLAGS);
    int[] changed = changes.changed();
    int fetches = first.size() + expunged.length;
    int count = fetches + changed.length + last.size();
    IntFunction<ByteString> line =
        i -> {
          if (i < first.size()) {
            return first.get(i);
          }
          if (i < fetches) {
            return expungeLine(expunged, i - first.size());
          }
          if (i < fetches + changed.length) {
            return fetchLine(next, told.uid(changed[i - fetches]), items);
          }
          return last.get(i - fetches - changed.length);
        };
    Iterable<ByteString> lines = () -> IntStream.range(0, count).mapToObj(line).iterator();
    return new Updates(next, lines, count);
  }

  boolean isEmpty() {
    return count == 0;
  }

  private static MessageTable after(Selection selection, TableChanges changes, Expunges expunges) {
    MessageTable now = selection.current().messages();
    if (expunges == Expunges.TOLD || changes.expunged().length == 0) {
      return now;
    }
    MessageTable after = selection.told();
    if (changes.changed().length > 0) {
      after = after.withFlags(selection.currentRows(changes.changed()));
    }
    if (changes.added() > 0) {
      List<Message> added =
          IntStream.rangeClosed(now.size() - changes.added() + 1, now.size())
              .mapToObj(now::get)
              .toList();
      after = after.append(added);
    }
    return after;
  }

  /** Each number is counted after the removals before it (RFC 3501 7.4.1). */
  private static ByteString expungeLine(int[] expunged, int index) {
    return line("* " + (expunged[index] - index) + " EXPUNGE");
  }

  private static ByteString fetchLine(Selection after, long uid, List<Attribute> items) {
    int number = after.told().sequenceNumber(uid);
    return FetchRenderer.response(
        number, after.told().get(number), items, after.current().keywords(), after.recentFrom());
  }

  /** New keywords (RFC 3501 7.2.6), which come before flags that use them. */
  static List<ByteString> keywords(Selection selection) {
    List<String> keywords = selection.current().keywords();
    if (keywords.size() == selection.toldKeywords()) {
      return List.of();
    }
    return List.of(line("* FLAGS " + ImapText.flagList(keywords)), line(permanentFlags(selection)));
  }

  /** Which flags the client can change for good (RFC 3501 7.1, PERMANENTFLAGS). */
  static String permanentFlags(Selection selection) {
    if (selection.isReadOnly()) {
      return "* OK [PERMANENTFLAGS ()] Nothing can be changed in a mailbox that is read-only";
    }
    List<String> keywords = selection.current().keywords();
    String flags =
        keywords.size() < Flags.MAX_KEYWORDS
            ? ImapText.flagList(keywords, "\\*")
            : ImapText.flagList(keywords);
    return "* OK [PERMANENTFLAGS " + flags + "] Flags that are kept";
  }

  private static ByteString line(String text) {
    return ByteString.fromString(text + "\r\n", StandardCharsets.ISO_8859_1);
  }
}
