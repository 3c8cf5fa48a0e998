package dev.staffetta.wire;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;

/**
 * Serves a protocol on a free port of the loopback address, for tests that talk to it over a
 * socket.
 *
 * <pre>{@code
 * try (LocalServer server = LocalServer.start(connection -> new MyProtocol(ports));
 *     Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) { … }
 * }</pre>
 */
public final class LocalServer implements AutoCloseable {
  /** How TLS comes into a connection. */
  public enum Tls {
    /** Never. */
    NONE,
    /** By the protocol's command. */
    STARTTLS,
    /** From the first byte. */
    IMPLICIT
  }

  private final ActorSystem system;
  private final Tcp.ServerBinding binding;
  private final Set<RunningSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicLong served = new AtomicLong();

  private LocalServer(
      Function<Connection, ? extends Protocol<?, ?, ?, ?, ?>> protocols,
      Tls tls,
      ConnectionLimits limits) {
    system = ActorSystem.create("local-server", QuietSystem.CONFIG);
    ConnectionFlow flow =
        new ConnectionFlow(
            TestCertificate::serverEngine,
            system.dispatchers().lookup("pekko.actor.default-blocking-io-dispatcher"),
            limits);
    Materializer materializer = SystemMaterializer.get(system).materializer();
    binding =
        Tcp.get(system)
            .bind("127.0.0.1", 0, 1000, List.of(), true, Optional.<Duration>empty())
            .to(Sink.foreach(incoming -> serve(incoming, protocols, tls, flow, materializer)))
            .run(materializer)
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
  }

  /** Starts with {@code STARTTLS} to be had and ordinary limits. */
  public static LocalServer start(
      Function<Connection, ? extends Protocol<?, ?, ?, ?, ?>> protocols) {
    return start(protocols, Tls.STARTTLS, ConnectionLimits.DEFAULT);
  }

  /**
   * Starts.
   *
   * @param protocols called for each connection that comes
   */
  public static LocalServer start(
      Function<Connection, ? extends Protocol<?, ?, ?, ?, ?>> protocols,
      Tls tls,
      ConnectionLimits limits) {
    return new LocalServer(protocols, tls, limits);
  }

  /** On the loopback address. */
  public int port() {
    return address().getPort();
  }

  /** Where clients connect to. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** The connections that are open. */
  public Set<RunningSession> sessions() {
    return sessions;
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void serve(
      Tcp.IncomingConnection incoming,
      Function<Connection, ? extends Protocol<?, ?, ?, ?, ?>> protocols,
      Tls tls,
      ConnectionFlow flow,
      Materializer materializer) {
    Connection connection =
        new Connection(
            "test-" + served.incrementAndGet(),
            incoming.localAddress(),
            incoming.remoteAddress(),
            tls == Tls.IMPLICIT,
            tls == Tls.STARTTLS);
    RunningSession session =
        ConnectionFlow.serve(
            incoming.flow(), flow.session(connection, protocols.apply(connection)), materializer);
    sessions.add(session);
    session.ended().whenComplete((done, never) -> sessions.remove(session));
  }
}
