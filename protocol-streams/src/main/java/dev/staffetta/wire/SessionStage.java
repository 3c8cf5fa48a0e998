package dev.staffetta.wire;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Drives a protocol's {@link SessionMachine}: frames, answers of effects and events in, what the
 * connection is to send out.
 *
 * <p>One rule makes everything here bounded: the machine is given its next input, whatever it is,
 * only when all that it said on the one before has been taken by the client's side. So what waits
 * to be sent is at most what one input makes. What waits to be given is one frame, the answers of
 * effects under way, and events; of these at most {@link WaitingInputs#MAX_EVENTS}, less where the
 * protocol can make one of two ({@link Protocol#coalesce}); a client that lets more than that pile
 * up is disconnected. Only {@link Protocol#shutdown} does not wait for the client.
 */
final class SessionStage<S, F, I, R, E>
    extends AbstractGraphStageWithMaterializedValue<FlowShape<F, Outgoing>, SessionStage.Control> {
  /**
   * The session from outside; for any thread.
   *
   * @param shutdown asks it to say farewell
   * @param ended completes when it has released what it held, never fails
   */
  record Control(Runnable shutdown, CompletionStage<Done> ended) {}

  private final Connection connection;
  private final Protocol<S, F, I, R, E> protocol;
  private final Inlet<F> frames = Inlet.create("SessionStage.frames");
  private final Outlet<Outgoing> outgoing = Outlet.create("SessionStage.outgoing");

  /** For one connection. */
  SessionStage(Connection connection, Protocol<S, F, I, R, E> protocol) {
    this.connection = connection;
    this.protocol = protocol;
  }

  @Override
  public FlowShape<F, Outgoing> shape() {
    return FlowShape.of(frames, outgoing);
  }

  @Override
  public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
    SessionLogic<S, F, I, R, E> logic =
        new SessionLogic<>(FlowShape.of(frames, outgoing), connection, protocol);
    return Pair.create(logic, logic.control());
  }
}
