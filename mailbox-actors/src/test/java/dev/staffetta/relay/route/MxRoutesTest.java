package dev.staffetta.relay.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.InvalidSettingsException;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.SettingsLoader;
import dev.staffetta.relay.route.ZoneServer.Fault;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MxRoutesTest {
  private static final String OPEN =
      """
      dns.allowed-networks = ["127.0.0.0/8", "::1"]
      dns.timeout = 2s
      port = 2525
      """;

  private final ZoneServer zone = ZoneServer.start();
  private final AtomicLong nanos = new AtomicLong();
  private MtaStsPolicy policy;

  @AfterEach
  void close() {
    zone.close();
  }

  @Test
  void hostsAreTriedByPreferenceAndEqualOnesInRandomOrder() {
    zone.add("example.net", "MX", "20 last.example.net.");
    zone.add("example.net", "MX", "10 a.example.net.")
        .add("example.net", "MX", "10 b.example.net.");
    for (String host : List.of("a", "b", "last")) {
      zone.add(host + ".example.net", "A", "127.0.0.1");
    }
    Routes routes = routes("");
    Set<List<String>> orders = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      orders.add(hosts(hops(routes, "example.net")));
    }
    assertThat(orders)
        .containsExactlyInAnyOrder(
            List.of("a.example.net", "b.example.net", "last.example.net"),
            List.of("b.example.net", "a.example.net", "last.example.net"));
    assertThat(hops(routes, "example.net").key())
        .isEqualTo("a.example.net,b.example.net,last.example.net");
    assertThat(hops(routes, "example.net").hops().get(0).address().getPort()).isEqualTo(2525);
    assertThat(zone.timesAsked("example.net", "MX")).isEqualTo(1);
  }

  @Test
  void familiesOfAddressesTakeTurns() {
    zone.add("example.net", "MX", "10 mx.example.net.");
    zone.add("mx.example.net", "A", "127.0.0.1").add("mx.example.net", "A", "127.0.0.2");
    zone.add("mx.example.net", "AAAA", "::1");
    List<String> addresses = addresses(hops(routes(""), "example.net"));
    assertThat(addresses).containsExactlyInAnyOrder("0:0:0:0:0:0:0:1", "127.0.0.1", "127.0.0.2");
    assertThat(addresses.get(0)).isEqualTo("0:0:0:0:0:0:0:1");
    assertThat(addresses(hops(routes("dns.address-families = [ipv4]"), "example.net")))
        .containsExactlyInAnyOrder("127.0.0.1", "127.0.0.2");
  }

  @Test
  void withoutMxTheDomainItselfIsTheHost() {
    zone.add("example.net", "A", "127.0.0.1");
    assertThat(hosts(hops(routes(""), "example.net"))).containsExactly("example.net");
  }

  @Test
  void aDomainThatTakesNoMailIsPermanent() {
    zone.add("none.example", "MX", "0 .");
    assertThat(none(routes(""), "none.example")).startsWith("5.1.10");
  }

  @Test
  void aDomainThatDoesNotExistIsPermanent() {
    assertThat(none(routes(""), "nowhere.example")).startsWith("5.1.2");
    assertThat(none(routes(""), "no domain")).startsWith("5.1.2");
  }

  @Test
  void aDomainWithoutAnyAddressIsPermanent() {
    zone.add("example.net", "TXT", "x");
    assertThat(none(routes(""), "example.net")).startsWith("5.4.4");
  }

  @Test
  void serversThatFailAreTemporary() {
    zone.fail("servfail.example", Fault.SERVFAIL).fail("refused.example", Fault.REFUSED);
    zone.fail("silent.example", Fault.SILENT);
    Routes routes = routes("dns.timeout = 100ms");
    assertThat(none(routes, "servfail.example")).startsWith("4.4.3").contains("SERVFAIL");
    assertThat(none(routes, "refused.example")).startsWith("4.4.3");
    assertThat(none(routes, "silent.example")).startsWith("4.4.3").contains("in time");
    assertThat(zone.timesAsked("silent.example", "MX")).isEqualTo(2);
  }

  @Test
  void anMxWhoseAddressIsNotKnownNowIsTemporary() {
    zone.add("example.net", "MX", "10 mx.example.net.").fail("mx.example.net", Fault.SERVFAIL);
    assertThat(none(routes(""), "example.net")).startsWith("4.4.3");
  }

  @Test
  void anMxWithoutAddressIsLeftOut() {
    zone.add("example.net", "MX", "10 gone.example.net.")
        .add("example.net", "MX", "20 mx.example.net.");
    zone.add("mx.example.net", "A", "127.0.0.1");
    assertThat(hosts(hops(routes(""), "example.net"))).containsExactly("mx.example.net");
  }

  @Test
  void theNextServerIsAskedWhenOneFails() {
    try (ZoneServer broken = ZoneServer.start()) {
      broken.fail("example.net", Fault.SERVFAIL);
      zone.add("example.net", "A", "127.0.0.1");
      RelaySettings settings =
          settings("dns.servers = [\"%s\", \"%s\"]".formatted(broken.setting(), zone.setting()));
      assertThat(hosts(hops(routes(settings), "example.net"))).containsExactly("example.net");
      assertThat(broken.timesAsked("example.net", "MX")).isEqualTo(1);
    }
  }

  @Test
  void longAnswersComeOverTcp() {
    zone.add("example.net", "MX", "10 mx.example.net.").fail("example.net MX", Fault.TRUNCATED);
    zone.add("mx.example.net", "A", "127.0.0.1");
    assertThat(hosts(hops(routes(""), "example.net"))).containsExactly("mx.example.net");
    assertThat(zone.asked()).anyMatch(ZoneServer.Asked::isTcp);
  }

  @Test
  void aliasesAreFollowedAndCirclesAreNot() {
    zone.add("www.example.net", "CNAME", "example.net.").add("example.net", "A", "127.0.0.1");
    zone.add("a.example", "CNAME", "b.example.").add("b.example", "CNAME", "a.example.");
    assertThat(hosts(hops(routes(""), "www.example.net"))).containsExactly("www.example.net");
    assertThat(none(routes(""), "a.example")).startsWith("4.4.3").contains("CNAME");
  }

  @Test
  void hostsNoBetterThanThisServerAreLeftOut() {
    zone.add("example.net", "MX", "10 better.example.net.");
    zone.add("example.net", "MX", "20 Own.example.org.")
        .add("example.net", "MX", "20 equal.example.net.");
    zone.add("example.net", "MX", "30 worse.example.net.");
    for (String host : List.of("better", "equal", "worse")) {
      zone.add(host + ".example.net", "A", "127.0.0.1");
    }
    zone.add("own.example.org", "A", "127.0.0.9");
    assertThat(hosts(hops(routes("own-names = [own.example.org]"), "example.net")))
        .containsExactly("better.example.net");
    assertThat(hosts(hops(routes("own-names = [\"127.0.0.9\"]"), "example.net")))
        .containsExactly("better.example.net");
  }

  @Test
  void aDomainThatOnlyLeadsHereIsPermanent() {
    zone.add("example.net", "MX", "10 node.test.").add("node.test", "A", "127.0.0.1");
    assertThat(none(routes(""), "example.net")).startsWith("5.4.6");
  }

  @Test
  void specialAddressesAreRefusedUnlessAllowed() {
    zone.add("example.net", "MX", "10 mx.example.net.");
    zone.add("mx.example.net", "A", "127.0.0.1").add("mx.example.net", "A", "10.1.2.3");
    zone.add("mx.example.net", "A", "192.0.2.1").add("mx.example.net", "AAAA", "::ffff:127.0.0.1");
    assertThat(addresses(hops(routes("dns.allowed-networks = []"), "example.net")))
        .containsExactly("192.0.2.1");
    zone.add("inner.example", "A", "10.1.2.3");
    assertThat(none(routes("dns.allowed-networks = []"), "inner.example")).startsWith("5.4.4");
    assertThat(none(routes("dns.allowed-networks = []"), "[127.0.0.1]")).startsWith("5.4.4");
    assertThat(addresses(hops(routes("dns.allowed-networks = [\"10.0.0.0/8\"]"), "inner.example")))
        .containsExactly("10.1.2.3");
  }

  @Test
  void addressLiteralsNeedNoDns() {
    assertThat(addresses(hops(routes(""), "[127.0.0.1]"))).containsExactly("127.0.0.1");
    assertThat(addresses(hops(routes(""), "[IPv6:::1]"))).containsExactly("0:0:0:0:0:0:0:1");
    assertThat(none(routes(""), "[300.1.1.1]")).startsWith("5.1.2");
    assertThat(none(routes(""), "[::1]")).startsWith("5.1.2");
    assertThat(zone.asked()).isEmpty();
  }

  @Test
  void namesInOtherScriptsAreAskedForAsALabels() {
    zone.add("xn--bcher-kva.example", "A", "127.0.0.1");
    assertThat(hosts(hops(routes(""), "bücher.example"))).containsExactly("xn--bcher-kva.example");
  }

  @Test
  void answersAreKeptForTheirTimeToLive() {
    zone.add("example.net", "MX", 60, "10 mx.example.net.").add("mx.example.net", "A", "127.0.0.1");
    Routes routes = routes("");
    hops(routes, "example.net");
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    hops(routes, "example.net");
    assertThat(zone.timesAsked("example.net", "MX")).isEqualTo(1);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    hops(routes, "example.net");
    assertThat(zone.timesAsked("example.net", "MX")).isEqualTo(2);
    assertThat(zone.timesAsked("mx.example.net", "A")).isEqualTo(1);
  }

  @Test
  void thatANameDoesNotExistIsKeptToo() {
    zone.negativeTtl(30);
    Routes routes = routes("");
    none(routes, "nowhere.example");
    none(routes, "nowhere.example");
    assertThat(zone.timesAsked("nowhere.example", "MX")).isEqualTo(1);
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    zone.add("nowhere.example", "A", "127.0.0.1");
    hops(routes, "nowhere.example");
  }

  @Test
  void equalQuestionsUnderWayAreAskedOnce() {
    zone.add("example.net", "A", "127.0.0.1");
    Routes routes = routes("dns.cache-min-ttl = 0s");
    List<CompletionStage<Route>> all = new java.util.ArrayList<>();
    zone.fail("example.net MX", Fault.SILENT);
    for (int i = 0; i < 50; i++) {
      all.add(routes.find("example.net", false));
    }
    zone.heal("example.net MX");
    all.forEach(route -> assertThat(join(route)).isInstanceOf(Route.Hops.class));
    assertThat(zone.timesAsked("example.net", "MX")).isLessThanOrEqualTo(2);
  }

  @Test
  void configuredRoutesComeFirst() {
    Routes routes =
        routes(
            """
            routes {
              "example.net" = { host = "127.0.0.7", port = 26, dialect = lmtp, tls = none }
              ".example.net" = { host = below.example, tls = required, user = u, password = p }
              "*" = { host = smart.example, tls = opportunistic }
            }
            """);
    zone.add("below.example", "A", "127.0.0.8").add("smart.example", "A", "10.0.0.1");
    Hop own = hops(routes, "example.net").hops().get(0);
    assertThat(own.address().getPort()).isEqualTo(26);
    assertThat(own.dialect()).isEqualTo(Hop.Dialect.LMTP);
    assertThat(own.security()).isEqualTo(HopSecurity.PLAIN);
    Hop below = hops(routes, "a.b.example.net").hops().get(0);
    assertThat(below.host()).isEqualTo("below.example");
    assertThat(below.security().check()).isEqualTo(Check.NAMES);
    assertThat(below.security().names()).containsExactly("below.example");
    assertThat(below.login()).contains(new Hop.Login("u", "p"));
    assertThat(addresses(hops(routes, "elsewhere.example"))).containsExactly("10.0.0.1");
    assertThat(hops(routes, "elsewhere.example").key()).isEqualTo("smart.example:25");
    assertThat(zone.asked()).noneMatch(question -> question.type().equals("MX"));
  }

  @Test
  void aRouteWhoseHostIsGoneIsTemporary() {
    Routes routes = routes("routes { \"*\" = { host = smart.example } }");
    assertThat(none(routes, "example.net")).startsWith("4.4.4");
  }

  @Test
  void connectsFromTheConfiguredAddressOfTheFamily() {
    zone.add("example.net", "A", "127.0.0.1").add("example.net", "AAAA", "::1");
    List<Hop> hops = hops(routes("source-addresses = [\"127.0.0.5\"]"), "example.net").hops();
    assertThat(hops.get(0).source()).isEmpty();
    assertThat(hops.get(1).source().orElseThrow().getHostAddress()).isEqualTo("127.0.0.5");
  }

  // How it is secured.

  @Test
  void withoutAnyPolicyTlsIsOpportunistic() {
    mx("example.net", "mx.example.net");
    assertThat(security(routes(""), "example.net")).isEqualTo(HopSecurity.OPPORTUNISTIC);
    assertThat(none(join(routes("").find("example.net", true)))).startsWith("5.7.10");
  }

  @Test
  void anEnforcedPolicyNeedsACertificateOfTheHost() {
    mx("example.net", "mx.example.net");
    policy =
        new MtaStsPolicy(MtaStsPolicy.Mode.ENFORCE, List.of("*.example.net"), Duration.ofDays(1));
    HopSecurity security = security(routes(""), "example.net");
    assertThat(security.mode()).isEqualTo(Mode.REQUIRED);
    assertThat(security.check()).isEqualTo(Check.NAMES);
    assertThat(security.names()).containsExactly("mx.example.net");
  }

  @Test
  void anEnforcedPolicyThatNamesNoHostIsTemporary() {
    mx("example.net", "mx.elsewhere.example");
    policy =
        new MtaStsPolicy(MtaStsPolicy.Mode.ENFORCE, List.of("*.example.net"), Duration.ofDays(1));
    assertThat(none(routes(""), "example.net")).startsWith("4.7.5");
    policy = new MtaStsPolicy(MtaStsPolicy.Mode.TESTING, policy.patterns(), Duration.ofDays(1));
    assertThat(security(routes(""), "example.net")).isEqualTo(HopSecurity.OPPORTUNISTIC);
  }

  @Test
  void validatedTlsaRecordsStandAboveMtaSts() {
    mx("example.net", "mx.elsewhere.example");
    policy =
        new MtaStsPolicy(MtaStsPolicy.Mode.ENFORCE, List.of("*.example.net"), Duration.ofDays(1));
    tlsa("mx.elsewhere.example", "3 1 1 " + "ab".repeat(32));
    tlsa("mx.elsewhere.example", "0 0 1 " + "cd".repeat(32));
    zone.validated("example.net", "elsewhere.example");
    HopSecurity security = security(validating(), "example.net");
    assertThat(security.mode()).isEqualTo(Mode.REQUIRED);
    assertThat(security.check()).isEqualTo(Check.DANE);
    assertThat(security.names()).containsExactly("mx.elsewhere.example", "example.net");
    assertThat(security.tlsa()).hasSize(1);
    assertThat(security.tlsa().get(0).usage()).isEqualTo(3);
  }

  @Test
  void tlsaRecordsCountOnlyWhereAllWasValidated() {
    mx("example.net", "mx.elsewhere.example");
    tlsa("mx.elsewhere.example", "3 1 1 " + "ab".repeat(32));
    zone.validated("elsewhere.example");
    assertThat(security(validating(), "example.net")).isEqualTo(HopSecurity.OPPORTUNISTIC);
    zone.validated("example.net");
    assertThat(security(routes(""), "example.net")).isEqualTo(HopSecurity.OPPORTUNISTIC);
    assertThat(security(validating(), "example.net").check()).isEqualTo(Check.DANE);
  }

  @Test
  void aHostWhoseTlsaRecordsCannotBeReadIsNotUsed() {
    mx("example.net", "mx.example.net");
    zone.validated("example.net").fail("_2525._tcp.mx.example.net", Fault.SERVFAIL);
    assertThat(none(validating(), "example.net")).startsWith("4.7.5");
  }

  @Test
  void tlsaRecordsThatCannotBeUsedAskForTlsAtLeast() {
    mx("example.net", "mx.example.net");
    tlsa("mx.example.net", "1 1 1 " + "ab".repeat(32));
    zone.validated("example.net");
    assertThat(security(validating(), "example.net"))
        .isEqualTo(new HopSecurity(Mode.REQUIRED, Check.NONE, List.of(), List.of()));
  }

  @Test
  void aMessageThatRequiresTlsNeedsValidatedHosts() {
    mx("example.net", "mx.example.net");
    zone.validated("example.net");
    Route route = join(validating().find("example.net", true));
    HopSecurity security = ((Route.Hops) route).hops().get(0).security();
    assertThat(security.check()).isEqualTo(Check.NAMES);
  }

  @Test
  void configuredPoliciesStandAboveAll() {
    mx("example.net", "mx.example.net");
    policy = new MtaStsPolicy(MtaStsPolicy.Mode.ENFORCE, List.of("x.example"), Duration.ofDays(1));
    assertThat(security(routes("tls.policies { \"example.net\".mode = none }"), "example.net"))
        .isEqualTo(HopSecurity.PLAIN);
    assertThat(
            security(
                    routes(
                        "tls.policies { \"*\" { mode = verified, names = [\"*.example.net\"] } }"),
                    "example.net")
                .names())
        .containsExactly("*.example.net");
  }

  private void mx(String domain, String host) {
    zone.add(domain, "MX", "10 " + host + ".").add(host, "A", "127.0.0.1");
  }

  private void tlsa(String host, String data) {
    zone.add("_2525._tcp." + host, "TLSA", data);
  }

  private Routes validating() {
    return routes("dns { dnssec = trust-ad, address-families = [ipv4] }");
  }

  private Routes routes(String more) {
    return routes(settings(more));
  }

  private RelaySettings settings(String more) {
    String servers = "dns.servers = [\"" + zone.setting() + "\"]\n";
    try {
      return SettingsLoader.parse("staffetta.relay {\n" + OPEN + servers + more + "\n}").relay();
    } catch (InvalidSettingsException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Routes routes(RelaySettings settings) {
    Dns dns =
        new Dns(
            settings.dns(), new NameServers(settings.dns(), ForkJoinPool.commonPool()), nanos::get);
    return new MxRoutes(
        settings,
        "node.test",
        dns,
        domain -> CompletableFuture.completedStage(Optional.ofNullable(policy)));
  }

  private static HopSecurity security(Routes routes, String domain) {
    return hops(routes, domain).hops().get(0).security();
  }

  private static Route.Hops hops(Routes routes, String domain) {
    Route route = join(routes.find(domain, false));
    assertThat(route).isInstanceOf(Route.Hops.class);
    return (Route.Hops) route;
  }

  private static List<String> hosts(Route.Hops hops) {
    return hops.hops().stream().map(Hop::host).toList();
  }

  private static List<String> addresses(Route.Hops hops) {
    return hops.hops().stream().map(hop -> hop.address().getAddress().getHostAddress()).toList();
  }

  private static String none(Routes routes, String domain) {
    return none(join(routes.find(domain, false)));
  }

  private static String none(Route route) {
    assertThat(route).isInstanceOf(Route.None.class);
    return ((Route.None) route).reply().toString();
  }

  private static Route join(CompletionStage<Route> route) {
    return route.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
