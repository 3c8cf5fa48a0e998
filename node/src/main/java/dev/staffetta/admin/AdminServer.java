package dev.staffetta.admin;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.AdminSettings;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Queues;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** The admin API on its port. */
public final class AdminServer {
  private final ServerBinding binding;

  private AdminServer(ServerBinding binding) {
    this.binding = binding;
  }

  /** Where the metrics are written: it asks the store, which may take a lock. */
  private static Executor blocking(ActorSystem<?> system) {
    return system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  /** Listens; fails when the address is not to be had. */
  public static CompletionStage<AdminServer> start(
      ActorSystem<?> system,
      AdminSettings settings,
      AdminToken token,
      Directory directory,
      Queues queues,
      Operations operations,
      MetricsPage metrics) {
    Config limits =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.http.server.max-connections", settings.maxConnections(),
                "pekko.http.server.idle-timeout", settings.idleTimeout().toMillis() + "ms",
                "pekko.http.server.parsing.max-content-length", settings.maxRequestSizeInBytes()));
    return Http.get(system)
        .newServerAt(settings.host(), settings.port())
        .withSettings(ServerSettings.create(limits.withFallback(system.settings().config())))
        .bind(
            new AdminRoutes(
                    directory,
                    queues,
                    operations,
                    token,
                    new MetricsRoute(metrics, token, blocking(system)))
                .route()
                .handler(system))
        .thenApply(AdminServer::new);
  }

  /** Where it listens: the port that was chosen if 0 was asked for. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Its address for a client. */
  public String url() {
    InetSocketAddress address = address();
    String host =
        address.getAddress().isAnyLocalAddress()
            ? "127.0.0.1"
            : address.getAddress().getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** Takes no more requests; answers those under way within the deadline. */
  public CompletionStage<Void> stop(Duration deadline) {
    return binding.terminate(deadline).thenApply(terminated -> null);
  }
}
