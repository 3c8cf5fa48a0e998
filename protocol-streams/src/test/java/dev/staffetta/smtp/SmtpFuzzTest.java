package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Refusal;
import dev.staffetta.smtp.SmtpFixture.Client;
import dev.staffetta.wire.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.pekko.util.ByteString;

/** Whatever a client sends, in whatever segments. */
class SmtpFuzzTest {
  private static final String PASSWORD = "AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==";

  private static final List<String> LINES =
      List.of(
          "EHLO a",
          "HELO a",
          "MAIL FROM:<alice@example.com>",
          "MAIL FROM:<> SIZE=9 BODY=8BITMIME SMTPUTF8",
          "RCPT TO:<alice@example.com>",
          "RCPT TO:<bob@example.com>",
          "RCPT TO:<postmaster>",
          "RCPT TO:<x@example.com>",
          "RCPT TO:<x@example.net>",
          "DATA",
          "BDAT 6\r\nA: b\r\n",
          "BDAT 6 LAST\r\nNOOP\r\n",
          "BDAT 3\r\na\r\n",
          "BDAT 1\r\n\r",
          "BDAT 2 LAST\r\n\na",
          "BDAT 0 LAST",
          "RSET",
          "NOOP",
          "VRFY x",
          "HELP",
          "AUTH PLAIN " + PASSWORD,
          "AUTH PLAIN",
          "AUTH LOGIN",
          PASSWORD,
          "*",
          "Subject: a",
          "",
          "..",
          ".",
          "\n.",
          "x\ry",
          "text",
          "\u00ff\u00fe");

  @Provide
  Arbitrary<List<String>> sessions() {
    // An order that gets somewhere, disturbed at random.
    Arbitrary<List<String>> sensible =
        Arbitraries.of(
            List.of("EHLO a", "AUTH PLAIN " + PASSWORD, "MAIL FROM:<alice@example.com>"),
            List.of("RCPT TO:<bob@example.com>", "RCPT TO:<alice@example.com>"),
            List.of("DATA", "Subject: a", "", "..dot", "text", "."),
            List.of("BDAT 6\r\nA: b\r\n", "BDAT 3 LAST\r\na\r\n"));
    Arbitrary<List<String>> any = Arbitraries.of(LINES).list().ofMaxSize(2);
    return Arbitraries.frequencyOf(Tuple.of(3, sensible), Tuple.of(1, any))
        .list()
        .ofMaxSize(16)
        .map(parts -> parts.stream().flatMap(List::stream).toList());
  }

  /** Issue 3, proof 5: any split of the stream into segments gives the same replies and mail. */
  @Property(tries = 3000)
  void segmentsDoNotMatter(
      @ForAll SmtpRole role, @ForAll("sessions") List<String> session, @ForAll List<Integer> cuts) {
    String sent = String.join("\r\n", session) + "\r\n.\r\nQUIT\r\n";
    SmtpFixture whole = new SmtpFixture();
    List<String> expected = anonymous(whole.connect(role).send(sent));
    SmtpFixture cut = new SmtpFixture();
    Client client = cut.connect(role);
    int[] at = cuts.stream().mapToInt(c -> Math.floorMod(c, sent.length() + 1)).sorted().toArray();
    int from = 0;
    for (int i = 0; i <= at.length; i++) {
      int to = i < at.length ? at[i] : sent.length();
      client.connection.send(
          ByteString.fromString(sent.substring(from, to), StandardCharsets.ISO_8859_1));
      from = to;
    }
    assertThat(anonymous(client.replies())).isEqualTo(expected);
    assertThat(cut.inbox(cut.alice)).isEqualTo(whole.inbox(whole.alice));
    assertThat(cut.inbox(cut.bob)).isEqualTo(whole.inbox(whole.bob));
    client.connection.close();
    assertThat(cut.mail.spooled()).isZero();
  }

  private static List<String> anonymous(List<String> replies) {
    return replies.stream().map(line -> line.replaceAll("[0-9a-f]{32}", "ID")).toList();
  }

