package dev.staffetta.relay.tlsrpt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.util.ByteString;

/**
 * What is told to a domain of one day (RFC 8460 4).
 *
 * @param organization that sends the mail
 * @param contact for questions
 * @param submitter the domain that reports; the same as of the contact (RFC 8460 5.3)
 * @param reporter the node of it that counted: each reports what it sent itself
 * @param results of the domain's policies
 */
record TlsReport(
    String organization,
    String contact,
    String submitter,
    String reporter,
    String domain,
    LocalDate day,
    List<PolicyResults> results) {
  private static final ObjectMapper JSON = new ObjectMapper();

  TlsReport {
    results = List.copyOf(results);
  }

  /** The same for the same report, so that a repeat is known. */
  String id() {
    return day + "." + domain + "." + reporter + "@" + submitter;
  }

  Instant start() {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  Instant end() {
    return start().plus(Duration.ofDays(1)).minusSeconds(1);
  }

  /** RFC 8460 5.1. */
  String fileName() {
    return submitter
        + "!"
        + domain
        + "!"
        + start().getEpochSecond()
        + "!"
        + end().getEpochSecond()
        + "!"
        + reporter
        + ".json.gz";
  }

  /** RFC 8460 4.4. */
  String json() {
    ObjectNode report = JSON.createObjectNode();
    report.put("organization-name", organization);
    report
        .putObject("date-range")
        .put("start-datetime", start().toString())
        .put("end-datetime", end().toString());
    report.put("contact-info", contact);
    report.put("report-id", id());
    ArrayNode policies = report.putArray("policies");
    results.forEach(result -> add(result, policies.addObject()));
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report that is no JSON", e);
    }
  }

  private static void add(PolicyResults result, ObjectNode node) {
    ObjectNode policy = node.putObject("policy");
    policy.put("policy-type", result.policy().type().text());
    if (!result.policy().lines().isEmpty()) {
      result.policy().lines().forEach(policy.putArray("policy-string")::add);
    }
    policy.put("policy-domain", result.policy().domain());
    if (!result.policy().mxHosts().isEmpty()) {
      result.policy().mxHosts().forEach(policy.putArray("mx-host")::add);
    }
    node.putObject("summary")
        .put("total-successful-session-count", result.succeeded())
        .put("total-failure-session-count", result.failed());
    if (!result.failures().isEmpty()) {
      ArrayNode details = node.putArray("failure-details");
      result.failures().forEach((failure, times) -> add(failure, times, details.addObject()));
    }
  }

  private static void add(SessionFailure failure, long times, ObjectNode node) {
    node.put("result-type", failure.type().text());
    putIfAny(node, "sending-mta-ip", failure.sendingIp());
    putIfAny(node, "receiving-mx-hostname", failure.mxHost());
    putIfAny(node, "receiving-ip", failure.receivingIp());
    node.put("failed-session-count", times);
    putIfAny(node, "failure-reason-code", failure.reason());
  }

  private static void putIfAny(ObjectNode node, String name, String value) {
    if (!value.isEmpty()) {
      node.put(name, value);
    }
  }

  /** As it is sent: compressed. */
  ByteString compressed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(json().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.fromArray(bytes.toByteArray());
  }
}
