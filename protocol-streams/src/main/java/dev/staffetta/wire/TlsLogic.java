package dev.staffetta.wire;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.apache.pekko.Done;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running {@link TlsStage}. All its fields are used on the stage's thread only. */
final class TlsLogic extends TimerGraphStageLogic {
  private static final Logger LOG = LoggerFactory.getLogger(TlsStage.class);

  /** With so much waiting for the network nothing more is taken from the session. */
  static final int PENDING_IN_BYTES = 16 * 1024;

  /** One write to the network is no larger, so that a slow client is seen to make progress. */
  private static final int WRITE_IN_BYTES = TlsEngine.STRETCH_IN_BYTES;

  /** A client that sends more than this after the end is not listened to any longer. */
  private static final long LINGER_IN_BYTES = 1024 * 1024;

  private enum Timer {
    HANDSHAKE,
    WRITE,
    LINGER
  }

  /** Which of the session's words have gone out. */
  private enum Sending {
    OPEN,
    /** The session is done: what waits is sent, then the end. */
    ENDING,
    /** All is sent; the client may end its side. */
    ENDED
  }

  private final Connection connection;
  private final ConnectionFlow terms;
  private final ConnectionLimits limits;

  private final Inlet<Outgoing> sessionIn;
  private final Outlet<ByteString> networkOut;
  private final Inlet<ByteString> networkIn;
  private final Outlet<ByteString> sessionOut;

  private final CompletableFuture<Done> ended = new CompletableFuture<>();
  private final AsyncCallback<Done> taskDone = createAsyncCallback(this::onTaskDone);
  private final AsyncCallback<String> aborted = createAsyncCallback(this::abort);

  /** Null while the connection is in plain text. */
  private TlsEngine tls;

  /** What waits for the network: plain text of the session, or an alert when all is lost. */
  private ByteString pending = ByteString.emptyByteString();

  /** What was received and not yet asked for. */
  private ByteString undelivered = ByteString.emptyByteString();

  /** StartTls came, but the plain text before it is still pending. */
  private boolean isTlsDue;

  private boolean isTaskRunning;
  private boolean isCloseNotified;

  /** Nothing that the session says can be sent any more. */
  private boolean isMute;

  private Sending sending = Sending.OPEN;
  private long lastWriteAtNanos;
  private long lingeredInBytes;

  TlsLogic(
      BidiShape<Outgoing, ByteString, ByteString, ByteString> shape,
      Connection connection,
      ConnectionFlow terms) {
    super(shape);
    this.connection = connection;
    this.terms = terms;
    this.limits = terms.limits();
    this.sessionIn = shape.in1();
    this.networkOut = shape.out1();
    this.networkIn = shape.in2();
    this.sessionOut = shape.out2();
    setHandler(sessionIn, fromSession());
    setHandler(networkOut, new Asked());
    setHandler(networkIn, fromNetwork());
    setHandler(sessionOut, new AskedBySession());
  }

  /** This end of the connection, from outside. */
  TlsStage.NetworkEnd networkEnd() {
    return new TlsStage.NetworkEnd(ended, () -> aborted.invoke("aborted by the server"));
  }

  @Override
  public void preStart() {
    if (connection.tls()) {
      startTls();
    }
    proceed();
  }

  @Override
  public void postStop() {
    ended.complete(Done.getInstance());
  }

  private AbstractInHandler fromSession() {
    return new AbstractInHandler() {
      @Override
      public void onPush() {
        take(grab(sessionIn));
        proceed();
      }

      @Override
      public void onUpstreamFinish() {
        end();
        proceed();
      }
    };
  }

  private AbstractInHandler fromNetwork() {
    return new AbstractInHandler() {
      @Override
      public void onPush() {
        receive(grab(networkIn));
        proceed();
      }

      @Override
      public void onUpstreamFinish() {
        if (sending == Sending.ENDED) {
          completeStage();
        } else if (tls != null && !tls.isEstablished()) {
          giveUp("the client left during the handshake");
        }
        proceed();
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        LOG.debug("{}: connection lost: {}", connection.id(), failure.getMessage());
        completeStage();
      }
    };
  }

  private class Asked extends AbstractOutHandler {
    @Override
    public void onPull() {
      proceed();
    }
  }

