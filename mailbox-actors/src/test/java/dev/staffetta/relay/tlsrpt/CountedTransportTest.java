package dev.staffetta.relay.tlsrpt;

import static dev.staffetta.relay.tlsrpt.Samples.DAY;
import static dev.staffetta.relay.tlsrpt.Samples.STS;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.RelayClientSettings;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import dev.staffetta.smtp.client.HopSecurity.Tlsa;
import dev.staffetta.smtp.client.MailTransport.Channel;
import dev.staffetta.smtp.client.SmtpTransport;
import dev.staffetta.smtp.sink.SinkCertificate;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SinkScript.Tls;
import dev.staffetta.smtp.sink.SmtpSink;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CountedTransportTest {
  private static final SinkCertificate GOOD = SinkCertificate.of("mx.example.net");
  private static final SinkCertificate EXPIRED = SinkCertificate.expired("mx.example.net");
  private static final HopSecurity NAMES =
      new HopSecurity(Mode.REQUIRED, Check.NAMES, List.of("mx.example.net"), List.of());
  private static final HopSecurity TESTING =
      new HopSecurity(Mode.OPPORTUNISTIC, Check.NAMES_NOTED, List.of("mx.example.net"), List.of());
  private static ActorTestKit kit;

  private final TlsResults results = TlsResults.gathering(Samples.noon());

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString("pekko.loglevel = ERROR")
                .withFallback(ConfigFactory.defaultReference()));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** What one session counts as; empty: as nothing. */
  private String session(Tls tls, SinkCertificate shown, SinkCertificate trusted, HopSecurity how) {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().tls(tls, shown))) {
      return session(sink.address(), trusted, how);
    }
  }

  private String session(InetSocketAddress address, SinkCertificate trusted, HopSecurity how) {
    CountedTransport transport =
        new CountedTransport(
            new SmtpTransport(
                kit.system(),
                "mx.sender.example",
                RelayClientSettings.from(
                    ConfigFactory.parseResources("reference.conf")
                        .resolve()
                        .getConfig("staffetta.relay.client")),
                trusted.trust()),
            results);
    Hop hop =
        new Hop(
            "mx.example.net",
            address,
            Hop.Dialect.SMTP,
            how.countedUnder(STS),
            Optional.of(address.getAddress()),
            Optional.empty());
    Optional<Channel> channel =
        transport
            .open(hop)
            .handle((opened, failure) -> Optional.ofNullable(opened))
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    channel.ifPresent(Channel::close);
    String counted =
        results.all().getOrDefault(DAY, List.of()).stream()
            .map(CountedTransportTest::text)
            .findFirst()
            .orElse("");
    results.forget(DAY, "example.net");
    return channel.map(c -> "opened ").orElse("failed ") + counted;
  }

  private static String text(PolicyResults counted) {
    assertThat(counted.succeeded() + counted.failed()).isEqualTo(1);
    return counted.failures().keySet().stream()
        .findFirst()
        .map(
            failure -> {
              assertThat(failure.mxHost()).isEqualTo("mx.example.net");
              assertThat(failure.receivingIp()).isEqualTo("127.0.0.1");
              assertThat(failure.sendingIp()).isEqualTo("127.0.0.1");
              return failure.type().text();
            })
        .orElse("success");
  }

  @Test
  void goodSessionsAreSuccesses() {
    assertThat(session(Tls.STARTTLS, GOOD, GOOD, NAMES)).isEqualTo("opened success");
    assertThat(session(Tls.STARTTLS, GOOD, GOOD, TESTING)).isEqualTo("opened success");
    assertThat(session(Tls.STARTTLS, EXPIRED, GOOD, HopSecurity.OPPORTUNISTIC))
        .isEqualTo("opened success");
  }

  @Test
  void whatTheCertificateLacksIsToldApart() {
    SinkCertificate other = SinkCertificate.of("other.example.net");
    assertThat(session(Tls.STARTTLS, other, other, NAMES))
        .isEqualTo("failed certificate-host-mismatch");
    assertThat(session(Tls.STARTTLS, EXPIRED, EXPIRED, NAMES))
        .isEqualTo("failed certificate-expired");
    assertThat(session(Tls.STARTTLS, other, GOOD, NAMES))
        .isEqualTo("failed certificate-not-trusted");
  }

  @Test
  void aPolicyThatIsBeingTestedIsCountedAndNotEnforced() {
    SinkCertificate other = SinkCertificate.of("other.example.net");
    assertThat(session(Tls.STARTTLS, other, other, TESTING))
        .isEqualTo("opened certificate-host-mismatch");
    assertThat(session(Tls.STARTTLS, EXPIRED, EXPIRED, TESTING))
        .isEqualTo("opened certificate-expired");
    assertThat(session(Tls.NONE, GOOD, GOOD, TESTING)).isEqualTo("opened starttls-not-supported");
  }

  @Test
  void withoutStarttlsItIsNotSupported() {
    assertThat(session(Tls.NONE, GOOD, GOOD, NAMES)).isEqualTo("failed starttls-not-supported");
    assertThat(session(Tls.NONE, GOOD, GOOD, HopSecurity.OPPORTUNISTIC))
        .isEqualTo("opened starttls-not-supported");
  }

  @Test
  void allElseIsAFailureOfValidation() {
    HopSecurity dane =
        new HopSecurity(
            Mode.REQUIRED,
            Check.DANE,
            List.of("mx.example.net"),
            List.of(new Tlsa(3, 1, 1, new byte[32])));
    assertThat(session(Tls.STARTTLS, GOOD, GOOD, dane)).isEqualTo("failed validation-failure");
    assertThat(session(Tls.BROKEN, GOOD, GOOD, NAMES)).isEqualTo("failed validation-failure");
  }

  @Test
  void whatFailsBeforeTlsSaysNothingOfIt() {
    SmtpSink gone = SmtpSink.start(new SinkScript());
    InetSocketAddress address = gone.address();
    gone.close();
    assertThat(session(address, GOOD, NAMES)).isEqualTo("failed ");
  }
}
