package dev.staffetta.dialogue;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import dev.staffetta.wire.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.util.ByteString;

/**
 * A protocol's session without a socket: does on the calling thread what the stages of {@link
 * dev.staffetta.wire} do for a connection, by the same rules. Effects whose ports answer at once
 * are over before a call here returns; the answers of others are taken at the next call, or at
 * {@link #settle}, and {@link #line} waits for them only when {@link #patient}.
 */
public final class PureConnection<S, F, I, R, E> implements DialogueConnection {
  /** Runs streamed replies; its threads are daemons, it lives as long as the tests. */
  private static final class Streams {
    static final ActorSystem SYSTEM =
        ActorSystem.create(
            "dialogue",
            ConfigFactory.parseString("pekko.daemonic = on, pekko.jvm-exit-on-fatal-error = off")
                .withFallback(ConfigFactory.load()));
  }

  /** Runs the streams of tests. */
  public static Materializer materializer() {
    return SystemMaterializer.get(Streams.SYSTEM).materializer();
  }

  /** An input that was not yet given to the session. */
  private record Waiting<I>(I input, boolean isAnswer) {}

  /** How long a line is waited for while an effect is under way. */
  private static final long PATIENCE_IN_SECONDS = 10;

  private final Protocol<S, F, I, R, E> protocol;
  private final SessionMachine<S, I, R, E> machine;
  private final Framer<F> framer;
  private final BlockingQueue<Waiting<I>> inputs = new LinkedBlockingQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger effectsUnderWay = new AtomicInteger();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private S state;
  private ByteString unread = ByteString.emptyByteString();
  private boolean isClosed;
  private boolean isTlsAwaited;
  private boolean isPatient;

  private PureConnection(Protocol<S, F, I, R, E> protocol, Connection connection) {
    this.protocol = protocol;
    machine = protocol.machine();
    framer = protocol.framer();
    Step<S, R, E> first = machine.start(connection, now);
    take(first);
    settle();
  }

  /** Opens a connection of this protocol. */
  public static <S, F, I, R, E> PureConnection<S, F, I, R, E> open(
      Protocol<S, F, I, R, E> protocol, Connection connection) {
    return new PureConnection<>(protocol, connection);
  }

  /** Lets {@link #line} wait for the answers of effects that other threads give. */
  public PureConnection<S, F, I, R, E> patient() {
    isPatient = true;
    return this;
  }

  /** A plain-text connection from the loopback address, on which TLS can be started. */
  public static Connection fromLoopback() {
    return connection("127.0.0.1", false);
  }

  /** A connection from another machine. */
  public static Connection fromAfar(boolean tls) {
    return connection("192.0.2.1", tls);
  }

