package dev.staffetta.store.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBufAllocator;

/**
 * What goes over a link: {@code length (4 bytes, of what follows) · code (1) · call (8) · payload},
 * integers big-endian. The code is a {@link Question}'s, or one of the two kinds of answer; the
 * call is the asker's own number, which the answer repeats.
 */
record Frame(byte code, long call, ByteString payload) {
  /** An answer, of the type that the question asks for. */
  static final byte ANSWER = 0;

  /** Why there is no answer, in UTF-8. */
  static final byte REFUSAL = -1;

  static final int LENGTH_BYTES = 4;

  /**
   * What both sides say first, who opens the connection before the other: a name and a version of
   * this format.
   */
  static final byte[] GREETING = "staffetta-raft 2\n".getBytes(StandardCharsets.US_ASCII);

  private static final int HEADER_BYTES = LENGTH_BYTES + 1 + Long.BYTES;

  /** The bytes of a frame, copied once. */
  static ByteBuf encode(ByteBufAllocator allocator, byte code, long call, MessageLite payload) {
    int size = payload.getSerializedSize();
    ByteBuf frame = header(allocator, code, call, size);
    CodedOutputStream out = CodedOutputStream.newInstance(frame.nioBuffer(HEADER_BYTES, size));
    try {
      payload.writeTo(out);
      out.flush();
    } catch (IOException e) {
      frame.release();
      throw new UncheckedIOException(e);
    }
    return frame.writerIndex(HEADER_BYTES + size);
  }

  static ByteBuf greeting(ByteBufAllocator allocator) {
    return allocator.buffer(GREETING.length).writeBytes(GREETING);
  }

  static ByteBuf refusal(ByteBufAllocator allocator, long call, String why) {
    byte[] text = why.getBytes(StandardCharsets.UTF_8);
    return header(allocator, REFUSAL, call, text.length).writeBytes(text);
  }

  private static ByteBuf header(ByteBufAllocator allocator, byte code, long call, int size) {
    return allocator
        .directBuffer(HEADER_BYTES + size, HEADER_BYTES + size)
        .writeInt(HEADER_BYTES - LENGTH_BYTES + size)
        .writeByte(code)
        .writeLong(call);
  }

  /** Of the bytes behind the length. */
  static Frame decode(ByteBuf bytes) {
    byte code = bytes.readByte();
    long call = bytes.readLong();
    byte[] payload = new byte[bytes.readableBytes()];
    bytes.readBytes(payload);
    return new Frame(code, call, UnsafeByteOperations.unsafeWrap(payload));
  }
}
