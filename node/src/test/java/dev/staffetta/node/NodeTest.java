package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.Service;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node starts, stops, and refuses to start. */
class NodeTest {
  @TempDir private Path data;

  @Test
  void aStopSaysFarewellToEverySession() throws Exception {
    TestNode node = TestNode.start(data);
    Map<Service, BufferedReader> sessions = new TreeMap<>();
    for (Service service : List.of(Service.SMTP, Service.SUBMISSION, Service.IMAP)) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port(service));
      socket.setSoTimeout(30_000);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(lines.readLine()).as("greeting of " + service).isNotNull();
      sessions.put(service, lines);
    }
    node.close();
    assertThat(sessions.get(Service.SMTP).readLine()).startsWith("421 ");
    assertThat(sessions.get(Service.SUBMISSION).readLine()).startsWith("421 ");
    assertThat(sessions.get(Service.IMAP).readLine()).startsWith("* BYE");
    for (BufferedReader session : sessions.values()) {
      assertThat(session.readLine()).isNull();
    }
    assertThat(node.node().awaitEnd()).isEmpty();
    assertThat(data.resolve("node1/pid")).doesNotExist();
    assertThat(data.resolve("node1/admin-url")).doesNotExist();
  }

  @Test
  void theAdminApiTellsHowItStands() throws Exception {
    try (TestNode node = TestNode.start(data)) {
      URI url = URI.create(Files.readString(data.resolve("node1/admin-url")).strip());
      assertThat(url).isEqualTo(node.node().adminUrl());
      HttpClient http = HttpClient.newHttpClient();
      HttpResponse<String> ready =
          http.send(HttpRequest.newBuilder(url.resolve("/ready")).build(), BodyHandlers.ofString());
      assertThat(ready.statusCode()).isEqualTo(200);
      HttpResponse<String> status =
          http.send(
              HttpRequest.newBuilder(url.resolve("/v1/status"))
                  .header("Authorization", "Bearer " + node.node().token())
                  .build(),
              BodyHandlers.ofString());
      assertThat(status.body())
          .contains("\"name\":\"node1\",\"state\":\"up\"")
          .contains("\"leader\":\"node1\",\"state\":\"ready\"")
          .contains("\"port\":" + node.port(Service.IMAPS));
    }
  }

  @Test
  void aPortThatIsTakenStopsTheStartAndLeavesNothingBehind() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String settings = "staffetta.listeners.imap.port = " + taken.getLocalPort();
      assertThatThrownBy(() -> TestNode.start(data, settings))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("port " + taken.getLocalPort())
          .hasMessageContaining("staffetta.listeners.imap");
    }
    TestNode.start(data).close();
  }

  @Test
  void aTakenAdminPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String settings = "staffetta.admin.port = " + taken.getLocalPort();
      assertThatThrownBy(() -> TestNode.start(data, settings))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " for the admin API");
    }
  }

  @Test
  void dataThatIsInUseIsNotStartedOn() throws Exception {
    try (TestNode node = TestNode.start(data)) {
      assertThatThrownBy(() -> TestNode.start(data))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("is in use by process");
      assertThat(node.node().isNew()).isTrue();
    }
  }

  @Test
  void aMissingCertificateIsNamed() {
    assertThatThrownBy(() -> TestNode.start(data, "staffetta.tls.certificate = /no/such.pem"))
        .isInstanceOf(StartFailure.class)
        .hasMessageStartingWith("cannot offer TLS: ")
        .hasMessageContaining("/no/such.pem");
  }

  @Test
  void settingsOfTheStoreThatTheDataContradictsAreNamed() throws Exception {
    TestNode.start(data, "staffetta.store.partitions = 2").close();
    assertThatThrownBy(() -> TestNode.start(data, "staffetta.store.partitions = 3"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("store.partitions = 2");
  }
}
