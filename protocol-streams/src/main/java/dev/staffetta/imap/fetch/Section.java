package dev.staffetta.imap.fetch;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which bytes of a message BODY[section] names (RFC 9051 6.4.5.1).
 *
 * @param part part numbers, each from 1; empty: the message itself
 * @param text what of that part
 * @param fields field names as the client wrote them; only for {@code HEADER.FIELDS} and {@code
 *     HEADER.FIELDS.NOT}, which have at least one
 */
public record Section(List<Integer> part, Text text, List<String> fields) {
  /** What of a part. */
  public enum Text {
    /** The whole message, or the whole body of a part. */
    ALL(""),
    HEADER("HEADER"),
    HEADER_FIELDS("HEADER.FIELDS"),
    HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
    TEXT("TEXT"),
    /** The part's own header; only with part numbers. */
    MIME("MIME");

    private final String name;

    Text(String name) {
      this.name = name;
    }

    /** As the command writes it. */
    @Override
    public String toString() {
      return name;
    }

    boolean hasFields() {
      return this == HEADER_FIELDS || this == HEADER_FIELDS_NOT;
    }
  }

  public Section {
    part = List.copyOf(part);
    fields = List.copyOf(fields);
    if (text == Text.MIME && part.isEmpty()) {
      throw new IllegalArgumentException("MIME is a part's; a message has HEADER");
    }
    if (text.hasFields() == fields.isEmpty()) {
      throw new IllegalArgumentException("section " + text + " with field names " + fields);
    }
    if (part.stream().anyMatch(number -> number < 1)) {
      throw new IllegalArgumentException("part numbers count from 1: " + part);
    }
  }

  /** A section without field names. */
  public static Section of(List<Integer> part, Text text) {
    return new Section(part, text, List.of());
  }

  /** The whole message. */
  public static Section whole() {
    return of(List.of(), Text.ALL);
  }

  /** As RFC 9051 9 writes it, without the brackets; field names that are no atoms are quoted. */
  @Override
  public String toString() {
    String path = part.stream().map(String::valueOf).collect(Collectors.joining("."));
    String dot = path.isEmpty() || text == Text.ALL ? "" : ".";
    String names =
        fields.isEmpty()
            ? ""
            : fields.stream().map(Section::astring).collect(Collectors.joining(" ", " (", ")"));
    return path + dot + text + names;
  }

  private static String astring(String field) {
    boolean atom =
        !field.isEmpty()
            && field.chars().allMatch(c -> c > ' ' && c < 0x7f && "(){%*\"\\".indexOf(c) < 0);
    if (atom) {
      return field;
    }
    // No header field has such a name (RFC 5322 2.2): what a quoted string cannot hold is shown as
    // ?.
    StringBuilder quoted = new StringBuilder("\"");
    field
        .chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\');
              }
              quoted.append(c >= ' ' && c < 0x7f ? (char) c : '?');
            });
    return quoted.append('"').toString();
  }
}
