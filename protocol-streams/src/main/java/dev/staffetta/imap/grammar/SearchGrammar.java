package dev.staffetta.imap.grammar;

import dev.staffetta.imap.search.SearchKey;
import dev.staffetta.imap.search.SearchKey.AddressField;
import dev.staffetta.imap.search.SearchKey.When;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a SEARCH says: {@code CHARSET UTF-8 OR SEEN (FROM mrc SINCE 1-Feb-1994)} (RFC 3501 9). */
final class SearchGrammar {
  /** How deep keys may stand in one another: far beyond any client, far within any stack. */
  private static final int MAX_DEPTH = 100;

  private static final Set<String> CHARSETS = Set.of("US-ASCII", "UTF-8");

  private SearchGrammar() {}

  /** All after the word SEARCH. */
  static Command search(ImapReader reader, boolean byUid) throws SyntaxException {
    reader.space();
    SearchOptions options = SearchOptions.PLAIN;
    if (reader.takeWord("RETURN ")) {
      options = options(reader);
      reader.space();
    }
    if (reader.takeWord("CHARSET ")) {
      if (!CHARSETS.contains(reader.utf8Astring().toUpperCase(Locale.ROOT))) {
        // What is said in it cannot be read.
        reader.skipRest();
        return new Command.UnknownCharset();
      }
      reader.space();
    }
    SearchKey key = keys(reader, 0);
    return new Command.Search(byUid, options, key);
  }

  private static SearchOptions options(ImapReader reader) throws SyntaxException {
    Set<SearchOptions.Return> returned = EnumSet.noneOf(SearchOptions.Return.class);
    reader.expect('(');
    if (!reader.take(')')) {
      do {
        returned.add(option(reader.keyword()));
      } while (reader.take(' '));
      reader.expect(')');
    }
    if (returned.isEmpty()) {
      // RFC 4731 3.1: an empty list means ALL.
      returned.add(SearchOptions.Return.ALL);
    }
    return new SearchOptions(true, returned);
  }

  private static SearchOptions.Return option(String name) throws SyntaxException {
    for (SearchOptions.Return option : SearchOptions.Return.values()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    throw new SyntaxException("SEARCH has no return option " + name);
  }

  /** Keys with spaces between: all of them must hold. */
  private static SearchKey keys(ImapReader reader, int depth) throws SyntaxException {
    List<SearchKey> keys = new ArrayList<>();
    do {
      keys.add(key(reader, depth));
    } while (reader.take(' '));
    return keys.size() == 1 ? keys.get(0) : new SearchKey.And(keys);
  }

  private static SearchKey key(ImapReader reader, int depth) throws SyntaxException {
    if (depth > MAX_DEPTH) {
      throw new SyntaxException(
          "search keys stand more than " + MAX_DEPTH + " deep in one another");
    }
    if (reader.take('(')) {
      SearchKey keys = keys(reader, depth + 1);
      reader.expect(')');
      return keys;
    }
    if (reader.isDigitNext() || reader.isNext('*')) {
      return new SearchKey.Numbers(reader.sequenceSet());
    }
    String name = reader.keyword();
    return switch (name) {
      case "ALL" -> SearchKey.ALL;
      case "ANSWERED" -> SearchKey.ANSWERED;
      case "DELETED" -> SearchKey.DELETED;
      case "DRAFT" -> SearchKey.DRAFT;
      case "FLAGGED" -> SearchKey.FLAGGED;
      case "SEEN" -> SearchKey.SEEN;
      case "UNANSWERED" -> SearchKey.UNANSWERED;
      case "UNDELETED" -> SearchKey.UNDELETED;
      case "UNDRAFT" -> SearchKey.UNDRAFT;
      case "UNFLAGGED" -> SearchKey.UNFLAGGED;
      case "UNSEEN" -> SearchKey.UNSEEN;
      case "NEW" -> SearchKey.NEW;
      case "OLD" -> SearchKey.OLD;
      case "RECENT" -> SearchKey.RECENT;
      default -> keyWithArguments(name, reader, depth);
    };
  }

  private static SearchKey keyWithArguments(String name, ImapReader reader, int depth)
      throws SyntaxException {
    if (!reader.take(' ')) {
      throw new SyntaxException("SEARCH has no key " + name + ", or it lacks its argument");
    }
    return switch (name) {
      case "NOT" -> new SearchKey.Not(key(reader, depth + 1));
      case "OR" -> {
        SearchKey left = key(reader, depth + 1);
        reader.space();
        yield new SearchKey.Or(left, key(reader, depth + 1));
      }
      case "KEYWORD" -> new SearchKey.Keyword(reader.atom());
      case "UNKEYWORD" -> new SearchKey.Not(new SearchKey.Keyword(reader.atom()));
      case "UID" -> new SearchKey.Uids(reader.sequenceSet());
      case "LARGER" -> new SearchKey.Larger(reader.number());
      case "SMALLER" -> new SearchKey.Smaller(reader.number());
      case "BEFORE", "ON", "SINCE" ->
          new SearchKey.InternalDate(When.valueOf(name), InternalDate.date(reader));
      case "SENTBEFORE", "SENTON", "SENTSINCE" ->
          new SearchKey.SentDate(
              When.valueOf(name.substring("SENT".length())), InternalDate.date(reader));
      case "FROM", "TO", "CC", "BCC" ->
          new SearchKey.Address(AddressField.valueOf(name), reader.utf8Astring());
      case "SUBJECT" -> new SearchKey.Subject(reader.utf8Astring());
      case "BODY" -> new SearchKey.Body(reader.utf8Astring());
      case "TEXT" -> new SearchKey.Text(reader.utf8Astring());
      case "HEADER" -> {
        String field = reader.utf8Astring();
        reader.space();
        yield new SearchKey.Header(field, reader.utf8Astring());
      }
      default -> throw new SyntaxException("SEARCH has no key " + name);
    };
  }
}
