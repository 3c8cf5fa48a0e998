package dev.staffetta.imap.grammar;

import dev.staffetta.imap.fetch.FetchItem;
import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a FETCH names: {@code ALL}, {@code (FLAGS BODY.PEEK[1.2]<0.100>)} (RFC 3501 6.4.5, 9). */
final class FetchGrammar {
  private static final List<FetchItem> FAST =
      List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);
  private static final Map<String, List<FetchItem>> MACROS =
      Map.of(
          "FAST", FAST,
          "ALL", with(FAST, Attribute.ENVELOPE),
          "FULL", with(with(FAST, Attribute.ENVELOPE), Attribute.BODY));

  private FetchGrammar() {}

  /** The items, each once, in the order in which they were named. */
  static List<FetchItem> items(ImapReader reader) throws SyntaxException {
    if (!reader.take('(')) {
      int start = reader.place();
      List<FetchItem> macro = MACROS.get(reader.keyword());
      if (macro != null) {
        return macro;
      }
      reader.back(start);
      return List.of(item(reader));
    }
    Set<FetchItem> items = new LinkedHashSet<>();
    do {
      items.add(item(reader));
    } while (reader.take(' '));
    reader.expect(')');
    return List.copyOf(items);
  }

  private static FetchItem item(ImapReader reader) throws SyntaxException {
    String name = reader.keyword();
    if (reader.isNext('[') && (name.equals("BODY") || name.equals("BODY.PEEK"))) {
      return bodySection(reader, name.equals("BODY.PEEK"));
    }
    for (Attribute attribute : Attribute.values()) {
      if (attribute != Attribute.MODSEQ && attribute.toString().equals(name)) {
        return attribute;
      }
    }
    throw new SyntaxException("FETCH has no item " + name);
  }

  private static FetchItem bodySection(ImapReader reader, boolean peek) throws SyntaxException {
    reader.expect('[');
    Section section = section(reader);
    reader.expect(']');
    Optional<FetchItem.Partial> partial = Optional.empty();
    if (reader.take('<')) {
      long offset = reader.number32(0);
      reader.expect('.');
      partial = Optional.of(new FetchItem.Partial(offset, reader.number32(1)));
      reader.expect('>');
    }
    return new FetchItem.BodySection(section, partial, peek);
  }

  private static Section section(ImapReader reader) throws SyntaxException {
    List<Integer> part = new ArrayList<>();
    while (reader.isDigitNext()) {
      part.add((int) Math.min(reader.number32(1), Integer.MAX_VALUE));
      if (!reader.take('.')) {
        return Section.of(part, Section.Text.ALL);
      }
    }
    if (part.isEmpty() && reader.isNext(']')) {
      return Section.whole();
    }
    String name = reader.keyword();
    return switch (name) {
      case "HEADER" -> Section.of(part, Section.Text.HEADER);
      case "TEXT" -> Section.of(part, Section.Text.TEXT);
      case "HEADER.FIELDS" -> new Section(part, Section.Text.HEADER_FIELDS, fields(reader));
      case "HEADER.FIELDS.NOT" -> new Section(part, Section.Text.HEADER_FIELDS_NOT, fields(reader));
      case "MIME" -> {
        if (part.isEmpty()) {
          throw new SyntaxException("MIME is a part's: BODY[1.MIME]");
        }
        yield Section.of(part, Section.Text.MIME);
      }
      default -> throw new SyntaxException("a message has no section " + name);
    };
  }

  private static List<String> fields(ImapReader reader) throws SyntaxException {
    List<String> fields = new ArrayList<>();
    reader.space();
    reader.expect('(');
    do {
      fields.add(new String(reader.astring(), StandardCharsets.ISO_8859_1));
    } while (reader.take(' '));
    reader.expect(')');
    return fields;
  }

  private static List<FetchItem> with(List<FetchItem> items, FetchItem one) {
    List<FetchItem> result = new ArrayList<>(items);
    result.add(one);
    return List.copyOf(result);
  }
}
