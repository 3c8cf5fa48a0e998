package dev.staffetta.pop3;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The bytes of a message in, the response to RETR or TOP out. The first line waits for the first
 * bytes: if they cannot be had, the response is an {@code -ERR} and the session goes on. A failure
 * after that fails the stream, as the client must not take a part for the message.
 */
final class ContentReply extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("message");
  private final Outlet<ByteString> out = Outlet.create("response");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final ByteString ok;
  private final Function<Throwable, ByteString> err;
  private final OptionalInt bodyLines;

  /**
   * @param ok the first line, with its CRLF
   * @param err the line to say instead when the message cannot be read, with its CRLF
   * @param bodyLines how many lines of the body; empty: the whole message
   */
  ContentReply(ByteString ok, Function<Throwable, ByteString> err, OptionalInt bodyLines) {
    this.ok = ok;
    this.err = err;
    this.bodyLines = bodyLines;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final DotStuffing stuffing = new DotStuffing();
    private final Optional<TopOfMessage> top =
        bodyLines.isPresent()
            ? Optional.of(new TopOfMessage(bodyLines.getAsInt()))
            : Optional.empty();
    private boolean isStarted;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPull() {
              pull(in);
            }

            @Override
            public void onPush() {
              take(grab(in));
            }

            @Override
            public void onUpstreamFinish() {
              end();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              if (isStarted) {
                failStage(failure);
              } else {
                emit(out, err.apply(failure), () -> completeStage());
              }
            }
          });
    }

    private void take(ByteString chunk) {
      ByteString wanted = top.isPresent() ? top.get().take(chunk) : chunk;
      ByteString sent = start().concat(stuffing.stuff(wanted));
      if (top.isPresent() && top.get().isDone()) {
        emit(out, sent.concat(stuffing.end()), () -> completeStage());
      } else if (sent.isEmpty()) {
        pull(in);
      } else {
        push(out, sent);
      }
    }

    private void end() {
      emit(out, start().concat(stuffing.end()), () -> completeStage());
    }

    /** The first line, once. */
    private ByteString start() {
      ByteString line = isStarted ? ByteString.emptyByteString() : ok;
      isStarted = true;
      return line;
    }
  }
}
