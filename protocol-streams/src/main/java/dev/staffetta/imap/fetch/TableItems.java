package dev.staffetta.imap.fetch;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Message;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the items of a FETCH response that the mailbox's table knows. Made for one request, whose
 * flags look alike: it remembers how each combination of them is written. May be used by many
 * threads.
 */
final class TableItems {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private final List<String> keywords;
  private final long recentFrom;
  private final Map<Long, byte[]> flagLists = new ConcurrentHashMap<>();
  private final Map<Long, byte[]> recentFlagLists = new ConcurrentHashMap<>();

  TableItems(List<String> keywords, long recentFrom) {
    this.keywords = keywords;
    this.recentFrom = recentFrom;
  }

  /** Writes {@code name value}; the item must be {@link FetchItem#isFromTable}. */
  void write(ResponseWriter out, Attribute item, Message message) {
    out.ascii(item.toString()).ascii(" ");
    switch (item) {
      case FLAGS -> out.bytes(flagList(message));
      case UID -> out.number(message.uid());
      case RFC822_SIZE -> out.number(message.size());
      case MODSEQ -> out.ascii("(").number(message.modseq()).ascii(")");
      case INTERNALDATE -> writeDateTime(out, message.internalDate());
      default -> throw new IllegalArgumentException(item + " is not known from the table");
    }
  }

  private byte[] flagList(Message message) {
    boolean isRecent = message.uid() >= recentFrom;
    return (isRecent ? recentFlagLists : flagLists)
        .computeIfAbsent(message.flags(), flags -> flagList(flags, isRecent));
  }

  private byte[] flagList(long flags, boolean isRecent) {
    ResponseWriter out = new ResponseWriter(64).ascii("(");
    String separator = "";
    for (int bit = 0; bit < Flags.SYSTEM_FLAGS; bit++) {
      if ((flags & 1L << bit) != 0) {
        out.ascii(separator).ascii(Flags.SYSTEM_NAMES.get(bit));
        separator = " ";
      }
    }
    if (isRecent) {
      out.ascii(separator).ascii("\\Recent");
      separator = " ";
    }
    for (int i = 0; i < keywords.size(); i++) {
      if ((flags & Flags.keyword(i)) != 0) {
        out.ascii(separator).ascii(keywords.get(i));
        separator = " ";
      }
    }
    return out.ascii(")").take();
  }

  /** A date-time (RFC 9051 9), in UTC: {@code "17-Jul-1996 09:44:25 +0000"}. */
  private static void writeDateTime(ResponseWriter out, Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    out.ascii(time.getDayOfMonth() < 10 ? "\" " : "\"").number(time.getDayOfMonth());
    out.ascii("-").ascii(MONTHS[time.getMonthValue() - 1]).ascii("-");
    twoDigits(out, time.getYear() / 100);
    twoDigits(out, time.getYear() % 100);
    twoDigits(out.ascii(" "), time.getHour());
    twoDigits(out.ascii(":"), time.getMinute());
    twoDigits(out.ascii(":"), time.getSecond());
    out.ascii(" +0000\"");
  }

  private static void twoDigits(ResponseWriter out, int value) {
    out.ascii(value < 10 ? "0" : "").number(value);
  }
}