  /** When the session reads no more, what it has sent still goes out. */
  private final class AskedBySession extends Asked {
    @Override
    public void onDownstreamFinish(Throwable cause) {
      proceed();
    }
  }

  private void take(Outgoing outgoing) {
    if (outgoing instanceof Outgoing.Bytes bytes) {
      pending = isMute ? pending : pending.concat(bytes.bytes());
    } else if (outgoing instanceof Outgoing.StartTls) {
      startTls();
    } else if (outgoing instanceof Outgoing.Close) {
      end();
    } else {
      throw new IllegalArgumentException("not for the network: " + outgoing);
    }
  }

  private void startTls() {
    if (tls != null) {
      throw new IllegalStateException("TLS is on already");
    }
    tls = new TlsEngine(terms.engines().get());
    isTlsDue = true;
  }

  private void end() {
    if (sending == Sending.OPEN) {
      sending = Sending.ENDING;
      if (tls != null && !tls.isEstablished()) {
        // The last words need the handshake, but the end does not wait for it as long.
        scheduleOnce(Timer.HANDSHAKE, limits.linger());
      }
    }
  }

  private void receive(ByteString bytes) {
    if (sending == Sending.ENDED) {
      lingeredInBytes += bytes.size();
      if (lingeredInBytes > LINGER_IN_BYTES) {
        completeStage();
      }
    } else if (tls != null) {
      tls.offer(bytes);
    } else {
      undelivered = bytes;
    }
  }

  /** Does all that can be done now: the one place that decides what happens next. */
  private void proceed() {
    try {
      while (!isTaskRunning && (send() || deliver())) {
        // Until both say that they wait for somebody.
      }
    } catch (SSLException e) {
      giveUp(e.getMessage());
      proceed();
      return;
    }
    askSession();
    askNetwork();
  }

  /** Does one step towards the network, if it can. */
  private boolean send() throws SSLException {
    if (isTlsDue && pending.isEmpty()) {
      isTlsDue = false;
      tls.begin();
      scheduleOnce(Timer.HANDSHAKE, sending == Sending.OPEN ? limits.handshake() : limits.linger());
      return true;
    }
    boolean inPlain = tls == null || isTlsDue;
    if (!inPlain && tls.needsTask()) {
      isTaskRunning = true;
      runTask();
      return false;
    }
    if (sending == Sending.ENDED || !isAvailable(networkOut)) {
      return false;
    }
    if (inPlain && !pending.isEmpty()) {
      write(pending.take(WRITE_IN_BYTES));
      pending = pending.drop(WRITE_IN_BYTES);
      return true;
    }
    if (!inPlain && (tls.needsWrap() || (tls.isEstablished() && !pending.isEmpty()))) {
      return wrap();
    }
    return sending == Sending.ENDING && pending.isEmpty() && sendEnd();
  }

  private boolean wrap() throws SSLException {
    TlsEngine.Wrapped wrapped =
        tls.wrap(tls.isEstablished() ? pending : ByteString.emptyByteString());
    pending = pending.drop(wrapped.taken());
    if (tls.isOutputEnded()) {
      // Nothing can follow close_notify, and before TLS 1.3 it is sent as soon as the client's
      // comes. The session goes on with what the client sent before, as if it was heard.
      isMute = true;
      pending = ByteString.emptyByteString();
    }
    if (wrapped.records().isEmpty()) {
      return tls.isOutputEnded();
    }
    write(wrapped.records());
    return true;
  }

  private boolean sendEnd() {
    if (tls != null && !tls.isEstablished()) {
      return false; // What was said before the end waits for the handshake, and that has a limit.
    }
    if (tls != null && !isCloseNotified) {
      isCloseNotified = true;
      tls.closeOutput();
      return true;
    }
    sending = Sending.ENDED;
    complete(networkOut);
    complete(sessionOut);
    if (isClosed(networkIn)) {
      completeStage();
    } else {
      scheduleOnce(Timer.LINGER, limits.linger());
    }
    return false;
  }

  private void write(ByteString bytes) {
    push(networkOut, bytes);
    lastWriteAtNanos = System.nanoTime();
    if (!isTimerActive(Timer.WRITE)) {
      scheduleOnce(Timer.WRITE, limits.write());
    }
  }