  private static Connection connection(String address, boolean tls) {
    try {
      InetAddress remote = InetAddress.getByName(address);
      return new Connection(
          "test",
          new InetSocketAddress(InetAddress.getByName("192.0.2.25"), 25),
          new InetSocketAddress(remote, 40000),
          tls,
          !tls);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The session as it stands. */
  public S state() {
    settle();
    return state;
  }

  /** Lets time pass for the session. */
  public void elapse(Duration time) {
    now = now.plus(time);
  }

  /** The client said nothing for as long as it may. */
  public void timeOut() {
    elapse(protocol.timeout(state));
    on(protocol.timedOut());
    settle();
  }

  /** The server stops. */
  public void shutDown() {
    on(protocol.shutdown());
    settle();
  }

  /** The client closes its sending side, and still reads. */
  public void endInput() {
    settle();
    Optional<I> input = protocol.endOfInput();
    if (input.isPresent()) {
      on(input.get());
      settle();
    } else {
      end();
    }
  }

  @Override
  public void send(ByteString bytes) {
    if (isTlsAwaited) {
      throw new AssertionError("plain text after TLS was to start");
    }
    settle();
    if (!isClosed) {
      framer.offer(bytes);
      settle();
    }
  }

  /** Takes every input and frame that can be taken now. */
  public void settle() {
    while (!isClosed) {
      Throwable failure = failures.poll();
      if (failure != null) {
        throw new AssertionError("an effect's stage failed, which is a bug", failure);
      }
      Waiting<I> waiting = inputs.poll();
      if (waiting != null) {
        give(waiting);
        continue;
      }
      Optional<I> frame = mayRead() ? framer.poll().map(protocol::frame) : Optional.empty();
      if (frame.isEmpty()) {
        return;
      }
      on(frame.get());
    }
  }

  private void give(Waiting<I> waiting) {
    if (waiting.isAnswer()) {
      effectsUnderWay.decrementAndGet();
    }
    on(waiting.input());
  }

  /** Waits for the next input while an effect is under way. */
  private boolean awaitAnswer() {
    if (isClosed || effectsUnderWay.get() == 0) {
      return false;
    }
    try {
      Waiting<I> waiting = inputs.poll(PATIENCE_IN_SECONDS, TimeUnit.SECONDS);
      if (waiting != null) {
        give(waiting);
      }
      settle();
      return waiting != null;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while an effect was under way", e);
    }
  }

  private boolean mayRead() {
    return !isTlsAwaited && (effectsUnderWay.get() == 0 || protocol.readsDuringEffects(state));
  }

  private void on(I input) {
    if (!isClosed) {
      take(machine.on(state, input, now));
    }
  }

  private void take(Step<S, R, E> step) {
    state = step.state();
    for (R reply : step.replies()) {
      if (!isClosed) {
        send(protocol.render(reply));
      }
    }
    for (E effect : step.effects()) {
      if (isClosed) {
        return;
      }
      effectsUnderWay.incrementAndGet();
      protocol
          .run(effect, event -> inputs.add(new Waiting<>(event, false)))
          .whenComplete(
              (answer, failure) -> {
                if (failure == null) {
                  inputs.add(new Waiting<>(answer, true));
                } else {
                  failures.add(failure);
                }
              });
    }
  }

  private void send(Outgoing outgoing) {
    if (outgoing instanceof Outgoing.Bytes bytes) {
      unread = unread.concat(bytes.bytes());
    } else if (outgoing instanceof Outgoing.Streamed streamed) {
      stream(streamed);
    } else if (outgoing instanceof Outgoing.SetMode setMode) {
      framer.mode(setMode.mode());
    } else if (outgoing instanceof Outgoing.StartTls) {
      framer.reset();
      isTlsAwaited = true;
    } else if (outgoing instanceof Outgoing.Close) {
      end();
    }
  }

  private void stream(Outgoing.Streamed streamed) {
    var queue = streamed.bytes().runWith(Sink.queue(), materializer());
    try {
      for (Optional<ByteString> chunk = pull(queue); chunk.isPresent(); chunk = pull(queue)) {
        unread = unread.concat(chunk.get());
      }
    } catch (ExecutionException e) {
      end();
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("a streamed reply does not come to its end", e);
    }
  }

  private static Optional<ByteString> pull(SinkQueueWithCancel<ByteString> queue)
      throws ExecutionException, TimeoutException, InterruptedException {
    return queue.pull().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void end() {
    if (!isClosed) {
      isClosed = true;
      protocol.closed(state);
    }
  }

  @Override
  public Optional<String> line() {
    settle();
    int end = endOfLine();
    while (end < 0 && isPatient && awaitAnswer()) {
      end = endOfLine();
    }
    if (end >= 0) {
      String line = unread.take(end).utf8String();
      unread = unread.drop(end + 2);
      return Optional.of(line);
    }
    if (unread.isEmpty()) {
      return Optional.empty();
    }
    String rest = unread.utf8String();
    unread = ByteString.emptyByteString();
    return Optional.of(rest);
  }

  private int endOfLine() {
    return unread.indexOfSlice(ByteString.fromString("\r\n"));
  }

  @Override
  public void startTls() {
    if (!isTlsAwaited) {
      throw new AssertionError("the server does not start TLS");
    }
    isTlsAwaited = false;
    settle();
  }

  @Override
  public boolean isEnded() {
    settle();
    return isClosed && unread.isEmpty();
  }

  @Override
  public ByteString unread() {
    settle();
    return unread;
  }

  /** The connection is gone, without a word from the client. */
  @Override
  public void close() {
    end();
  }
}
