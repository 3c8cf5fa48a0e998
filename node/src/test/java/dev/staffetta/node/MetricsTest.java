package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.client.SmtpClient;
import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.config.Service;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What monitoring reads of a running node, over HTTP. */
class MetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String STRANGER = "stranger@elsewhere.example";

  @TempDir private Path data;
  private SmtpSink sink;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    sink =
        SmtpSink.start(
            new SinkScript()
                .recipient("nobody@one.example", "550 5.1.1 no such user")
                .recipient("later@one.example", "450 4.2.0 come back later"));
    node =
        TestNode.start(
            data,
            "staffetta.relay.routes.\"one.example\" { host = \"127.0.0.1\", port = %d }\n"
                .formatted(sink.address().getPort()));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    sink.close();
  }

  @Test
  void countersMoveByWhatHappens() throws Exception {
    Map<String, Double> before = scrape();
    assertThat(before)
        .containsEntry("staffetta_relay_recipients_total{result=\"delivered\"}", 0.0)
        .containsEntry("staffetta_store_partitions_led", before.get("staffetta_store_replicas"))
        .containsEntry("staffetta_store_lag_apply", 0.0)
        .containsEntry("staffetta_store_disk_state", 0.0)
        .containsKeys("jvm_threads_live_threads", "process_files_open_files");
    assertThat(before.keySet()).anyMatch(name -> name.startsWith("jvm_memory_used_bytes{"));

    try (SmtpClient smtp = new SmtpClient(node.port(Service.SUBMISSION), PATIENCE)) {
      assertThatThrownBy(() -> smtp.login(TestNode.ALICE, "wrong"))
          .isInstanceOf(UnexpectedReply.class);
      smtp.login(TestNode.ALICE, TestNode.PASSWORD);
      submit(smtp, TestNode.ALICE, "bob@one.example", "carol@one.example");
      submit(smtp, "nobody@one.example");
      submit(smtp, "later@one.example");
    }
    try (SmtpClient smtp = new SmtpClient(node.port(Service.SMTP), PATIENCE)) {
      assertThatThrownBy(() -> smtp.begin(STRANGER, List.of("nobody@example.com")))
          .isInstanceOf(UnexpectedReply.class);
    }

    try (Socket imap = new Socket(InetAddress.getLoopbackAddress(), node.port(Service.IMAP))) {
      assertThat(imap.getInputStream().read()).isEqualTo('*');
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(moved(before, scrape()))
                      .containsEntry("staffetta_relay_recipients_total{result=\"delivered\"}", 2.0)
                      .containsEntry("staffetta_relay_recipients_total{result=\"deferred\"}", 1.0)
                      .containsEntry("staffetta_relay_bounces_total{reason=\"address\"}", 1.0)
                      .containsEntry("staffetta_relay_reports_total{kind=\"failure\"}", 1.0)
                      .containsEntry(destination("delivered"), 2.0)
                      .containsEntry(destination("deferred"), 1.0)
                      .containsEntry(destination("bounced"), 1.0)
                      .containsEntry("staffetta_relay_accepted_total", 3.0)
                      // Of one message only was a 250 read.
                      .containsEntry("staffetta_relay_duplicate_window_seconds_count", 1.0)
                      .containsEntry(
                          "staffetta_relay_transaction_seconds_count{result=\"answered\"}", 3.0)
                      // Alice's copy, and the report.
                      .containsEntry(
                          "staffetta_local_deliveries_seconds_count{result=\"placed\"}", 2.0)
                      .containsEntry(messages("submission"), 3.0)
                      .containsEntry(
                          "staffetta_logins_total{protocol=\"submission\",result=\"done\"}", 1.0)
                      .containsEntry(
                          "staffetta_logins_total{protocol=\"submission\",result=\"wrong\"}", 1.0)
                      .containsEntry(
                          "staffetta_smtp_replies_total{code=\"550\",service=\"smtp\"}", 1.0)
                      .containsEntry(
                          "staffetta_smtp_replies_total{code=\"535\",service=\"submission\"}", 1.0)
                      .containsEntry("staffetta_sessions{service=\"imap\"}", 1.0)
                      .containsEntry(
                          "staffetta_connections_total{result=\"admitted\",service=\"smtp\"}", 1.0)
                      .containsEntry("staffetta_relay_queue_messages", 1.0)
                      .containsEntry("staffetta_relay_queue_destinations", 1.0)
                      .containsEntry(
                          "staffetta_relay_queue_destination_messages{destination=\"one.example\"}",
                          1.0));
    }
    Map<String, Double> after = scrape();
    assertThat(after.get("staffetta_relay_queue_oldest_seconds")).isPositive();
    assertThat(moved(before, after).get("staffetta_store_batches_total")).isPositive();
    double written = moved(before, after).get("staffetta_store_written_bytes_total");
    assertThat(written).isPositive();
    // Of one node: what it writes is what it applies, but for what Raft adds, or keeps for itself.
    assertThat(moved(before, after).get("staffetta_store_applied_bytes_total"))
        .isBetween(written * 0.5, written * 2 + 5_000);
    assertThat(moved(before, after).get("staffetta_store_entry_seconds_count")).isPositive();
    assertThat(moved(before, after).get("staffetta_store_entry_seconds_sum"))
        .isBetween(0.000_1, 60.0);
  }

  private static String destination(String result) {
    return "staffetta_relay_destination_recipients_total{destination=\"one.example\",result=\"%s\"}"
        .formatted(result);
  }

  private static String messages(String service) {
    return "staffetta_smtp_messages_seconds_count{result=\"accepted\",service=\"%s\"}"
        .formatted(service);
  }

  private void submit(SmtpClient smtp, String... recipients) throws IOException {
    smtp.send(
        TestNode.ALICE,
        List.of(recipients),
        "From: <%s>\r\nSubject: s\r\n\r\nHi\r\n"
            .formatted(TestNode.ALICE)
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** How much each series has grown; one that was not there was 0. */
  private static Map<String, Double> moved(Map<String, Double> before, Map<String, Double> after) {
    Map<String, Double> moved = new TreeMap<>();
    after.forEach((name, value) -> moved.put(name, value - before.getOrDefault(name, 0.0)));
    return moved;
  }

  private Map<String, Double> scrape() throws IOException, InterruptedException {
    String token = Files.readString(data.resolve("metrics-token")).strip();
    String page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(node.node().adminUrl().resolve("/metrics"))
                    .header("Authorization", "Bearer " + token)
                    .build(),
                BodyHandlers.ofString())
            .body();
    Map<String, Double> series = new TreeMap<>();
    page.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              series.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
    return series;
  }
}
