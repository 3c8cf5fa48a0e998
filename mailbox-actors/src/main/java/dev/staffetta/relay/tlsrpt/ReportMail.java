package dev.staffetta.relay.tlsrpt;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpooledMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A report as a message (RFC 8460 5.3), whole in memory: it is small. */
record ReportMail(ContentId content, MessageSummary summary, ByteString all)
    implements SpooledMessage {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final String BOUNDARY = "=_tls-report";

  /** Its text, without a signature. */
  static ByteString text(TlsReport report, String from, String to, Instant now) {
    String base64 =
        Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(report.compressed().toArrayUnsafe());
    String lines =
        String.join(
            "\r\n",
            "From: " + from,
            "To: " + to,
            "Date: " + DATE.format(now),
            "Subject: Report Domain: " + report.domain(),
            " Submitter: " + report.submitter(),
            " Report-ID: <" + report.id() + ">",
            "Message-ID: <tls-report." + report.id() + ">",
            "TLS-Report-Domain: " + report.domain(),
            "TLS-Report-Submitter: " + report.submitter(),
            // RFC 8689 5: it may be the very TLS that is broken.
            "TLS-Required: No",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=\"tlsrpt\"; boundary=\"" + BOUNDARY + "\"",
            "",
            "--" + BOUNDARY,
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "This is a report on the TLS that mail for " + report.domain() + " had on",
            report.day() + " (UTC), counted by " + report.submitter() + ". The attachment is",
            "made for programs (RFC 8460).",
            "",
            "--" + BOUNDARY,
            "Content-Type: application/tlsrpt+gzip",
            "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment;",
            " filename=\"" + report.fileName() + "\"",
            "",
            base64,
            "--" + BOUNDARY + "--",
            "");
    return ByteString.fromString(lines, StandardCharsets.UTF_8);
  }

  /** Of its whole text. */
  static ReportMail of(ByteString text) {
    return new ReportMail(ContentId.random(), MessageParser.parse(text), text);
  }

  @Override
  public long size() {
    return all.size();
  }

  @Override
  public Source<ByteString, NotUsed> bytes() {
    return Source.single(all);
  }

  @Override
  public void release() {}
}
