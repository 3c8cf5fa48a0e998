package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.hop;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The octets of a message on their way: kept, encoded, in pieces, broken off. */
class SmtpTransportBytesTest {
  private static final ClientFixture CLIENT = new ClientFixture();

  @AfterAll
  static void stop() {
    CLIENT.close();
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
            assertThat(told(await(channel.send(large('x', 20_000)))))
                .containsExactly("bob@example.net " + outcome);
            assertThat(channel.isUsable()).isFalse();
            assertThat(sink.received()).isEmpty();
          }
        });
  }

  /** A line of this character over and over. */
  private static OutgoingMail large(char character, int lines) {
    ByteString line = ByteString.fromString(String.valueOf(character).repeat(998) + "\r\n");
    ByteString header = ByteString.fromString("Subject: a\r\n\r\n");
    OutgoingMail small = mail("bob@example.net");
    return new OutgoingMail(
        small.reversePath(),
        small.recipients(),
        small.options(),
        header.size() + (long) lines * line.size(),
        small.summary(),
        Source.single(header).concat(Source.repeat(line).take(lines)));
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
      assertThat(CLIENT.send(sink, mail(EnvelopeOptions.NONE, text, "bob@example.net")))
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
    OutgoingMail large = large('.', 20_000);
    for (String extension : List.of("PIPELINING", "CHUNKING")) {
      try (SmtpSink sink = SmtpSink.start(new SinkScript().offer(extension, "8BITMIME"))) {
        assertThat(CLIENT.send(sink, large)).allMatch(told -> told.contains("DELIVERED"));
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
      assertThat(CLIENT.send(sink, "data-block-timeout = 500ms", large).get(0))
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
        assertThat(CLIENT.send(sink, broken).get(0))
            .startsWith("bob@example.net TEMPORARY MESSAGE 4.3.0 ")
            .contains("the disk is gone");
        assertThat(sink.received()).isEmpty();
      }
    }
  }

  @Test
  void aLoneCrOrLfIsSentAsALineEnd() {
    try (SmtpSink sink = SmtpSink.start(new SinkScript())) {
      CLIENT.send(sink, mail(EnvelopeOptions.NONE, "A: b\r\n\r\na\n.\nb\r.\rc", "bob@example.net"));
      assertThat(sink.received().get(0).bytes()).isEqualTo("A: b\r\n\r\na\r\n.\r\nb\r\n.\r\nc\r\n");
      assertThat(sink.received()).hasSize(1);
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
      CLIENT.send(sink, mail(EnvelopeOptions.NONE, text.toString(), "bob@example.net"));
      assertThat(sink.received().get(0).bytes().getBytes(StandardCharsets.ISO_8859_1))
          .isEqualTo(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
