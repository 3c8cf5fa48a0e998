package dev.staffetta.relay.route;

import dev.staffetta.config.RelaySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.xbill.DNS.Name;

/**
 * Fetches policies over HTTPS: from the address that our own DNS has, with a certificate that is
 * good for the name, and without following anybody elsewhere (RFC 8461 3.3).
 */
final class HttpsPolicyFetcher implements PolicyFetcher {
  /** What RFC 8461 3.2 suggests as a limit. */
  private static final long MAX_POLICY_IN_BYTES = 64 * 1024;

  private static final int MAX_ADDRESSES = 3;
  private static final String PATH = "/.well-known/mta-sts.txt";

  private final ActorSystem<?> system;
  private final RelaySettings settings;
  private final Dns dns;
  private final ReachableNetworks reachable;
  private final SSLContext authorities;
  private final int port;
  private final Random random = new Random();

  /**
   * @param authorities that certificates are checked by
   * @param port 443, but in tests
   */
  HttpsPolicyFetcher(
      ActorSystem<?> system, RelaySettings settings, Dns dns, SSLContext authorities, int port) {
    this.system = system;
    this.settings = settings;
    this.dns = dns;
    this.reachable = new ReachableNetworks(settings.dns().allowedNetworks());
    this.authorities = authorities;
    this.port = port;
  }

  @Override
  public CompletionStage<String> fetch(Name domain) {
    Name host =
        DnsNames.below("mta-sts", domain)
            .orElseThrow(() -> new IllegalArgumentException("too long a name: " + domain));
    return HostAddresses.of(dns, settings.dns().families(), host, random)
        .thenApply(
            found ->
                found.addresses().stream().filter(reachable::allows).limit(MAX_ADDRESSES).toList())
        .thenCompose(addresses -> fetch(DnsNames.text(host), addresses))
        .toCompletableFuture()
        .orTimeout(settings.tls().mtaSts().timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletionStage<String> fetch(String host, List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      return CompletableFuture.failedStage(new IOException(host + " has no address to connect to"));
    }
    CompletionStage<String> first = fetch(host, addresses.get(0));
    List<InetAddress> others = addresses.subList(1, addresses.size());
    return others.isEmpty() ? first : first.exceptionallyCompose(failure -> fetch(host, others));
  }

  private CompletionStage<String> fetch(String host, InetAddress address) {
    Duration timeout = settings.tls().mtaSts().timeout();
    ClientConnectionSettings connection =
        ClientConnectionSettings.create(system.classicSystem())
            .withConnectingTimeout(scala.concurrent.duration.Duration.fromNanos(timeout.toNanos()))
            .withIdleTimeout(scala.concurrent.duration.Duration.fromNanos(timeout.toNanos()))
            .withTransport(
                ClientTransport.withCustomResolver(
                    (name, ignored) ->
                        CompletableFuture.completedStage(new InetSocketAddress(address, port))));
    HttpRequest request = HttpRequest.GET(PATH).addHeader(Host.create(host));
    // The request's end would close the connection before the answer is whole.
    return Source.single(request)
        .concat(Source.maybe())
        .via(
            Http.get(system)
                .connectionTo(host)
                .toPort(port)
                .withCustomHttpsConnectionContext(ConnectionContext.httpsClient(authorities))
                .withClientConnectionSettings(connection)
                .https())
        .mapAsync(1, response -> text(host, response))
        .completionTimeout(timeout)
        .runWith(Sink.head(), SystemMaterializer.get(system).materializer());
  }

  private CompletionStage<String> text(String host, HttpResponse response) {
    String type = response.entity().getContentType().mediaType().toString();
    if (response.status().intValue() != 200 || !type.startsWith("text/plain")) {
      response.discardEntityBytes(system);
      return CompletableFuture.failedStage(
          new IOException(
              "https://%s%s answers %s with %s, not 200 with text/plain"
                  .formatted(host, PATH, response.status().intValue(), type)));
    }
    return response
        .entity()
        .withSizeLimit(MAX_POLICY_IN_BYTES)
        .toStrict(settings.tls().mtaSts().timeout().toMillis(), system)
        .thenApply(whole -> whole.getData().utf8String());
  }
}
