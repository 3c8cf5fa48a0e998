package dev.staffetta.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running {@link SessionStage}. All its fields are used on the stage's thread only. */
final class SessionLogic<S, F, I, R, E> extends TimerGraphStageLogic {
  /** Small replies in a row are sent as one, up to this size. */
  private static final int GATHER_IN_BYTES = 16 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(SessionStage.class);
  private static final String QUIET = "quiet";

  /** How an effect ended. */
  private record Answer<I>(Optional<I> input, Optional<Throwable> failure) {}

  private final Connection connection;
  private final Protocol<S, F, I, R, E> protocol;
  private final Inlet<F> frames;
  private final Outlet<Outgoing> outgoing;

  private final AsyncCallback<Answer<I>> answered =
      createAsyncCallback(guarded(this::onAnswer)::accept);
  private final AsyncCallback<I> happened = createAsyncCallback(guarded(this::onEvent)::accept);
  private final AsyncCallback<Done> shutdown =
      createAsyncCallback(guarded(this::onShutdown)::accept);
  private final Consumer<I> events = happened::invoke;
  private final CompletableFuture<Done> ended = new CompletableFuture<>();

  /** Null until the machine has started. */
  private S state;

  private final Deque<Outgoing> replies = new ArrayDeque<>();
  private final WaitingInputs<I> waiting;
  private Optional<SubSinkInlet<ByteString>> streamed = Optional.empty();

  private boolean isShutdownDue;
  private boolean isEndGiven;
  private boolean isClosing;

  /**
   * A frame was taken, or something asked, and the client has not yet been asked for the next
   * frame.
   */
  private boolean isAnswering = true;

  private long quietSinceNanos;
  private long timerAtNanos;

  SessionLogic(
      FlowShape<F, Outgoing> shape, Connection connection, Protocol<S, F, I, R, E> protocol) {
    super(shape);
    this.connection = connection;
    this.protocol = protocol;
    this.waiting = new WaitingInputs<>(protocol::coalesce);
    this.frames = shape.in();
    this.outgoing = shape.out();
    setHandler(frames, onFrames());
    setHandler(outgoing, onOutgoing());
  }

  /** This session from outside. */
  SessionStage.Control control() {
    return new SessionStage.Control(() -> shutdown.invoke(Done.getInstance()), ended);
  }

  @Override
  public void preStart() {
    guarded((Done done) -> follow(protocol.machine().start(connection, Instant.now())))
        .accept(Done.getInstance());
  }

  /** However the stage ends, this is the last thing it does. */
  @Override
  public void postStop() {
    try {
      if (state != null) {
        protocol.closed(state);
      }
    } catch (RuntimeException bug) {
      LOG.error("{}: a bug in releasing what the session held", connection.id(), bug);
    } finally {
      ended.complete(Done.getInstance());
    }
  }

  private AbstractInHandler onFrames() {
    return new AbstractInHandler() {
      @Override
      public void onPush() {
        proceedGuarded();
      }

      @Override
      public void onUpstreamFinish() {
        proceedGuarded();
      }
    };
  }

  private AbstractOutHandler onOutgoing() {
    return new AbstractOutHandler() {
      @Override
      public void onPull() {
        if (streamed.isEmpty()) {
          proceedGuarded();
        } else if (!streamed.get().isClosed() && !streamed.get().hasBeenPulled()) {
          streamed.get().pull();
        }
      }
    };
  }

  private void onAnswer(Answer<I> answer) {
    if (answer.failure().isPresent()) {
      fail("an effect failed", answer.failure().get());
    } else {
      answer.input().ifPresent(waiting::answered);
    }
  }

  private void onEvent(I event) {
    if (!isClosing && !waiting.happened(event)) {
      LOG.info(
          "{}: disconnected: {} events wait to be read", connection.id(), WaitingInputs.MAX_EVENTS);
      failStage(new ConnectionAborted("the client does not read its events"));
    }
  }

  private void onShutdown(Done done) {
    isShutdownDue = true;
  }

  /** Does all that can be done now: the one place that decides what happens next. */
  private void proceed() {
    while (state != null && !isClosed(outgoing) && (send() || feed() || overhear())) {
      // Until there is nothing to be done but to wait.
    }
  }

  /** Sends the next reply if the client takes it. */
  private boolean send() {
    if (replies.isEmpty() || streamed.isPresent() || !isAvailable(outgoing)) {
      return false;
    }
    Outgoing next = replies.poll();
    if (next instanceof Outgoing.Bytes bytes) {
      push(outgoing, new Outgoing.Bytes(withThoseBehind(bytes.bytes())));
    } else if (next instanceof Outgoing.Streamed stream) {
      stream(stream.bytes());
    } else if (next instanceof Outgoing.Close) {
      completeStage();
    } else {
      push(outgoing, next);
    }
    return true;
  }

  private ByteString withThoseBehind(ByteString first) {
    ByteString all = first;
    while (all.size() < GATHER_IN_BYTES && replies.peek() instanceof Outgoing.Bytes next) {
      replies.poll();
      all = all.concat(next.bytes());
    }
    return all;
  }

  private void stream(Source<ByteString, NotUsed> source) {
    SubSinkInlet<ByteString> inlet = new SubSinkInlet<>("SessionStage.streamed");
    streamed = Optional.of(inlet);
    inlet.setHandler(
        new AbstractInHandler() {
          @Override
          public void onPush() {
            push(outgoing, new Outgoing.Bytes(inlet.grab()));
          }

          @Override
          public void onUpstreamFinish() {
            streamed = Optional.empty();
            proceedGuarded();
          }

          @Override
          public void onUpstreamFailure(Throwable failure) {
            // The client counts on the length it was told, so nothing but a cut is the truth now.
            LOG.warn("{}: a reply broke off: {}", connection.id(), failure.toString());
            LOG.debug("{}: a reply broke off", connection.id(), failure);
            failStage(new ConnectionAborted("a reply broke off"));
          }
        });
    source.runWith(inlet.sink(), subFusingMaterializer());
    inlet.pull();
  }

