package dev.staffetta.relay.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.InvalidSettingsException;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.SettingsLoader;
import dev.staffetta.relay.route.ZoneServer.Fault;
import dev.staffetta.relay.tlsrpt.CountedResults;
import dev.staffetta.relay.tlsrpt.TlsResults;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.TlsPolicy;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

/** What is counted for reports where a way is looked for, and the way of the reports themselves. */
class CountedRoutesTest {
  private final ZoneServer zone = ZoneServer.start();
  private final TlsResults results = TlsResults.gathering(Clock.systemUTC());
  private Optional<MtaStsPolicy> policy = Optional.empty();

  @AfterEach
  void close() {
    zone.close();
  }

  @Test
  void sessionsAreCountedUnderWhatTheDomainPublishes() {
    zone.add("example.net", "MX", "10 mx.example.net.").add("mx.example.net", "A", "127.0.0.1");
    assertThat(security().policy()).contains(TlsPolicy.none("example.net"));
    policy = policy(MtaStsPolicy.Mode.ENFORCE, "*.example.net");
    TlsPolicy sts = security().policy().orElseThrow();
    assertThat(sts.type()).isEqualTo(TlsPolicy.Type.STS);
    assertThat(sts.lines())
        .containsExactly("version: STSv1", "mode: enforce", "mx: *.example.net", "max_age: 86400");
    policy = policy(MtaStsPolicy.Mode.TESTING, "*.example.net");
    assertThat(security().check()).isEqualTo(Check.NAMES_NOTED);
    zone.validated("example.net");
    zone.add("_2525._tcp.mx.example.net", "TLSA", "3 1 1 " + "ab".repeat(32));
    TlsPolicy tlsa = security().policy().orElseThrow();
    assertThat(tlsa.type()).isEqualTo(TlsPolicy.Type.TLSA);
    assertThat(tlsa.lines()).hasSize(1).first().asString().startsWith("3 1 1 ");
    assertThat(CountedResults.of(results)).isEmpty();
  }

  @Test
  void aHostThatThePolicyDoesNotNameIsAFailure() {
    zone.add("example.net", "MX", "10 mx.elsewhere.test.")
        .add("mx.elsewhere.test", "A", "127.0.0.1");
    policy = policy(MtaStsPolicy.Mode.ENFORCE, "*.example.net");
    assertThat(find(TlsDemand.AS_PUBLISHED)).isInstanceOf(Route.None.class);
    policy = policy(MtaStsPolicy.Mode.TESTING, "*.example.net");
    assertThat(security().policy()).isEmpty();
    assertThat(CountedResults.of(results))
        .containsExactly(
            "example.net sts 1 validation-failure mx.elsewhere.test",
            "example.net sts 1 validation-failure mx.elsewhere.test");
  }

  @Test
  void tlsaRecordsThatCannotBeHadOrUsedAreFailures() {
    zone.add("example.net", "MX", "10 mx.example.net.").add("mx.example.net", "A", "127.0.0.1");
    zone.validated("example.net").fail("_2525._tcp.mx.example.net", Fault.SERVFAIL);
    assertThat(find(TlsDemand.AS_PUBLISHED)).isInstanceOf(Route.None.class);
    zone.heal("_2525._tcp.mx.example.net");
    zone.add("_2525._tcp.mx.example.net", "TLSA", "1 1 1 " + "ab".repeat(32));
    assertThat(security().policy()).isEmpty();
    assertThat(CountedResults.of(results))
        .containsExactlyInAnyOrder(
            "example.net tlsa 1 dnssec-invalid mx.example.net",
            "example.net tlsa 1 tlsa-invalid mx.example.net");
  }

  @Test
  void aPolicyThatCannotBeHadIsAFailure() {
    zone.add("_mta-sts.example.net", "TXT", "\"v=STSv1; id=1\"");
    for (CompletionStage<String> answer :
        List.of(
            CompletableFuture.<String>failedStage(new IOException("404")),
            CompletableFuture.<String>failedStage(new IOException(new SSLHandshakeException("x"))),
            CompletableFuture.completedStage("nonsense"))) {
      new MtaSts(
              settings("").tls().mtaSts(),
              dns(settings("")),
              domain -> answer,
              System::nanoTime,
              results)
          .find(Name.fromConstantString("example.net."))
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }
    assertThat(CountedResults.of(results))
        .containsExactlyInAnyOrder(
            "example.net sts 1 sts-policy-fetch-error ",
            "example.net sts 1 sts-webpki-invalid ",
            "example.net sts 1 sts-policy-invalid ");
  }

