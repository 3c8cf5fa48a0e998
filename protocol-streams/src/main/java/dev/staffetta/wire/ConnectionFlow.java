package dev.staffetta.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.scaladsl.TcpAttributes;
import org.apache.pekko.util.ByteString;

/**
 * A connection as one flow between the network's bytes in and out: TLS, framing, session.
 *
 * @param engines asked for an engine when TLS starts on a connection, so that a new certificate is
 *     used from the next handshake on
 * @param handshakes where handshakes are computed: milliseconds each, never on the streams' threads
 * @param tlsFailed told why when TLS fails, on the connection's stage and before the session learns
 *     that the connection ends
 */
public record ConnectionFlow(
    Supplier<SSLEngine> engines,
    Executor handshakes,
    ConnectionLimits limits,
    Consumer<String> tlsFailed) {
  private static final SessionStage.Control NO_SESSION =
      new SessionStage.Control(() -> {}, CompletableFuture.completedFuture(Done.getInstance()));

  /** For servers, where a failure of TLS is the client's concern. */
  public ConnectionFlow(Supplier<SSLEngine> engines, Executor handshakes, ConnectionLimits limits) {
    this(engines, handshakes, limits, why -> {});
  }

  /** A session of a protocol. The flow is for one connection, as is the protocol. */
  public <S, F, I, R, E> Flow<ByteString, ByteString, RunningSession> session(
      Connection connection, Protocol<S, F, I, R, E> protocol) {
    BidiFlow<Outgoing, ByteString, ByteString, F, TlsStage.NetworkEnd> network =
        BidiFlow.fromGraph(new FramingStage<>(connection, protocol.framer()))
            .atop(networkEnd(connection), Keep.right());
    return network
        .reversed()
        .join(Flow.fromGraph(new SessionStage<>(connection, protocol)), ConnectionFlow::running);
  }

  /** Says one thing and closes, for a client that gets no session. */
  public Flow<ByteString, ByteString, RunningSession> refusal(
      Connection connection, ByteString line) {
    Source<Outgoing, ?> farewell = Source.single(new Outgoing.Bytes(line));
    return networkEnd(connection)
        .reversed()
        .join(
            Flow.fromSinkAndSource(Sink.<ByteString>cancelled(), farewell),
            (network, nothing) -> running(network, NO_SESSION));
  }

  /**
   * Runs a connection's flow on its socket.
   *
   * @param socket as Pekko's {@code Tcp} gives it for a connection, with half-close
   */
  public static RunningSession serve(
      Flow<ByteString, ByteString, ?> socket,
      Flow<ByteString, ByteString, RunningSession> connection,
      Materializer materializer) {
    // With the smallest write buffer it can have the socket asks for more only when the operating
    // system has
    // all it was given. TlsStage counts on that, and gathers small writes meanwhile.
    return socket
        .addAttributes(TcpAttributes.tcpWriteBufferSize(1))
        .joinMat(connection, Keep.right())
        .run(materializer);
  }

  private BidiFlow<Outgoing, ByteString, ByteString, ByteString, TlsStage.NetworkEnd> networkEnd(
      Connection connection) {
    return BidiFlow.fromGraph(new TlsStage(connection, this));
  }

  private static RunningSession running(TlsStage.NetworkEnd network, SessionStage.Control session) {
    CompletionStage<Done> ended =
        network.ended().thenCombine(session.ended(), (gone, released) -> released);
    return new RunningSession() {
      @Override
      public void shutdown() {
        session.shutdown().run();
      }

      @Override
      public void abort() {
        network.abort().run();
      }

      @Override
      public CompletionStage<Done> ended() {
        return ended;
      }
    };
  }
}
