package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.hop;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.smtp.sink.ReceivedMail;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail over sockets to a server that does what a script says: what each recipient is told. */
class SmtpTransportTest {
  private static final ClientFixture CLIENT = new ClientFixture();

  @AfterAll
  static void stop() {
    CLIENT.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PIPELINING", "CHUNKING", "PIPELINING CHUNKING 8BITMIME"})
  void deliversAMessageAsItIs(String extensions) {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().offer(extensions.split(" ")))) {
      assertThat(CLIENT.send(sink, mail("bob@example.net", "carol@example.net")))
          .containsExactly(
              "bob@example.net DELIVERED MESSAGE 250 2.0.0 taken",
              "carol@example.net DELIVERED MESSAGE 250 2.0.0 taken");
      ReceivedMail received = sink.received().get(0);
      assertThat(received.bytes()).isEqualTo(ClientFixture.TEXT);
      assertThat(received.recipients()).containsExactly("bob@example.net", "carol@example.net");
      assertThat(received.from()).startsWith("<alice@example.com>");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PIPELINING", "CHUNKING", "PIPELINING CHUNKING"})
  void tellsTheFateOfEachRecipient(String extensions) {
    SinkScript script =
        new SinkScript()
            .offer(extensions.split(" "))
            .recipient("no@example.net", "550 5.1.1 no such user")
            .recipient("grey@example.net", "450 4.7.1 come back later")
            .recipient("many@example.net", "552 too many recipients");
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(
              CLIENT.send(
                  sink,
                  mail(
                      "no@example.net", "bob@example.net", "grey@example.net", "many@example.net")))
          .containsExactly(
              "no@example.net PERMANENT RECIPIENT 550 5.1.1 no such user",
              "bob@example.net DELIVERED MESSAGE 250 2.0.0 taken",
              "grey@example.net TEMPORARY RECIPIENT 450 4.7.1 come back later",
              "many@example.net TEMPORARY RECIPIENT 552 4.3.4 too many recipients");
      assertThat(sink.received().get(0).recipients()).containsExactly("bob@example.net");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PIPELINING", "CHUNKING", "PIPELINING CHUNKING"})
  void sendsNothingToNobodyAndGoesOn(String extensions) {
    SinkScript script =
        new SinkScript()
            .offer(extensions.split(" "))
            .recipient("no@example.net", "550 5.1.1 no such user")
            .on("DATA", "354 I take it for nobody");
    try (SmtpSink sink = SmtpSink.start(script)) {
      MailTransport.Channel channel = await(CLIENT.transport().open(hop(sink.address())));
      assertThat(told(await(channel.send(mail("no@example.net")))))
          .containsExactly("no@example.net PERMANENT RECIPIENT 550 5.1.1 no such user");
      assertThat(channel.isUsable()).isTrue();
      assertThat(told(await(channel.send(mail("bob@example.net")))))
          .containsExactly("bob@example.net DELIVERED MESSAGE 250 2.0.0 taken");
      assertThat(told(await(channel.send(mail("carol@example.net")))))
          .containsExactly("carol@example.net DELIVERED MESSAGE 250 2.0.0 taken");
      channel.close();
      Awaitility.await().until(() -> sink.commands().contains("QUIT"));
      assertThat(sink.connections()).isOne();
      assertThat(sink.received().stream().filter(m -> !m.bytes().isEmpty())).hasSize(2);
      assertThat(sink.commands().stream().filter("RSET"::equals)).hasSize(1);
    }
  }

  @Test
  void sendsAThousandRecipientsInFlightsThatFit() {
    SinkScript script = new SinkScript().recipient("r500@example.net", "550 no");
    try (SmtpSink sink = SmtpSink.start(script)) {
      String[] recipients =
          IntStream.range(0, 1000).mapToObj(i -> "r" + i + "@example.net").toArray(String[]::new);
      List<String> told = CLIENT.send(sink, mail(recipients));
      assertThat(told).hasSize(1000);
      assertThat(told.get(500)).isEqualTo("r500@example.net PERMANENT RECIPIENT 550 5.0.0 no");
      assertThat(sink.received().get(0).recipients()).hasSize(999);
    }
  }

  @Test
  void fallsBackToHelo() {
    SinkScript script = new SinkScript().on("EHLO", "502 what is EHLO?");
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(CLIENT.send(sink, mail("bob@example.net")))
          .containsExactly("bob@example.net DELIVERED MESSAGE 250 2.0.0 taken");
      assertThat(sink.commands())
          .contains("HELO client.example.org", "MAIL FROM:<alice@example.com>");
    }
  }

  @Test
  void takesWhatTheMessageIsAnswered() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd("552 5.2.2 mailbox full"))) {
      assertThat(CLIENT.send(sink, mail("bob@example.net")))
          .containsExactly("bob@example.net PERMANENT MESSAGE 552 5.2.2 mailbox full");
    }
  }

  @Test
  void linesOfAnAnswerBecomeOneText() {
    SinkScript script =
        new SinkScript()
            .recipient(
                "no@example.net", "550-5.7.1 we do not\n550-5.7.1 take \u0001mail\n550 5.7.1 so");
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(CLIENT.send(sink, mail("no@example.net")))
          .containsExactly("no@example.net PERMANENT RECIPIENT 550 5.7.1 we do not take ?mail so");
    }
  }

  @Test
  void lmtpTellsEachRecipientAfterTheMessage() {
    SinkScript script =
        new SinkScript()
            .lmtp()
            .recipient("full@example.net", "end:452 4.2.2 mailbox full")
            .recipient("no@example.net", "550 5.1.1 no such user");
    try (SmtpSink sink = SmtpSink.start(script)) {
      MailTransport.Channel channel =
          await(CLIENT.transport().open(ClientFixture.lmtp(sink.address())));
      assertThat(
              told(
                  await(
                      channel.send(mail("bob@example.net", "no@example.net", "full@example.net")))))
          .containsExactly(
              "bob@example.net DELIVERED RECIPIENT 250 2.0.0 bob@example.net taken",
              "no@example.net PERMANENT RECIPIENT 550 5.1.1 no such user",
              "full@example.net TEMPORARY RECIPIENT 452 4.2.2 mailbox full");
      assertThat(sink.commands()).contains("LHLO client.example.org");
      channel.close();
    }
  }

  @Test
  void refusesBeforehandWhatTheServerCannotTake() {
    SinkScript script = new SinkScript().offer("SIZE 20");
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(CLIENT.send(sink, mail("bob@example.net")).get(0))
          .startsWith("bob@example.net PERMANENT MESSAGE 5.3.4 ");
      script.offer("PIPELINING");
      assertThat(
              CLIENT
                  .send(sink, mail(EnvelopeOptions.NONE, "Subject: \u00fc\r\n\r\na\r\n", "b@c"))
                  .get(0))
          .startsWith("b@c PERMANENT MESSAGE 5.6.3 ");
      assertThat(CLIENT.send(sink, mail("b\u00fc@c.example", "b@c.example")))
          .satisfiesExactly(
              refused -> assertThat(refused).contains(" PERMANENT RECIPIENT 5.6.7 "),
              taken -> assertThat(taken).contains(" DELIVERED "));
      EnvelopeOptions utf8 =
          new EnvelopeOptions(
              true, true, false, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
      assertThat(CLIENT.send(sink, mail(utf8, "Subject: \u00fc\r\n\r\na\r\n", "b@c")).get(0))
          .startsWith("b@c PERMANENT MESSAGE 5.6.7 ");
      EnvelopeOptions secret =
          new EnvelopeOptions(
              false, false, true, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
      assertThat(CLIENT.send(sink, mail(secret, ClientFixture.TEXT, "b@c")).get(0))
          .startsWith("b@c PERMANENT MESSAGE 5.7.30 ");
      assertThat(sink.received()).hasSize(1);
    }
  }
}