  @Test
  void reportsFindAWayWhateverIsPublished() {
    zone.add("example.net", "MX", "10 mx.elsewhere.test.")
        .add("mx.elsewhere.test", "A", "127.0.0.1");
    zone.validated("example.net", "elsewhere.test");
    zone.fail("_2525._tcp.mx.elsewhere.test", Fault.SERVFAIL);
    policy = policy(MtaStsPolicy.Mode.ENFORCE, "*.example.net");
    Route route = find(TlsDemand.NONE);
    assertThat(((Route.Hops) route).hops())
        .extracting(Hop::security)
        .containsExactly(HopSecurity.OPPORTUNISTIC);
    Route strict = find(settings("tls.policies.\"*\".mode = verified"), TlsDemand.NONE);
    assertThat(((Route.Hops) strict).hops().get(0).security()).isEqualTo(HopSecurity.OPPORTUNISTIC);
    Route plain = find(settings("tls.policies.\"*\".mode = none"), TlsDemand.NONE);
    assertThat(((Route.Hops) plain).hops().get(0).security()).isEqualTo(HopSecurity.PLAIN);
  }

  @Test
  void addressesForReportsComeFromDnsAndReportsGoOverHttps() {
    ActorTestKit kit =
        ActorTestKit.create(
            com.typesafe.config.ConfigFactory.parseString("pekko.loglevel = ERROR")
                .withFallback(com.typesafe.config.ConfigFactory.defaultReference()));
    try (PolicyServer web = PolicyServer.start("web.example.net")) {
      zone.add("_smtp._tls.example.net", "TXT", "\"v=TLSRPTv1; rua=mailto:\" \"a@b.example\"");
      zone.fail("_smtp._tls.silent.example", Fault.SERVFAIL);
      zone.add("web.example.net", "A", "127.0.0.1").add("other.example.net", "A", "127.0.0.1");
      RelaySettings settings = settings("");
      Dns dns = dns(settings);
      ReportLookups ways =
          new ReportLookups(
              dns,
              new WebHosts(kit.system(), settings, dns, web.trusting()),
              routes(settings),
              kit.system());
      assertThat(join(ways.texts("_smtp._tls.example.net")))
          .containsExactly("v=TLSRPTv1; rua=mailto:a@b.example");
      assertThat(join(ways.texts("_smtp._tls.none.example"))).isEmpty();
      assertThat(ways.texts("_smtp._tls.silent.example").toCompletableFuture())
          .failsWithin(20, TimeUnit.SECONDS);
      web.answer(201, "text/plain", "");
      ByteString report = ByteString.fromString("a report");
      URI address = URI.create("https://web.example.net:" + web.port() + "/in?x=%2F");
      assertThat(join(ways.post(address, report))).isEqualTo(201);
      assertThat(web.posted()).hasSize(1);
      assertThat(web.posted().get(0).path()).isEqualTo("/in?x=%2F");
      assertThat(web.posted().get(0).type()).isEqualTo("application/tlsrpt+gzip");
      assertThat(web.posted().get(0).body()).isEqualTo(report.toArray());
      web.answer(503, "text/plain", "");
      assertThat(join(ways.post(address, report))).isEqualTo(503);
      URI wrong = URI.create("https://other.example.net:" + web.port() + "/");
      assertThat(ways.post(wrong, report).toCompletableFuture()).failsWithin(40, TimeUnit.SECONDS);
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static Optional<MtaStsPolicy> policy(MtaStsPolicy.Mode mode, String pattern) {
    return Optional.of(new MtaStsPolicy(mode, List.of(pattern), Duration.ofDays(1)));
  }

  private HopSecurity security() {
    return ((Route.Hops) find(TlsDemand.AS_PUBLISHED)).hops().get(0).security();
  }

  private Route find(TlsDemand demand) {
    return find(settings(""), demand);
  }

  private Route find(RelaySettings settings, TlsDemand demand) {
    return join(routes(settings).find("example.net", demand));
  }

  private MxRoutes routes(RelaySettings settings) {
    return new MxRoutes(
        settings,
        "node.test",
        dns(settings),
        domain -> CompletableFuture.completedStage(policy),
        results);
  }

  private static Dns dns(RelaySettings settings) {
    return new Dns(
        settings.dns(),
        new NameServers(settings.dns(), ForkJoinPool.commonPool()),
        System::nanoTime);
  }

  private RelaySettings settings(String more) {
    try {
      return SettingsLoader.parse(
              """
              staffetta.relay {
                dns {
                  servers = ["%s"], dnssec = trust-ad
                  allowed-networks = ["127.0.0.0/8"], address-families = [ipv4]
                }
                port = 2525
                %s
              }
              """
                  .formatted(zone.setting(), more))
          .relay();
    } catch (InvalidSettingsException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
