package dev.staffetta.relay.tlsrpt;

import static dev.staffetta.relay.tlsrpt.Samples.DAY;
import static dev.staffetta.relay.tlsrpt.Samples.EXPIRED;
import static dev.staffetta.relay.tlsrpt.Samples.STS;
import static dev.staffetta.relay.tlsrpt.Samples.WITHOUT_TLS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.staffetta.smtp.client.TlsPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class TlsReportTest {
  private static final TlsReport REPORT = report();

  private static TlsReport report() {
    Map<SessionFailure, Long> failures = new LinkedHashMap<>();
    failures.put(EXPIRED, 100L);
    failures.put(WITHOUT_TLS, 203L);
    return new TlsReport(
        "Sender Ltd",
        "tls-questions@sender.example",
        "sender.example",
        "0badcafe",
        "example.net",
        DAY,
        List.of(
            new PolicyResults(STS, 5326, 303, failures),
            new PolicyResults(TlsPolicy.none("example.net"), 1, 0, Map.of())));
  }

  @Test
  void theReportHasTheShapeOfRfc8460AppendixB() throws Exception {
    String expected =
        """
        {
          "organization-name": "Sender Ltd",
          "date-range": {
            "start-datetime": "2026-11-24T00:00:00Z",
            "end-datetime": "2026-11-24T23:59:59Z"
          },
          "contact-info": "tls-questions@sender.example",
          "report-id": "2026-11-24.example.net.0badcafe@sender.example",
          "policies": [{
            "policy": {
              "policy-type": "sts",
              "policy-string": ["version: STSv1", "mode: testing", "mx: *.example.net", "max_age: 86400"],
              "policy-domain": "example.net",
              "mx-host": ["*.example.net"]
            },
            "summary": {
              "total-successful-session-count": 5326,
              "total-failure-session-count": 303
            },
            "failure-details": [{
              "result-type": "certificate-expired",
              "sending-mta-ip": "198.51.100.7",
              "receiving-mx-hostname": "mx1.example.net",
              "receiving-ip": "192.0.2.1",
              "failed-session-count": 100,
              "failure-reason-code": "old"
            }, {
              "result-type": "starttls-not-supported",
              "receiving-mx-hostname": "mx2.example.net",
              "failed-session-count": 203
            }]
          }, {
            "policy": { "policy-type": "no-policy-found", "policy-domain": "example.net" },
            "summary": {
              "total-successful-session-count": 1,
              "total-failure-session-count": 0
            }
          }]
        }
        """;
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(REPORT.json())).isEqualTo(json.readTree(expected));
    assertThat(json.readTree(Samples.unzipped(REPORT.compressed().toArray())))
        .isEqualTo(json.readTree(expected));
  }

  @Test
  void resultTypesHaveTheNamesOfTheRegistry() {
    assertThat(java.util.Arrays.stream(ResultType.values()).map(ResultType::text))
        .containsExactlyInAnyOrder(
            "starttls-not-supported",
            "certificate-host-mismatch",
            "certificate-expired",
            "certificate-not-trusted",
            "validation-failure",
            "tlsa-invalid",
            "dnssec-invalid",
            "sts-policy-fetch-error",
            "sts-policy-invalid",
            "sts-webpki-invalid");
  }

  @Test
  void theMailIsAsSection53SaysIt() {
    ByteString text =
        ReportMail.text(
            REPORT,
            "tls-reports@sender.example",
            "reports@example.net",
            Instant.parse("2026-11-25T01:02:03Z"));
    String all = text.decodeString(StandardCharsets.US_ASCII);
    String header = all.substring(0, all.indexOf("\r\n\r\n") + 2).replaceAll("\r\n[ \t]+", " ");
    assertThat(header.split("\r\n"))
        .contains(
            "From: tls-reports@sender.example",
            "To: reports@example.net",
            "Date: Wed, 25 Nov 2026 01:02:03 +0000",
            "Subject: Report Domain: example.net Submitter: sender.example Report-ID:"
                + " <2026-11-24.example.net.0badcafe@sender.example>",
            "TLS-Report-Domain: example.net",
            "TLS-Report-Submitter: sender.example",
            "TLS-Required: No",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0");
    assertThat(all.lines()).allMatch(line -> line.length() <= 998);
    assertThat(header)
        .containsPattern("Content-Type: multipart/report; report-type=\"tlsrpt\"; boundary=");
    String part = all.substring(all.indexOf("application/tlsrpt+gzip"));
    assertThat(part)
        .contains("filename=\"sender.example!example.net!1795478400!1795564799!0badcafe.json.gz\"");
    String base64 =
        part.substring(part.indexOf("\r\n\r\n") + 4, part.indexOf("\r\n--")).replace("\r\n", "");
    assertThat(Samples.unzipped(Base64.getDecoder().decode(base64))).isEqualTo(REPORT.json());
  }

  @Test
  void theMailsStructureIsKnownToOurOwnImap() {
    ReportMail mail =
        ReportMail.of(ReportMail.text(REPORT, "a@sender.example", "b@example.net", Instant.EPOCH));
    assertThat(mail.summary().toString()).contains("tlsrpt+gzip");
  }
}
