package dev.staffetta.imap.grammar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Dates as IMAP writes them (RFC 3501 9: date, date-time). */
final class InternalDate {
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

  private InternalDate() {}

  /** A date, in quotes or not: {@code 1-Feb-1994}. */
  static LocalDate date(ImapReader reader) throws SyntaxException {
    boolean quoted = reader.take('"');
    long day = reader.number();
    reader.expect('-');
    LocalDate date = monthAndYear(reader, day);
    if (quoted) {
      reader.expect('"');
    }
    return date;
  }

  /** A date-time: {@code "17-Jul-1996 02:44:25 -0700"}, the day in two places. */
  static Instant dateTime(ImapReader reader) throws SyntaxException {
    reader.expect('"');
    int day = reader.take(' ') ? reader.digits(1) : reader.digits(2);
    reader.expect('-');
    LocalDate date = monthAndYear(reader, day);
    reader.space();
    int hour = reader.digits(2);
    reader.expect(':');
    int minute = reader.digits(2);
    reader.expect(':');
    // A leap second, 60, counts as the second before it.
    int second = reader.digits(2);
    reader.space();
    int sign = reader.take('-') ? -1 : 1;
    if (sign > 0) {
      reader.expect('+');
    }
    int zoneHours = reader.digits(2);
    int zoneMinutes = reader.digits(2);
    reader.expect('"');
    try {
      LocalDateTime time = date.atTime(hour, minute, second == 60 ? 59 : second);
      return time.toInstant(ZoneOffset.ofHoursMinutes(sign * zoneHours, sign * zoneMinutes));
    } catch (DateTimeException e) {
      throw new SyntaxException("there is no such time as in the date-time given");
    }
  }

  private static LocalDate monthAndYear(ImapReader reader, long day) throws SyntaxException {
    String name = reader.letters(3);
    int month = MONTHS.indexOf(name) + 1;
    if (month == 0) {
      throw new SyntaxException("no month is called " + name + "; one of " + MONTHS);
    }
    reader.expect('-');
    int year = reader.digits(4);
    try {
      return LocalDate.of(year, month, (int) Math.min(day, 99));
    } catch (DateTimeException e) {
      throw new SyntaxException("there is no day " + day + "-" + name + "-" + year);
    }
  }
}
