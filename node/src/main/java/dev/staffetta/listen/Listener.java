package dev.staffetta.listen;

import dev.staffetta.config.ListenerSettings;
import dev.staffetta.config.Service;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.ConnectionFlow;
import dev.staffetta.wire.RunningSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts the connections of one service and gives each a session, or a refusal. */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** So many clients at a time are refused with words; what comes beyond them is cut off. */
  private static final int MAX_REFUSALS = 100;

  private final Service service;
  private final ListenerSettings settings;
  private final ConnectionFlow flow;
  private final ProtocolFactory protocols;
  private final OpenConnections connections;
  private final ConnectionMeters meters;
  private final Materializer materializer;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicInteger refusals = new AtomicInteger();

  Listener(
      ActorSystem<?> system,
      Service service,
      ListenerSettings settings,
      ConnectionFlow flow,
      ProtocolFactory protocols,
      OpenConnections connections,
      ConnectionMeters meters) {
    this.service = service;
    this.settings = settings;
    this.flow = flow;
    this.protocols = protocols;
    this.connections = connections;
    this.meters = meters;
    this.materializer = SystemMaterializer.get(system).materializer();
  }

  /**
   * Starts to listen.
   *
   * @param backlog connections the operating system holds until they are accepted
   * @param sendBufferInBytes of the operating system, a connection
   * @return fails with a sentence for the operator
   */
  CompletionStage<Tcp.ServerBinding> bind(
      ActorSystem<?> system, int backlog, int sendBufferInBytes) {
    List<Inet.SocketOption> options =
        List.of(
            TcpSO.keepAlive(true),
            // What is sent is gathered already; the end of an answer must not wait for the client's
            // acknowledgement of its beginning, which it may put off for 40 ms.
            TcpSO.tcpNoDelay(true),
            TcpSO.sendBufferSize(sendBufferInBytes));
    boolean hasHalfClose = true;
    Pair<CompletionStage<Tcp.ServerBinding>, CompletionStage<Done>> running =
        Tcp.get(system)
            .bind(
                settings.address(),
                settings.port(),
                backlog,
                options,
                hasHalfClose,
                Optional.<Duration>empty())
            .toMat(Sink.foreach(this::accept), Keep.both())
            .run(materializer);
    return running
        .first()
        .whenComplete((binding, failure) -> report(binding, running.second()))
        .exceptionally(
            failure -> {
              throw new CompletionException(new IllegalStateException(explain(failure), failure));
            });
  }

  private void report(Tcp.ServerBinding binding, CompletionStage<Done> accepting) {
    if (binding == null) {
      return;
    }
    LOG.info("{} listens on {}", service.key(), text(binding.localAddress()));
    accepting.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            // When the node stops in order this is not reached: the listener is unbound before.
            LOG.warn("{} accepts no more connections: {}", service.key(), failure.toString());
          }
        });
  }

  private String explain(Throwable failure) {
    return "cannot listen on %s port %d for %s: %s or change staffetta.listeners.%s"
        .formatted(
            settings.address(),
            settings.port(),
            service.key(),
            BindFailure.explain(failure),
            service.key());
  }

  private void accept(Tcp.IncomingConnection incoming) {
    Connection connection =
        new Connection(
            service.key() + "-" + Long.toString(accepted.incrementAndGet(), Character.MAX_RADIX),
            incoming.localAddress(),
            incoming.remoteAddress(),
            service.startsWithTls(),
            !service.startsWithTls());
    Optional<OpenConnections.Place> place =
        connections.admit(
            service, settings.maxConnections(), incoming.remoteAddress().getAddress());
    if (place.isPresent()) {
      meters.admitted().increment();
      serve(incoming, connection, place.get());
    } else {
      meters.refused().increment();
      refuse(incoming, connection);
    }
  }

  private void serve(
      Tcp.IncomingConnection incoming, Connection connection, OpenConnections.Place place) {
    LOG.debug("{}: from {}", connection.id(), text(connection.remote()));
    try {
      RunningSession session =
          ConnectionFlow.serve(
              incoming.flow(), flow.session(connection, protocols.open(connection)), materializer);
      place.occupy(session);
    } catch (RuntimeException bug) {
      // One connection is lost, and closed by Pekko since nobody takes it; the listener is not.
      LOG.error("{}: a bug in opening the session", connection.id(), bug);
      place.giveBack();
    }
  }

  private void refuse(Tcp.IncomingConnection incoming, Connection connection) {
    LOG.info("{}: too many connections: {} refused", connection.id(), text(connection.remote()));
    RunningSession refusal =
        ConnectionFlow.serve(
            incoming.flow(),
            flow.refusal(connection, protocols.tooManyConnections()),
            materializer);
    int others = refusals.getAndIncrement();
    refusal.ended().whenComplete((done, never) -> refusals.decrementAndGet());
    if (others >= MAX_REFUSALS) {
      refusal.abort();
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " port " + address.getPort();
  }
}
