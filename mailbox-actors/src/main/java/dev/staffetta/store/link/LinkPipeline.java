package dev.staffetta.store.link;

import org.apache.ratis.thirdparty.io.netty.channel.ChannelPipeline;
import org.apache.ratis.thirdparty.io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import org.apache.ratis.thirdparty.io.netty.handler.flush.FlushConsolidationHandler;

/** What both ends of a link have in common. */
final class LinkPipeline {
  /**
   * The largest that is ever sent is an answer of 32 MB to a read of many keys; a piece of a log
   * has 1 MB.
   */
  private static final int MAX_FRAME_BYTES = 33 << 20;

  private static final int FLUSHES_AT_ONCE = 64;

  private LinkPipeline() {}

  static void addFrames(ChannelPipeline pipeline) {
    // What several partitions say in one moment goes out in one write.
    pipeline.addLast(new FlushConsolidationHandler(FLUSHES_AT_ONCE, true));
    pipeline.addLast(
        new LengthFieldBasedFrameDecoder(
            MAX_FRAME_BYTES, 0, Frame.LENGTH_BYTES, 0, Frame.LENGTH_BYTES));
  }
}
