package dev.staffetta.cli;

import dev.staffetta.admin.QueueMessage;
import dev.staffetta.admin.QueueMessage.Attempt;
import dev.staffetta.admin.QueueMessage.Recipient;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Messages of the queue for people. */
final class QueueText {
  private static final int LONGEST_REPLY = 60;

  private QueueText() {}

  /** A row a message. */
  static List<List<String>> table(List<QueueMessage> messages, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "AGE", "SIZE", "TRIES", "NEXT", "SENDER", "RECIPIENTS", "LAST ANSWER"));
    for (QueueMessage message : messages) {
      List<Recipient> waiting =
          message.recipients().stream().filter(r -> r.state().equals("waiting")).toList();
      rows.add(
          List.of(
              message.id(),
              Amounts.duration(between(message.accepted(), now)),
              Amounts.bytes(message.size()),
              Integer.toString(message.failures()),
              message.nextAttempt().map(at -> next(at, now)).orElse(message.state()),
              sender(message),
              waiting.isEmpty()
                  ? message.destination()
                  : waiting.get(0).address()
                      + (waiting.size() == 1 ? "" : " +" + (waiting.size() - 1)),
              waiting.isEmpty() ? "" : shortened(waiting.get(0).reply())));
    }
    return rows;
  }

  private static String next(String at, Instant now) {
    Duration left = Duration.between(now, Instant.parse(at));
    return left.isNegative() || left.isZero() ? "due" : "in " + Amounts.duration(left);
  }

  private static Duration between(String start, Instant now) {
    Duration time = Duration.between(Instant.parse(start), now);
    return time.isNegative() ? Duration.ZERO : time;
  }

  private static String shortened(String reply) {
    return reply.length() <= LONGEST_REPLY ? reply : reply.substring(0, LONGEST_REPLY - 1) + "…";
  }

  private static String sender(QueueMessage message) {
    return message.sender().isEmpty() ? "<>" : message.sender();
  }

  /** All that is known of a message. */
  static void print(PrintWriter out, QueueMessage message) {
    line(out, "message", message.id());
    line(out, "message-id", message.messageId().orElse("none"));
    line(out, "content", message.content() + ", " + Amounts.bytes(message.size()));
    line(out, "sender", sender(message));
    line(out, "submitted by", message.submitter().orElse("nobody here"));
    line(out, "destination", message.destination() + ", in queue " + message.queue());
    line(out, "accepted", message.accepted());
    String options = options(message);
    if (!options.isEmpty()) {
      line(out, "options", options);
    }
    line(out, "state", state(message));
    out.println("recipients");
    message.recipients().forEach(recipient -> out.println("  " + recipient(recipient)));
    if (!message.attempts().isEmpty()) {
      out.println("attempts");
      message.attempts().forEach(attempt -> out.println("  " + attempt(attempt)));
    }
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println(name + " ".repeat(Math.max(1, 14 - name.length())) + value);
  }

  private static String state(QueueMessage message) {
    String tries =
        message.failures() == 0
            ? ""
            : ", tried " + message.failures() + (message.failures() == 1 ? " time" : " times");
    return message.state()
        + tries
        + message.nextAttempt().map(at -> ", next attempt " + at).orElse("")
        + (message.nextAttempt().isPresent() && message.waitsForDestination()
            ? " or when the destination is back"
            : "");
  }

  private static String options(QueueMessage message) {
    List<String> options = new ArrayList<>();
    if (message.options().eightBit()) {
      options.add("BODY=8BITMIME");
    }
    if (message.options().utf8()) {
      options.add("SMTPUTF8");
    }
    if (message.options().requiresTls()) {
      options.add("REQUIRETLS");
    }
    message
        .options()
        .returned()
        .ifPresent(returned -> options.add("RET=" + returned.toUpperCase(Locale.ROOT)));
    message.options().envelopeId().ifPresent(id -> options.add("ENVID=" + id));
    return String.join(" ", options);
  }

  private static String recipient(Recipient recipient) {
    StringBuilder line =
        new StringBuilder(recipient.address())
            .append("  ")
            .append(recipient.state())
            .append("  ")
            .append(recipient.reply());
    recipient.host().ifPresent(host -> line.append(" (").append(host).append(')'));
    recipient
        .reports()
        .ifPresent(
            asked ->
                line.append("  NOTIFY=")
                    .append(
                        asked.isEmpty()
                            ? "NEVER"
                            : String.join(",", asked).toUpperCase(Locale.ROOT)));
    recipient.originalRecipient().ifPresent(address -> line.append("  ORCPT=").append(address));
    return line.toString();
  }

  private static String attempt(Attempt attempt) {
    return attempt.at()
        + "  "
        + attempt.host().orElse("no server")
        + "  "
        + attempt.recipient().map(address -> address + "  ").orElse("")
        + attempt.result()
        + "  "
        + attempt.reply();
  }
}
