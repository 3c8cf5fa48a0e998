package dev.staffetta.wire;

import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives a protocol's {@link Framer}: bytes to frames on the way in; on the way out it takes for
 * the framer what is the framer's, and passes the rest on.
 *
 * <p>It reads from the network only when a frame is asked for and none is whole. A change of mode
 * is applied as it passes; since the session asks for a frame only once all it said has been taken,
 * no frame is cut by an old mode.
 */
final class FramingStage<F> extends GraphStage<BidiShape<Outgoing, Outgoing, ByteString, F>> {
  private static final Logger LOG = LoggerFactory.getLogger(FramingStage.class);

  private final Connection connection;
  private final Framer<F> framer;

  private final Inlet<Outgoing> sessionIn = Inlet.create("FramingStage.sessionIn");
  private final Outlet<Outgoing> networkOut = Outlet.create("FramingStage.networkOut");
  private final Inlet<ByteString> networkIn = Inlet.create("FramingStage.networkIn");
  private final Outlet<F> framesOut = Outlet.create("FramingStage.framesOut");

  /** For one connection, whose framer this stage owns from now on. */
  FramingStage(Connection connection, Framer<F> framer) {
    this.connection = connection;
    this.framer = framer;
  }

  @Override
  public BidiShape<Outgoing, Outgoing, ByteString, F> shape() {
    return new BidiShape<>(sessionIn, networkOut, networkIn, framesOut);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    Logic() {
      super(shape());
      setHandler(
          networkIn,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              ByteString bytes = grab(networkIn);
              guarded(() -> framer.offer(bytes));
            }

            @Override
            public void onUpstreamFinish() {
              guarded(() -> {});
            }
          });
      setHandler(
          framesOut,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              guarded(() -> {});
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              if (!isClosed(networkIn)) {
                cancel(networkIn);
              }
            }
          });
      setHandler(
          sessionIn,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              Outgoing outgoing = grab(sessionIn);
              guarded(() -> pass(outgoing));
            }
          });
      setHandler(
          networkOut,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(sessionIn);
            }
          });
    }

    private void pass(Outgoing outgoing) {
      if (outgoing instanceof Outgoing.SetMode set) {
        framer.mode(set.mode());
        pull(sessionIn);
        return;
      }
      if (outgoing instanceof Outgoing.StartTls) {
        framer.reset();
      }
      push(networkOut, outgoing);
    }

    /** Does something with the framer, then gives a frame if one is asked for and whole. */
    private void guarded(Runnable action) {
      try {
        action.run();
        answer();
      } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError bug) {
        LOG.error("{}: a bug in the framing of {}", connection.id(), framer.getClass(), bug);
        failStage(new ConnectionAborted("a bug in the framing"));
      }
    }

    private void answer() {
      if (!isAvailable(framesOut)) {
        return;
      }
      Optional<F> frame = framer.poll();
      if (frame.isPresent()) {
        push(framesOut, frame.get());
      } else if (isClosed(networkIn)) {
        complete(framesOut); // What is left is no whole frame, and never will be.
      } else if (!hasBeenPulled(networkIn)) {
        pull(networkIn);
      }
    }
  }
}
