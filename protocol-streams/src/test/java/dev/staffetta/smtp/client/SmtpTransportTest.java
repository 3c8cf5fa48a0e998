package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.failure;
import static dev.staffetta.smtp.client.ClientFixture.hop;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.smtp.client.HopFailedException.Stage;
import dev.staffetta.smtp.sink.ReceivedMail;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail over sockets to a server that does what a script says. */
class SmtpTransportTest {
  private static final ClientFixture CLIENT = new ClientFixture();

  @AfterAll
  static void stop() {
    CLIENT.close();
  }

  private static List<String> send(SmtpSink sink, OutgoingMail mail) {
    return send(sink, "", mail);
  }

  private static List<String> send(SmtpSink sink, String settings, OutgoingMail mail) {
    MailTransport.Channel channel = await(CLIENT.transport(settings).open(hop(sink.address())));
    try {
      return told(await(channel.send(mail)));
    } finally {
      channel.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PIPELINING", "CHUNKING", "PIPELINING CHUNKING 8BITMIME"})
  void deliversAMessageAsItIs(String extensions) {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().offer(extensions.split(" ")))) {
      assertThat(send(sink, mail("bob@example.net", "carol@example.net")))
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
              send(
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
      List<String> told = send(sink, mail(recipients));
      assertThat(told).hasSize(1000);
      assertThat(told.get(500)).isEqualTo("r500@example.net PERMANENT RECIPIENT 550 5.0.0 no");
      assertThat(sink.received().get(0).recipients()).hasSize(999);
    }
  }

  @Test
  void fallsBackToHelo() {
    SinkScript script = new SinkScript().on("EHLO", "502 what is EHLO?");
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(send(sink, mail("bob@example.net")))
          .containsExactly("bob@example.net DELIVERED MESSAGE 250 2.0.0 taken");
      assertThat(sink.commands())
          .contains("HELO client.example.org", "MAIL FROM:<alice@example.com>");
    }
  }