  /** Gives the machine its next input if there is one and it may have it now. */
  private boolean feed() {
    if (isShutdownDue && isFree() && !isClosing) {
      isShutdownDue = false;
      give(protocol.shutdown());
      return true;
    }
    if (!isIdle()) {
      return false;
    }
    Optional<I> next = waiting.next();
    if (next.isPresent()) {
      give(next.get());
      return true;
    }
    return isFree() && takeFrame();
  }

  /**
   * While bytes are streamed to a peer that is asked something, takes what it says all the same: it
   * may not want the rest. What it makes the machine say comes behind the stream, but for the end,
   * which breaks it off.
   */
  private boolean overhear() {
    if (streamed.isEmpty() || isClosing || !protocol.asks()) {
      return false;
    }
    boolean isEnd = isClosed(frames) && !isAvailable(frames);
    if (isEnd && !isEndGiven) {
      isEndGiven = true;
      protocol.endOfInput().ifPresent(this::give);
    } else if (isAvailable(frames)) {
      isAnswering = true;
      give(protocol.frame(grab(frames)));
    } else {
      if (!isEnd && !hasBeenPulled(frames)) {
        pull(frames);
      }
      return false;
    }
    if (isClosing) {
      completeStage();
    }
    return true;
  }

  private boolean isFree() {
    return !waiting.areEffectsUnderWay() || protocol.readsDuringEffects(state);
  }

  /** Whether all that was said has been taken: only then is there demand again. */
  private boolean isIdle() {
    return !isClosing && replies.isEmpty() && streamed.isEmpty() && isAvailable(outgoing);
  }

  private boolean takeFrame() {
    if (isAnswering) {
      isAnswering = false;
      quietSinceNanos = System.nanoTime();
    }
    if (isAvailable(frames)) {
      isAnswering = true;
      give(protocol.frame(grab(frames)));
      return true;
    }
    if (isClosed(frames)) {
      return endInput();
    }
    if (!hasBeenPulled(frames)) {
      pull(frames);
    }
    watchQuiet();
    return false;
  }

  /** The client sends no more: the session has its last word, and the answers it waits for. */
  private boolean endInput() {
    if (!isEndGiven) {
      isEndGiven = true;
      Optional<I> end = protocol.endOfInput();
      if (end.isPresent()) {
        give(end.get());
        return true;
      }
      completeStage();
    } else if (!waiting.areEffectsUnderWay()) {
      completeStage();
    }
    return false;
  }

  private void give(I input) {
    follow(protocol.machine().on(state, input, Instant.now()));
  }

  private void follow(Step<S, R, E> step) {
    state = step.state();
    isAnswering |= protocol.asks() && !step.replies().isEmpty();
    for (R reply : step.replies()) {
      if (!isClosing) {
        Outgoing rendered = protocol.render(reply);
        replies.add(rendered);
        isClosing = rendered instanceof Outgoing.Close;
      }
    }
    step.effects().forEach(this::start);
  }

  private void start(E effect) {
    waiting.effectStarted();
    CompletionStage<I> answer = protocol.run(effect, events);
    // An answer that is there already spares the way through the stage's mailbox.
    boolean isThere = answer.toCompletableFuture().isDone();
    Consumer<Answer<I>> taker = isThere ? this::onAnswer : answered::invoke;
    answer.whenComplete((input, failure) -> taker.accept(answer(input, failure)));
  }

  private Answer<I> answer(I input, Throwable failure) {
    return new Answer<>(Optional.ofNullable(input), Optional.ofNullable(failure));
  }

  /** Sees to it that a timer fires when the client has said nothing for too long. */
  private void watchQuiet() {
    long dueAtNanos = quietSinceNanos + protocol.timeout(state).toNanos();
    if (!isTimerActive(QUIET) || dueAtNanos - timerAtNanos < 0) {
      timerAtNanos = dueAtNanos;
      scheduleOnce(QUIET, Duration.ofNanos(Math.max(0, dueAtNanos - System.nanoTime())));
    }
  }

  @Override
  public void onTimer(Object timer) {
    guarded(key -> onQuiet()).accept(timer);
  }

  /** While it is not the client's turn its clock stands still; it starts anew with the turn. */
  private void onQuiet() {
    boolean isClientsTurn =
        isIdle() && waiting.isEmpty() && hasBeenPulled(frames) && !isClosed(frames);
    if (isClientsTurn && !isAnswering) {
      long limitNanos = protocol.timeout(state).toNanos();
      if (System.nanoTime() - quietSinceNanos >= limitNanos) {
        isAnswering = true;
        give(protocol.timedOut());
      }
    }
  }

  private void proceedGuarded() {
    guarded(this::nothing).accept(Done.getInstance());
  }

  private void nothing(Done done) {}

  /** An action, and whatever can be done after it, where a bug costs this connection only. */
  private <T> Consumer<T> guarded(Consumer<T> action) {
    return argument -> {
      try {
        action.accept(argument);
        proceed();
      } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError bug) {
        fail("a bug in the session", bug);
      }
    };
  }

  private void fail(String what, Throwable cause) {
    LOG.error("{}: {}: the connection is reset", connection.id(), what, cause);
    failStage(new ConnectionAborted(what));
  }
}
