package dev.staffetta.relay.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.InvalidSettingsException;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.SettingsLoader;
import dev.staffetta.relay.route.ZoneServer.Fault;
import dev.staffetta.relay.route.ZoneSigner.Flaw;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Validation of our own, against signed zones on loopback. */
class DnssecTest {
  private static final String TLSA = "3 1 1 " + "ab".repeat(32);

  private final ZoneSigner signer = new ZoneSigner("test", "signed.test").unsigned("unsigned.test");
  private final ZoneServer zone = ZoneServer.start().signedBy(signer);

  DnssecTest() {
    for (String domain : new String[] {"signed.test", "unsigned.test"}) {
      zone.add(domain, "MX", "10 mx." + domain + ".").add("mx." + domain, "A", "127.0.0.1");
      zone.add("_2525._tcp.mx." + domain, "TLSA", TLSA);
    }
  }

  @AfterEach
  void close() {
    zone.close();
  }

  @Test
  void whatASignedZoneSaysIsSecure() {
    assertThat(security("signed.test").check()).isEqualTo(Check.DANE);
    assertThat(zone.asked()).anyMatch(asked -> asked.type().equals("DNSKEY"));
  }

  @Test
  void whatAnUnsignedZoneSaysIsTakenAndIsNotSecure() {
    assertThat(security("unsigned.test")).isEqualTo(HopSecurity.OPPORTUNISTIC);
    zone.validated("unsigned.test");
    assertThat(security("unsigned.test")).isEqualTo(HopSecurity.OPPORTUNISTIC);
  }

  @ParameterizedTest
  @EnumSource(Flaw.class)
  void mailWaitsWhereSignaturesAreBad(Flaw flaw) {
    zone.validated("signed.test");
    signer.spoil("signed.test", flaw);
    assertThat(none("signed.test")).startsWith("4.4.3").contains("SERVFAIL");
  }

  @ParameterizedTest
  @EnumSource(Flaw.class)
  void mailWaitsWhereTheHostsAddressIsBad(Flaw flaw) {
    signer.spoil("mx.signed.test", flaw);
    assertThat(none("signed.test")).startsWith("4.4.3");
  }

  @ParameterizedTest
  @EnumSource(Flaw.class)
  void mailWaitsWhereTlsaRecordsAreBad(Flaw flaw) {
    signer.spoil("_2525._tcp.mx.signed.test", flaw);
    assertThat(none("signed.test")).startsWith("4.7.5");
  }

  @Test
  void theAnchorIsWhatAllHangsOn() {
    ZoneSigner other = new ZoneSigner();
    assertThat(none(routes(other.anchor(), ""), "signed.test")).startsWith("4.4.3");
  }

  @Test
  void thatSomethingIsNotThereIsProvedToo() {
    zone.remove("signed.test", "MX");
    zone.add("signed.test", "A", "127.0.0.1").add("_2525._tcp.signed.test", "TLSA", TLSA);
    assertThat(security("signed.test").check()).isEqualTo(Check.DANE);
    zone.add("b.signed.test", "A", "127.0.0.1");
    assertThat(security("b.signed.test")).isEqualTo(HopSecurity.OPPORTUNISTIC);
  }

  @Test
  void aDenialThatIsNotSignedIsNotBelieved() {
    zone.remove("signed.test", "MX").add("signed.test", "A", "127.0.0.1");
    signer.spoil("signed.test", Flaw.MISSING);
    assertThat(none("signed.test")).startsWith("4.4.3");
  }

  @Test
  void aliasesWithinSignedZonesAreSecure() {
    zone.add("www.signed.test", "CNAME", "signed.test.");
    assertThat(security("www.signed.test").check()).isEqualTo(Check.DANE);
    zone.add("out.signed.test", "CNAME", "unsigned.test.");
    assertThat(security("out.signed.test")).isEqualTo(HopSecurity.OPPORTUNISTIC);
  }

  @Test
  void oneFamilysFailureDoesNotTurnDaneOff() {
    zone.fail("mx.signed.test AAAA", Fault.SERVFAIL);
    Routes routes = routes(signer.anchor(), "dns.address-families = [ipv6, ipv4]");
    assertThat(security(routes, "signed.test").check()).isEqualTo(Check.DANE);
  }

  private HopSecurity security(String domain) {
    return security(routes(signer.anchor(), ""), domain);
  }

  private static HopSecurity security(Routes routes, String domain) {
    Route route = find(routes, domain);
    assertThat(route).as(domain).isInstanceOf(Route.Hops.class);
    return ((Route.Hops) route).hops().get(0).security();
  }

  private String none(String domain) {
    return none(routes(signer.anchor(), ""), domain);
  }

  private static String none(Routes routes, String domain) {
    Route route = find(routes, domain);
    assertThat(route).as(domain).isInstanceOf(Route.None.class);
    return ((Route.None) route).reply().toString();
  }

  private static Route find(Routes routes, String domain) {
    return routes.find(domain, false).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private Routes routes(String anchor, String more) {
    RelaySettings settings = settings(anchor, more);
    Dns dns =
        new Dns(
            settings.dns(),
            new NameServers(settings.dns(), ForkJoinPool.commonPool()),
            System::nanoTime);
    return new MxRoutes(
        settings, "node.test", dns, name -> CompletableFuture.completedStage(Optional.empty()));
  }

  private RelaySettings settings(String anchor, String more) {
    try {
      return SettingsLoader.parse(
              """
              staffetta.relay {
                dns {
                  servers = ["%s"], dnssec = validate, trust-anchors = ["%s"]
                  allowed-networks = ["127.0.0.0/8"], address-families = [ipv4]
                }
                port = 2525
                %s
              }
              """
                  .formatted(zone.setting(), anchor, more))
          .relay();
    } catch (InvalidSettingsException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
