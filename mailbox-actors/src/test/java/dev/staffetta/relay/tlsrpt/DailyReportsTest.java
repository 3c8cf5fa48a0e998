package dev.staffetta.relay.tlsrpt;

import static dev.staffetta.relay.tlsrpt.Samples.DAY;
import static dev.staffetta.relay.tlsrpt.Samples.EXPIRED;
import static dev.staffetta.relay.tlsrpt.Samples.SETTINGS;
import static dev.staffetta.relay.tlsrpt.Samples.STS;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.RelayClientSettings;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Signatures;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.SmtpTransport;
import dev.staffetta.smtp.client.TlsPolicy;
import dev.staffetta.smtp.sink.SinkCertificate;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SinkScript.Tls;
import dev.staffetta.smtp.sink.SmtpSink;
import dev.staffetta.system.SetClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DailyReportsTest {
  private static final ByteString SIGNATURE = ByteString.fromString("DKIM-Signature: x\r\n");
  private static ActorTestKit kit;

  private final SetClock clock = Samples.noon();
  private final TlsResults results = TlsResults.gathering(clock);
  private final SinkScript script = new SinkScript();
  private final SmtpSink sink = SmtpSink.start(script);
  private final World world = new World();
  private final DailyReports reports =
      new DailyReports(
          SETTINGS,
          results,
          world,
          world,
          world,
          new DirectMail(
              world,
              new SmtpTransport(
                  kit.system(),
                  "mx.sender.example",
                  RelayClientSettings.from(
                      ConfigFactory.parseResources("reference.conf")
                          .resolve()
                          .getConfig("staffetta.relay.client")))),
          clock,
          Duration.ofHours(2));

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

  @AfterEach
  void close() {
    sink.close();
  }

  /** Everything else that there is. */
  private final class World implements ReportWays, Deliveries, Signatures {
    final Map<String, List<String>> records = new ConcurrentHashMap<>();
    final List<String> posted = new CopyOnWriteArrayList<>();
    final List<Envelope> delivered = new CopyOnWriteArrayList<>();
    volatile int status = 201;
    volatile boolean isSilent;
    volatile boolean hasKey = true;

    @Override
    public CompletionStage<List<String>> texts(String name) {
      return isSilent
          ? CompletableFuture.failedStage(new IOException("no name server answered in time"))
          : CompletableFuture.completedStage(records.getOrDefault(name, List.of()));
    }

    @Override
    public CompletionStage<List<Hop>> hops(String domain) {
      return CompletableFuture.completedStage(
          List.of(
              new Hop(
                  "mx." + domain,
                  sink.address(),
                  Hop.Dialect.SMTP,
                  HopSecurity.OPPORTUNISTIC,
                  Optional.empty(),
                  Optional.empty())));
    }

    @Override
    public CompletionStage<Integer> post(URI address, ByteString report) {
      posted.add(address + " " + Samples.unzipped(report.toArray()));
      return CompletableFuture.completedStage(status);
    }

    @Override
    public CompletionStage<Recipient> find(MailAddress recipient) {
      return CompletableFuture.completedStage(
          recipient.domain().equals("sender.example") ? Recipient.LOCAL : Recipient.REMOTE);
    }

    @Override
    public boolean isRelaying() {
      return true;
    }

    @Override
    public CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message) {
      delivered.add(envelope);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Optional<ByteString>> sign(
        String fromDomain, Source<ByteString, NotUsed> message) {
      assertThat(fromDomain).isEqualTo("sender.example");
      return CompletableFuture.completedStage(Optional.of(SIGNATURE).filter(s -> hasKey));
    }
  }

  private void wanted(String domain, String addresses) {
    world.records.put("_smtp._tls." + domain, List.of("v=TLSRPTv1; rua=" + addresses));
  }

  private void send() {
    reports.sendDue().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private void dayOf(TlsPolicy policy) {
    results.succeeded(policy);
    results.failed(policy, EXPIRED);
  }

  @Test
  void aReportGoesWhenTheDayAndTheDelayAreOver() {
    wanted("example.net", "https://web.example.net/tlsrpt");
    dayOf(STS);
    send();
    clock.pass(Duration.ofHours(13));
    send();
    assertThat(world.posted).isEmpty();
    results.succeeded(STS);
    clock.pass(Duration.ofHours(1));
    send();
    assertThat(world.posted).hasSize(1);
    assertThat(world.posted.get(0))
        .startsWith("https://web.example.net/tlsrpt {")
        .contains("\"total-successful-session-count\":1,\"total-failure-session-count\":1")
        .contains("2026-11-24.example.net." + results.reporter() + "@sender.example");
    send();
    assertThat(world.posted).hasSize(1);
    assertThat(results.all().keySet()).containsExactly(DAY.plusDays(1));
  }

  @Test
  void aDomainThatWantsNoneGetsNoneAndIsForgotten() {
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(results.all()).isEmpty();
    assertThat(world.posted).isEmpty();
  }

  @Test
  void aReportByMailIsSignedAndGoesStraightToTheServer() {
    wanted("example.net", "mailto:reports@example.net");
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(sink.received()).hasSize(1);
    String text = sink.received().get(0).bytes();
    assertThat(text).startsWith("DKIM-Signature: x\r\nFrom: tls-reports@sender.example\r\n");
    assertThat(sink.commands())
        .anyMatch(c -> c.startsWith("MAIL FROM:<tls-reports@sender.example>"))
        .anyMatch(c -> c.startsWith("RCPT TO:<reports@example.net>"));
    assertThat(results.all()).isEmpty();
  }

  @Test
  void brokenTlsDoesNotStandInTheWay() {
    script.tls(Tls.BROKEN, SinkCertificate.of("mx.example.net"));
    wanted("example.net", "mailto:reports@example.net");
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(sink.received()).hasSize(1);
  }

  @Test
  void anAccountHereGetsItInItsMailbox() {
    wanted("example.net", "mailto:reports@sender.example");
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(world.delivered).hasSize(1);
    assertThat(sink.connections()).isZero();
  }

  @Test
  void whatIsNotTakenIsTriedAgainForADay() {
    wanted("example.net", "https://web.example.net/,mailto:reports@example.net");
    world.status = 503;
    script.recipient("reports@example.net", "451 4.3.0 later");
    dayOf(STS);
    clock.pass(Duration.ofHours(14));
    send();
    clock.pass(Duration.ofHours(23));
    send();
    assertThat(world.posted).hasSize(2);
    assertThat(results.all()).hasSize(1);
    clock.pass(Duration.ofHours(1));
    send();
    assertThat(world.posted).hasSize(3);
    assertThat(results.all()).isEmpty();
  }

  @Test
  void oneAddressThatTakesItIsEnough() {
    wanted("example.net", "https://web.example.net/,mailto:reports@example.net");
    world.status = 500;
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(sink.received()).hasSize(1);
    assertThat(results.all()).isEmpty();
  }

  @Test
  void silentDnsIsAskedAgain() {
    wanted("example.net", "https://web.example.net/");
    world.isSilent = true;
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(results.all()).hasSize(1);
    world.isSilent = false;
    send();
    assertThat(world.posted).hasSize(1);
  }

  @Test
  void allPoliciesOfADomainAreInOneReportAndEachDomainHasItsOwn() {
    for (String domain : List.of("example.net", "example.org")) {
      wanted(domain, "https://web.example.net/" + domain);
    }
    dayOf(STS);
    dayOf(TlsPolicy.none("example.net"));
    dayOf(TlsPolicy.none("example.org"));
    clock.pass(Duration.ofDays(1));
    send();
    List<String> first = new ArrayList<>(world.posted);
    assertThat(first).hasSize(2);
    assertThat(first.get(0)).contains("\"sts\"").contains("no-policy-found");
    assertThat(first.get(1)).doesNotContain("\"sts\"").contains("example.org");
  }

  @Test
  void manyDomainsAreWorkedOffWithoutAnEndOfTheStack() {
    for (int i = 0; i < 20_000; i++) {
      results.succeeded(TlsPolicy.none("d" + i + ".example"));
    }
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(results.all()).isEmpty();
  }

  @Test
  void withoutAKeyItIsSentUnsigned() {
    world.hasKey = false;
    wanted("example.net", "mailto:reports@example.net");
    dayOf(STS);
    clock.pass(Duration.ofDays(1));
    send();
    assertThat(sink.received().get(0).bytes()).startsWith("From: ");
  }
}
