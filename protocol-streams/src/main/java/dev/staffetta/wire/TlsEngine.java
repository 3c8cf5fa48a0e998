package dev.staffetta.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link SSLEngine} over byte strings: ciphertext in, plain text out, and the other way round.
 * It does no I/O and decides nothing but that there is no renegotiation. Used by one thread at a
 * time.
 *
 * <p>An idle connection holds no buffer: records are made and opened in a scratch area that all
 * connections of a thread share.
 */
final class TlsEngine {
  /** At most this much plain text is put into records, or taken out of them, in one call. */
  static final int STRETCH_IN_BYTES = 32 * 1024;

  /** Larger than two of the largest records that an engine may ask room for (33 KiB). */
  private static final int SCRATCH_IN_BYTES = 80 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(TlsEngine.class);

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private static final class Scratch {
    final ByteBuffer from = ByteBuffer.allocate(SCRATCH_IN_BYTES);
    final ByteBuffer to = ByteBuffer.allocate(SCRATCH_IN_BYTES);
  }

  /** Records, and how much of the plain text offered is in them. */
  record Wrapped(ByteString records, int taken) {}

  private final SSLEngine engine;
  private ByteString ciphertext = ByteString.emptyByteString();
  private boolean isStarved = true;
  private boolean isEstablished;
  private boolean isOutputClosed;

  /** An engine of the server's side, unless it was made one of the client's. */
  TlsEngine(SSLEngine engine) {
    this.engine = engine;
    engine.setUseClientMode(engine.getUseClientMode()); // It has no side until it is told one.
  }

  void begin() throws SSLException {
    engine.beginHandshake();
  }

  /** Whether the handshake is done. */
  boolean isEstablished() {
    return isEstablished;
  }

  /** Whether the client said that it sends no more (close_notify). */
  boolean isInputEnded() {
    return engine.isInboundDone();
  }

  /** Whether nothing more can be sent. */
  boolean isOutputEnded() {
    return engine.isOutboundDone();
  }

  /** Whether {@link #unwrap} can do nothing without more ciphertext. */
  boolean isStarved() {
    return isStarved;
  }

  /** Whether {@link #runTask} must come next. */
  boolean needsTask() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
  }

  /** Whether the engine itself has something to send. */
  boolean needsWrap() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone();
  }

  /** Takes ciphertext from the network. */
  void offer(ByteString bytes) {
    ciphertext = ciphertext.isEmpty() ? bytes : ciphertext.concat(bytes).compact();
    isStarved = ciphertext.isEmpty();
  }

  /**
   * Runs what takes long (keys, signatures) elsewhere.
   *
   * @param done called when the engine may be used again
   */
  void runTask(Executor executor, Runnable done) {
    Runnable task = engine.getDelegatedTask();
    executor.execute(
        () -> {
          try {
            for (Runnable next = task; next != null; next = engine.getDelegatedTask()) {
              next.run();
            }
          } finally {
            done.run();
          }
        });
  }

  /** Opens the next records; empty when there was only handshake in them, or no whole one. */
  ByteString unwrap() throws SSLException {
    // A copy, because the engine decrypts in place.
    ByteBuffer from = SCRATCH.get().from.clear();
    ciphertext.copyToBuffer(from);
    from.flip();
    ByteBuffer to = SCRATCH.get().to.clear();
    boolean wantsMore = true;
    while (wantsMore) {
      SSLEngineResult result = guarded(() -> engine.unwrap(from, to));
      learn(result);
      wantsMore =
          result.getStatus() == SSLEngineResult.Status.OK
              && result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
              && result.bytesConsumed() > 0
              && to.position() < STRETCH_IN_BYTES;
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW && to.position() == 0) {
        throw new SSLException("a record too large");
      }
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        isStarved = from.limit() == ciphertext.size();
      }
      if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
        isStarved = true;
      }
    }
    ciphertext = ciphertext.drop(from.position());
    isStarved |= ciphertext.isEmpty();
    return taken(to);
  }

  /** Makes records of the engine's own messages and, once established, of the plain text. */
  Wrapped wrap(ByteString plain) throws SSLException {
    ByteBuffer from = plain.take(STRETCH_IN_BYTES).asByteBuffer();
    ByteBuffer to = SCRATCH.get().to.clear();
    int room = engine.getSession().getPacketBufferSize();
    boolean wantsMore = true;
    while (wantsMore && to.remaining() >= room) {
      SSLEngineResult result = guarded(() -> engine.wrap(from, to));
      learn(result);
      wantsMore =
          result.getStatus() == SSLEngineResult.Status.OK
              && (needsWrap() || (isEstablished && from.hasRemaining()))
              && result.bytesProduced() > 0;
    }
    return new Wrapped(taken(to), from.position());
  }

  /** Starts the orderly end: the next {@link #wrap} gives close_notify. */
  void closeOutput() {
    isOutputClosed = true;
    engine.closeOutbound();
  }

  /** After a failure: the alert that tells the client, where there is one. */
  ByteString alert() {
    closeOutput();
    ByteString alert = ByteString.emptyByteString();
    // A failure in a task is thrown again at the first call after it, and only then has its alert.
    for (int attempt = 0; attempt < 2 && alert.isEmpty() && needsWrap(); attempt++) {
      try {
        alert = wrap(ByteString.emptyByteString()).records();
      } catch (SSLException e) {
        LOG.trace("no alert yet", e);
      }
    }
    return alert;
  }

  private interface Call {
    SSLEngineResult run() throws SSLException;
  }

  /** Whatever an engine throws on hostile input is a broken connection, and no more. */
  private static SSLEngineResult guarded(Call call) throws SSLException {
    try {
      return call.run();
    } catch (RuntimeException e) {
      throw new SSLException("the engine failed: " + e, e);
    }
  }

  private void learn(SSLEngineResult result) throws SSLException {
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.FINISHED) {
      isEstablished = true;
      return;
    }
    // TLS 1.3 has no renegotiation, and uses the status for key updates (RFC 8446 4.6.3). Before it
    // a new handshake on an old connection costs the server more than the client, and nobody needs
    // it: refused, as RFC 7525 3.5 allows.
    boolean isIdle = status == HandshakeStatus.NOT_HANDSHAKING;
    boolean isEnding =
        isOutputClosed || result.getStatus() == SSLEngineResult.Status.CLOSED || isInputEnded();
    if (isEstablished && !isIdle && !isEnding && !isTls13()) {
      throw new SSLException("renegotiation refused");
    }
  }

  private boolean isTls13() {
    return engine.getSession().getProtocol().equals("TLSv1.3");
  }

  private static ByteString taken(ByteBuffer buffer) {
    return ByteString.fromByteBuffer(buffer.flip());
  }
}
