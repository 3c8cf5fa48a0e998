package dev.staffetta.relay.route;

import dev.staffetta.config.RelayRoutesSettings;
import dev.staffetta.config.RelayRoutesSettings.Configured;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import dev.staffetta.smtp.client.RemoteReply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The routes that an operator has written down. */
final class ConfiguredRoutes {
  private final DomainTable<Configured> byDomain;

  ConfiguredRoutes(RelayRoutesSettings settings) {
    this.byDomain = new DomainTable<>(settings.byDomain());
  }

  Optional<Configured> find(String domain) {
    return byDomain.find(domain);
  }

  /**
   * The way over a configured host.
   *
   * @param source the address to connect from, to an address, if none is configured for the route
   */
  static Route route(
      Configured configured,
      boolean requiresTls,
      List<InetAddress> addresses,
      Function<InetAddress, Optional<InetAddress>> source) {
    if (requiresTls && configured.tls() == RelayRoutesSettings.Tls.NONE) {
      return new Route.None(
          new RemoteReply(
              0, "5.7.10", "the message may be sent over TLS only, its route is without"));
    }
    HopSecurity security = security(configured, requiresTls);
    return new Route.Hops(
        configured.host() + ":" + configured.port(),
        addresses.stream()
            .map(
                address ->
                    new Hop(
                        configured.host(),
                        new InetSocketAddress(address, configured.port()),
                        configured.dialect() == RelayRoutesSettings.Dialect.LMTP
                            ? Hop.Dialect.LMTP
                            : Hop.Dialect.SMTP,
                        security,
                        configured
                            .source()
                            .filter(own -> own.getClass() == address.getClass())
                            .or(() -> source.apply(address)),
                        configured
                            .login()
                            .map(login -> new Hop.Login(login.user(), login.password()))))
            .toList());
  }

  private static HopSecurity security(Configured configured, boolean requiresTls) {
    boolean verifies = configured.verify() || requiresTls;
    Check check = verifies ? Check.NAMES : Check.NONE;
    List<String> names = verifies ? List.of(configured.host()) : List.of();
    return switch (configured.tls()) {
      case NONE -> HopSecurity.PLAIN;
      case OPPORTUNISTIC ->
          requiresTls
              ? new HopSecurity(Mode.REQUIRED, check, names, List.of())
              : HopSecurity.OPPORTUNISTIC;
      case REQUIRED -> new HopSecurity(Mode.REQUIRED, check, names, List.of());
      case IMPLICIT -> new HopSecurity(Mode.IMPLICIT, check, names, List.of());
    };
  }
}
