package dev.staffetta.relay.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.SettingsLoader;
import dev.staffetta.relay.route.ZoneServer.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class MtaStsTest {
  private static final Name DOMAIN = Name.fromConstantString("example.net.");
  private static final String POLICY =
      String.join(
          "\r\n",
          "version: STSv1",
          "mode: enforce",
          "mx: mx.example.net",
          "mx: *.Example.net",
          "max_age: 86400",
          "");

  private static ActorTestKit kit;
  private static PolicyServer web;

  private final ZoneServer zone = ZoneServer.start();
  private final AtomicLong nanos = new AtomicLong();

  @BeforeAll
  static void startAll() {
    kit =
        ActorTestKit.create(
            com.typesafe.config.ConfigFactory.parseString("pekko.loglevel = ERROR")
                .withFallback(com.typesafe.config.ConfigFactory.defaultReference()));
    web = PolicyServer.start("mta-sts.example.net");
  }

  @AfterAll
  static void stopAll() {
    web.close();
    kit.shutdownTestKit();
  }

  @AfterEach
  void close() {
    zone.close();
  }

  @Test
  void policiesAreReadAsTheRfcSays() {
    MtaStsPolicy policy = MtaStsPolicy.parse(POLICY).orElseThrow();
    assertThat(policy.mode()).isEqualTo(MtaStsPolicy.Mode.ENFORCE);
    assertThat(policy.maxAge()).isEqualTo(Duration.ofDays(1));
    assertThat(policy.names("a.example.net")).isTrue();
    assertThat(policy.names("a.b.example.net")).isFalse();
    assertThat(policy.names("example.net")).isFalse();
    assertThat(MtaStsPolicy.parse("version:STSv1\nmode:none\nmax_age: 1\nnew: x")).isPresent();
    for (String bad :
        List.of(
            "",
            POLICY.replace("STSv1", "STSv2"),
            POLICY.replace("enforce", "maybe"),
            POLICY.replace("86400", "-1"),
            POLICY.replace("mx:", "my:"))) {
      assertThat(MtaStsPolicy.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void aPolicyIsFetchedOverHttps() {
    web.answer(200, "text/plain; charset=utf-8", POLICY);
    zone.add("_mta-sts.example.net", "TXT", "\"v=STSv1; id=1;\"");
    zone.add("mta-sts.example.net", "A", "127.0.0.1");
    MtaSts mtaSts = mtaSts(fetcher(web.trusting(), "127.0.0.0/8"));
    assertThat(find(mtaSts)).get().extracting(MtaStsPolicy::mode).hasToString("ENFORCE");
    int requests = web.requests();
    assertThat(find(mtaSts)).isPresent();
    assertThat(web.requests()).isEqualTo(requests);
  }

  @Test
  void whatIsNotAPolicyFromTheRightServerIsNotTaken() throws Exception {
    zone.add("mta-sts.example.net", "A", "127.0.0.1").add("mta-sts.other.test", "A", "127.0.0.1");
    PolicyFetcher good = fetcher(web.trusting(), "127.0.0.0/8");
    web.answer(301, "text/plain", "");
    assertFails(good, DOMAIN, "301");
    web.answer(200, "text/html", POLICY);
    assertFails(good, DOMAIN, "text/html");
    web.answer(200, "text/plain", "x".repeat(70_000));
    assertFails(good, DOMAIN, "");
    web.answer(200, "text/plain", POLICY);
    // A certificate for another name; of an unknown authority; an address that is not public.
    assertFails(good, Name.fromConstantString("other.test."), "");
    assertFails(fetcher(SSLContext.getDefault(), "127.0.0.0/8"), DOMAIN, "");
    int requests = web.requests();
    assertFails(fetcher(web.trusting(), "10.0.0.0/8"), DOMAIN, "no address");
    assertThat(web.requests()).isEqualTo(requests);
    assertThat(join(good.fetch(DOMAIN))).isEqualTo(POLICY);
  }

  @Test
  void withoutARecordNothingIsFetched() {
    FakeFetcher fetcher = new FakeFetcher();
    MtaSts mtaSts = mtaSts(fetcher);
    assertThat(find(mtaSts)).isEmpty();
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=1\"");
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=2\"");
    pass(Duration.ofHours(1));
    assertThat(find(mtaSts)).isEmpty();
    assertThat(fetcher.fetched).hasValue(0);
  }

  @Test
  void aPolicyHoldsWhileDnsAndTheServerAreSilent() {
    FakeFetcher fetcher = new FakeFetcher();
    MtaSts mtaSts = mtaSts(fetcher);
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=1\"");
    assertThat(find(mtaSts)).isPresent();
    zone.remove("_mta-sts.example.net", "TXT");
    pass(Duration.ofHours(1));
    assertThat(find(mtaSts)).isPresent();
    zone.fail("_mta-sts.example.net", Fault.SERVFAIL);
    pass(Duration.ofHours(1));
    assertThat(find(mtaSts)).isPresent();
    pass(Duration.ofHours(23));
    assertThat(find(mtaSts)).isEmpty();
    assertThat(fetcher.fetched).hasValue(1);
  }

  @Test
  void anotherIdBringsAnotherPolicy() {
    FakeFetcher fetcher = new FakeFetcher();
    MtaSts mtaSts = mtaSts(fetcher);
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=1\"");
    find(mtaSts);
    fetcher.text = POLICY.replace("enforce", "testing");
    zone.remove("_mta-sts.example.net", "TXT");
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=2\"");
    pass(Duration.ofMinutes(1));
    assertThat(find(mtaSts)).get().extracting(MtaStsPolicy::mode).hasToString("TESTING");
  }

  @Test
  void aFailureIsNotRepeatedAtOnceAndThePolicyBeforeHolds() {
    FakeFetcher fetcher = new FakeFetcher();
    fetcher.text = "nonsense";
    MtaSts mtaSts = mtaSts(fetcher);
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=1\"");
    assertThat(find(mtaSts)).isEmpty();
    assertThat(find(mtaSts)).isEmpty();
    assertThat(fetcher.fetched).hasValue(1);
    fetcher.text = POLICY;
    pass(Duration.ofMinutes(6));
    assertThat(find(mtaSts)).isPresent();
    fetcher.text = "nonsense";
    zone.remove("_mta-sts.example.net", "TXT");
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=2\"");
    pass(Duration.ofMinutes(1));
    assertThat(find(mtaSts)).get().extracting(MtaStsPolicy::mode).hasToString("ENFORCE");
  }

  @Test
  void aPolicyInUseIsFetchedAgainBeforeItEnds() {
    FakeFetcher fetcher = new FakeFetcher();
    MtaSts mtaSts = mtaSts(fetcher);
    zone.add("_mta-sts.example.net", "TXT", 1, "\"v=STSv1; id=1\"");
    find(mtaSts);
    pass(Duration.ofHours(13));
    assertThat(find(mtaSts)).isPresent();
    Awaitility.await().until(() -> fetcher.fetched.get() == 2);
    pass(Duration.ofHours(12));
    assertThat(find(mtaSts)).isPresent();
  }

  private static final class FakeFetcher implements PolicyFetcher {
    final AtomicInteger fetched = new AtomicInteger();
    volatile String text = POLICY;

    @Override
    public CompletionStage<String> fetch(Name domain) {
      fetched.incrementAndGet();
      return CompletableFuture.completedStage(text);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private RelaySettings settings(String network) {
    try {
      return SettingsLoader.parse(
              """
              staffetta.relay {
                dns { servers = ["%s"], allowed-networks = ["%s"], address-families = [ipv4] }
                tls.mta-sts.timeout = 5s
              }
              """
                  .formatted(zone.setting(), network))
          .relay();
    } catch (dev.staffetta.config.InvalidSettingsException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Dns dns() {
    RelaySettings settings = settings("127.0.0.0/8");
    return new Dns(
        settings.dns(), new NameServers(settings.dns(), ForkJoinPool.commonPool()), nanos::get);
  }

  private PolicyFetcher fetcher(SSLContext authorities, String network) {
    return new HttpsPolicyFetcher(kit.system(), settings(network), dns(), authorities, web.port());
  }

  private MtaSts mtaSts(PolicyFetcher fetcher) {
    return new MtaSts(settings("127.0.0.0/8").tls().mtaSts(), dns(), fetcher, nanos::get);
  }

  private static Optional<MtaStsPolicy> find(MtaSts mtaSts) {
    return join(mtaSts.find(DOMAIN));
  }

  private static void assertFails(PolicyFetcher fetcher, Name domain, String words) {
    assertThatThrownBy(() -> join(fetcher.fetch(domain)))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining(words);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
