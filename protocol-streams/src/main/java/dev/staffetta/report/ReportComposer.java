package dev.staffetta.report;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.report.DeliveryReport.RecipientReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.pekko.util.ByteString;

/**
 * Writes a report as a message: {@code multipart/report} of a text, the status, and what of the
 * message comes back (RFC 6522, RFC 3464; RFC 6533 where the message was international).
 */
public final class ReportComposer {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

  private final DeliveryReport report;
  private final boolean isUtf8;
  private final String boundary;

  private ReportComposer(DeliveryReport report) {
    this.report = report;
    this.isUtf8 = report.isUtf8();
    this.boundary = "=_report_" + report.id();
  }

  /** The message, with CRLF line ends; it begins with its Return-Path, the null sender's. */
  public static ByteString compose(DeliveryReport report) {
    return new ReportComposer(report).compose();
  }

  private ByteString compose() {
    String before = header() + explanation() + status();
    String end = "--" + boundary + "--\r\n";
    ByteString returned = report.returned().bytes();
    if (report.returned().isLost()) {
      // The third part is optional (RFC 6522 3).
      return utf8(before + end).compact();
    }
    String ending = endsLine(returned) ? "" : "\r\n";
    return utf8(before + returnedHeader(returned))
        .concat(returned)
        .concat(utf8(ending + "\r\n" + end))
        .compact();
  }

  private String header() {
    Explanation explanation = new Explanation(report);
    StringBuilder header = new StringBuilder();
    // RFC 3464 2: from the null sender. RFC 3834 2, 5: no answer to it is wanted.
    header.append("Return-Path: <>\r\n");
    header.append(
        field("From", "Mail Delivery System <MAILER-DAEMON@" + clean(report.reportingMta()) + ">"));
    header.append(field("To", "<" + mailbox(report.to()) + ">"));
    header.append(field("Subject", explanation.subject()));
    header.append(field("Date", DATE.format(report.date())));
    header.append(
        field("Message-ID", "<" + report.id() + "@" + clean(report.reportingMta()) + ">"));
    report
        .messageId()
        .map(this::clean)
        .filter(id -> id.matches("<[^<>\\s]{1,900}>"))
        .ifPresent(id -> header.append(field("In-Reply-To", id)).append(field("References", id)));
    header.append("Auto-Submitted: auto-replied\r\n");
    header.append("MIME-Version: 1.0\r\n");
    header
        .append("Content-Type: multipart/report; report-type=")
        .append(isUtf8 ? "global-delivery-status" : "delivery-status")
        .append(";\r\n boundary=\"")
        .append(boundary)
        .append("\"\r\n");
    if (isEightBit(report.returned().bytes()) || isUtf8) {
      header.append("Content-Transfer-Encoding: 8bit\r\n");
    }
    return header.append("\r\n").toString();
  }

  private String explanation() {
    String text = new Explanation(report).text();
    boolean isAscii = text.chars().allMatch(c -> c < 0x80);
    return "--"
        + boundary
        + "\r\nContent-Type: text/plain; charset="
        + (isAscii ? "us-ascii" : "utf-8")
        + "\r\nContent-Description: What happened\r\n"
        + (isAscii ? "\r\n" + text : "Content-Transfer-Encoding: quoted-printable\r\n\r\n")
        + (isAscii ? "" : QuotedPrintable.encode(text))
        + "\r\n";
  }

  private String status() {
    StringBuilder status = new StringBuilder();
    status
        .append("--")
        .append(boundary)
        .append("\r\nContent-Type: message/")
        .append(isUtf8 ? "global-delivery-status" : "delivery-status")
        .append(isUtf8 ? "\r\nContent-Transfer-Encoding: 8bit" : "")
        .append("\r\n\r\n");
    // RFC 3464 2.2.
    status.append(field("Reporting-MTA", "dns; " + clean(report.reportingMta())));
    report.envelopeId().ifPresent(id -> append(status, "Original-Envelope-Id", id));
    report.arrival().ifPresent(at -> status.append(field("Arrival-Date", date(at))));
    for (RecipientReport recipient : report.recipients()) {
      status.append("\r\n").append(status(recipient));
    }
    return status.append("\r\n").toString();
  }

  /** RFC 3464 2.3. */
  private String status(RecipientReport recipient) {
    StringBuilder status = new StringBuilder();
    recipient
        .original()
        .ifPresent(
            original -> append(status, "Original-Recipient", original.replaceFirst(";", "; ")));
    String address = mailbox(recipient.recipient());
    boolean isAscii = address.chars().allMatch(c -> c < 0x80);
    append(status, "Final-Recipient", (isAscii ? "rfc822; " : "utf-8; ") + address);
    status.append(field("Action", recipient.action().text()));
    append(status, "Status", recipient.status());
    recipient.remoteMta().ifPresent(host -> append(status, "Remote-MTA", "dns; " + host));
    recipient
        .diagnostic()
        .ifPresent(
            text ->
                append(
                    status,
                    "Diagnostic-Code",
                    (recipient.remoteMta().isPresent() ? "smtp; " : "X-Staffetta; ") + text));
    recipient.lastAttempt().ifPresent(at -> status.append(field("Last-Attempt-Date", date(at))));
    recipient.willRetryUntil().ifPresent(at -> status.append(field("Will-Retry-Until", date(at))));
    return status.toString();
  }

  private String returnedHeader(ByteString returned) {
    String type;
    if (report.returned().isWhole()) {
      type = isUtf8 ? "message/global" : "message/rfc822";
    } else {
      type = isUtf8 ? "message/global-headers" : "text/rfc822-headers";
    }
    return "--"
        + boundary
        + "\r\nContent-Type: "
        + type
        + (isEightBit(returned) ? "\r\nContent-Transfer-Encoding: 8bit" : "")
        + "\r\n\r\n";
  }

  private void append(StringBuilder to, String name, String value) {
    to.append(field(name, clean(value)));
  }

  private static String field(String name, String text) {
    return FieldText.field(name, text);
  }

  private String clean(String text) {
    return FieldText.clean(text, isUtf8);
  }

  private static String date(Instant instant) {
    return DATE.format(instant);
  }

  /** RFC 5321 4.1.2, quoted where it must be. */
  private static String mailbox(MailAddress address) {
    boolean isDotString =
        address
                .localPart()
                .codePoints()
                .allMatch(
                    c ->
                        c >= 0x80
                            || Character.isLetterOrDigit(c)
                            || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0)
            && !address.localPart().isEmpty()
            && !address.localPart().startsWith(".")
            && !address.localPart().endsWith(".")
            && !address.localPart().contains("..");
    String localPart =
        isDotString
            ? address.localPart()
            : "\"" + address.localPart().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    return localPart + "@" + address.domain();
  }

  private static boolean isEightBit(ByteString bytes) {
    for (byte b : bytes.toArrayUnsafe()) {
      if (b < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsLine(ByteString bytes) {
    return bytes.isEmpty() || bytes.apply(bytes.size() - 1) == (byte) 10;
  }

  private static ByteString utf8(String text) {
    return ByteString.fromString(text, StandardCharsets.UTF_8);
  }
}
