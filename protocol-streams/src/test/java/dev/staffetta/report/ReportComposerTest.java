package dev.staffetta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.report.DeliveryReport.Action;
import dev.staffetta.report.DeliveryReport.RecipientReport;
import dev.staffetta.report.DeliveryReport.ReturnedContent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class ReportComposerTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final ByteString MAIL =
      ByteString.fromString("Subject: lunch\r\nTo: bob@example.net\r\n\r\nSoup?\r\n");

  @Test
  void aFailureTellsPeopleAndPrograms() {
    ByteString message = ReportComposer.compose(report(false, failure("550 5.1.1 no such user")));
    String text = message.utf8String();
    assertThat(text).startsWith("Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.");
    ReadReport read = ReadReport.of(message);
    assertThat(read.header())
        .containsEntry("to", "<alice@example.com>")
        .containsEntry("auto-submitted", "auto-replied")
        .containsEntry("date", "Wed, 4 Mar 2026 05:06:07 +0000")
        .containsEntry("message-id", "<0123abcd@mx.example.com>")
        .containsEntry("in-reply-to", "<m@example.com>");
    assertThat(read.header().get("content-type"))
        .startsWith("multipart/report; report-type=delivery-status;");
    assertThat(read.text())
        .contains("<bob@example.net>")
        .contains("There is no such mailbox.")
        .contains("The server mx.example.net said: 550 5.1.1 no such user");
    assertThat(read.status().get(0))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "reporting-mta", "dns; mx.example.com",
                "original-envelope-id", "E 1",
                "arrival-date", "Wed, 4 Mar 2026 05:05:07 +0000"));
    assertThat(read.status().get(1))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "original-recipient", "rfc822; Bob@example.net",
                "final-recipient", "rfc822; bob@example.net",
                "action", "failed",
                "status", "5.1.1",
                "remote-mta", "dns; mx.example.net",
                "diagnostic-code", "smtp; 550 5.1.1 no such user",
                "last-attempt-date", "Wed, 4 Mar 2026 05:06:07 +0000"));
    assertThat(read.returned()).isEqualTo(MAIL);
    assertThat(read.summary().body().parts().get(2).type().toString()).contains("rfc822");
  }

  @Test
  void anInternationalMailHasAnInternationalReport() {
    RecipientReport joerg =
        new RecipientReport(
            new MailAddress("jörg", "example.net"),
            Optional.of("utf-8;jörg@example.net"),
            Action.DELAYED,
            "4.4.1",
            Optional.empty(),
            Optional.of("keine Verbindung möglich"),
            Optional.of(NOW),
            Optional.of(NOW.plusSeconds(3600)));
    ReadReport read = ReadReport.of(ReportComposer.compose(report(true, joerg)));
    assertThat(read.status().get(1))
        .containsEntry("final-recipient", "utf-8; jörg@example.net")
        .containsEntry("original-recipient", "utf-8; jörg@example.net")
        .containsEntry("diagnostic-code", "X-Staffetta; keine Verbindung möglich")
        .containsEntry("will-retry-until", "Wed, 4 Mar 2026 06:06:07 +0000");
    assertThat(read.header().get("content-type")).contains("report-type=global-delivery-status");
    ReadReport ascii = ReadReport.of(ReportComposer.compose(report(false, joerg)));
    assertThat(ascii.status().get(1))
        .containsEntry("final-recipient", "utf-8; j\\x{F6}rg@example.net");
  }

  /** Whatever another server said: one field more or less would be its word in our mouth. */
  @Property(tries = 2000)
  void whateverWasSaidComesBack(@ForAll String said, @ForAll String host, @ForAll boolean isUtf8) {
    RecipientReport recipient =
        new RecipientReport(
            new MailAddress("bob", "example.net"),
            Optional.of("rfc822;" + said),
            Action.FAILED,
            "5.0.0",
            Optional.of("x" + host),
            Optional.of("500 " + said),
            Optional.empty(),
            Optional.empty());
    ByteString message = ReportComposer.compose(report(isUtf8, recipient));
    for (String line : message.utf8String().split("\r\n", -1)) {
      assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(998);
      assertThat(line).doesNotContain("\r").doesNotContain("\n");
    }
    if (!isUtf8) {
      assertThat(message.utf8String().chars()).allMatch(c -> c < 0x80);
    }
    ReadReport read = ReadReport.of(message);
    assertThat(read.status()).hasSize(2);
    assertThat(read.status().get(1)).hasSize(6);
    assertThat(bare(read.status().get(1).get("diagnostic-code")))
        .isEqualTo(bare("smtp; 500 " + FieldText.clean(said, isUtf8)));
    assertThat(bare(read.status().get(1).get("remote-mta")))
        .isEqualTo(bare("dns; x" + FieldText.clean(host, isUtf8)));
    assertThat(read.returned()).isEqualTo(MAIL);
  }

  @Test
  void longTextsAreFolded() {
    String said = "550 " + "a".repeat(3000) + " " + "word ".repeat(100);
    ByteString message = ReportComposer.compose(report(false, failure(said)));
    assertThat(message.utf8String().split("\r\n")).allMatch(line -> line.length() <= 998);
    assertThat(bare(ReadReport.of(message).status().get(1).get("diagnostic-code")))
        .startsWith("smtp;550" + "a".repeat(3000) + "wordword");
  }

  private static String bare(String text) {
    return text.replace(" ", "");
  }

  private static RecipientReport failure(String said) {
    return new RecipientReport(
        new MailAddress("bob", "example.net"),
        Optional.of("rfc822;Bob@example.net"),
        Action.FAILED,
        "5.1.1",
        Optional.of("mx.example.net"),
        Optional.of(said),
        Optional.of(NOW),
        Optional.empty());
  }

  private static DeliveryReport report(boolean isUtf8, RecipientReport recipient) {
    return new DeliveryReport(
        "mx.example.com",
        new MailAddress("alice", "example.com"),
        "0123abcd",
        NOW,
        Optional.of("E 1"),
        Optional.of(NOW.minusSeconds(60)),
        Optional.of("<m@example.com>"),
        isUtf8,
        List.of(recipient),
        new ReturnedContent(true, MAIL));
  }
}
