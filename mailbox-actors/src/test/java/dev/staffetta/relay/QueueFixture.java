package dev.staffetta.relay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.DeliverySettings;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.delivery.NodeSpool;
import dev.staffetta.journal.StoreExtension;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.RelayQueueCommand.Accept;
import dev.staffetta.relay.RelayQueueCommand.Signal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Place;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.store.Store;
import dev.staffetta.store.Stores;
import dev.staffetta.store.content.SmallContent;
import dev.staffetta.store.content.StoredContents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;

/**
 * The queue of partition 0 alone over a real store, without sharding: a test starts as many
 * incarnations of it as it likes, and ends them when it likes.
 */
final class QueueFixture implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ID = "#0";

  final TestServers servers = new TestServers();
  final ShiftedClock clock = new ShiftedClock();

  /** Reports that were to be sent, with what says whether they were. */
  final List<Sending> reports = new CopyOnWriteArrayList<>();

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
  private final Store store;
  private final StoredContents contents;
  private final Spool spool;
  private final RelaySettings settings;

  /** A report on its way. */
  record Sending(Report report, CompletableFuture<Void> sent) {}

  QueueFixture(Path directory) throws IOException {
    Config staffetta = ConfigFactory.defaultReference().getConfig("staffetta").resolve();
    store = Stores.at(directory.resolve("store")).open();
    StoreExtension.of(kit.system()).install(store, Stores.settings());
    contents =
        new StoredContents(
            store, Stores.settings().contents(), Materializer.matFromSystem(kit.system()));
    spool =
        new NodeSpool(
            directory.resolve("spool"),
            DeliverySettings.from(staffetta.getConfig("delivery")).spool(),
            ForkJoinPool.commonPool());
    settings = RelaySettings.from(staffetta.getConfig("relay"));
  }

  /** An incarnation that sends by the test's servers. */
  ActorRef<RelayQueueCommand> start() {
    return start(servers);
  }

  ActorRef<RelayQueueCommand> start(MailTransport transport) {
    Delivery.Means delivery =
        new Delivery.Means(
            (domain, requiresTls) -> CompletableFuture.completedStage(TestServers.route(domain)),
            transport,
            contents,
            new ConnectionLimits(settings.limits()),
            settings.limits(),
            new RelayMeters(new SimpleMeterRegistry(), 1));
    QueueWork.Means means =
        new QueueWork.Means(
            reading -> store.read(0, reader -> reading.apply(new WaitingMail(reader))),
            delivery,
            this::report,
            settings.schedule(),
            clock);
    return kit.spawn(RelayQueue.create(ID, means, new Here()));
  }

  private CompletionStage<Void> report(Report report) {
    Sending sending = new Sending(report, new CompletableFuture<>());
    reports.add(sending);
    return sending.sent();
  }

  /** Where all incarnations are. */
  private static final class Here implements Place<RelayQueueCommand> {
    @Override
    public CompletionStage<Long> lastChange() {
      return CompletableFuture.completedStage(0L);
    }

    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public void passivate(ActorRef<RelayQueueCommand> entity) {}
  }

  /** Ends an incarnation, whatever it is doing. */
  void end(ActorRef<RelayQueueCommand> queue) {
    queue.tell(Signal.STOP);
    awaitEnd(queue);
  }

  void awaitEnd(ActorRef<RelayQueueCommand> queue) {
    TestProbe<Object> probe = kit.createTestProbe();
    probe.expectTerminated(queue, PATIENCE);
  }

  /** From Alice; whether it was accepted. */
  boolean send(ActorRef<RelayQueueCommand> queue, String recipient) {
    Spool.Writer writer = spool.open();
    Stores.await(writer.append(ByteString.fromString("Subject: s\r\n\r\nHi\r\n")));
    SpooledMessage message = Stores.await(writer.finish());
    Optional<SmallContent> small = Stores.await(contents.write(RelayQueue.owner(ID), message));
    QueueItem item =
        QueueItem.accepted(
            message.content(),
            message.size(),
            "<m@example.com>",
            new Outbound(
                recipient.substring(recipient.indexOf('@') + 1),
                Optional.of(RelayFixture.ALICE),
                List.of(RelayFixture.address(recipient)),
                EnvelopeOptions.NONE,
                clock.instant()));
    Answer<Done> answer =
        Stores.await(
            AskPattern.<RelayQueueCommand, Answer<Done>>ask(
                queue,
                replyTo -> new Accept(item, small, replyTo),
                PATIENCE,
                kit.system().scheduler()));
    return answer instanceof Answer.Done<Done>;
  }

  /** All that waits, as the store has it. */
  List<QueueItem> items() {
    return new ArrayList<>(new WaitingMail(store.reader(0)).list("", Optional.empty(), 10_000));
  }

  void eventually(Runnable check) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(check::run);
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
    store.close();
  }
}
