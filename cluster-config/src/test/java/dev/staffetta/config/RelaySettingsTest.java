package dev.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.RelayDnsSettings.Network;
import org.junit.jupiter.api.Test;

class RelaySettingsTest {
  @Test
  void routesAreNamedByDomain() throws Exception {
    RelaySettings relay =
        parse(
            """
            routes {
              "Example.net" = { host = "192.0.2.7", port = 2525, tls = none }
              "*" {
                host = smart.example.org, tls = implicit, user = me, password = "secret"
                source = "192.0.2.1"
              }
            }
            """);
    RelayRoutesSettings.Configured one = relay.routes().byDomain().get("example.net");
    assertThat(one.host()).isEqualTo("192.0.2.7");
    assertThat(one.port()).isEqualTo(2525);
    assertThat(one.verify()).isFalse();
    RelayRoutesSettings.Configured all = relay.routes().byDomain().get("*");
    assertThat(all.port()).isEqualTo(465);
    assertThat(all.verify()).isTrue();
    assertThat(all.login()).get().extracting("password").isEqualTo("secret");
    assertThat(relay.toString()).doesNotContain("secret");
  }

  @Test
  void aRouteThatCannotBeMeantIsRefused() {
    assertProblem("routes { example.net { host = a } }", "in quotes");
    assertProblem("routes { \"a.example\" { port = 25 } }", "must have a host");
    assertProblem("routes { \"a.example\" { host = a, tls = maybe } }", "one of none, opp");
    assertProblem("routes { \"a.example\" { host = a, user = u } }", "password");
    assertProblem("routes { \"a.example\" { host = a, user = u, password = p } }", "needs tls");
    assertProblem("routes { \"a.example\" { host = a, tls = none, verify = yes } }", "needs tls");
    assertProblem("routes { \"a.example\" { host = a, port = x } }", "port");
    assertProblem("routes = 3", "a section in { }");
  }

  @Test
  void theAdFlagIsTrustedFromLoopbackOnly() throws Exception {
    parse("dns { dnssec = trust-ad, servers = [\"127.0.0.1:5353\", \"::1\"] }");
    assertProblem("dns { dnssec = trust-ad }", "loopback");
    assertProblem("dns { dnssec = trust-ad, servers = [\"192.0.2.1\"] }", "loopback");
  }

  @Test
  void validationNeedsAnAnchorAndNoServerOfItsOwn() throws Exception {
    assertThat(parse("dns.dnssec = validate").dns().trustAnchors()).hasSize(2);
    parse(
        "dns { dnssec = validate, trust-anchors = [\"corp.test. 1 13 2 "
            + "ab".repeat(32)
            + "\"] }");
    assertProblem("dns { dnssec = validate, trust-anchors = [] }", "nothing can be validated");
    assertProblem("dns { trust-anchors = [\". 1 13 2 abc\"] }", "such as");
    assertProblem("dns { trust-anchors = [\"1 13 2 " + "ab".repeat(32) + "\"] }", "such as");
    assertProblem("dns.dnssec = maybe", "off, trust-ad or validate");
  }

  @Test
  void reportsNeedANameAndAddressesOfOneDomain() throws Exception {
    assertThat(parse("").tls().report()).isEmpty();
    String name = "tls.report { organization = \"A Ltd\", ";
    RelayTlsSettings.Report report =
        parse(name + "contact = \"a@a.example\", from = \"b@A.example\" }")
            .tls()
            .report()
            .orElseThrow();
    assertThat(report.submitter()).isEqualTo("a.example");
    assertProblem(name + "}", "or none of them");
    assertProblem(name + "contact = \"a@a.example\" }", "or none of them");
    assertProblem(name + "contact = \"ask us\", from = \"b@a.example\" }", "'ask us'");
    assertProblem(name + "contact = \"a@b.example\", from = \"b@a.example\" }", "one domain");
  }

  @Test
  void networksContainWhatBeginsAlike() {
    Network network = Network.parse("10.64.0.0/10");
    assertThat(network.contains(IpAddresses.parse("10.127.0.1"))).isTrue();
    assertThat(network.contains(IpAddresses.parse("10.128.0.1"))).isFalse();
    assertThat(network.contains(IpAddresses.parse("::1"))).isFalse();
    assertThat(Network.parse("::1").contains(IpAddresses.parse("::1"))).isTrue();
    assertThatThrownBy(() -> Network.parse("10.0.0.0/33"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Network.parse("localhost/8"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void policiesAreNamedByDomain() throws Exception {
    RelaySettings relay =
        parse("tls.policies { \".example.net\" { mode = verified, names = [\"*.example.net\"] } }");
    assertThat(relay.tls().policies().get(".example.net").mode())
        .isEqualTo(RelayTlsSettings.Mode.VERIFIED);
    assertProblem("tls.policies { \"a.b\" { mode = required, names = [a] } }", "verified");
  }

  @Test
  void destinationsMayHaveAnotherScheduleAndOtherLimits() throws Exception {
    RelaySettings relay =
        parse(
            """
            schedule.by-domain { "Example.net" = { give-up-after = 1h }, ".a.example" = { first-retry = 1m } }
            limits.by-domain { ".example.net" = { messages-a-minute = 60 } }
            """);
    assertThat(relay.schedule().of("example.net").giveUpAfter()).hasHours(1);
    assertThat(relay.schedule().of("example.net").lastRetry()).hasHours(4);
    assertThat(relay.schedule().of("b.a.example").firstRetry()).hasMinutes(1);
    assertThat(relay.schedule().of("a.example")).isEqualTo(relay.schedule().usual());
    assertThat(relay.limits().of("mx.example.net").messagesAMinute()).isEqualTo(60);
    assertThat(relay.limits().of("mx.example.net").connectionsToHosts()).isEqualTo(5);
    assertThat(relay.limits().of("example.net").messagesAMinute()).isZero();
  }

  @Test
  void aScheduleAndLimitsThatCannotBeMeantAreRefused() {
    assertProblem("schedule.first-retry = 0s", "must be at least 1ms");
    assertProblem("schedule { first-retry = 5h }", "must be at least first-retry");
    assertProblem("schedule.warn-after = -1s", "must be above 0");
    assertProblem("schedule.give-up-after = 1h", "must be at least warn-after");
    assertProblem("schedule.probe-after = 0s", "must be at least 1ms");
    assertProblem("schedule.trace-days = -1", "must be at least 0");
    assertProblem(
        "schedule.by-domain { \"a.b\" { first-retry = 5h } }", "the schedule of 'a.b' is wrong");
    assertProblem(
        "schedule.by-domain { \"a.b\" { warn-after = 2h, give-up-after = 1h } }", "warn-after");
    assertProblem("schedule.by-domain { a.b { first-retry = 5h } }", "in quotes");
    assertProblem("schedule.by-domain { \"a.b\" { probe-after = 1s } }", "only");
    assertProblem("limits.connections = 3", "must be at least 4");
    assertProblem("limits.connections-to-hosts = 0", "must be at least 1");
    assertProblem("limits.messages-a-connection = 0", "must be at least 1");
    assertProblem("limits.messages-a-minute = -1", "must be at least 0");
    assertProblem(
        "limits.by-domain { \"a.b\" { messages-a-minute = -1 } }", "the limits of 'a.b' are wrong");
  }

  private static RelaySettings parse(String relay) throws InvalidSettingsException {
    return SettingsLoader.parse("staffetta.relay {\n" + relay + "\n}").relay();
  }

  private static void assertProblem(String relay, String words) {
    assertThatThrownBy(() -> parse(relay))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(words);
  }
}
