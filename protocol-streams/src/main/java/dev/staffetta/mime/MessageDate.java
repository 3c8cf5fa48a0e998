package dev.staffetta.mime;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The Date field (RFC 5322 3.3). */
public final class MessageDate {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private MessageDate() {}

  /**
   * The day that the field names, whatever the time and zone; empty when it names none.
   *
   * <p>Reads the obsolete forms (years of two and three digits, comments: RFC 5322 4.3) and the
   * order of C's asctime.
   */
  public static Optional<LocalDate> day(String field) {
    FieldScanner scanner = new FieldScanner(field);
    int day = 0;
    int month = 0;
    while (true) {
      scanner.skipSpaceAndComments();
      if (scanner.atEnd()) {
        return Optional.empty();
      }
      String word = scanner.until(",-(");
      if (word.isEmpty()) {
        scanner.next();
        continue;
      }
      int number = number(word);
      if (month == 0 && number < 0) {
        month = month(word);
      } else if (day == 0 && number >= 0) {
        day = number;
      } else if (month > 0 && day > 0 && number >= 0) {
        return date(year(number, word.length()), month, day);
      }
    }
  }

  /** 1 to 12; 0 when it is none. */
  private static int month(String word) {
    String start = word.substring(0, Math.min(3, word.length())).toLowerCase(Locale.ROOT);
    return MONTHS.indexOf(start) + 1;
  }

  /** -1 when it is none, as a time with its colons. */
  private static int number(String word) {
    if (word.length() > 4 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Integer.parseInt(word);
  }

  /** RFC 5322 4.3, obs-year. */
  private static int year(int number, int digits) {
    if (digits == 2) {
      return number < 50 ? 2000 + number : 1900 + number;
    }
    return digits == 3 ? 1900 + number : number;
  }

  private static Optional<LocalDate> date(int year, int month, int day) {
    try {
      return Optional.of(LocalDate.of(year, month, day));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }
}
