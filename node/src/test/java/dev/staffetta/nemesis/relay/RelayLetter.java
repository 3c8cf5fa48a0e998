package dev.staffetta.nemesis.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A message for other servers. Each recipient's address is of this message alone, so that what
 * comes anywhere is known by it.
 */
record RelayLetter(int number, String sender, List<String> recipients) {
  private static final String UNKNOWN = "unknown";
  private static final String KNOWN = "known";

  RelayLetter {
    recipients = List.copyOf(recipients);
  }

  static String domain(int destination) {
    return "d" + destination + ".test";
  }

  /** To one recipient, mostly; else to two of one or of two destinations. */
  static RelayLetter random(int number, String sender, int destinations, Random dice) {
    List<String> recipients = new ArrayList<>();
    int first = dice.nextInt(destinations);
    recipients.add(address(number, 1, first, dice));
    int kind = dice.nextInt(10);
    if (kind < 3) {
      int second = kind == 0 ? dice.nextInt(destinations) : first;
      recipients.add(address(number, 2, second, dice));
    }
    return new RelayLetter(number, sender, recipients);
  }

  private static String address(int number, int which, int destination, Random dice) {
    boolean isUnknown = Manner.of(destination) == Manner.KNOWS_SOME && dice.nextBoolean();
    return (isUnknown ? UNKNOWN : KNOWN) + number + "." + which + "@" + domain(destination);
  }

  static boolean isUnknown(String recipient) {
    return recipient.startsWith(UNKNOWN);
  }

  /** Whether its destination takes it in the end. */
  static boolean isTaken(String recipient) {
    String domain = recipient.substring(recipient.indexOf('@') + 1);
    int destination = Integer.parseInt(domain.substring(1, domain.indexOf('.')));
    return !isUnknown(recipient) && Manner.of(destination) != Manner.FULL;
  }

  byte[] bytes() {
    String header =
        "From: <%s>\r\nTo: <%s>\r\nSubject: letter %d\r\n\r\n"
            .formatted(sender, String.join(">, <", recipients), number);
    return (header + body(number)).getBytes(StandardCharsets.US_ASCII);
  }

  private static String body(int number) {
    StringBuilder text = new StringBuilder("This is letter " + number + ".\r\n");
    for (int line = 0; line < number % 40; line++) {
      text.append("Line ").append(number * 31L + line).append(" of a letter\r\n");
    }
    return text.append("Its end is here.\r\n").toString();
  }

  /** Whether a message that came for a recipient is the one that was sent there. */
  static boolean isWhole(String recipient, String text) {
    int end = text.indexOf("\r\n\r\n");
    String local = recipient.substring(0, recipient.indexOf('.'));
    int number =
        Integer.parseInt(
            local.substring(local.startsWith(KNOWN) ? KNOWN.length() : UNKNOWN.length()));
    return end >= 0 && text.substring(end + 4).equals(body(number));
  }
}
