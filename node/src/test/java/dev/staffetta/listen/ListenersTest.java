package dev.staffetta.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.ListenerSettings;
import dev.staffetta.config.ListenersSettings;
import dev.staffetta.config.NodeSettings;
import dev.staffetta.config.Service;
import dev.staffetta.config.TlsSettings;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.LineClient;
import dev.staffetta.wire.LineProtocol;
import dev.staffetta.wire.Protocol;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners over real sockets, with a little protocol of the tests. */
final class ListenersTest {
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private static final TlsSettings TLS =
      new TlsSettings(Optional.empty(), Duration.ofMinutes(1), Duration.ofSeconds(10));

  @TempDir private Path directory;

  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());
  private final LineProtocol.World world = new LineProtocol.World();
  private ServerCertificates certificates;

  private final ProtocolFactory protocol =
      new ProtocolFactory() {
        @Override
        public Protocol<?, ?, ?, ?, ?> open(Connection connection) {
          return new LineProtocol(world);
        }

        @Override
        public ByteString tooManyConnections() {
          return ByteString.fromString("TOO MANY\r\n");
        }
      };

  @BeforeEach
  void certificate() throws InvalidCertificateException {
    certificates = ServerCertificates.open(TLS, node());
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private NodeSettings node() {
    return new NodeSettings("node1", directory, Optional.empty(), Duration.ofSeconds(1));
  }

  private static ListenersSettings settings(int port, int maxOfService) {
    Map<Service, ListenerSettings> services = new EnumMap<>(Service.class);
    for (Service service : Service.values()) {
      services.put(service, new ListenerSettings(true, "127.0.0.1", port, maxOfService));
    }
    return new ListenersSettings(
        services, 1000, 10, 100, 65_536, Duration.ofSeconds(10), Duration.ofSeconds(1));
  }

  private CompletionStage<Listeners> starting(ListenersSettings settings) {
    return Listeners.start(
        kit.system(),
        settings,
        TLS,
        certificates,
        Map.of(Service.IMAP, protocol, Service.IMAPS, protocol),
        meters);
  }

  private static <T> T result(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static int port(Listeners listeners, Service service) {
    return listeners.status().stream()
        .filter(status -> status.service() == service)
        .findFirst()
        .orElseThrow()
        .address()
        .getPort();
  }

  private static int connections(Listeners listeners, Service service) {
    return listeners.status().stream()
        .filter(status -> status.service() == service)
        .mapToInt(Listeners.Status::connections)
        .sum();
  }

  private SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("node", certificates.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void areStoppedAlsoWhenTheActorsHaveEnded() throws Exception {
    Listeners listeners = result(starting(settings(0, 10)));
    int port = port(listeners, Service.IMAP);
    kit.shutdownTestKit();
    result(listeners.stop(Duration.ofSeconds(10)));
    assertThatThrownBy(() -> LineClient.connect(port).close()).isInstanceOf(IOException.class);
  }

  @Test
  void servesEachServiceThatHasAProtocol() throws Exception {
    Listeners listeners = result(starting(settings(0, 10)));
    assertThat(listeners.status())
        .extracting(Listeners.Status::service)
        .containsExactly(Service.IMAP, Service.IMAPS);
    try (LineClient plain = LineClient.connect(port(listeners, Service.IMAP));
        LineClient tls = LineClient.connectTls(port(listeners, Service.IMAPS), trusting())) {
      assertThat(plain.line()).isEqualTo("HELLO");
      assertThat(tls.line()).isEqualTo("HELLO");
      assertThat(connections(listeners, Service.IMAP)).isEqualTo(1);
      assertThat(connections(listeners, Service.IMAPS)).isEqualTo(1);
      plain.send("STARTTLS\r\n").line();
      LineClient started = plain.tls(trusting());
      assertThat(started.send("ECHO hidden\r\n").line()).isEqualTo("hidden");
    }
    await().untilAsserted(() -> assertThat(connections(listeners, Service.IMAP)).isZero());
  }

  @Test
  void checksTheNameThatClientsAskFor() throws Exception {
    Listeners listeners = result(starting(settings(0, 10)));
    LineClient plain = LineClient.connect(port(listeners, Service.IMAPS));
    try (SSLSocket socket =
        (SSLSocket)
            trusting()
                .getSocketFactory()
                .createSocket(plain.socket(), "localhost", plain.socket().getPort(), true)) {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void refusesPolitelyWhatIsTooMuchAndAdmitsAgainWhenThereIsRoom() throws Exception {
    Listeners listeners = result(starting(settings(0, 2)));
    int port = port(listeners, Service.IMAP);
    try (LineClient first = LineClient.connect(port);
        LineClient second = LineClient.connect(port)) {
      assertThat(first.line()).isEqualTo("HELLO");
      assertThat(second.line()).isEqualTo("HELLO");
      for (int i = 0; i < 5; i++) {
        try (LineClient third = LineClient.connect(port)) {
          assertThat(third.rest()).isEqualTo("TOO MANY\r\n");
        }
      }
      first.send("QUIT\r\n").rest();
    }
    await().untilAsserted(() -> assertThat(connections(listeners, Service.IMAP)).isZero());
    assertThat(meters.get("staffetta.connections").tag("result", "refused").counters())
        .extracting(Counter::count)
        .containsExactlyInAnyOrder(5.0, 0.0);
    try (LineClient again = LineClient.connect(port)) {
      assertThat(again.line()).isEqualTo("HELLO");
    }
  }

  @Test
  void refusesPolitelyOverTlsToo() throws Exception {
    Listeners listeners = result(starting(settings(0, 1)));
    int port = port(listeners, Service.IMAPS);
    try (LineClient first = LineClient.connectTls(port, trusting());
        LineClient second = LineClient.connectTls(port, trusting())) {
      assertThat(first.line()).isEqualTo("HELLO");
      assertThat(second.rest()).isEqualTo("TOO MANY\r\n");
    }
  }

  @Test
  void sendsFarewellsAndListensNoMoreWhenItStops() throws Exception {
    Listeners listeners = result(starting(settings(0, 10)));
    int port = port(listeners, Service.IMAP);
    List<LineClient> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(LineClient.connect(port));
      assertThat(clients.get(i).line()).isEqualTo("HELLO");
    }
    CompletionStage<?> stopped = listeners.stop(Duration.ofSeconds(20));
    for (LineClient client : clients) {
      assertThat(client.rest()).isEqualTo("SHUTDOWN\r\n");
      client.close();
    }
    result(stopped);
    assertThat(world.closedSessions()).isEqualTo(5);
    assertThatThrownBy(() -> LineClient.connect(port)).isInstanceOf(IOException.class);
  }

  @Test
  void resetsWhatIsOpenAtTheDeadline() throws Exception {
    Listeners listeners = result(starting(settings(0, 10)));
    try (LineClient busy = LineClient.connect(port(listeners, Service.IMAP))) {
      assertThat(busy.line()).isEqualTo("HELLO");
      assertThat(busy.send("ASK for ever\r\n").line()).isEqualTo("ASKING");
      result(listeners.stop(Duration.ofMillis(300)));
      assertThatThrownBy(busy::rest).isInstanceOf(IOException.class);
      assertThat(world.closedSessions()).isEqualTo(1);
    }
  }

  @Test
  void saysWhichAddressIsTakenAndListensOnNone() throws Exception {
    Listeners first = result(starting(settings(0, 10)));
    int taken = port(first, Service.IMAP);
    assertThatThrownBy(() -> result(starting(settings(taken, 10))))
        .hasMessageContaining("cannot listen on 127.0.0.1 port " + taken + " for imap")
        .hasMessageContaining("staffetta.listeners.imap");
  }

  @Test
  void usesANewCertificateFromTheNextHandshakeOn() throws Exception {
    Path chain = directory.resolve("chain.pem");
    Path key = directory.resolve("key.pem");
    var keys = PemFiles.ecKeys();
    PemFiles.write(chain, PemFiles.certificate(keys, "first.example.com"));
    PemFiles.write(key, PemFiles.pkcs8(keys));
    certificates =
        ServerCertificates.open(
            new TlsSettings(
                Optional.of(new TlsSettings.Files(chain, key)),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10)),
            node());
    Listeners listeners = result(starting(settings(0, 10)));
    int port = port(listeners, Service.IMAPS);
    try (LineClient old = LineClient.connectTls(port, trusting())) {
      assertThat(old.line()).isEqualTo("HELLO");
      var others = PemFiles.rsaKeys();
      PemFiles.write(chain, PemFiles.certificate(others, "second.example.com"));
      PemFiles.write(key, PemFiles.pkcs8(others));
      certificates.reload();
      try (LineClient fresh = LineClient.connectTls(port, trusting())) {
        assertThat(fresh.line()).isEqualTo("HELLO");
      }
      assertThat(old.send("ECHO still here\r\n").line()).isEqualTo("still here");
    }
  }
}
