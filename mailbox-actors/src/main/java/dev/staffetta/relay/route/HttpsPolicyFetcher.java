package dev.staffetta.relay.route;

import dev.staffetta.config.RelaySettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.xbill.DNS.Name;

/** Fetches policies over HTTPS (RFC 8461 3.3). */
final class HttpsPolicyFetcher implements PolicyFetcher {
  /** What RFC 8461 3.2 suggests as a limit. */
  private static final long MAX_POLICY_IN_BYTES = 64 * 1024;

  private static final String PATH = "/.well-known/mta-sts.txt";

  private final ActorSystem<?> system;
  private final WebHosts web;
  private final Duration timeout;
  private final int port;

  /**
   * @param authorities that certificates are checked by
   * @param port 443, but in tests
   */
  HttpsPolicyFetcher(
      ActorSystem<?> system, RelaySettings settings, Dns dns, SSLContext authorities, int port) {
    this.system = system;
    this.web = new WebHosts(system, settings, dns, authorities);
    this.timeout = settings.tls().mtaSts().timeout();
    this.port = port;
  }

  @Override
  public CompletionStage<String> fetch(Name domain) {
    Name host =
        DnsNames.below("mta-sts", domain)
            .orElseThrow(() -> new IllegalArgumentException("too long a name: " + domain));
    return web.ask(
        host,
        port,
        HttpRequest.GET(PATH),
        timeout,
        response -> text(DnsNames.text(host), response));
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
        .toStrict(timeout.toMillis(), system)
        .thenApply(whole -> whole.getData().utf8String());
  }
}