  /** RFC 5321 4.2: one reply for each command, and one more for each message. */
  @Property(tries = 3000)
  void everyCommandHasOneReply(@ForAll SmtpRole role, @ForAll("sessions") List<String> session) {
    SmtpFixture fixture = new SmtpFixture("max-faults = 1000, max-failed-authentications = 1000");
    Client client = fixture.connect(role);
    boolean inData = false;
    boolean inExchange = false;
    for (String line : session) {
      boolean isChunk = !inData && line.startsWith("BDAT ") && line.contains("\r\n");
      if ((isChunk && inExchange) || (line.isEmpty() && !inData)) {
        // Would be two lines, or none that needs a reply.
        continue;
      }
      List<String> replies = client.send(isChunk ? line : line + "\r\n");
      long finals = replies.stream().filter(reply -> reply.charAt(3) == ' ').count();
      boolean ends = inData && line.equals(".");
      assertThat(finals)
          .as("%s in %s -> %s", line, session, replies)
          .isEqualTo(!inData || ends ? 1 : 0);
      String last = replies.isEmpty() ? "" : replies.get(replies.size() - 1);
      inData = inData ? !ends : last.startsWith("354");
      inExchange = last.startsWith("334");
    }
    client.connection.close();
    assertThat(fixture.mail.spooled()).isZero();
  }

  /** What only the order of the stages rules out must not break the machine either. */
  @Property(tries = 2000)
  void theMachineTakesAnyInputInAnyState(
      @ForAll SmtpRole role, @ForAll("inputs") List<SmtpInput> inputs) {
    SmtpFixture fixture = new SmtpFixture();
    SmtpSession session =
        new SmtpSession(new SmtpRules(role, SmtpFixture.HOST, fixture.settings, true));
    Instant now = Instant.EPOCH;
    SmtpState state = session.start(PureConnection.fromLoopback(), now).state();
    boolean closed = false;
    for (SmtpInput input : inputs) {
      Step<SmtpState, SmtpOutput, SmtpEffect> step = session.on(state, input, now);
      assertThat(closed && !step.replies().isEmpty()).isFalse();
      closed |= step.replies().contains(new SmtpOutput.Close());
      state = step.state();
    }
  }

  @Provide
  Arbitrary<List<SmtpInput>> inputs() {
    Arbitrary<SmtpInput> lines =
        Arbitraries.of(LINES)
            .map(line -> new SmtpFrame.Line(ByteString.fromString(line.replaceAll("\r.*", ""))));
    Arbitrary<SmtpInput> others =
        Arbitraries.of(
            new SmtpFrame.BadLine(SmtpFrame.BadLine.Fault.TOO_LONG),
            new SmtpFrame.BadLine(SmtpFrame.BadLine.Fault.BARE_CR_OR_LF),
            new SmtpFrame.Chunk(ByteString.fromString("A: b\r\n\r\n")),
            new SmtpFrame.Dropped(),
            new SmtpFrame.End(true),
            new SmtpFrame.End(false),
            new SmtpInput.SenderChecked(true),
            new SmtpInput.SenderChecked(false),
            new SmtpInput.RecipientFound(
                SmtpFixture.address("bob@example.com"), Deliveries.Recipient.LOCAL),
            new SmtpInput.Authenticated(new SmtpFixture().alice),
            new SmtpInput.Spooled(),
            new SmtpInput.Spooled(),
            new SmtpInput.Abandoned(),
            new SmtpInput.Delivered(new ContentId(1, 2)),
            new SmtpInput.Failed(new Refusal(Refusal.Code.UNAVAILABLE, "no")),
            new SmtpInput.TimedOut(),
            new SmtpInput.Stopping());
    Arbitrary<List<SmtpInput>> start =
        Arbitraries.of(
            List.of(),
            line("EHLO a"),
            line("EHLO a", "MAIL FROM:<>"),
            line("EHLO a", "MAIL FROM:<>", "RCPT TO:<bob@example.com>"));
    Arbitrary<SmtpInput> any = Arbitraries.frequencyOf(Tuple.of(2, lines), Tuple.of(1, others));
    return start.flatMap(
        first ->
            any.list()
                .ofMaxSize(12)
                .map(then -> Stream.concat(first.stream(), then.stream()).toList()));
  }

  private static List<SmtpInput> line(String... lines) {
    return Stream.of(lines)
        .<SmtpInput>map(line -> new SmtpFrame.Line(ByteString.fromString(line)))
        .toList();
  }
}