  @Test
  void saysThatTheOutcomeIsUnknownWhenTheAnswerToTheMessageIsLost() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd(SinkScript.DROP))) {
      assertThat(send(sink, mail("bob@example.net")).get(0))
          .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 the outcome is unknown");
    }
  }

  @Test
  void takesWhatTheMessageIsAnswered() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd("552 5.2.2 mailbox full"))) {
      assertThat(send(sink, mail("bob@example.net")))
          .containsExactly("bob@example.net PERMANENT MESSAGE 552 5.2.2 mailbox full");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA", "end"})
  void endsWhenTheServerCloses(String command) {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on(command, "421 4.3.2 going down"))) {
      MailTransport.Channel channel = await(CLIENT.transport().open(hop(sink.address())));
      assertThat(told(await(channel.send(mail("bob@example.net", "carol@example.net")))))
          .containsExactly(
              "bob@example.net TEMPORARY CONNECTION 421 4.3.2 going down",
              "carol@example.net TEMPORARY CONNECTION 421 4.3.2 going down");
      assertThat(channel.isUsable()).isFalse();
      assertThat(told(await(channel.send(mail("bob@example.net")))).get(0))
          .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
  void isTemporaryWhenTheConnectionIsLost(String command) {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on(command, SinkScript.DROP))) {
      assertThat(send(sink, mail("bob@example.net")).get(0))
          .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 ")
          .doesNotContain("unknown");
    }
  }

  @Test
  void waitsForAnAnswerNoLongerThanItMay() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on("RCPT", SinkScript.SWALLOW))) {
      assertThat(send(sink, "recipient-timeout = 300ms", mail("bob@example.net", "c@example.net")))
          .hasSize(2)
          .allMatch(told -> told.contains(" TEMPORARY CONNECTION "));
    }
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd(SinkScript.SILENCE))) {
      assertThat(send(sink, "data-termination-timeout = 300ms", mail("bob@example.net")).get(0))
          .contains("TEMPORARY CONNECTION 4.4.2 the outcome is unknown");
    }
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on("greeting", SinkScript.SILENCE))) {
      HopFailedException failure =
          failure(CLIENT.transport("greeting-timeout = 300ms").open(hop(sink.address())));
      assertThat(failure.stage()).isEqualTo(Stage.GREETING);
      assertThat(failure.reply().isTemporary()).isTrue();
    }
  }

  @Test
  void aSlowServerIsServedAllTheSame() {
    SinkScript script = new SinkScript().drip(Duration.ofMillis(1));
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(send(sink, mail("bob@example.net")))
          .containsExactly("bob@example.net DELIVERED MESSAGE 250 2.0.0 taken");
    }
  }

  @Test
  void refusedGreetingsAndHellosFailTheHop() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on("greeting", "554 5.7.1 go away"))) {
      HopFailedException failure = failure(CLIENT.transport().open(hop(sink.address())));
      assertThat(failure.stage()).isEqualTo(Stage.GREETING);
      assertThat(failure.reply()).hasToString("554 5.7.1 go away");
    }
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on("EHLO", "450 4.7.0 not now"))) {
      HopFailedException failure = failure(CLIENT.transport().open(hop(sink.address())));
      assertThat(failure.stage()).isEqualTo(Stage.HELLO);
      assertThat(failure.reply()).hasToString("450 4.7.0 not now");
    }
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on("greeting", "HTTP/1.1 400 Bad"))) {
      HopFailedException failure = failure(CLIENT.transport().open(hop(sink.address())));
      assertThat(failure.stage()).isEqualTo(Stage.GREETING);
      assertThat(failure.reply().text()).contains("HTTP/1.1 400 Bad");
    }
  }

  @Test
  void aRefusedConnectionFailsTheHop() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
    HopFailedException failure = failure(CLIENT.transport().open(hop(nobody)));
    assertThat(failure.stage()).isEqualTo(Stage.CONNECT);
    assertThat(failure.reply().isTemporary()).isTrue();
    assertThat(failure.reply().text()).contains("refused");
  }

  @Test
  void linesOfAnAnswerBecomeOneText() {
    SinkScript script =
        new SinkScript()
            .recipient(
                "no@example.net", "550-5.7.1 we do not\n550-5.7.1 take \u0001mail\n550 5.7.1 so");
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(send(sink, mail("no@example.net")))
          .containsExactly("no@example.net PERMANENT RECIPIENT 550 5.7.1 we do not take ?mail so");
    }
  }

  @Test
  void malformedAnswersAreTemporary() {
    for (String garbage : List.of("25", "999 x", "250-a\n550 b", "hello", "x".repeat(9000))) {
      try (SmtpSink sink = SmtpSink.start(new SinkScript().on("RCPT", garbage))) {
        assertThat(send(sink, mail("bob@example.net")).get(0))
            .as(garbage)
            .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 it sent ");
      }
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
      assertThat(send(sink, mail("bob@example.net")).get(0))
          .startsWith("bob@example.net PERMANENT MESSAGE 5.3.4 ");
      script.offer("PIPELINING");
      assertThat(
              send(sink, mail(EnvelopeOptions.NONE, "Subject: \u00fc\r\n\r\na\r\n", "b@c")).get(0))
          .startsWith("b@c PERMANENT MESSAGE 5.6.3 ");
      assertThat(send(sink, mail("b\u00fc@c.example", "b@c.example")))
          .satisfiesExactly(
              refused -> assertThat(refused).contains(" PERMANENT RECIPIENT 5.6.7 "),
              taken -> assertThat(taken).contains(" DELIVERED "));
      EnvelopeOptions utf8 =
          new EnvelopeOptions(
              true, true, false, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
      assertThat(send(sink, mail(utf8, "Subject: \u00fc\r\n\r\na\r\n", "b@c")).get(0))
          .startsWith("b@c PERMANENT MESSAGE 5.6.7 ");
      EnvelopeOptions secret =
          new EnvelopeOptions(
              false, false, true, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
      assertThat(send(sink, mail(secret, ClientFixture.TEXT, "b@c")).get(0))
          .startsWith("b@c PERMANENT MESSAGE 5.7.30 ");
      assertThat(sink.received()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8BITMIME", "8BITMIME PIPELINING CHUNKING"})
  void hearsWhatIsSaidBeforeTheMessageIsWhole(String extensions) {
    Map<String, String> told =
        Map.of(
            "552 5.3.4 too much" + SinkScript.CLOSE,
            "PERMANENT MESSAGE 552 5.3.4 too much",
            "452 4.3.1 disk full" + SinkScript.STALL,
            "TEMPORARY MESSAGE 452 4.3.1 disk full",
            "421 4.3.2 going down" + SinkScript.CLOSE,
            "TEMPORARY CONNECTION 421 4.3.2 going down",
            "250 so soon?" + SinkScript.STALL,
            "TEMPORARY CONNECTION 4.4.2 it answered 250 before it had the whole message");
    told.forEach(
        (answer, outcome) -> {
          SinkScript script = new SinkScript().offer(extensions.split(" ")).early(100_000, answer);
          try (SmtpSink sink = SmtpSink.start(script)) {
            MailTransport.Channel channel = await(CLIENT.transport().open(hop(sink.address())));
            assertThat(told(await(channel.send(large(20_000)))))
                .containsExactly("bob@example.net " + outcome);
            assertThat(channel.isUsable()).isFalse();
            assertThat(sink.received()).isEmpty();
          }
        });
  }

  private static OutgoingMail large(int pieces) {
    ByteString piece = ByteString.fromString("x".repeat(998) + "\r\n");
    ByteString header = ByteString.fromString("Subject: a\r\n\r\n");
    OutgoingMail small = mail("bob@example.net");
    return new OutgoingMail(
        small.reversePath(),
        small.recipients(),
        small.options(),
        header.size() + (long) pieces * piece.size(),
        small.summary(),
        Source.single(header).concat(Source.repeat(piece).take(pieces)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PIPELINING", "CHUNKING SIZE"})
  void encodesForAServerThatTakesSevenBitsOnly(String extensions) {
    SinkScript script = new SinkScript().offer(extensions.split(" "));
    try (SmtpSink sink = SmtpSink.start(script)) {
      String text =
          """
          MIME-Version: 1.0\r
          Content-Type: text/plain; charset=utf-8\r
          Content-Transfer-Encoding: 8bit\r
          \r
          .caf\u00c3\u00a9 and no more\r
          """;
      assertThat(send(sink, mail(EnvelopeOptions.NONE, text, "bob@example.net")))
          .containsExactly("bob@example.net DELIVERED MESSAGE 250 2.0.0 taken");
      assertThat(sink.received().get(0).bytes())
          .isEqualTo(
              """
              MIME-Version: 1.0\r
              Content-Type: text/plain; charset=utf-8\r
              Content-Transfer-Encoding: quoted-printable\r
              \r
              .caf=C3=A9 and no more\r
              """);
      String size = "SIZE=" + sink.received().get(0).bytes().length();
      assertThat(sink.received().get(0).from())
          .satisfies(
              from -> {
                if (extensions.contains("SIZE")) {
                  assertThat(from).contains(size);
                }
              });
    }
  }

  @Test
  void aLargeMessageFlowsInPieces() {
    ByteString piece = ByteString.fromString(".".repeat(998) + "\r\n");
    int pieces = 20_000;
    ByteString header = ByteString.fromString("Subject: a\r\n\r\n");
    OutgoingMail small = mail("bob@example.net");
    OutgoingMail large =
        new OutgoingMail(
            small.reversePath(),
            small.recipients(),
            small.options(),
            header.size() + (long) pieces * piece.size(),
            small.summary(),
            Source.single(header).concat(Source.repeat(piece).take(pieces)));
    for (String extension : List.of("PIPELINING", "CHUNKING")) {
      try (SmtpSink sink = SmtpSink.start(new SinkScript().offer(extension, "8BITMIME"))) {
        assertThat(send(sink, large)).allMatch(told -> told.contains("DELIVERED"));
        assertThat(sink.received().get(0).bytes().length()).isEqualTo((int) large.size());
      }
    }
  }

  @Test
  void aServerThatTakesNothingOfAMessageIsLeft() {
    ByteString piece = ByteString.fromString(".".repeat(998) + "\r\n");
    AtomicLong read = new AtomicLong();
    OutgoingMail small = mail("bob@example.net");
    OutgoingMail large =
        new OutgoingMail(
            small.reversePath(),
            small.recipients(),
            small.options(),
            1L << 40,
            small.summary(),
            Source.repeat(piece).map(bytes -> counted(bytes, read)));
    SinkScript script = new SinkScript().offer("8BITMIME").on("DATA", "354 go" + SinkScript.STALL);
    try (SmtpSink sink = SmtpSink.start(script)) {
      assertThat(send(sink, "data-block-timeout = 500ms", large).get(0))
          .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 ")
          .doesNotContain("unknown");
      assertThat(read.get()).as("octets read of a message that has no end").isLessThan(64 << 20);
    }
  }

  private static ByteString counted(ByteString bytes, AtomicLong count) {
    count.addAndGet(bytes.size());
    return bytes;
  }

  @Test
  void aMessageThatCannotBeReadIsNeverEnded() {
    OutgoingMail small = mail("bob@example.net");
    for (String extension : List.of("8BITMIME", "8BITMIME CHUNKING")) {
      try (SmtpSink sink = SmtpSink.start(new SinkScript().offer(extension.split(" ")))) {
        OutgoingMail broken =
            new OutgoingMail(
                small.reversePath(),
                small.recipients(),
                small.options(),
                small.size(),
                small.summary(),
                small
                    .bytes()
                    .take(1)
                    .map(bytes -> bytes.take(20))
                    .concat(Source.failed(new IllegalStateException("the disk is gone"))));
        assertThat(send(sink, broken).get(0))
            .startsWith("bob@example.net TEMPORARY MESSAGE 4.3.0 ")
            .contains("the disk is gone");
        assertThat(sink.received()).isEmpty();
      }
    }
  }

  @Test
  void aLoneCrOrLfIsSentAsALineEnd() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript())) {
      send(sink, mail(EnvelopeOptions.NONE, "A: b\r\n\r\na\n.\nb\r.\rc", "bob@example.net"));
      assertThat(sink.received().get(0).bytes()).isEqualTo("A: b\r\n\r\na\r\n.\r\nb\r\n.\r\nc\r\n");
      assertThat(sink.received()).hasSize(1);
    }
  }

  @Test
  void closingAMessageUnderWayTellsSo() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd(SinkScript.SILENCE))) {
      MailTransport.Channel channel = await(CLIENT.transport().open(hop(sink.address())));
      var outcomes = channel.send(mail("bob@example.net"));
      Awaitility.await().until(() -> !sink.received().isEmpty());
      channel.close();
      channel.close();
      assertThat(told(await(outcomes)).get(0)).contains("TEMPORARY CONNECTION");
      Awaitility.await().until(() -> sink.openConnections() == 0);
    }
  }

  @Test
  void anIdleConnectionThatIsClosedIsNotUsable() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript())) {
      MailTransport.Channel channel = await(CLIENT.transport().open(hop(sink.address())));
      assertThat(channel.isUsable()).isTrue();
      sink.dropConnections();
      Awaitility.await().until(() -> !channel.isUsable());
      MailTransport.Channel quiet =
          await(CLIENT.transport("idle-timeout = 200ms").open(hop(sink.address())));
      Awaitility.await().until(() -> !quiet.isUsable() && sink.commands().contains("QUIT"));
      assertThat(told(await(quiet.send(mail("bob@example.net")))).get(0))
          .contains("TEMPORARY CONNECTION");
    }
  }

  @Test
  void octetsArriveAsTheyAreWithEightBits() {
    StringBuilder text = new StringBuilder("Subject: a\r\n\r\n");
    for (int i = 32; i < 256; i++) {
      text.append((char) i);
    }
    text.append("\r\n");
    try (SmtpSink sink = SmtpSink.start(new SinkScript())) {
      send(sink, mail(EnvelopeOptions.NONE, text.toString(), "bob@example.net"));
      assertThat(sink.received().get(0).bytes().getBytes(StandardCharsets.ISO_8859_1))
          .isEqualTo(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
