package dev.staffetta.imap.grammar;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What LIST and STATUS say (RFC 3501 9, RFC 5258 6, RFC 5819 4). */
final class ListGrammar {
  /** Patterns in one LIST; each costs a walk over the names. */
  private static final int MAX_PATTERNS = 100;

  private ListGrammar() {}

  /** All after the word LIST. */
  static ListRequest list(ImapReader reader) throws SyntaxException {
    boolean extended = false;
    Set<ListRequest.Selection> selection = EnumSet.noneOf(ListRequest.Selection.class);
    reader.space();
    if (reader.isNext('(')) {
      extended = true;
      selection = selection(reader);
      reader.space();
    }
    String reference = Names.pattern(reader);
    reader.space();
    List<String> patterns = new ArrayList<>();
    if (reader.take('(')) {
      extended = true;
      do {
        patterns.add(Names.pattern(reader));
      } while (reader.take(' '));
      reader.expect(')');
      if (patterns.size() > MAX_PATTERNS) {
        throw new SyntaxException("LIST takes at most " + MAX_PATTERNS + " patterns");
      }
    } else {
      patterns.add(Names.pattern(reader));
    }
    Set<ListRequest.Return> returned = EnumSet.noneOf(ListRequest.Return.class);
    Set<StatusItem> status = EnumSet.noneOf(StatusItem.class);
    if (reader.takeWord(" RETURN ")) {
      extended = true;
      returns(reader, returned, status);
    }
    return new ListRequest(extended, selection, reference, patterns, returned, status);
  }

  private static Set<ListRequest.Selection> selection(ImapReader reader) throws SyntaxException {
    Set<ListRequest.Selection> selection = EnumSet.noneOf(ListRequest.Selection.class);
    reader.expect('(');
    if (!reader.take(')')) {
      do {
        String name = reader.keyword();
        selection.add(
            switch (name) {
              case "SUBSCRIBED" -> ListRequest.Selection.SUBSCRIBED;
              case "REMOTE" -> ListRequest.Selection.REMOTE;
              case "RECURSIVEMATCH" -> ListRequest.Selection.RECURSIVEMATCH;
              case "SPECIAL-USE" -> ListRequest.Selection.SPECIAL_USE;
              default -> throw new SyntaxException("LIST has no selection option " + name);
            });
      } while (reader.take(' '));
      reader.expect(')');
    }
    if (selection.contains(ListRequest.Selection.RECURSIVEMATCH)
        && !selection.contains(ListRequest.Selection.SUBSCRIBED)
        && !selection.contains(ListRequest.Selection.SPECIAL_USE)) {
      // RFC 5258 3.1: it modifies another option.
      throw new SyntaxException("RECURSIVEMATCH needs another selection option, as SUBSCRIBED");
    }
    return selection;
  }

  private static void returns(
      ImapReader reader, Set<ListRequest.Return> returned, Set<StatusItem> status)
      throws SyntaxException {
    reader.expect('(');
    if (reader.take(')')) {
      return;
    }
    do {
      String name = reader.keyword();
      switch (name) {
        case "SUBSCRIBED" -> returned.add(ListRequest.Return.SUBSCRIBED);
        case "CHILDREN" -> returned.add(ListRequest.Return.CHILDREN);
        case "SPECIAL-USE" -> returned.add(ListRequest.Return.SPECIAL_USE);
        case "STATUS" -> {
          reader.space();
          status.addAll(statusItems(reader));
        }
        default -> throw new SyntaxException("LIST has no return option " + name);
      }
    } while (reader.take(' '));
    reader.expect(')');
  }

  /** The items of a STATUS in parentheses. */
  static Set<StatusItem> statusItems(ImapReader reader) throws SyntaxException {
    Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
    reader.expect('(');
    do {
      items.add(statusItem(reader.keyword()));
    } while (reader.take(' '));
    reader.expect(')');
    return items;
  }

  private static StatusItem statusItem(String name) throws SyntaxException {
    for (StatusItem item : StatusItem.values()) {
      if (item.name().equals(name)) {
        return item;
      }
    }
    throw new SyntaxException("STATUS has no item " + name);
  }
}
