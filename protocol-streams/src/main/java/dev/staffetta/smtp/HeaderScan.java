package dev.staffetta.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.pekko.util.ByteString;

/**
 * Reads a message's header section as it goes by: counts the hops, and completes what is missing at
 * the header's end, so that nothing need be held back but one line.
 *
 * <p>A message that does not start with a header field gets an empty line before it: else our trace
 * fields and its text would run into one another. Otherwise no octet of it is changed. A
 * Return-Path that it brings stays, below ours; RFC 5321 4.4 lets us remove it, but what came in is
 * to go out octet for octet.
 *
 * @param missing what to add if it is not there
 * @param held the start of a line whose end is not here yet
 * @param receivedFields so far (RFC 5321 6.3)
 * @param fromFields so far (RFC 5322 3.6: one)
 */
record HeaderScan(
    Place place,
    Missing missing,
    ByteString held,
    int receivedFields,
    int fromFields,
    boolean hasDate,
    boolean hasMessageId) {
  /** RFC 5322 2.1.1, with CRLF. A longer line is judged by its start. */
  private static final int MAX_HELD = 1000;

  /** Where the next octet stands. */
  enum Place {
    /** Nothing came yet. */
    START,
    /** At the start of a header line. */
    LINE_START,
    /** In a header line too long to be held. */
    INSIDE_LINE,
    BODY
  }

  /**
   * Header fields that a message should have, each with its CRLF; empty where none is to be added.
   */
  record Missing(String from, String date, String messageId) {
    static final Missing NOTHING = new Missing("", "", "");
  }

  /** What a line of the header section is. */
  private enum Kind {
    FIELD,
    CONTINUATION,
    EMPTY,
    NEITHER
  }

  /** The scan after some octets, and the octets to store for them. */
  record Scanned(HeaderScan next, ByteString octets) {}

  static HeaderScan start(Missing missing) {
    return new HeaderScan(Place.START, missing, ByteString.emptyByteString(), 0, 0, false, false);
  }

  /** Goes on with the next octets, in which LF comes only after CR. */
  Scanned take(ByteString octets) {
    if (place == Place.BODY) {
      return new Scanned(this, octets);
    }
    ByteString all = held.concat(octets).compact();
    byte[] bytes = all.toArrayUnsafe();
    HeaderScan scan = holding(ByteString.emptyByteString());
    int from = 0;
    while (from < bytes.length) {
      int newline = newline(bytes, from);
      if (newline < 0) {
        break;
      }
      if (scan.place != Place.INSIDE_LINE) {
        String line = line(bytes, from, Math.min(newline + 1, from + MAX_HELD));
        Kind kind = scan.kind(line);
        if (kind == Kind.EMPTY || kind == Kind.NEITHER) {
          return scan.endOfHeader(all, from, kind);
        }
        scan = scan.noting(kind, line);
      }
      scan = scan.at(Place.LINE_START);
      from = newline + 1;
    }
    return scan.partOfLine(all, from);
  }

  /** What is left when no octets follow. */
  ByteString finish() {
    if (place == Place.BODY) {
      return ByteString.emptyByteString();
    }
    if (place == Place.INSIDE_LINE) {
      return ascii(onOwnLine(additions()));
    }
    if (held.isEmpty()) {
      return ascii(additions());
    }
    String line = line(held.toArrayUnsafe(), 0, held.length());
    Kind kind = kind(line);
    if (kind == Kind.NEITHER) {
      return endOfHeader(held, 0, kind).octets;
    }
    return held.concat(ascii(onOwnLine(noting(kind, line).additions())));
  }

  /** The From fields when no octets follow. */
  int allFromFields() {
    if (place == Place.BODY || place == Place.INSIDE_LINE || held.isEmpty()) {
      return fromFields;
    }
    String line = line(held.toArrayUnsafe(), 0, held.length());
    return noting(kind(line), line).fromFields;
  }

  /** The header ends before {@code at}, and there the additions go. */
  private Scanned endOfHeader(ByteString all, int at, Kind kind) {
    String added;
    if (kind == Kind.EMPTY) {
      added = additions();
    } else if (place == Place.START) {
      added = additions() + "\r\n";
    } else {
      // Text where a field should be: who knows what is header here; nothing is to be touched.
      added = "";
    }
    ByteString octets =
        added.isEmpty() ? all : all.slice(0, at).concat(ascii(added)).concat(all.drop(at));
    return new Scanned(at(Place.BODY), octets);
  }

  /** Holds the line that starts at {@code from}, or judges it by its start. */
  private Scanned partOfLine(ByteString all, int from) {
    if (place == Place.INSIDE_LINE) {
      return new Scanned(this, all);
    }
    if (all.length() - from <= MAX_HELD) {
      return new Scanned(holding(all.drop(from).compact()), all.take(from));
    }
    String line = line(all.toArrayUnsafe(), from, from + MAX_HELD);
    Kind kind = kind(line);
    if (kind == Kind.NEITHER) {
      return endOfHeader(all, from, kind);
    }
    return new Scanned(noting(kind, line).at(Place.INSIDE_LINE), all);
  }

  private Kind kind(String line) {
    if (line.equals("\r\n")) {
      return Kind.EMPTY;
    }
    if (line.startsWith(" ") || line.startsWith("\t")) {
      return place == Place.START ? Kind.NEITHER : Kind.CONTINUATION;
    }
    return fieldName(line).isEmpty() ? Kind.NEITHER : Kind.FIELD;
  }

  private HeaderScan noting(Kind kind, String line) {
    if (kind != Kind.FIELD) {
      return this;
    }
    String name = fieldName(line);
    return new HeaderScan(
        place,
        missing,
        held,
        receivedFields + (name.equals("received") ? 1 : 0),
        fromFields + (name.equals("from") ? 1 : 0),
        hasDate || name.equals("date"),
        hasMessageId || name.equals("message-id"));
  }

  /**
   * Lower-case; empty if the line is no header field (RFC 5322 2.2; white space before the colon is
   * of 4.5).
   */
  private static String fieldName(String line) {
    int end = 0;
    while (end < line.length()
        && line.charAt(end) > ' '
        && line.charAt(end) <= '~'
        && line.charAt(end) != ':') {
      end++;
    }
    int colon = end;
    while (colon < line.length() && (line.charAt(colon) == ' ' || line.charAt(colon) == '\t')) {
      colon++;
    }
    return colon < line.length() && line.charAt(colon) == ':'
        ? line.substring(0, end).toLowerCase(Locale.ROOT)
        : "";
  }

  private String additions() {
    return (fromFields > 0 ? "" : missing.from)
        + (hasDate ? "" : missing.date)
        + (hasMessageId ? "" : missing.messageId);
  }

  private static String onOwnLine(String text) {
    return text.isEmpty() ? "" : "\r\n" + text;
  }

  private HeaderScan at(Place next) {
    return next == place
        ? this
        : new HeaderScan(next, missing, held, receivedFields, fromFields, hasDate, hasMessageId);
  }

  private HeaderScan holding(ByteString part) {
    return new HeaderScan(place, missing, part, receivedFields, fromFields, hasDate, hasMessageId);
  }

  private static int newline(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static String line(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static ByteString ascii(String text) {
    return ByteString.fromString(text, StandardCharsets.US_ASCII);
  }
}
