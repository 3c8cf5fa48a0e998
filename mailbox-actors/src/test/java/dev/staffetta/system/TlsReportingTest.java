package dev.staffetta.system;

import static dev.staffetta.system.RunningMailSystem.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.relay.route.ZoneServer;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counting for reports on TLS, in a whole node. */
class TlsReportingTest {
  private static final String NAMED =
      """
      relay.tls.report {
        organization = "Sender Ltd", contact = "a@sender.example", from = "b@sender.example"
      }
      """;

  private final ZoneServer zone = ZoneServer.start();
  private final SmtpSink sink = SmtpSink.start(new SinkScript());

  @TempDir private Path directory;

  @AfterEach
  void close() {
    zone.close();
    sink.close();
  }

  private void sendFromANode(String more) {
    zone.add("example.net", "MX", "10 mx.example.net.").add("mx.example.net", "A", "127.0.0.1");
    String settings =
        """
        relay {
          port = %d
          dns { servers = ["%s"], allowed-networks = ["127.0.0.0/8"], address-families = [ipv4] }
        }
        """
            .formatted(sink.address().getPort(), zone.setting());
    int before = sink.received().size();
    try (RunningMailSystem running = new RunningMailSystem(directory, settings, more)) {
      MailAddress bob = new MailAddress("bob", "example.net");
      await(
          running
              .mail()
              .deliveries()
              .deliver(
                  new Envelope(Optional.empty(), List.of(bob)),
                  running.message("Subject: a\r\n\r\nHello\r\n")));
      Awaitility.await()
          .atMost(RunningMailSystem.patience())
          .until(() -> sink.received().size() > before);
    }
  }

  @Test
  void whatANodeCountedIsThereAfterItsEndAndGoesOn() throws Exception {
    sendFromANode(NAMED);
    Path file = directory.resolve("tls-results.json");
    assertThat(file)
        .content()
        .contains("\"domain\":\"example.net\",\"type\":\"NO_POLICY_FOUND\"")
        .contains("\"failed\":1")
        .contains("\"type\":\"STARTTLS_NOT_SUPPORTED\",\"mxHost\":\"mx.example.net\"");
    sendFromANode(NAMED);
    assertThat(Files.readString(file)).contains("\"failed\":2").contains("\"times\":2");
  }

  @Test
  void nothingIsCountedUnlessSomebodyIsNamed() {
    sendFromANode("");
    assertThat(directory.resolve("tls-results.json")).doesNotExist();
  }
}
