package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over a real socket. */
final class TlsStageTest {
  private final LineProtocol.World world = new LineProtocol.World();

  private LocalServer server(LocalServer.Tls tls) {
    return LocalServer.start(c -> new LineProtocol(world), tls, ConnectionLimits.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void speaksTlsFromTheFirstByte(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.IMPLICIT);
        LineClient client =
            LineClient.connectTls(server.port(), TestCertificate.clientContext(), version)) {
      assertThat(client.line()).isEqualTo("HELLO");
      assertThat(client.send("STREAM 1000000\r\n").line()).isEqualTo("STREAM");
      assertThat(client.line()).isEqualTo("x".repeat(1_000_000) + "END");
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("BYE\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void startsTlsWhereTheSessionSaysSo(String version) throws IOException {
    try (LocalServer server = server(LocalServer.Tls.STARTTLS);
        LineClient plain = LineClient.connect(server.port())) {
      assertThat(plain.line()).isEqualTo("HELLO");
      assertThat(plain.send("STARTTLS\r\n").line()).isEqualTo("GO");
      LineClient client = plain.tls(TestCertificate.clientContext(), version);
      assertThat(client.send("ECHO hidden\r\n").line()).isEqualTo("hidden");
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("BYE\r\n");
    }
  }

  @Test
  void dropsWhatWasPipelinedBehindStarttls() throws IOException {
    try (LocalServer server = server(LocalServer.Tls.STARTTLS);
        LineClient plain = LineClient.connect(server.port())) {
      assertThat(plain.line()).isEqualTo("HELLO");
      assertThat(plain.send("STARTTLS\r\nECHO injected\r\n").line()).isEqualTo("GO");
      LineClient client = plain.tls(TestCertificate.clientContext());
      assertThat(client.send("ECHO mine\r\n").line()).isEqualTo("mine");
    }
  }
}
