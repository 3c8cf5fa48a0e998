package dev.staffetta.wire;

import dev.staffetta.wire.LineFramer.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A little protocol that has all that a mail protocol asks of a connection. Its world is in the
 * test's hands.
 *
 * <ul>
 *   <li>{@code ECHO text}: says the text
 *   <li>{@code STARTTLS}: says GO and starts TLS
 *   <li>{@code DATA n}: takes n bytes as chunks, each an effect, and says {@code GOT n sum}
 *   <li>{@code STREAM n}: says n bytes made as they are taken, then END; {@code BREAK n}: breaks
 *       off
 *   <li>{@code ASK a b c}: an effect each, answered when the world says so
 *   <li>{@code LISTEN}: says each event of the world
 *   <li>{@code CRASH}, {@code CRASH-EFFECT}: bugs
 *   <li>{@code QUIT}: says BYE and closes
 * </ul>
 */
public final class LineProtocol
    implements Protocol<
        LineProtocol.State, Frame, LineProtocol.Input, Outgoing, LineProtocol.Effect> {
  /** What it expects, has summed up, and whether it tells events. */
  public record State(int expected, long sum, boolean isListening) {
    static final State FIRST = new State(0, 0, false);
  }

  /** Frames, answers, events and the connection's own. */
  public sealed interface Input {
    record Framed(Frame frame) implements Input {}

    record Answered(String text) implements Input {}

    record Stored(boolean isLast) implements Input {}

    record Event(String text) implements Input {}

    record End() implements Input {}

    record TimedOut() implements Input {}

    record Shutdown() implements Input {}
  }

  /** What the world is asked for. */
  public sealed interface Effect {
    record Ask(String question) implements Effect {}

    record Store(ByteString chunk, boolean isLast) implements Effect {}

    record Listen() implements Effect {}

    record Crash() implements Effect {}
  }

  /** What the sessions of a test see and do. */
  public static class World {
    volatile Duration timeout = Duration.ofMinutes(5);
    final AtomicLong streamedBytes = new AtomicLong();
    volatile boolean saysEnd = true;
    volatile boolean coalesces;
    final List<String> asked = new ArrayList<>();
    final List<CompletableFuture<Input>> answers = new ArrayList<>();
    final List<State> closed = new ArrayList<>();
    final List<Consumer<Input>> listeners = new ArrayList<>();

    public synchronized CompletionStage<Input> ask(String question) {
      asked.add(question);
      CompletableFuture<Input> answer = new CompletableFuture<>();
      answers.add(answer);
      return answer;
    }

    public synchronized void answer(int index, String text) {
      answers.get(index).complete(new Input.Answered(text));
    }

    public synchronized void tell(String event) {
      listeners.forEach(listener -> listener.accept(new Input.Event(event)));
    }

    public synchronized int closedSessions() {
      return closed.size();
    }

    public synchronized int listenerCount() {
      return listeners.size();
    }

    public synchronized List<String> questions() {
      return List.copyOf(asked);
    }
  }

  private final World world;

  /** For one connection. */
  public LineProtocol(World world) {
    this.world = world;
  }

  @Override
  public SessionMachine<State, Input, Outgoing, Effect> machine() {
    return new Machine();
  }

  @Override
  public Framer<Frame> framer() {
    return new LineFramer();
  }

  @Override
  public Input frame(Frame frame) {
    return new Input.Framed(frame);
  }

  @Override
  public Optional<Input> endOfInput() {
    return world.saysEnd ? Optional.of(new Input.End()) : Optional.empty();
  }

  @Override
  public Input timedOut() {
    return new Input.TimedOut();
  }

  @Override
  public Input shutdown() {
    return new Input.Shutdown();
  }

  @Override
  public Duration timeout(State state) {
    return world.timeout;
  }

  @Override
  public boolean readsDuringEffects(State state) {
    return state.isListening();
  }

  @Override
  public Outgoing render(Outgoing reply) {
    return reply;
  }

  @Override
  public Optional<Input> coalesce(Input earlier, Input later) {
    return world.coalesces ? Optional.of(later) : Optional.empty();
  }

  @Override
  public CompletionStage<Input> run(Effect effect, Consumer<Input> events) {
    if (effect instanceof Effect.Ask ask) {
      return world.ask(ask.question());
    }
    if (effect instanceof Effect.Store store) {
      return CompletableFuture.completedFuture(new Input.Stored(store.isLast()));
    }
    if (effect instanceof Effect.Listen) {
      synchronized (world) {
        world.listeners.add(events);
      }
      return CompletableFuture.completedFuture(new Input.Answered("LISTENING"));
    }
    return CompletableFuture.failedFuture(new IllegalStateException("an effect crashes"));
  }

  @Override
  public void closed(State state) {
    synchronized (world) {
      world.closed.add(state);
    }
  }

  static Outgoing line(String text) {
    return new Outgoing.Bytes(ByteString.fromString(text + "\r\n"));
  }

  private Source<ByteString, NotUsed> letters(int count) {
    int chunk = 1000;
    return Source.range(0, (count - 1) / chunk)
        .map(i -> Math.min(chunk, count - i * chunk))
        .map(
            size -> {
              world.streamedBytes.addAndGet(size);
              return ByteString.fromString("x".repeat(size));
            });
  }

  private final class Machine implements SessionMachine<State, Input, Outgoing, Effect> {
    @Override
    public Step<State, Outgoing, Effect> start(Connection connection, Instant now) {
      return Step.reply(State.FIRST, line("HELLO"));
    }

    @Override
    public Step<State, Outgoing, Effect> on(State state, Input input, Instant now) {
      if (input instanceof Input.Framed framed) {
        return onFrame(state, framed.frame());
      }
      if (input instanceof Input.Answered answered) {
        return Step.reply(state, line(answered.text()));
      }
      if (input instanceof Input.Event event) {
        return Step.reply(state, line("* " + event.text()));
      }
      if (input instanceof Input.Stored stored) {
        return stored.isLast()
            ? Step.reply(State.FIRST, line("GOT " + state.expected() + " " + state.sum()))
            : Step.run(state);
      }
      return Step.reply(
          state,
          line(input.getClass().getSimpleName().toUpperCase(Locale.ROOT)),
          new Outgoing.Close());
    }

    private Step<State, Outgoing, Effect> onFrame(State state, Frame frame) {
      if (frame instanceof Frame.Chunk chunk) {
        long sum =
            IntStream.range(0, chunk.bytes().size()).mapToLong(i -> chunk.bytes().apply(i)).sum();
        return Step.run(
            new State(state.expected(), state.sum() + sum, false),
            new Effect.Store(chunk.bytes(), chunk.isLast()));
      }
      if (frame instanceof Frame.Line line) {
        return onLine(state, line.text());
      }
      return Step.reply(state, line("TOO LONG"));
    }

    private Step<State, Outgoing, Effect> onLine(State state, String line) {
      String[] words = line.split(" ", -1);
      return switch (words[0]) {
        case "ECHO" -> Step.reply(state, line(line.substring(5)));
        case "STARTTLS" -> Step.reply(state, line("GO"), new Outgoing.StartTls());
        case "DATA" -> {
          int size = Integer.parseInt(words[1]);
          yield Step.reply(
              new State(size, 0, false), new Outgoing.SetMode(new LineFramer.Counted(size)));
        }
        case "STREAM" ->
            Step.reply(
                state,
                line("STREAM"),
                new Outgoing.Streamed(letters(Integer.parseInt(words[1]))),
                line("END"));
        case "BREAK" ->
            Step.reply(
                state,
                new Outgoing.Streamed(
                    letters(Integer.parseInt(words[1]))
                        .concat(Source.failed(new IllegalStateException("broken")))));
        case "ASK" ->
            new Step<>(
                state,
                List.of(line("ASKING")),
                List.of(words).stream().skip(1).<Effect>map(Effect.Ask::new).toList());
        case "LISTEN" -> Step.run(new State(0, 0, true), new Effect.Listen());
        case "CRASH" -> throw new IllegalStateException("the machine crashes");
        case "CRASH-EFFECT" -> Step.run(state, new Effect.Crash());
        case "QUIT" -> Step.reply(state, line("BYE"), new Outgoing.Close());
        default -> Step.reply(state, line("WHAT? " + line.length()));
      };
    }
  }
}
