package dev.staffetta.store.content;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** Pieces of any size in, pieces of exactly {@code size} bytes out, the last one shorter. */
final class Rechunk extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final int size;
  private final Inlet<ByteString> in = Inlet.create("Rechunk.in");
  private final Outlet<ByteString> out = Outlet.create("Rechunk.out");

  Rechunk(int size) {
    this.size = size;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new GraphStageLogic(shape()) {
      private ByteString held = ByteString.emptyByteString();

      {
        setHandler(
            in,
            new AbstractInHandler() {
              @Override
              public void onPush() {
                held = held.concat(grab(in));
                serve();
              }

              @Override
              public void onUpstreamFinish() {
                if (held.isEmpty()) {
                  completeStage();
                } else if (isAvailable(out)) {
                  serve();
                }
              }
            });
        setHandler(
            out,
            new AbstractOutHandler() {
              @Override
              public void onPull() {
                serve();
              }
            });
      }

      private void serve() {
        if (held.size() >= size || isClosed(in)) {
          push(out, held.take(size).compact());
          held = held.drop(size);
          if (held.isEmpty() && isClosed(in)) {
            completeStage();
          }
        } else {
          pull(in);
        }
      }
    };
  }
}
