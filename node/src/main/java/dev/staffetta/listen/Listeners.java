package dev.staffetta.listen;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.staffetta.config.ListenerSettings;
import dev.staffetta.config.ListenersSettings;
import dev.staffetta.config.Service;
import dev.staffetta.config.TlsSettings;
import dev.staffetta.wire.ConnectionFlow;
import dev.staffetta.wire.ConnectionLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.javadsl.Tcp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners of the node, from start to orderly stop. */
public final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /** Files that the node needs for other things than its clients. */
  private static final long OTHER_OPEN_FILES = 1000;

  /**
   * How a listener stands.
   *
   * @param address where it listens
   * @param connections open now
   * @param maxConnections of this listener
   */
  public record Status(
      Service service, InetSocketAddress address, int connections, int maxConnections) {}

  private final ActorSystem<?> system;
  private final ListenersSettings settings;
  private final OpenConnections connections;
  private final ExecutorService handshakes;
  private final Cancellable reloading;
  private final Map<Service, Tcp.ServerBinding> bindings =
      Collections.synchronizedMap(new EnumMap<>(Service.class));

  private Listeners(
      ActorSystem<?> system,
      ListenersSettings settings,
      TlsSettings tls,
      ServerCertificates certificates) {
    this.system = system;
    this.settings = settings;
    this.connections =
        new OpenConnections(
            affordable(settings.maxConnections()), settings.maxConnectionsPerAddress());
    this.handshakes = handshakeThreads();
    this.reloading =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                tls.reloadInterval(),
                tls.reloadInterval(),
                certificates::reload,
                system.dispatchers().lookup(DispatcherSelector.blocking()));
  }

  /**
   * Listens for every enabled service that has a protocol.
   *
   * @return completes when all listen; fails, and none does, with a sentence for the operator when
   *     one cannot
   */
  public static CompletionStage<Listeners> start(
      ActorSystem<?> system,
      ListenersSettings settings,
      TlsSettings tls,
      ServerCertificates certificates,
      Map<Service, ProtocolFactory> protocols,
      MeterRegistry meters) {
    Listeners listeners = new Listeners(system, settings, tls, certificates);
    ConnectionFlow flow =
        new ConnectionFlow(
            certificates::engine,
            listeners.handshakes,
            new ConnectionLimits(
                tls.handshakeTimeout(), settings.writeTimeout(), settings.lingerTimeout()));
    CompletableFuture<?>[] started =
        settings.services().entrySet().stream()
            .filter(entry -> entry.getValue().enabled() && protocols.containsKey(entry.getKey()))
            .map(
                entry ->
                    listeners.bind(
                        entry.getKey(),
                        entry.getValue(),
                        flow,
                        protocols.get(entry.getKey()),
                        ConnectionMeters.of(meters, entry.getKey())))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(started)
        .thenApply(all -> listeners)
        .exceptionallyCompose(
            failure -> listeners.stop(Duration.ZERO).thenCompose(done -> failed(failure)));
  }

  private static CompletionStage<Listeners> failed(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return CompletableFuture.failedStage(cause);
  }

  private CompletionStage<Void> bind(
      Service service,
      ListenerSettings listener,
      ConnectionFlow flow,
      ProtocolFactory protocols,
      ConnectionMeters meters) {
    return new Listener(system, service, listener, flow, protocols, connections, meters)
        .bind(system, settings.backlog(), settings.sendBufferInBytes())
        .thenAccept(binding -> bindings.put(service, binding));
  }

  /** The listeners that are up, in the order of services. */
  public List<Status> status() {
    synchronized (bindings) {
      return bindings.entrySet().stream()
          .map(entry -> status(entry.getKey(), entry.getValue().localAddress()))
          .toList();
    }
  }

  private Status status(Service service, InetSocketAddress address) {
    return new Status(
        service,
        address,
        connections.count(service),
        settings.services().get(service).maxConnections());
  }

  /**
   * Stops in order: listens no more, sends every session its farewell, and resets what is still
   * open at the deadline.
   */
  public CompletionStage<Done> stop(Duration deadline) {
    reloading.cancel();
    CompletionStage<Done> unbound = unbind();
    CompletionStage<Void> ended = connections.shutdown();
    Cancellable cut;
    try {
      cut = system.scheduler().scheduleOnce(deadline, this::cutOff, system.executionContext());
    } catch (IllegalStateException e) {
      // The actors have ended, and every session with them: nothing is left to wait for.
      handshakes.shutdown();
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return unbound
        .thenCompose(all -> ended)
        .whenComplete((done, failure) -> cut.cancel())
        .thenApply(
            all -> {
              handshakes.shutdown();
              return Done.getInstance();
            });
  }

  /** Takes no new connections; those that are open go on. */
  public CompletionStage<Done> unbind() {
    List<Tcp.ServerBinding> open;
    synchronized (bindings) {
      open = List.copyOf(bindings.values());
      bindings.clear();
    }
    CompletableFuture<?>[] unbound =
        open.stream()
            .map(binding -> binding.unbind().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(unbound).thenApply(all -> Done.getInstance());
  }

  private void cutOff() {
    int left = connections.total();
    if (left > 0) {
      LOG.warn("{} connections were still open at the deadline and are reset", left);
    }
    connections.abort();
  }

  /** So many connections as there can be files, so that accepting one more never fails. */
  private static int affordable(int wanted) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long files = unix.getMaxFileDescriptorCount();
      long most = Math.max(files / 2, files - OTHER_OPEN_FILES);
      if (most < wanted) {
        LOG.warn(
            "at most {} connections, not {}: this process may open {} files only (ulimit -n)",
            most,
            wanted,
            files);
        return (int) Math.max(1, most);
      }
    }
    return wanted;
  }

  private static ExecutorService handshakeThreads() {
    int threads = Runtime.getRuntime().availableProcessors();
    AtomicInteger number = new AtomicInteger();
    ThreadFactory named =
        task -> {
          Thread thread = new Thread(task, "tls-handshake-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    // Not bounded, but by the number of connections: each has at most one task in it.
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), named);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
