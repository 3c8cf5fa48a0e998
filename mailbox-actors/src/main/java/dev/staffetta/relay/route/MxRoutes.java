package dev.staffetta.relay.route;

import dev.staffetta.config.IpAddresses;
import dev.staffetta.config.RelayRoutesSettings.Configured;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.relay.route.MxHosts.Mx;
import dev.staffetta.relay.route.MxHosts.NoneException;
import dev.staffetta.relay.tlsrpt.ReportWays;
import dev.staffetta.relay.tlsrpt.TlsResults;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.RemoteReply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** {@link Routes} as configured, or else as DNS says. */
public final class MxRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(MxRoutes.class);

  /** All steps have limits of their own; this one is there in case one forgets it. */
  private static final long DEADLINE_IN_SECONDS = 120;

  /** Hops of one route: more than anybody waits for. */
  private static final int MAX_HOPS = 24;

  private static final int HTTPS_PORT = 443;

  private static final String IPV6_TAG = "[ipv6:";

  private final RelaySettings settings;
  private final ConfiguredRoutes configured;
  private final Dns dns;
  private final OwnHosts own;
  private final ReachableNetworks reachable;
  private final MxSecurity security;
  private final List<InetAddress> sources;
  private final Random random = new Random();

  /** Which counts nothing. */
  MxRoutes(
      RelaySettings settings,
      String hostName,
      Dns dns,
      Function<Name, CompletionStage<Optional<MtaStsPolicy>>> mtaSts) {
    this(settings, hostName, dns, mtaSts, TlsResults.none());
  }

  MxRoutes(
      RelaySettings settings,
      String hostName,
      Dns dns,
      Function<Name, CompletionStage<Optional<MtaStsPolicy>>> mtaSts,
      TlsResults results) {
    this.settings = settings;
    this.configured = new ConfiguredRoutes(settings.routes());
    this.dns = dns;
    this.own = OwnHosts.of(hostName, settings.ownNames(), settings.port());
    this.reachable = new ReachableNetworks(settings.dns().allowedNetworks());
    this.security =
        new MxSecurity(settings.tls(), new Dane(dns, settings.port(), results), mtaSts, results);
    this.sources = settings.sourceAddresses().stream().map(IpAddresses::parse).toList();
  }

  /**
   * What a node finds its way by.
   *
   * @param reports the way of reports on TLS
   */
  public record OfNode(Routes routes, ReportWays reports) {}

  /**
   * Routes of a node.
   *
   * @param hostName by which it is known to other servers
   * @param results where it is counted what stands in the way of TLS
   */
  public static OfNode start(
      ActorSystem<?> system, RelaySettings settings, String hostName, TlsResults results) {
    Dns dns =
        new Dns(
            settings.dns(),
            new NameServers(settings.dns(), system.executionContext()::execute),
            System::nanoTime);
    SSLContext authorities = authorities();
    PolicyFetcher fetcher = new HttpsPolicyFetcher(system, settings, dns, authorities, HTTPS_PORT);
    MtaSts mtaSts = new MtaSts(settings.tls().mtaSts(), dns, fetcher, System::nanoTime, results);
    MxRoutes routes = new MxRoutes(settings, hostName, dns, mtaSts::find, results);
    return new OfNode(
        routes,
        new ReportLookups(dns, new WebHosts(system, settings, dns, authorities), routes, system));
  }

  private static SSLContext authorities() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java trusts no authorities", e);
    }
  }

  @Override
  public CompletionStage<Route> find(String domain, boolean requiresTls) {
    return find(domain, requiresTls ? TlsDemand.VERIFIED : TlsDemand.AS_PUBLISHED);
  }

  /** As the message asks for it. */
  CompletionStage<Route> find(String domain, TlsDemand demand) {
    return CompletableFuture.completedStage(domain.toLowerCase(Locale.ROOT))
        .thenCompose(name -> route(name, demand))
        .toCompletableFuture()
        .orTimeout(DEADLINE_IN_SECONDS, TimeUnit.SECONDS)
        .exceptionally(failure -> none(domain, failure));
  }

  private CompletionStage<Route> route(String domain, TlsDemand demand) {
    boolean requiresTls = demand == TlsDemand.VERIFIED;
    Optional<Name> name = DnsNames.of(domain);
    Optional<Configured> route = configured.find(name.map(DnsNames::text).orElse(domain));
    if (route.isPresent()) {
      return configured(route.get(), requiresTls);
    }
    if (domain.startsWith("[")) {
      return CompletableFuture.completedStage(literal(domain, requiresTls));
    }
    if (name.isEmpty()) {
      throw new NoneException("5.1.2", "'" + domain + "' is not a domain");
    }
    return dns.ask(name.get(), Type.MX)
        .thenApply(answer -> MxHosts.of(name.get(), answer, random))
        .thenCompose(hosts -> route(name.get(), hosts, demand));
  }

  private CompletionStage<Route> configured(Configured route, boolean requiresTls) {
    if (IpAddresses.isAddress(route.host())) {
      List<InetAddress> address = List.of(IpAddresses.parse(route.host()));
      return CompletableFuture.completedStage(
          ConfiguredRoutes.route(route, requiresTls, address, this::source));
    }
    Name host =
        DnsNames.of(route.host())
            .orElseThrow(
                () -> new NoneException("4.3.5", "the route's host is no name: " + route.host()));
    return addresses(host)
        .thenApply(
            found -> {
              if (found.addresses().isEmpty()) {
                // An operator will see to it; nobody's mail comes back for it.
                throw new NoneException(
                    "4.4.4",
                    "the route's host %s has no address: %s"
                        .formatted(route.host(), found.failure().orElse("none in DNS")));
              }
              return ConfiguredRoutes.route(route, requiresTls, found.addresses(), this::source);
            });
  }

  /** RFC 5321 4.1.3. */
  private Route literal(String domain, boolean requiresTls) {
    boolean isIpv6 = domain.startsWith(IPV6_TAG);
    String inside = domain.substring(isIpv6 ? IPV6_TAG.length() : 1).replaceFirst("\\]$", "");
    if (!IpAddresses.isAddress(inside) || inside.contains(":") != isIpv6) {
      throw new NoneException("5.1.2", domain + " is not an address");
    }
    InetAddress address;
    try {
      address = IpAddresses.parse(inside);
    } catch (IllegalArgumentException e) {
      throw new NoneException("5.1.2", domain + " is not an address");
    }
    if (requiresTls) {
      throw new NoneException(
          "5.7.10",
          "the message may be sent over verified TLS only, and " + domain + " has no name");
    }
    if (own.includes(inside, List.of(address))) {
      throw new NoneException("5.4.6", domain + " is this server, which has no such domain");
    }
    if (!reachable.allows(address)) {
      throw new NoneException("5.4.4", "mail is not sent to the special address " + domain);
    }
    return new Route.Hops(inside, List.of(hop(inside, address, HopSecurity.OPPORTUNISTIC)));
  }

  private record Host(Mx mx, HostAddresses addresses) {
    String name() {
      return DnsNames.text(mx.host());
    }
  }

  private CompletionStage<Route> route(Name domain, MxHosts mxHosts, TlsDemand demand) {
    return all(mxHosts.hosts(), mx -> addresses(mx.host()).thenApply(found -> new Host(mx, found)))
        .thenApply(hosts -> withoutOwn(domain, hosts))
        .thenCompose(
            hosts ->
                security
                    .ofDomain(domain, mxHosts.isSecure(), demand)
                    .thenCompose(rules -> all(hosts, host -> hops(rules, host)))
                    .thenApply(hops -> route(hosts, hops)));
  }

  /** RFC 5321 5.1: of those no better than this server, none gets anything from it. */
  private List<Host> withoutOwn(Name domain, List<Host> hosts) {
    int ownPreference =
        hosts.stream()
            .filter(host -> own.includes(host.name(), host.addresses().addresses()))
            .mapToInt(host -> host.mx().preference())
            .min()
            .orElse(Integer.MAX_VALUE);
    List<Host> others =
        hosts.stream().filter(host -> host.mx().preference() < ownPreference).toList();
    if (others.isEmpty()) {
      throw new NoneException(
          "5.4.6",
          "mail for %s comes to this server, which has no such domain"
              .formatted(DnsNames.text(domain)));
    }
    return others;
  }

  /** Either hops, or why there are none. */
  private record HostHops(List<Hop> hops, Optional<RemoteReply> refusal) {
    static HostHops none(String status, String text) {
      return new HostHops(List.of(), Optional.of(new RemoteReply(0, status, text)));
    }
  }

  private CompletionStage<HostHops> hops(MxSecurity.OfDomain rules, Host host) {
    if (host.addresses().addresses().isEmpty()) {
      return CompletableFuture.completedStage(
          host.addresses()
              .failure()
              .map(why -> HostHops.none("4.4.3", "the addresses of " + host.name() + ": " + why))
              .orElseGet(() -> HostHops.none("5.4.4", host.name() + " has no address")));
    }
    List<InetAddress> addresses =
        host.addresses().addresses().stream().filter(reachable::allows).toList();
    if (addresses.isEmpty()) {
      return CompletableFuture.completedStage(
          HostHops.none("5.4.4", host.name() + " has only special addresses, as of loopback"));
    }
    return CompletableFuture.completedStage(host)
        .thenCompose(one -> security.ofHost(rules, one.mx().host(), one.addresses()))
        .thenApply(
            how ->
                new HostHops(
                    addresses.stream().map(address -> hop(host.name(), address, how)).toList(),
                    Optional.empty()))
        .exceptionally(
            failure -> new HostHops(List.of(), Optional.of(reply(host.name(), failure))));
  }

  private static Route route(List<Host> hosts, List<HostHops> byHost) {
    List<Hop> hops = byHost.stream().flatMap(host -> host.hops().stream()).limit(MAX_HOPS).toList();
    if (hops.isEmpty()) {
      List<RemoteReply> refusals =
          byHost.stream().flatMap(host -> host.refusal().stream()).toList();
      return new Route.None(
          refusals.stream()
              .filter(RemoteReply::isTemporary)
              .findFirst()
              .orElseGet(() -> refusals.get(0)));
    }
    TreeSet<String> names = new TreeSet<>();
    hosts.forEach(host -> names.add(host.name()));
    return new Route.Hops(String.join(",", names), hops);
  }

  private Hop hop(String host, InetAddress address, HopSecurity how) {
    return new Hop(
        host,
        new InetSocketAddress(address, settings.port()),
        Hop.Dialect.SMTP,
        how,
        source(address),
        Optional.empty());
  }

  private Optional<InetAddress> source(InetAddress target) {
    return sources.stream().filter(own -> own.getClass() == target.getClass()).findFirst();
  }

  private CompletionStage<HostAddresses> addresses(Name host) {
    return HostAddresses.of(dns, settings.dns().families(), host, random);
  }

  private static <T, R> CompletionStage<List<R>> all(
      List<T> items, Function<T, CompletionStage<R>> question) {
    List<CompletableFuture<R>> asked = new ArrayList<>();
    items.forEach(item -> asked.add(question.apply(item).toCompletableFuture()));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
  }

  private static Route none(String domain, Throwable failure) {
    return new Route.None(reply(domain, failure));
  }

  private static RemoteReply reply(String what, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof NoneException none) {
      return none.reply();
    }
    if (!(cause instanceof TimeoutException)) {
      LOG.error("no way to {} could be found", what, cause);
    }
    return new RemoteReply(0, "4.4.3", "no way to " + what + " could be found in time");
  }
}
