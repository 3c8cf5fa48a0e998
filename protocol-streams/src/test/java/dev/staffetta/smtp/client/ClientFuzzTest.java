package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.client.ClientInput.Heard;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import dev.staffetta.wire.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.pekko.util.ByteString;

/** Whatever a server sends, in whatever segments. */
class ClientFuzzTest {
  private static final List<String> ANSWERS =
      List.of(
          "220 hi",
          "250 ok",
          "250-a\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 DSN",
          "250-a\r\n250-PIPELINING\r\n250 CHUNKING",
          "250-a\r\n250-STARTTLS\r\n250 SIZE 5",
          "354 go",
          "334 abc",
          "235 ok",
          "421 4.3.2 bye",
          "450 4.2.0 later",
          "550 5.1.1 no",
          "552 full",
          "250-a",
          "150 what",
          "25",
          "",
          "garbage",
          "250 \u0000\u0001\u00ff",
          "250 " + "x".repeat(5000));

  @Provide
  Arbitrary<List<String>> servers() {
    Arbitrary<List<String>> sensible =
        Arbitraries.of(
            List.of("220 hi", ANSWERS.get(2)),
            List.of("220 hi", ANSWERS.get(3)),
            List.of("220 hi", "250 ok"));
    Arbitrary<List<String>> any =
        Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of("250 ok", "550 5.1.1 no", "354 go")),
                Tuple.of(1, Arbitraries.of(ANSWERS)))
            .list()
            .ofMaxSize(14);
    return sensible.flatMap(
        first -> any.map(then -> Stream.of(first, then).flatMap(List::stream).toList()));
  }

  @Property(tries = 3000)
  void everyRecipientHasOneOutcome(
      @ForAll("servers") List<String> answers, @ForAll boolean isLmtp, @ForAll List<Integer> cuts) {
    Hop hop = ClientFixture.lmtp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 25));
    if (!isLmtp) {
      hop = ClientFixture.hop(hop.address(), HopSecurity.OPPORTUNISTIC);
    }
    ClientSession session =
        new ClientSession(new ClientRules("client.example.org", hop, ClientFixture.settings("")));
    ReplyFramer framer = new ReplyFramer(4096, 200);
    Deque<ClientInput> inputs = new ArrayDeque<>();
    ClientState state = ClientState.opening(false);
    String sent = String.join("\r\n", answers) + "\r\n";
    int[] at = cuts.stream().mapToInt(c -> Math.floorMod(c, sent.length() + 1)).sorted().toArray();
    int from = 0;
    int opened = 0;
    int failed = 0;
    int begun = 0;
    int finished = 0;
    boolean isClosed = false;
    for (int i = 0; i <= at.length + 1; i++) {
      if (i <= at.length) {
        int to = i < at.length ? at[i] : sent.length();
        framer.offer(ByteString.fromString(sent.substring(from, to)));
        from = to;
      } else {
        inputs.add(new ClientInput.Lost("gone", false));
      }
      while (true) {
        if (inputs.isEmpty() && !isClosed) {
          Optional<Heard> heard = framer.poll();
          heard.ifPresent(inputs::add);
        }
        if (inputs.isEmpty()) {
          break;
        }
        Step<ClientState, ClientOutput, ClientEffect> step =
            session.on(state, inputs.poll(), Instant.EPOCH);
        state = step.state();
        assertThat(isClosed && !step.replies().isEmpty()).isFalse();
        isClosed |= step.replies().contains(new ClientOutput.Close());
        if (step.replies().contains(new ClientOutput.StartTls())) {
          framer.reset();
        }
        for (ClientEffect effect : step.effects()) {
          if (effect instanceof ClientEffect.Opened) {
            opened++;
          } else if (effect instanceof ClientEffect.OpenFailed) {
            failed++;
          } else if (effect instanceof ClientEffect.Scan scan) {
            inputs.add(new ClientInput.Scanned(scan.mail(), ContentScan.ASCII));
          } else if (effect instanceof ClientEffect.Finished done) {
            finished++;
            assertThat(done.outcomes())
                .extracting(o -> o.recipient().localPart())
                .containsExactly("b", "c", "d");
          }
        }
        if (opened == 1 && begun == finished && begun < 2) {
          begun++;
          inputs.add(new ClientInput.Send(mail("b@x.example", "c@x.example", "d@x.example")));
        }
      }
    }
    assertThat(opened + failed).as("opened or failed").isOne();
    assertThat(finished).as("messages finished").isEqualTo(begun);
  }

  @Property(tries = 60)
  void noServerHangsTheClient(@ForAll("servers") List<String> answers) {
    AtomicInteger next = new AtomicInteger(2);
    SinkScript script =
        new SinkScript()
            .offer("PIPELINING", "8BITMIME")
            .when(
                (connection, command) ->
                    command.equals("greeting") || command.startsWith("EHLO")
                        ? Optional.empty()
                        : Optional.of(
                            next.get() < answers.size()
                                ? answers.get(next.getAndIncrement()).replace("\r\n", "\n")
                                : SinkScript.SWALLOW));
    try (ClientFixture client = new ClientFixture();
        SmtpSink sink = SmtpSink.start(script)) {
      MailTransport transport =
          client.transport(
              "mail-timeout = 100ms, recipient-timeout = 100ms, hello-timeout = 2s,"
                  + " data-initiation-timeout = 100ms, data-termination-timeout = 100ms");
      MailTransport.Channel channel = await(transport.open(ClientFixture.hop(sink.address())));
      assertThat(await(channel.send(mail("b@x.example", "c@x.example")))).hasSize(2);
      assertThat(await(channel.send(mail("b@x.example", "c@x.example")))).hasSize(2);
      channel.close();
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(HopFailedException.class);
    }
  }
}
