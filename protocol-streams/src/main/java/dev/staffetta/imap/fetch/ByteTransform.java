package dev.staffetta.imap.fetch;

import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** Turns a stream of bytes into another. Used by one thread, for one stream. */
interface ByteTransform {
  /** What the next chunk gives; may be nothing. */
  ByteString offer(ByteString chunk);

  /** What was held back; the stream has ended. Not called when it failed or nobody wants more. */
  ByteString finish();

  /** A stage that carries a transform out, made for each stream anew. */
  final class Stage extends GraphStage<FlowShape<ByteString, ByteString>> {
    private final Inlet<ByteString> in = Inlet.create("ByteTransform.in");
    private final Outlet<ByteString> out = Outlet.create("ByteTransform.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final Supplier<ByteTransform> transforms;

    Stage(Supplier<ByteTransform> transforms) {
      this.transforms = transforms;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
      ByteTransform transform = transforms.get();
      return new GraphStageLogic(shape) {
        {
          setHandlers(
              in,
              out,
              new AbstractInOutHandler() {
                @Override
                public void onPush() {
                  ByteString made = transform.offer(grab(in));
                  if (made.isEmpty()) {
                    pull(in);
                  } else {
                    push(out, made);
                  }
                }

                @Override
                public void onPull() {
                  pull(in);
                }

                @Override
                public void onUpstreamFinish() {
                  ByteString rest = transform.finish();
                  if (!rest.isEmpty()) {
                    emit(out, rest);
                  }
                  completeStage();
                }
              });
        }
      };
    }
  }
}
