package dev.staffetta.relay.route;

import dev.staffetta.relay.tlsrpt.ReportWays;
import dev.staffetta.smtp.client.Hop;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.util.ByteString;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** {@link ReportWays} by our own DNS. */
final class ReportLookups implements ReportWays {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int HTTPS_PORT = 443;

  private final Dns dns;
  private final WebHosts web;
  private final MxRoutes routes;
  private final ActorSystem<?> system;

  ReportLookups(Dns dns, WebHosts web, MxRoutes routes, ActorSystem<?> system) {
    this.dns = dns;
    this.web = web;
    this.routes = routes;
    this.system = system;
  }

  @Override
  public CompletionStage<List<String>> texts(String name) {
    return DnsNames.of(name)
        .map(owner -> dns.ask(owner, Type.TXT).thenCompose(ReportLookups::texts))
        .orElseGet(() -> CompletableFuture.completedStage(List.of()));
  }

  private static CompletionStage<List<String>> texts(DnsAnswer answer) {
    if (answer instanceof DnsAnswer.Failed failed) {
      return CompletableFuture.failedStage(new IOException(failed.why()));
    }
    return CompletableFuture.completedStage(
        answer instanceof DnsAnswer.Found found
            ? found.as(TXTRecord.class).stream()
                .map(record -> String.join("", record.getStrings()))
                .toList()
            : List.of());
  }

  @Override
  public CompletionStage<List<Hop>> hops(String domain) {
    return routes
        .find(domain, TlsDemand.NONE)
        .thenCompose(
            route ->
                route instanceof Route.Hops way
                    ? CompletableFuture.completedStage(way.hops())
                    : CompletableFuture.failedStage(
                        new IOException(((Route.None) route).reply().toString())));
  }

  @Override
  public CompletionStage<Integer> post(URI address, ByteString report) {
    Name host =
        DnsNames.of(address.getHost())
            .orElseThrow(() -> new IllegalArgumentException("no host's name: " + address));
    String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    HttpRequest request =
        HttpRequest.POST(path + query)
            .withEntity(
                ContentTypes.create(MediaTypes.applicationBinary("tlsrpt+gzip", false)), report);
    return web.ask(
        host,
        address.getPort() < 0 ? HTTPS_PORT : address.getPort(),
        request,
        TIMEOUT,
        response -> {
          response.discardEntityBytes(system);
          return CompletableFuture.completedStage(response.status().intValue());
        });
  }
}
