package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.wire.LineFramer.Frame;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.testkit.TestPublisher;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.apache.pekko.stream.testkit.javadsl.TestSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.duration.FiniteDuration;

/** The session stage between two probes. */
final class SessionStageTest {
  private static final FiniteDuration MOMENT = FiniteDuration.apply(100, "ms");

  private final ActorSystem system = ActorSystem.create("session");
  private final Materializer materializer = Materializer.createMaterializer(system);
  private final LineProtocol.World world = new LineProtocol.World();
  private TestPublisher.Probe<Frame> frames;
  private TestSubscriber.Probe<Outgoing> outgoing;

  @BeforeEach
  void start() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 0);
    Connection connection = new Connection("test", nowhere, nowhere, false, false);
    Pair<TestPublisher.Probe<Frame>, TestSubscriber.Probe<Outgoing>> probes =
        TestSource.<Frame>create(system)
            .via(Flow.fromGraph(new SessionStage<>(connection, new LineProtocol(world))))
            .toMat(TestSink.<Outgoing>create(system), Keep.both())
            .run(materializer);
    frames = probes.first();
    outgoing = probes.second();
    frames.ensureSubscription();
    outgoing.ensureSubscription();
  }

  @AfterEach
  void stop() {
    system.terminate();
  }

  private void awaitClosed() {
    await().untilAsserted(() -> assertThat(world.closedSessions()).isEqualTo(1));
  }

  @Test
  void takesNoFrameBeforeEveryReplyIsTaken() {
    frames.sendNext(new Frame.Line("ECHO one"));
    frames.sendNext(new Frame.Line("ASK a"));
    outgoing.requestNext(LineProtocol.line("HELLO"));
    outgoing.requestNext(LineProtocol.line("one"));
    // The reply is out, but whoever takes it has not asked for more.
    outgoing.expectNoMessage(MOMENT);
    assertThat(world.questions()).isEmpty();
    outgoing.requestNext(LineProtocol.line("ASKING"));
    assertThat(world.questions()).containsExactly("a");
  }

  @Test
  void givesNoAnswerToTheMachineBeforeEveryReplyIsTaken() {
    frames.sendNext(new Frame.Line("ASK a b"));
    outgoing.requestNext(LineProtocol.line("HELLO"));
    outgoing.requestNext(LineProtocol.line("ASKING"));
    world.answer(0, "first");
    world.answer(1, "second");
    outgoing.expectNoMessage(MOMENT);
    outgoing.requestNext(LineProtocol.line("first"));
    outgoing.requestNext(LineProtocol.line("second"));
  }

  @Test
  void sendsRepliesInARowAsOne() {
    outgoing.requestNext(LineProtocol.line("HELLO"));
    frames.sendNext(new Frame.Line("STREAM 5"));
    outgoing.requestNext(LineProtocol.line("STREAM"));
    assertThat(outgoing.requestNext()).isInstanceOf(Outgoing.Bytes.class);
    outgoing.requestNext(LineProtocol.line("END"));
  }

  @Test
  void completesAfterTheLastWords() {
    frames.sendNext(new Frame.Line("QUIT"));
    outgoing.requestNext(LineProtocol.line("HELLO"));
    outgoing.requestNext(LineProtocol.line("BYE"));
    outgoing.request(1).expectComplete();
    awaitClosed();
  }

  @Test
  void closesWhenTheInputFails() {
    frames.sendError(new ConnectionAborted("lost"));
    awaitClosed();
  }

  @Test
  void closesWhenNobodyTakesWhatItSays() {
    frames.sendNext(new Frame.Line("ASK a"));
    outgoing.requestNext(LineProtocol.line("HELLO"));
    outgoing.requestNext(LineProtocol.line("ASKING"));
    outgoing.cancel();
    awaitClosed();
    world.answer(0, "nobody hears this");
    assertThat(world.closedSessions()).isEqualTo(1);
  }

  @Test
  void closesWhenItIsStoppedFromOutside() {
    frames.sendNext(new Frame.Line("STREAM 100000"));
    outgoing.requestNext(LineProtocol.line("HELLO"));
    outgoing.requestNext(LineProtocol.line("STREAM"));
    materializer.shutdown();
    awaitClosed();
  }

  @Test
  void justClosesAtTheEndWhenTheProtocolSaysNothing() {
    world.saysEnd = false;
    frames.sendNext(new Frame.Line("ASK a"));
    frames.sendComplete();
    outgoing.requestNext(LineProtocol.line("HELLO"));
    outgoing.requestNext(LineProtocol.line("ASKING"));
    world.answer(0, "last");
    outgoing.requestNext(LineProtocol.line("last"));
    outgoing.request(1).expectComplete();
    awaitClosed();
    assertThat(world.questions()).isEqualTo(List.of("a"));
  }
}