  private void runTask() {
    try {
      tls.runTask(terms.handshakes(), () -> taskDone.invoke(Done.getInstance()));
    } catch (RejectedExecutionException e) {
      abort("no more handshakes: the node stops");
    }
  }

  private void onTaskDone(Done done) {
    isTaskRunning = false;
    proceed();
  }

  /** Does one step towards the session, if it can. */
  private boolean deliver() throws SSLException {
    boolean inPlain = tls == null || isTlsDue;
    boolean isHandshaking = !inPlain && !tls.isEstablished();
    if (sending == Sending.ENDED || (isClosed(sessionOut) && !isHandshaking)) {
      undelivered = ByteString.emptyByteString();
      return false;
    }
    if (!undelivered.isEmpty()) {
      if (!isAvailable(sessionOut)) {
        return false;
      }
      push(sessionOut, undelivered);
      undelivered = ByteString.emptyByteString();
      return true;
    }
    if (inPlain) {
      if (isClosed(networkIn)) {
        complete(sessionOut);
      }
      return false;
    }
    boolean isWanted = isAvailable(sessionOut) || isHandshaking;
    if (!isWanted || tls.needsTask() || tls.needsWrap()) {
      return false;
    }
    if (tls.isInputEnded() || (tls.isStarved() && isClosed(networkIn))) {
      // With or without close_notify: a protocol knows by itself whether a command or a message
      // was whole, so a truncated stream is no more than the end.
      complete(sessionOut);
      return false;
    }
    if (tls.isStarved()) {
      return false;
    }
    undelivered = tls.unwrap();
    if (tls.isEstablished()) {
      cancelTimer(Timer.HANDSHAKE);
    }
    return true;
  }

  private void askSession() {
    boolean hasRoom = pending.size() < PENDING_IN_BYTES && !isTlsDue;
    if (sending == Sending.OPEN && hasRoom && !isClosed(sessionIn)) {
      if (!hasBeenPulled(sessionIn)) {
        pull(sessionIn);
      }
    } else if (sending != Sending.OPEN && !isClosed(sessionIn)) {
      cancel(sessionIn);
    }
  }

  private void askNetwork() {
    if (isClosed(networkIn) || hasBeenPulled(networkIn)) {
      return;
    }
    boolean isHandshaking = tls != null && !isTlsDue && !tls.isEstablished();
    boolean isWanted = isAvailable(sessionOut) && undelivered.isEmpty();
    boolean isNeeded = tls == null || isTlsDue || tls.isStarved();
    if (sending == Sending.ENDED || (isNeeded && (isWanted || isHandshaking))) {
      pull(networkIn);
    }
  }

  /** The TLS connection is beyond repair: the client gets an alert, the session its end. */
  private void giveUp(String why) {
    terms.tlsFailed().accept(why);
    LOG.debug("{}: TLS with {} failed: {}", connection.id(), connection.remote(), why);
    cancelTimer(Timer.HANDSHAKE);
    if (isTaskRunning) {
      abort(why); // The engine is in other hands, so there is no alert to be had.
      return;
    }
    pending = tls.alert();
    tls = null;
    isTlsDue = false;
    sending = Sending.ENDING;
    undelivered = ByteString.emptyByteString();
    complete(sessionOut);
  }

  private void abort(String why) {
    LOG.debug("{}: connection reset: {}", connection.id(), why);
    failStage(new ConnectionAborted(why));
  }

  @Override
  public void onTimer(Object timer) {
    if (timer == Timer.HANDSHAKE && tls != null && !tls.isEstablished()) {
      giveUp("no handshake within " + limits.handshake());
      proceed();
    } else if (timer == Timer.WRITE && !isClosed(networkOut) && !isAvailable(networkOut)) {
      Duration since = Duration.ofNanos(System.nanoTime() - lastWriteAtNanos);
      if (since.compareTo(limits.write()) < 0) {
        scheduleOnce(Timer.WRITE, limits.write().minus(since));
      } else {
        abort("the client took nothing for " + limits.write());
      }
    } else if (timer == Timer.LINGER) {
      completeStage();
    }
  }
}
