package dev.staffetta.smtp.client;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole answer (RFC 5321 4.2).
 *
 * @param code of three digits, the first 2 to 5
 * @param lines at least one: what follows the code and its hyphen or space, as it came
 */
record ServerReply(int code, List<String> lines) implements ClientInput.Heard {
  /** Closing the connection: may answer anything, at any time (RFC 5321 3.8, 4.2.1). */
  static final int CLOSING = 421;

  /** RFC 2034 4, RFC 3463 2. */
  private static final Pattern STATUS = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?: +|$)");

  private static final int MAX_TEXT = 1000;

  ServerReply {
    lines = List.copyOf(lines);
  }

  boolean isPositive() {
    return code / 100 == 2;
  }

  boolean isIntermediate() {
    return code / 100 == 3;
  }

  boolean isPermanent() {
    return code / 100 == 5;
  }

  /** What it says, for outcomes and logs. */
  RemoteReply remote() {
    StringBuilder text = new StringBuilder();
    Optional<String> status = Optional.empty();
    for (String line : lines) {
      Matcher matcher = STATUS.matcher(line);
      boolean hasStatus = matcher.lookingAt() && line.charAt(0) - '0' == code / 100;
      if (hasStatus && status.isEmpty()) {
        status = Optional.of(matcher.group(1));
      }
      String words = hasStatus ? line.substring(matcher.end()) : line;
      if (text.length() < MAX_TEXT && !words.isBlank()) {
        text.append(text.isEmpty() ? "" : " ").append(words.strip());
      }
    }
    return new RemoteReply(code, status.orElse(nearest(code)), printable(text));
  }

  private static String printable(StringBuilder text) {
    String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "..." : text.toString();
    return cut.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }

  /** The status that says no more than the code does (RFC 5321 4.2.3). */
  private static String nearest(int code) {
    return switch (code) {
      case 421 -> "4.3.2";
      case 450 -> "4.2.0";
      case 451 -> "4.3.0";
      case 452 -> "4.3.1";
      case 454 -> "4.7.0";
      case 500 -> "5.5.2";
      case 501, 504, 555 -> "5.5.4";
      case 502, 503 -> "5.5.1";
      case 530 -> "5.7.0";
      case 535 -> "5.7.8";
      case 552 -> "5.3.4";
      case 553 -> "5.1.3";
      default -> code / 100 + ".0.0";
    };
  }
}
