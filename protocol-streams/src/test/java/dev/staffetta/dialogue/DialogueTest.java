package dev.staffetta.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.wire.Connection;
import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import dev.staffetta.wire.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class DialogueTest {
  private final Echo echo = new Echo();

  @Test
  void theDialogueIsReadAsWritten() {
    String said =
        run(
            """
            # greeting
            S: hello…

            C: one
            S: echo one
            C+: tw
            C+: o\\x21\\r\\n
            S: ec…!
            """);
    assertThat(said)
        .isEqualTo("S: hello 127.0.0.1\nC: one\nS: echo one\nC+: tw\nC: o!\nS: echo two!\n");
  }

  @Test
  void aLineThatDoesNotMatchFailsWithTheDialogueSoFar() {
    assertThatThrownBy(() -> run("S: hello…\nC: one\nS: echo two\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("script:3")
        .hasMessageContaining("S: hello 127.0.0.1\nC: one\n")
        .hasMessageContaining("expected: echo two")
        .hasMessageContaining("but was: echo one");
  }

  @Test
  void whatTheServerSaysBesidesFails() {
    assertThatThrownBy(() -> run("S: hello…\nC: one\n"))
        .hasMessageContaining("also sent\necho one");
    assertThatThrownBy(() -> run("S: hello…\nS: more\n")).hasMessageContaining("nothing more came");
  }

  @Test
  void linesOfABlockComeInAnyOrder() {
    run("S: hello…\nC: one\nC: two\nS{\nS: echo two\nS: echo o…\nS}\n");
    assertThatThrownBy(() -> run("S: hello…\nC: one\nC: two\nS{\nS: echo two\nS: echo two\nS}\n"))
        .hasMessageContaining("expected one of: [echo two, echo two]");
  }

  @Test
  void someLinesMayComeBeforeTheNext() {
    run("S: hello…\nC: one\nC: two\nC: end\nS*: echo …\nS: echo end\n");
    run("S: hello…\nC: end\nS*: never\nS: echo end\n");
    assertThatThrownBy(() -> run("S: hello…\nC: one\nC: end\nS*: never\nS: echo end\n"))
        .hasMessageContaining("expected any: never");
  }

  @Test
  void streamedRepliesAndTheEndAreSeen() {
    run("S: hello…\nC: STREAM\nS: echo a\nS: echo b\nC: QUIT\nS: bye\nS-EOF:\n");
    assertThat(echo.closed).isEqualTo(1);
    assertThatThrownBy(() -> run("S: hello…\nS-EOF:\n")).hasMessageContaining("stays open");
  }

  @Test
  void plainTextBeforeTlsIsDropped() {
    run("S: hello…\nC+: TLS\\r\\nsneaked\\r\\n\nS: go\nTLS:\nC: one\nS: echo one\n");
  }

  @Test
  void connectionsAreOpenedAsTheyAreNamed() {
    Dialogue.run(
        DialogueScript.of(
            "S: hello…\nS2: hello…\nC2: two\nC: one\nS: echo one\nS2: echo two\nC2-EOF:\n"),
        number -> open());
    assertThat(echo.closed).isEqualTo(2);
  }

  @Test
  void valuesAreFilledIn() {
    Dialogue.run(
        DialogueScript.of("S: hello…\nC: ${x}\nS: echo 1\n").with("x", "1"), number -> open());
    assertThatThrownBy(() -> run("C: ${y}\n")).hasMessageContaining("no value");
  }

  @Test
  void anEffectThatIsUnderWayHoldsTheNextFrame() {
    PureConnection<Integer, String, String, String, String> connection = open();
    connection.send(ByteString.fromString("WAIT\r\none\r\n"));
    assertThat(connection.unread().utf8String()).doesNotContain("echo");
    echo.answer.complete("answer");
    assertThat(connection.unread().utf8String()).contains("echo answer\r\necho one\r\n");
  }

  @Test
  void aWrongLineOfAScriptIsAnError() {
    assertThatThrownBy(() -> run("X: what\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("script:1");
    assertThatThrownBy(() -> run("S{\n")).isInstanceOf(IllegalArgumentException.class);
  }

  private String run(String script) {
    return Dialogue.run(DialogueScript.of(script), number -> open());
  }

  private PureConnection<Integer, String, String, String, String> open() {
    return PureConnection.open(echo, PureConnection.fromLoopback());
  }

  /** Says every line again. */
  private static final class Echo
      implements Protocol<Integer, String, String, String, String>,
          SessionMachine<Integer, String, String, String> {
    final CompletableFuture<String> answer = new CompletableFuture<>();
    int closed;

    @Override
    public Step<Integer, String, String> start(Connection connection, Instant now) {
      return Step.reply(0, "hello " + connection.remote().getAddress().getHostAddress());
    }

    @Override
    public Step<Integer, String, String> on(Integer state, String input, Instant now) {
      return switch (input) {
        case "QUIT" -> Step.reply(state, "bye", "CLOSE");
        case "TLS" -> Step.reply(state, "go", "START-TLS");
        case "WAIT" -> Step.run(state, "wait");
        default -> Step.reply(state, input.equals("STREAM") ? input : "echo " + input);
      };
    }

    @Override
    public Outgoing render(String reply) {
      return switch (reply) {
        case "CLOSE" -> new Outgoing.Close();
        case "START-TLS" -> new Outgoing.StartTls();
        case "STREAM" ->
            new Outgoing.Streamed(
                Source.from(List.of("echo a\r", "\necho b\r\n")).map(ByteString::fromString));
        default -> new Outgoing.Bytes(ByteString.fromString(reply + "\r\n"));
      };
    }

    @Override
    public SessionMachine<Integer, String, String, String> machine() {
      return this;
    }

    @Override
    public Framer<String> framer() {
      return new Lines();
    }

    @Override
    public String frame(String frame) {
      return frame;
    }

    @Override
    public Optional<String> endOfInput() {
      return Optional.empty();
    }

    @Override
    public String timedOut() {
      return "QUIT";
    }

    @Override
    public String shutdown() {
      return "QUIT";
    }

    @Override
    public Duration timeout(Integer state) {
      return Duration.ofMinutes(1);
    }

    @Override
    public boolean readsDuringEffects(Integer state) {
      return false;
    }

    @Override
    public CompletionStage<String> run(String effect, Consumer<String> events) {
      return answer;
    }

    @Override
    public void closed(Integer state) {
      closed++;
    }
  }

  private static final class Lines implements Framer<String> {
    private final List<String> lines = new ArrayList<>();
    private String rest = "";

    @Override
    public void offer(ByteString bytes) {
      rest += bytes.utf8String();
      for (int end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        lines.add(rest.substring(0, end));
        rest = rest.substring(end + 2);
      }
    }

    @Override
    public Optional<String> poll() {
      return lines.isEmpty() ? Optional.empty() : Optional.of(lines.remove(0));
    }

    @Override
    public void mode(Mode mode) {}

    @Override
    public void reset() {
      lines.clear();
      rest = "";
    }
  }
}
