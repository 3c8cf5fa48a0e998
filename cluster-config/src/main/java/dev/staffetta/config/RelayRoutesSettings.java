package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Destinations whose way is not found by DNS: the section {@code relay.routes}.
 *
 * @param byDomain the domain, lower-case; {@code .example.net}: all below it; {@code *}: all others
 */
public record RelayRoutesSettings(Map<String, Configured> byDomain) {
  /** What is spoken there. */
  public enum Dialect {
    SMTP,
    LMTP
  }

  /** When there is TLS. */
  public enum Tls {
    NONE,
    OPPORTUNISTIC,
    REQUIRED,
    IMPLICIT
  }

  /**
   * A user's name and password.
   *
   * @param password never shown
   */
  public record Login(String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /**
   * A server and how to speak with it.
   *
   * @param host its name, or an address
   * @param verify whether its certificate must be good for its name
   */
  public record Configured(
      String host,
      int port,
      Dialect dialect,
      Tls tls,
      boolean verify,
      Optional<Login> login,
      Optional<InetAddress> source) {
    public Configured {
      if (host.isBlank()) {
        throw new IllegalArgumentException("must name the route's host, not ''");
      }
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("must be a port from 1 to 65535, not " + port);
      }
      if (verify && (tls == Tls.NONE || tls == Tls.OPPORTUNISTIC)) {
        throw new IllegalArgumentException(
            "a route with verify = yes needs tls = required or implicit, not " + name(tls));
      }
      if (login.isPresent() && (tls == Tls.NONE || tls == Tls.OPPORTUNISTIC)) {
        throw new IllegalArgumentException(
            "a route with a password needs tls = required or implicit, not " + name(tls));
      }
    }
  }

  public RelayRoutesSettings {
    byDomain = Map.copyOf(byDomain);
  }

  /** Reads the section. */
  static RelayRoutesSettings from(ConfigObject section) {
    Map<String, Configured> byDomain = new TreeMap<>();
    KeyedSections.of(section, "route", "host, port, dialect, tls, verify, user, password, source")
        .forEach((domain, route) -> byDomain.put(domain, route(route)));
    return new RelayRoutesSettings(byDomain);
  }

  private static Configured route(Config route) {
    if (!route.hasPath("host")) {
      throw new IllegalArgumentException("a route must have a host, not " + route.root().keySet());
    }
    Tls tls = KeyedSections.choice(route, "tls", Tls.OPPORTUNISTIC);
    boolean isSure = tls == Tls.REQUIRED || tls == Tls.IMPLICIT;
    Dialect dialect = KeyedSections.choice(route, "dialect", Dialect.SMTP);
    int defaultPort = tls == Tls.IMPLICIT ? 465 : dialect == Dialect.LMTP ? 24 : 25;
    return new Configured(
        route.getString("host"),
        route.hasPath("port") ? route.getInt("port") : defaultPort,
        dialect,
        tls,
        route.hasPath("verify") ? route.getBoolean("verify") : isSure,
        route.hasPath("user")
            ? Optional.of(new Login(route.getString("user"), password(route)))
            : Optional.empty(),
        route.hasPath("source")
            ? Optional.of(IpAddresses.parse(route.getString("source")))
            : Optional.empty());
  }

  private static String password(Config route) {
    if (!route.hasPath("password")) {
      throw new IllegalArgumentException("a route with a user must have a password, not none");
    }
    return route.getString("password");
  }

  private static String name(Tls tls) {
    return tls.name().toLowerCase(java.util.Locale.ROOT);
  }
}
