package dev.staffetta.relay;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.route.Routes;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.store.Store;
import dev.staffetta.system.MailSystem;
import dev.staffetta.system.RunningMailSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;

/** A running mail system, with servers and a time that the test makes. */
final class RelayFixture implements AutoCloseable {
  static final MailAddress ALICE = address("alice@example.com");

  final TestServers servers = new TestServers();
  final ShiftedClock clock = new ShiftedClock();

  private final Path directory;
  private final String[] lines;
  private volatile Routes routes =
      (domain, requiresTls) -> CompletableFuture.completedStage(TestServers.route(domain));
  private volatile MailTransport transport = servers;
  private RunningMailSystem system;

  RelayFixture(Path directory, String... lines) {
    this.directory = directory;
    this.lines = lines;
    start();
  }

  private void start() {
    MailSystem.Outside outside =
        new MailSystem.Outside(
            (domain, requiresTls) -> routes.find(domain, requiresTls),
            hop -> transport.open(hop),
            clock);
    system = new RunningMailSystem(directory, Optional.of(outside), lines);
  }

  /** Sends by these from now on. */
  void sendBy(Routes ways, MailTransport by) {
    routes = ways;
    transport = by;
  }

  RunningMailSystem system() {
    return system;
  }

  void restart() {
    system.close();
    start();
  }

  void stop() {
    system.close();
  }

  void startAgain() {
    start();
  }

  /** From Alice; returns the id that she is told. */
  ContentId send(String messageId, String... recipients) {
    return sendText(
        "From: alice@example.com\r\nMessage-ID: <" + messageId + ">\r\n\r\nHi\r\n", recipients);
  }

  ContentId sendText(String text, String... recipients) {
    return send(EnvelopeOptions.NONE, text, recipients);
  }

  ContentId send(EnvelopeOptions options, String text, String... recipients) {
    SpooledMessage message = system.message(text);
    deliver(options, message, recipients);
    return message.content();
  }

  void deliver(EnvelopeOptions options, SpooledMessage message, String... recipients) {
    RunningMailSystem.await(
        system
            .mail()
            .deliveries()
            .deliver(
                new Envelope(
                    Optional.of(ALICE),
                    Stream.of(recipients).map(RelayFixture::address).toList(),
                    options),
                message));
  }

  static MailAddress address(String text) {
    int at = text.indexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1));
  }

  /** All that waits. */
  List<QueueItem> items() {
    Store store = system.store();
    return IntStream.range(0, store.partitions())
        .mapToObj(p -> new WaitingMail(store.reader(p)).list("", Optional.empty(), 10_000))
        .flatMap(List::stream)
        .toList();
  }

  long waiting() {
    return items().size();
  }

  /** What Alice was sent; she has an account if {@code system().account} made one. */
  List<String> inbox() {
    AccountId alice = new AccountId(ALICE.toString());
    List<String> texts = new ArrayList<>();
    RunningMailSystem.await(system.mail().mailboxes().view(MailboxId.inboxOf(alice)))
        .messages()
        .stream()
        .forEach(
            message ->
                texts.add(
                    RunningMailSystem.await(
                            system
                                .mail()
                                .contents()
                                .read(alice, message.content(), 0, Long.MAX_VALUE)
                                .runWith(
                                    Sink.fold(ByteString.emptyByteString(), ByteString::concat),
                                    system.system()))
                        .utf8String()));
    return texts;
  }

  void pass(Duration time) {
    clock.pass(time);
  }

  void eventually(Runnable check) {
    Awaitility.await().atMost(RunningMailSystem.patience()).untilAsserted(check::run);
  }

  @Override
  public void close() {
    system.close();
  }
}
