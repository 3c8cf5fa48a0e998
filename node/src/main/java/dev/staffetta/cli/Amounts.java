package dev.staffetta.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers for people. */
final class Amounts {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Amounts() {}

  /** So many of a thing. */
  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** A time with its two largest units. */
  static String duration(Duration time) {
    return time.toDays() > 0
        ? time.toDays() + "d" + time.toHoursPart() + "h"
        : time.toHours() > 0
            ? time.toHours() + "h" + time.toMinutesPart() + "m"
            : time.toMinutes() > 0
                ? time.toMinutes() + "m" + time.toSecondsPart() + "s"
                : time.toSeconds() + "s";
  }

  /** A size with three digits or so. */
  static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0 || amount >= 100
        ? String.format(Locale.ROOT, "%.0f %s", amount, UNITS[unit])
        : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
  }
}
