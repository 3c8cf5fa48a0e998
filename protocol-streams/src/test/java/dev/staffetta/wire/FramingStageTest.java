package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.wire.LineFramer.Frame;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.testkit.TestPublisher;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.apache.pekko.stream.testkit.javadsl.TestSource;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.duration.FiniteDuration;

/** The framing stage between four probes. */
final class FramingStageTest {
  private static final FiniteDuration MOMENT = FiniteDuration.apply(100, "ms");

  private final ActorSystem system = ActorSystem.create("framing");
  private TestPublisher.Probe<ByteString> network;
  private TestSubscriber.Probe<Frame> frames;
  private TestPublisher.Probe<Outgoing> session;
  private TestSubscriber.Probe<Outgoing> outgoing;

  /** Counts what it is given. */
  private static final class Counting implements Framer<Frame> {
    private final LineFramer framer = new LineFramer();
    private final AtomicInteger offers = new AtomicInteger();

    @Override
    public void offer(ByteString bytes) {
      offers.incrementAndGet();
      framer.offer(bytes);
    }

    @Override
    public Optional<Frame> poll() {
      return framer.poll();
    }

    @Override
    public void mode(Mode mode) {
      framer.mode(mode);
    }

    @Override
    public void reset() {
      framer.reset();
    }
  }

  private final Counting framer = new Counting();

  @BeforeEach
  void start() {
    start(framer);
  }

  private void start(Framer<Frame> framer) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 0);
    Connection connection = new Connection("test", nowhere, nowhere, false, true);
    Flow<Outgoing, Frame, Pair<TestSubscriber.Probe<Outgoing>, TestPublisher.Probe<ByteString>>>
        stage =
            BidiFlow.fromGraph(new FramingStage<>(connection, framer))
                .join(
                    Flow.fromSinkAndSourceMat(
                        TestSink.<Outgoing>create(system),
                        TestSource.<ByteString>create(system),
                        Keep.both()),
                    Keep.right());
    Pair<
            Pair<
                TestPublisher.Probe<Outgoing>,
                Pair<TestSubscriber.Probe<Outgoing>, TestPublisher.Probe<ByteString>>>,
            TestSubscriber.Probe<Frame>>
        probes =
            TestSource.<Outgoing>create(system)
                .viaMat(stage, Keep.both())
                .toMat(TestSink.<Frame>create(system), Keep.both())
                .run(system);
    session = probes.first().first();
    outgoing = probes.first().second().first();
    network = probes.first().second().second();
    frames = probes.second();
    outgoing.ensureSubscription();
    frames.ensureSubscription();
    network.ensureSubscription();
    session.ensureSubscription();
  }

  @AfterEach
  void stop() {
    system.terminate();
  }

  private static ByteString bytes(String text) {
    return ByteString.fromString(text);
  }

  @Test
  void readsOnlyWhenAFrameIsAskedForAndNoneIsWhole() {
    network.sendNext(bytes("one\r\ntwo\r\nthr"));
    network.sendNext(bytes("ee\r\n"));
    network.sendNext(bytes("four\r\n"));
    frames.expectNoMessage(MOMENT);
    assertThat(framer.offers.get()).isZero();
    frames.request(2).expectNext(new Frame.Line("one"), new Frame.Line("two"));
    frames.expectNoMessage(MOMENT);
    assertThat(framer.offers.get()).isEqualTo(1);
    frames.request(1).expectNext(new Frame.Line("three"));
    assertThat(framer.offers.get()).isEqualTo(2);
  }

  @Test
  void cutsByAModeWhatWasBufferedBeforeIt() {
    frames.request(1);
    network.sendNext(bytes("DATA\r\nab\r\ncd\r\nECHO\r\n"));
    frames.expectNext(new Frame.Line("DATA"));
    outgoing.request(1);
    session.sendNext(new Outgoing.SetMode(new LineFramer.Counted(8)));
    session.sendNext(LineProtocol.line("GO"));
    outgoing.expectNext(LineProtocol.line("GO"));
    frames.request(1).expectNext(new Frame.Chunk(bytes("ab\r\ncd\r\n"), true));
    frames.request(1).expectNext(new Frame.Line("ECHO"));
  }

  @Test
  void dropsAtStartTlsWhatIsBufferedAndPassesItOn() {
    frames.request(1);
    network.sendNext(bytes("STARTTLS\r\ninjected\r\n"));
    frames.expectNext(new Frame.Line("STARTTLS"));
    outgoing.request(1);
    session.sendNext(new Outgoing.StartTls());
    outgoing.expectNext(new Outgoing.StartTls());
    frames.request(1).expectNoMessage(MOMENT);
    network.sendNext(bytes("mine\r\n"));
    frames.expectNext(new Frame.Line("mine"));
  }

  @Test
  void givesTheLastFramesBeforeTheEnd() {
    frames.request(1);
    network.sendNext(bytes("one\r\ntwo\r\nunfinished"));
    network.sendComplete();
    frames.expectNext(new Frame.Line("one"));
    frames.request(1).expectNext(new Frame.Line("two"));
    frames.request(1).expectComplete();
  }

  @Test
  void endsTheConnectionOnABugInAFramer() {
    start(
        new Framer<>() {
          @Override
          public void offer(ByteString bytes) {}

          @Override
          public Optional<Frame> poll() {
            return tooDeep(1);
          }

          private Optional<Frame> tooDeep(long depth) {
            return depth < 0 ? Optional.empty() : tooDeep(depth + 1);
          }

          @Override
          public void mode(Mode mode) {}

          @Override
          public void reset() {}
        });
    try (LogWatch log = new LogWatch()) {
      frames.request(1);
      assertThat(frames.expectError()).isInstanceOf(ConnectionAborted.class);
      assertThat(log.warnings()).singleElement().asString().contains("a bug in the framing");
    }
  }
}
