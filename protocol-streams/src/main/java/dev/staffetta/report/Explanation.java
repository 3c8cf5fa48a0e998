package dev.staffetta.report;

import dev.staffetta.report.DeliveryReport.Action;
import dev.staffetta.report.DeliveryReport.RecipientReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What happened, in plain words, and what the sender can do about it. */
final class Explanation {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy HH:mm 'UTC'", Locale.US).withZone(ZoneOffset.UTC);

  private final DeliveryReport report;
  private final Action kind;

  Explanation(DeliveryReport report) {
    this.report = report;
    this.kind = report.recipients().get(0).action();
  }

  String subject() {
    return switch (kind) {
      case FAILED -> "Your mail could not be delivered";
      case DELAYED -> "Your mail is delayed";
      case DELIVERED, RELAYED, EXPANDED -> "Your mail was delivered";
    };
  }

  /** The text, with CRLF line ends. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        FieldText.paragraph(
            "",
            "This is the mail server "
                + FieldText.clean(report.reportingMta(), true)
                + ". "
                + opening()));
    for (RecipientReport recipient : report.recipients()) {
      text.append("\r\n").append(about(recipient));
    }
    text.append("\r\n").append(FieldText.paragraph("", ending()));
    return text.toString();
  }

  private String opening() {
    return switch (kind) {
      case FAILED ->
          "Your mail could not be delivered to the recipients below, and no further attempt will be"
              + " made. Other recipients, if there were any, are not affected.";
      case DELAYED ->
          "Your mail has not reached the recipients below yet. You need not do anything: we keep"
              + " trying.";
      case DELIVERED, RELAYED, EXPANDED ->
          "You asked to be told when your mail arrives. Here is what became of it.";
    };
  }

  private String ending() {
    return switch (kind) {
      case FAILED ->
          "If you cannot tell what to do, show this report to the postmaster of your own mail"
              + " system. "
              + attached();
      case DELAYED -> "If it cannot be delivered in the end, you will be told. " + attached();
      case DELIVERED, RELAYED, EXPANDED -> attached();
    };
  }

  private String attached() {
    if (report.returned().isLost()) {
      return "Your mail itself could not be read here any more, so it is not attached.";
    }
    return report.returned().isWhole()
        ? "Your mail is attached."
        : "The header of your mail is attached.";
  }

  private String about(RecipientReport recipient) {
    StringBuilder text = new StringBuilder();
    text.append(FieldText.paragraph("  ", "<" + printable(recipient.recipient().toString()) + ">"));
    text.append(FieldText.paragraph("    ", what(recipient)));
    if (recipient.diagnostic().isPresent()) {
      String who =
          recipient
              .remoteMta()
              .map(host -> "The server " + printable(host) + " said: ")
              .orElse("Reason: ");
      text.append(FieldText.paragraph("    ", who + printable(recipient.diagnostic().get())));
    }
    if (recipient.willRetryUntil().isPresent()) {
      text.append(
          FieldText.paragraph(
              "    ", "We keep trying until " + time(recipient.willRetryUntil().get()) + "."));
    }
    return text.toString();
  }

  private static String printable(String text) {
    return FieldText.clean(text, true);
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }

  private static String what(RecipientReport recipient) {
    return switch (recipient.action()) {
      case DELIVERED -> "It is in the recipient's mailbox.";
      case RELAYED ->
          "The recipient's server has taken it over. That server sends no reports, so you will not"
              + " hear whether it reached the mailbox.";
      case EXPANDED -> "It went on to several addresses behind this one.";
      case FAILED, DELAYED ->
          recipient.remoteMta().isEmpty() && recipient.status().endsWith(".3.0")
              ? "This server has a problem. Please send the mail again."
              : reason(recipient.status());
    };
  }

  /** By subject and detail of the status code (RFC 3463 3). */
  private static String reason(String status) {
    String detail = status.length() > 2 ? status.substring(2) : "";
    return switch (detail) {
      case "1.1", "1.3", "1.6" ->
          "There is no such mailbox. Check the address for a mistake in writing, or ask the"
              + " recipient by another way for the right one.";
      case "1.2", "4.4" ->
          "The domain of the address was not found, or it takes no mail. Check what stands after"
              + " the @ for a mistake in writing.";
      case "1.10" -> "The domain of the address says that it takes no mail.";
      case "1.7", "1.8" -> "The other server does not accept your own address as a sender.";
      case "2.1" -> "The mailbox is closed. The recipient may have another address.";
      case "2.2" -> "The recipient's mailbox is full. Send it again when there is room.";
      case "2.3", "3.4" ->
          "The mail is too big for the other server. Send it in smaller parts, or give a link to"
              + " what is attached.";
      case "3.1", "3.2" -> "The other server cannot take mail at present.";
      case "4.1", "4.2", "4.3" ->
          "The other server could not be reached, or the connection to it broke off.";
      case "4.6" -> "The mail went round in a circle: the address leads back to itself.";
      case "4.7" -> "It was not possible to deliver it in the time that is set for that.";
      case "5.3" -> "The mail has more recipients than the other server takes.";
      case "6.1", "6.3", "6.5", "6.7", "6.9" ->
          "The other server cannot handle the form of the mail, such as special characters in"
              + " addresses.";
      case "7.1", "7.2", "7.25", "7.26" ->
          "The other server refused it by its rules. Its postmaster, or the recipient, can say"
              + " why.";
      case "7.10", "7.30", "7.4", "7.5" ->
          "It could not be sent with the security that you or the recipient's domain asks for, and"
              + " was not sent without it.";
      default -> {
        char subject = detail.isEmpty() ? '0' : detail.charAt(0);
        yield switch (subject) {
          case '1' -> "Something is wrong with the address.";
          case '2' -> "The recipient's mailbox could not take it.";
          case '3' -> "The other server has a problem.";
          case '4' -> "The way to the other server has a problem.";
          case '5' -> "The two servers did not understand each other.";
          case '6' -> "The other server cannot handle what the mail contains.";
          case '7' -> "The other server refused it by its rules.";
          default -> "The other server did not take it.";
        };
      }
    };
  }
}
