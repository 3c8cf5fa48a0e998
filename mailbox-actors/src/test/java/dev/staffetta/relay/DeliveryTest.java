package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.RelayLimitsSettings;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection alone, with the time and the thread in the test's hands. */
class DeliveryTest {
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final DispatcherSelector ONE_THREAD = DispatcherSelector.fromConfig("one-thread");

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  one-thread {
                    type = Dispatcher
                    executor = thread-pool-executor
                    thread-pool-executor.fixed-pool-size = 1
                  }
                  """)
              .withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<RelayQueueCommand> queue = kit.createTestProbe(RelayQueueCommand.class);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private ActorRef<Delivery.Command> delivery() {
    RelayLimitsSettings settings =
        new RelayLimitsSettings(
            10, new RelayLimitsSettings.OfDestination(5, 100, 0), Map.of(), IDLE);
    Delivery.Means means =
        new Delivery.Means(
            (domain, requiresTls) -> CompletableFuture.completedStage(TestServers.route(domain)),
            new TestServers(),
            new Unreadable(),
            new ConnectionLimits(settings),
            settings,
            new RelayMeters(new SimpleMeterRegistry(), 1));
    return kit.spawn(
        Delivery.create(
            "one.example", false, new AccountId("queue@relay.example"), means, queue.getRef()),
        ONE_THREAD);
  }

  /** What is done while its thread is taken comes in this order, and all at once. */
  private void whileItsThreadIsTaken(Runnable what) throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    kit.spawn(
        Behaviors.setup(
            context -> {
              taken.countDown();
              free.await();
              return Behaviors.stopped();
            }),
        ONE_THREAD);
    taken.await();
    what.run();
    free.countDown();
  }

  @Test
  void aConnectionWithoutAMessageSaysSo() {
    delivery();
    queue.expectMessageClass(RelayQueueCommand.Ready.class);
    time.timePasses(IDLE);
    queue.expectMessageClass(RelayQueueCommand.Idle.class);
  }

  @Test
  void aMessageThatComesAsTheConnectionGrowsIdleIsSent() throws InterruptedException {
    ActorRef<Delivery.Command> delivery = delivery();
    queue.expectMessageClass(RelayQueueCommand.Ready.class);
    whileItsThreadIsTaken(
        () -> {
          delivery.tell(new Delivery.Send((QueueItem) QueueItems.sample(new Random(1))));
          time.timePasses(IDLE);
        });
    RelayQueueCommand.Sent sent = queue.expectMessageClass(RelayQueueCommand.Sent.class);
    assertThat(sent.attempt().outcomes())
        .allSatisfy(o -> assertThat(o.reply().text()).contains("could not be read"));
  }

  /** A message is far enough when its summary is asked for. */
  private static final class Unreadable implements Contents {
    @Override
    public Source<ByteString, NotUsed> read(
        AccountId account, ContentId content, long offset, long length) {
      return Source.empty();
    }

    @Override
    public CompletionStage<ByteString> readSmall(
        AccountId account, ContentId content, long offset, int length) {
      return CompletableFuture.failedStage(new IllegalStateException("not now"));
    }

    @Override
    public CompletionStage<List<MessageSummary>> summaries(
        AccountId account, List<ContentId> contents) {
      return CompletableFuture.failedStage(new IllegalStateException("not now"));
    }
  }
}
