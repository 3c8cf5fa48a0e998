package dev.staffetta.store.link;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Waits for what a node of this version says first, and lets nobody else through: a connection on
 * which it does not come in time, or something else does, is closed.
 */
// What Netty promises of a close is told to the channel's other handlers.
@SuppressWarnings("FutureReturnValueIgnored")
abstract class Greeting extends ByteToMessageDecoder {
  private final Duration patience;
  private Optional<Future<?>> deadline = Optional.empty();

  /**
   * Of one connection.
   *
   * @param patience how long the other side may take
   */
  Greeting(Duration patience) {
    this.patience = patience;
  }

  /** The other side has greeted; this one is out of the pipeline. */
  abstract void greeted(ChannelHandlerContext context);

  /** The other side says something else. */
  abstract void refused(ChannelHandlerContext context);

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        Optional.of(
            context
                .executor()
                .schedule(() -> context.close(), patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    deadline.ifPresent(waiting -> waiting.cancel(false));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int known = Math.min(in.readableBytes(), Frame.GREETING.length);
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != Frame.GREETING[i]) {
        in.skipBytes(in.readableBytes());
        refused(context);
        context.close();
        return;
      }
    }
    if (known == Frame.GREETING.length) {
      in.skipBytes(known);
      context.pipeline().remove(this);
      greeted(context);
    }
  }
}
