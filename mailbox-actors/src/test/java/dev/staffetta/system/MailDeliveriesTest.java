package dev.staffetta.system;

import static dev.staffetta.system.RunningMailSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.delivery.MailDeliveries;
import dev.staffetta.mime.MessageParser;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.Outbound;
import dev.staffetta.relay.RelayQueues;
import dev.staffetta.relay.Report;
import dev.staffetta.report.ReadReport;
import dev.staffetta.smtp.client.RemoteReply;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What goes where of a message: mailboxes, the queues of other domains, reports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailDeliveriesTest {
  private static final String TEXT =
      "Return-Path: <carol@far.example>\r\nSubject: hi\r\n\r\nyou\r\n";
  private static final MailAddress CAROL = address("carol@far.example");

  private final Queues queues = new Queues();
  private RunningMailSystem running;
  private MailDeliveries deliveries;
  private int accounts;

  @BeforeAll
  void start(@TempDir Path directory) {
    running = new RunningMailSystem(directory, "delivery.forwarding-key = \"0123456789abcdef\"");
    deliveries = (MailDeliveries) running.mail().deliveries();
    running.account("zoe@example.com");
    deliveries.relayThrough(queues);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @BeforeEach
  void forget() {
    queues.accepted.clear();
    queues.isDown = false;
  }

  @Test
  void aMessageIsDividedByDomain() {
    AccountId alice = newAccount();
    EnvelopeOptions options =
        options(
            Map.of(
                address("Y@net.example"),
                new ForRecipient(Optional.of(Set.of()), Optional.of("rfc822;y"))));
    deliver(CAROL, options, "x@net.example", alice.address(), "z@[192.0.2.1]", "Y@net.example");
    assertThat(queues.accepted)
        .extracting(mail -> mail.outbound.destination())
        .containsExactlyInAnyOrder("net.example", "[192.0.2.1]");
    Accepted mail = queues.to("net.example");
    assertThat(mail.outbound.recipients())
        .containsExactly(address("x@net.example"), address("Y@net.example"));
    assertThat(mail.outbound.reversePath()).contains(CAROL);
    assertThat(mail.outbound.options().of(address("Y@net.example")))
        .isEqualTo(options.of(address("Y@net.example")));
    assertThat(mail.text).isEqualTo("Subject: hi\r\n\r\nyou\r\n");
    assertThat(inbox(alice)).containsExactly(TEXT);
  }

  @Test
  void nothingIsAcceptedTwiceNorLostWhenAQueueIsDown() {
    AccountId alice = newAccount();
    SpooledMessage message = running.message(TEXT);
    Envelope envelope =
        new Envelope(
            Optional.of(CAROL), List.of(address("x@net.example"), address(alice.address())));
    queues.isDown = true;
    assertThatThrownBy(() -> await(deliveries.deliver(envelope, message)))
        .satisfies(
            failure -> assertThat(Refusal.of(failure).code()).isEqualTo(Refusal.Code.UNAVAILABLE));
    queues.isDown = false;
    await(deliveries.deliver(envelope, message));
    await(deliveries.deliver(envelope, message));
    assertThat(inbox(alice)).hasSize(1);
    assertThat(queues.accepted)
        .extracting(mail -> mail.content)
        .hasSize(2)
        .containsOnly(queues.accepted.get(0).content);
    assertThat(queues.accepted.get(0).content).isNotEqualTo(message.content());
  }

  @Test
  void anAliasLeadsElsewhereAndHere() {
    AccountId alice = newAccount();
    alias("both@example.com", alice.address(), "alice@net.example");
    assertThat(await(deliveries.find(address("both@example.com"))))
        .isEqualTo(Deliveries.Recipient.LOCAL);
    deliver(CAROL, EnvelopeOptions.NONE, "both@example.com");
    assertThat(inbox(alice)).containsExactly(TEXT);
    Accepted mail = queues.to("net.example");
    assertThat(mail.text).isEqualTo("Delivered-To: both@example.com\r\nSubject: hi\r\n\r\nyou\r\n");
    assertThat(mail.outbound.options().of(address("alice@net.example")).originalRecipient())
        .contains("rfc822;both@example.com");
    // It comes back: never again.
    assertThatThrownBy(() -> deliver(CAROL, EnvelopeOptions.NONE, mail.text, "both@example.com"))
        .satisfies(failure -> assertThat(Refusal.of(failure).code()).isEqualTo(Refusal.Code.LOOP));
  }

  @Test
  void ofAnAliasWithManyBehindItTheSenderHearsOnce() {
    AccountId alice = newAccount();
    AccountId bob = newAccount();
    alias("team@example.com", bob.address(), newAccount().address(), "dave@net.example");
    EnvelopeOptions options =
        options(
            Map.of(
                address("team@example.com"),
                new ForRecipient(
                    Optional.of(Set.of(Notify.SUCCESS, Notify.FAILURE)), Optional.empty())));
    deliver(address(alice.address()), options, "team@example.com");
    assertThat(inbox(alice)).hasSize(1);
    ReadReport report = ReadReport.of(ByteString.fromString(inbox(alice).get(0)));
    assertThat(report.status()).hasSize(2);
    assertThat(report.status().get(1))
        .containsEntry("action", "expanded")
        .containsEntry("final-recipient", "rfc822; team@example.com");
    assertThat(
            queues.to("net.example").outbound.options().of(address("dave@net.example")).reports())
        .contains(Set.of(Notify.FAILURE));
    assertThat(inbox(bob)).hasSize(1);
  }

  @Test
  void aForwardedMailHasASenderOfOursAndItsBounceGoesBack() {
    alias("away@example.com", "away@net.example");
    deliver(CAROL, EnvelopeOptions.NONE, "away@example.com");
    MailAddress sender = queues.to("net.example").outbound.reversePath().orElseThrow();
    assertThat(sender.domain()).isEqualTo("example.com");
    assertThat(await(deliveries.find(sender))).isEqualTo(Deliveries.Recipient.LOCAL);
    queues.accepted.clear();
    await(
        deliveries.deliver(
            new Envelope(Optional.empty(), List.of(sender)),
            running.message("Subject: b\r\n\r\n")));
    assertThat(queues.to("far.example").outbound.recipients()).containsExactly(CAROL);
    assertThat(queues.to("far.example").outbound.reversePath()).isEmpty();
    assertThat(await(deliveries.find(address("SRS0=aaaaaa=aa=far.example=carol@example.com"))))
        .isEqualTo(Deliveries.Recipient.UNKNOWN);
  }

  @Test
  void aliasesLeadToDomainsThatAreNotOurs() {
    assertThatThrownBy(() -> alias("bad@example.com", "nobody@example.com"))
        .satisfies(
            failure -> assertThat(Refusal.of(failure).code()).isEqualTo(Refusal.Code.NONEXISTENT));
    assertThatThrownBy(() -> alias("bad@example.com", "nobody@no_domain"))
        .satisfies(
            failure -> assertThat(Refusal.of(failure).code()).isEqualTo(Refusal.Code.CANNOT));
  }

  @Test
  void whoAskedHearsOfADelivery() {
    AccountId alice = newAccount();
    AccountId bob = newAccount();
    EnvelopeOptions options =
        options(
            Map.of(
                address(bob.address()),
                new ForRecipient(Optional.of(Set.of(Notify.SUCCESS)), Optional.empty())));
    deliver(address(alice.address()), options, bob.address());
    ReadReport report = ReadReport.of(ByteString.fromString(inbox(alice).get(0)));
    assertThat(report.status().get(1))
        .containsEntry("action", "delivered")
        .containsEntry("status", "2.0.0")
        .containsEntry("final-recipient", "rfc822; " + bob);
    assertThat(report.returned().utf8String()).isEqualTo(TEXT.substring(0, TEXT.length() - 5));
    deliver(address(alice.address()), EnvelopeOptions.NONE, bob.address());
    assertThat(inbox(alice)).hasSize(1);
  }

  @Test
  void aFailureIsToldOnceToASenderHere() {
    AccountId alice = newAccount();
    Report report =
        failure(Optional.of(address(alice.address())), EnvelopeOptions.NONE, "550", "4.4.1");
    await(deliveries.reports().send(report));
    await(deliveries.reports().send(report));
    ReadReport read = ReadReport.of(ByteString.fromString(inbox(alice).get(0)));
    assertThat(read.status().get(1))
        .containsEntry("action", "failed")
        .containsEntry("status", "5.4.1")
        .containsEntry("remote-mta", "dns; mx.net.example");
    assertThat(read.returned().utf8String()).isEqualTo(TEXT);
    assertThat(inbox(alice)).hasSize(1);
    assertThat(queues.accepted).isEmpty();
  }

  @Test
  void aFailureIsToldToASenderElsewhereFromTheNullSender() {
    await(
        deliveries
            .reports()
            .send(failure(Optional.of(CAROL), EnvelopeOptions.NONE, "550", "5.1.1")));
    Accepted mail = queues.to("far.example");
    assertThat(mail.outbound.reversePath()).isEmpty();
    assertThat(mail.outbound.recipients()).containsExactly(CAROL);
    assertThat(mail.text).startsWith("From: Mail Delivery System <MAILER-DAEMON@mx.example.com>");
  }

  @Test
  void nobodyIsToldWhoDoesNotWantToOrCannotBe() {
    EnvelopeOptions never =
        options(
            Map.of(
                address("x@net.example"),
                new ForRecipient(Optional.of(Set.of()), Optional.empty())));
    for (Report report :
        List.of(
            failure(Optional.of(CAROL), never, "550", "5.1.1"),
            failure(Optional.empty(), EnvelopeOptions.NONE, "550", "5.1.1"),
            failure(
                Optional.of(address("nobody@example.com")),
                EnvelopeOptions.NONE,
                "550",
                "5.1.1"))) {
      await(deliveries.reports().send(report));
    }
    assertThat(queues.accepted).isEmpty();
  }

  private static Report failure(
      Optional<MailAddress> sender, EnvelopeOptions options, String code, String status) {
    MessageParser parser = new MessageParser();
    ByteString text = ByteString.fromString(TEXT);
    parser.offer(text);
    return new Report(
        Report.Kind.FAILURE,
        new Outbound(
            "net.example", sender, List.of(address("x@net.example")), options, Instant.now()),
        List.of(
            new Report.ReportedRecipient(
                address("x@net.example"),
                new RemoteReply(Integer.parseInt(code), status, "no"),
                Optional.of("mx.net.example"),
                Instant.now(),
                false)),
        ContentId.random(),
        Optional.of(parser.finish()),
        org.apache.pekko.stream.javadsl.Source.single(text),
        Instant.now(),
        Optional.empty());
  }

  private static EnvelopeOptions options(Map<MailAddress, ForRecipient> recipients) {
    return new EnvelopeOptions(
        false, false, false, Optional.empty(), Optional.empty(), Optional.empty(), recipients);
  }

  private static MailAddress address(String text) {
    int at = text.lastIndexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1));
  }

  private AccountId newAccount() {
    return running.account("user" + ++accounts + "@example.com");
  }

  private void alias(String address, String... targets) {
    await(
        running
            .mail()
            .directory()
            .addAlias(address(address), List.of(targets).stream().map(t -> address(t)).toList()));
  }

  private void deliver(MailAddress from, EnvelopeOptions options, String... to) {
    boolean hasText = to[0].contains("\r\n");
    List<MailAddress> recipients =
        List.of(to).stream().skip(hasText ? 1 : 0).map(t -> address(t)).toList();
    await(
        deliveries.deliver(
            new Envelope(Optional.of(from), recipients, options),
            running.message(hasText ? to[0] : TEXT)));
  }

  private List<String> inbox(AccountId account) {
    List<String> texts = new ArrayList<>();
    for (Message message :
        await(running.mail().mailboxes().view(MailboxId.inboxOf(account))).messages().stream()
            .toList()) {
      texts.add(
          await(
                  running
                      .mail()
                      .contents()
                      .read(account, message.content(), 0, Long.MAX_VALUE)
                      .runWith(
                          Sink.fold(ByteString.emptyByteString(), ByteString::concat),
                          running.system()))
              .utf8String());
    }
    return texts;
  }

  private record Accepted(Outbound outbound, ContentId content, String text) {}

  /** Accepts everything, unless it is down. */
  private final class Queues implements RelayQueues {
    private final List<Accepted> accepted = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean isDown;

    @Override
    public CompletionStage<Void> accept(Outbound mail, SpooledMessage message) {
      if (isDown) {
        return CompletableFuture.failedStage(
            new Refusal(Refusal.Code.UNAVAILABLE, "the queue is down"));
      }
      return message
          .bytes()
          .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), running.system())
          .thenAccept(
              bytes -> {
                assertThat(bytes.size()).isEqualTo((int) message.size());
                MessageParser parser = new MessageParser();
                parser.offer(bytes);
                assertThat(parser.finish()).isEqualTo(message.summary());
                accepted.add(new Accepted(mail, message.content(), bytes.utf8String()));
              });
    }

    private Accepted to(String destination) {
      return accepted.stream()
          .filter(mail -> mail.outbound.destination().equals(destination))
          .findFirst()
          .orElseThrow();
    }
  }
}
