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
import java.util.function.Function;
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
 * Web servers that other domains name: asked over HTTPS at the address that our own DNS has, where
 * that may be reached, with a certificate that is good for the name, and without following anybody
 * elsewhere.
 */
final class WebHosts {
  private static final int MAX_ADDRESSES = 3;

  private final ActorSystem<?> system;
  private final RelaySettings settings;
  private final Dns dns;
  private final ReachableNetworks reachable;
  private final SSLContext authorities;
  private final Random random = new Random();

  /**
   * @param authorities that certificates are checked by
   */
  WebHosts(ActorSystem<?> system, RelaySettings settings, Dns dns, SSLContext authorities) {
    this.system = system;
    this.settings = settings;
    this.dns = dns;
    this.reachable = new ReachableNetworks(settings.dns().allowedNetworks());
    this.authorities = authorities;
  }

  /**
   * What a server's answer comes to; one address is tried after the other.
   *
   * @param timeout of all of it
   * @param reading of the answer, whose body it takes
   */
  <T> CompletionStage<T> ask(
      Name host,
      int port,
      HttpRequest request,
      Duration timeout,
      Function<HttpResponse, CompletionStage<T>> reading) {
    String name = DnsNames.text(host);
    return HostAddresses.of(dns, settings.dns().families(), host, random)
        .thenApply(
            found ->
                found.addresses().stream().filter(reachable::allows).limit(MAX_ADDRESSES).toList())
        .thenCompose(addresses -> ask(name, port, addresses, request, timeout, reading))
        .toCompletableFuture()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private <T> CompletionStage<T> ask(
      String host,
      int port,
      List<InetAddress> addresses,
      HttpRequest request,
      Duration timeout,
      Function<HttpResponse, CompletionStage<T>> reading) {
    if (addresses.isEmpty()) {
      return CompletableFuture.failedStage(new IOException(host + " has no address to connect to"));
    }
    CompletionStage<T> first =
        ask(host, new InetSocketAddress(addresses.get(0), port), request, timeout, reading);
    List<InetAddress> others = addresses.subList(1, addresses.size());
    return others.isEmpty()
        ? first
        : first.exceptionallyCompose(failure -> ask(host, port, others, request, timeout, reading));
  }

  private <T> CompletionStage<T> ask(
      String host,
      InetSocketAddress address,
      HttpRequest request,
      Duration timeout,
      Function<HttpResponse, CompletionStage<T>> reading) {
    ClientConnectionSettings connection =
        ClientConnectionSettings.create(system.classicSystem())
            .withConnectingTimeout(scala.concurrent.duration.Duration.fromNanos(timeout.toNanos()))
            .withIdleTimeout(scala.concurrent.duration.Duration.fromNanos(timeout.toNanos()))
            .withTransport(
                ClientTransport.withCustomResolver(
                    (name, ignored) -> CompletableFuture.completedStage(address)));
    // The request's end would close the connection before the answer is whole.
    return Source.single(request.addHeader(Host.create(host)))
        .concat(Source.maybe())
        .via(
            Http.get(system)
                .connectionTo(host)
                .toPort(address.getPort())
                .withCustomHttpsConnectionContext(ConnectionContext.httpsClient(authorities))
                .withClientConnectionSettings(connection)
                .https())
        .mapAsync(1, reading::apply)
        .completionTimeout(timeout)
        .runWith(Sink.head(), SystemMaterializer.get(system).materializer());
  }
}
