package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.failure;
import static dev.staffetta.smtp.client.ClientFixture.hop;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.client.HopFailedException.Stage;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that break off, refuse, fall silent or talk nonsense, and connections that end. */
class SmtpTransportFaultsTest {
  private static final ClientFixture CLIENT = new ClientFixture();

  @AfterAll
  static void stop() {
    CLIENT.close();
  }

  @Test
  void saysThatTheOutcomeIsUnknownWhenTheAnswerToTheMessageIsLost() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd(SinkScript.DROP))) {
      assertThat(CLIENT.send(sink, mail("bob@example.net")).get(0))
          .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 the outcome is unknown");
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
      assertThat(CLIENT.send(sink, mail("bob@example.net")).get(0))
          .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 ")
          .doesNotContain("unknown");
    }
  }

  @Test
  void waitsForAnAnswerNoLongerThanItMay() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript().on("RCPT", SinkScript.SWALLOW))) {
      assertThat(
              CLIENT.send(
                  sink, "recipient-timeout = 300ms", mail("bob@example.net", "c@example.net")))
          .hasSize(2)
          .allMatch(told -> told.contains(" TEMPORARY CONNECTION "));
    }
    try (SmtpSink sink = SmtpSink.start(new SinkScript().onEnd(SinkScript.SILENCE))) {
      assertThat(
              CLIENT.send(sink, "data-termination-timeout = 300ms", mail("bob@example.net")).get(0))
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
      assertThat(CLIENT.send(sink, mail("bob@example.net")))
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
  void malformedAnswersAreTemporary() {
    for (String garbage : List.of("25", "999 x", "250-a\n550 b", "hello", "x".repeat(9000))) {
      try (SmtpSink sink = SmtpSink.start(new SinkScript().on("RCPT", garbage))) {
        assertThat(CLIENT.send(sink, mail("bob@example.net")).get(0))
            .as(garbage)
            .startsWith("bob@example.net TEMPORARY CONNECTION 4.4.2 it sent ");
      }
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
}
