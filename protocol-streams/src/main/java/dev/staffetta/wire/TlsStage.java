package dev.staffetta.wire;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The end of a connection that faces the network: plain text at first, or TLS from the first byte;
 * TLS from where {@link Outgoing.StartTls} stands among what the session sends.
 *
 * <p>It also owns how a connection ends. What was sent last is given to the operating system whole,
 * then close_notify, then the end of the stream; then the client has a moment to end its side. A
 * client that does not take what it is sent is cut off.
 *
 * <p>Bounded: it takes no more from the session while {@link TlsLogic#PENDING_IN_BYTES} wait for
 * the network, and reads from the network only what the session asks for, or a handshake needs.
 * What is sent while a write is under way goes out together with the next.
 *
 * <p>Of TLS 1.2 and 1.3 whatever the engine is set to; a failed handshake, a time limit, or a
 * broken record ends this connection with an alert and a line in the log at DEBUG.
 */
final class TlsStage
    extends AbstractGraphStageWithMaterializedValue<
        BidiShape<Outgoing, ByteString, ByteString, ByteString>, TlsStage.NetworkEnd> {
  /**
   * The connection's end that faces the network, from outside; for any thread.
   *
   * @param ended completes when the connection is gone, never fails
   * @param abort resets it now
   */
  record NetworkEnd(CompletionStage<Done> ended, Runnable abort) {}

  private final Connection connection;
  private final ConnectionFlow terms;

  private final Inlet<Outgoing> sessionIn = Inlet.create("TlsStage.sessionIn");
  private final Outlet<ByteString> networkOut = Outlet.create("TlsStage.networkOut");
  private final Inlet<ByteString> networkIn = Inlet.create("TlsStage.networkIn");
  private final Outlet<ByteString> sessionOut = Outlet.create("TlsStage.sessionOut");

  /** For one connection; an engine is asked for once, when TLS starts. */
  TlsStage(Connection connection, ConnectionFlow terms) {
    this.connection = connection;
    this.terms = terms;
  }

  @Override
  public BidiShape<Outgoing, ByteString, ByteString, ByteString> shape() {
    return new BidiShape<>(sessionIn, networkOut, networkIn, sessionOut);
  }

  @Override
  public Pair<GraphStageLogic, NetworkEnd> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    TlsLogic logic = new TlsLogic(shape(), connection, terms);
    return Pair.create(logic, logic.networkEnd());
  }
}
