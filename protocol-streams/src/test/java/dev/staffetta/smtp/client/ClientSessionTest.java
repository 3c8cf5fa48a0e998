package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.EnvelopeOptions.Returned;
import dev.staffetta.wire.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Dialogues over the session alone. */
class ClientSessionTest {
  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 25);

  /** A session and what it said and did last. */
  private static final class Talk {
    final ClientSession session;
    ClientState state;
    String said = "";
    List<ClientEffect> effects = List.of();

    Talk(Hop hop) {
      session =
          new ClientSession(new ClientRules("client.example.org", hop, ClientFixture.settings("")));
      state = ClientState.opening(false);
    }

    /** A server that has been greeted. */
    static Talk opened(String... extensions) {
      Talk talk = new Talk(ClientFixture.hop(NOWHERE));
      talk.hear("220 hi");
      StringBuilder hello = new StringBuilder("250-sink\n");
      for (String extension : extensions) {
        hello.append("250-").append(extension).append('\n');
      }
      talk.hear(hello + "250 HELP");
      assertThat(talk.effects).containsExactly(new ClientEffect.Opened());
      return talk;
    }

    Talk hear(String answer) {
      List<String> lines = List.of(answer.split("\n"));
      int code = Integer.parseInt(answer.substring(0, 3));
      return give(new ServerReply(code, lines.stream().map(line -> line.substring(4)).toList()));
    }

    Talk give(ClientInput input) {
      Step<ClientState, ClientOutput, ClientEffect> step = session.on(state, input, Instant.EPOCH);
      state = step.state();
      effects = step.effects();
      said =
          step.replies().stream()
              .map(
                  output ->
                      output instanceof ClientOutput.Say say
                          ? say.text()
                          : "<" + output.getClass().getSimpleName() + ">")
              .collect(Collectors.joining());
      return this;
    }

    List<String> outcomes() {
      return effects.stream()
          .filter(ClientEffect.Finished.class::isInstance)
          .map(ClientEffect.Finished.class::cast)
          .flatMap(finished -> told(finished.outcomes()).stream())
          .toList();
    }
  }

  @Test
  void saysAllInOneFlightWithPipelining() {
    Talk talk = Talk.opened("PIPELINING", "8BITMIME", "SIZE 1000");
    talk.give(new ClientInput.Send(mail("b@example.net", "c@example.net")));
    assertThat(talk.said)
        .isEqualTo(
            """
            MAIL FROM:<alice@example.com> SIZE=32\r
            RCPT TO:<b@example.net>\r
            RCPT TO:<c@example.net>\r
            DATA\r
            """);
    assertThat(talk.hear("250 ok").hear("250 ok").hear("550 5.1.1 no").said).isEmpty();
    assertThat(talk.hear("354 go").said).isEqualTo("<Dotted>");
    assertThat(talk.hear("250 2.0.0 taken").outcomes())
        .containsExactly(
            "b@example.net DELIVERED MESSAGE 250 2.0.0 taken",
            "c@example.net PERMANENT RECIPIENT 550 5.1.1 no");
  }

  @Test
  void sendsALoneDotWhereNobodyIsLeft() {
    Talk talk = Talk.opened("PIPELINING", "8BITMIME");
    talk.give(new ClientInput.Send(mail("b@example.net")));
    assertThat(talk.hear("250 ok").hear("550 no").hear("354 go").said).isEqualTo(".\r\n");
    assertThat(talk.hear("250 ok").outcomes())
        .containsExactly("b@example.net PERMANENT RECIPIENT 550 5.0.0 no");
    talk.give(new ClientInput.Send(mail("b@example.net")));
    assertThat(talk.said).startsWith("RSET\r\nMAIL FROM:");
  }

  @Test
  void aRefusedSenderIsTheMessagesFault() {
    Talk talk = Talk.opened("PIPELINING", "8BITMIME");
    talk.give(new ClientInput.Send(mail("b@example.net")));
    assertThat(talk.hear("451 4.7.1 wait").outcomes()).isEmpty();
    assertThat(talk.hear("503 no").hear("503 no").outcomes())
        .containsExactly("b@example.net TEMPORARY MESSAGE 451 4.7.1 wait");
  }

  @Test
  void askedForReportsAreAskedFor() {
    EnvelopeOptions options =
        new EnvelopeOptions(
            true,
            false,
            false,
            Optional.of(Returned.HDRS),
            Optional.of("a+b=c d"),
            Optional.<AccountId>empty(),
            Map.of(
                ClientFixture.address("b@example.net"),
                new ForRecipient(
                    Optional.of(Set.of(Notify.SUCCESS, Notify.DELAY)),
                    Optional.of("rfc822;Bob+x@example.com")),
                ClientFixture.address("c@example.net"),
                new ForRecipient(Optional.of(Set.of()), Optional.empty())));
    OutgoingMail mail = mail(options, ClientFixture.TEXT, "b@example.net", "c@example.net");
    Talk talk = Talk.opened("PIPELINING", "8BITMIME", "DSN");
    talk.give(new ClientInput.Send(mail));
    assertThat(talk.said)
        .isEqualTo(
            """
            MAIL FROM:<alice@example.com> BODY=8BITMIME RET=HDRS ENVID=a+2Bb+3Dc+20d\r
            RCPT TO:<b@example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+2Bx@example.com\r
            RCPT TO:<c@example.net> NOTIFY=NEVER\r
            DATA\r
            """);
    talk.hear("250 ok").hear("250 ok").hear("250 ok").hear("354 go").hear("250 ok");
    ClientEffect.Finished finished = (ClientEffect.Finished) talk.effects.get(0);
    assertThat(finished.outcomes()).allMatch(RecipientOutcome::isReportedOn);
    talk = Talk.opened("PIPELINING", "8BITMIME");
    talk.give(new ClientInput.Send(mail));
    assertThat(talk.said).doesNotContain("NOTIFY").doesNotContain("RET=");
    talk.hear("250 ok").hear("250 ok").hear("250 ok").hear("354 go").hear("250 ok");
    finished = (ClientEffect.Finished) talk.effects.get(0);
    assertThat(finished.outcomes()).noneMatch(RecipientOutcome::isReportedOn);
  }

  @Test
  void addressesAreQuotedWhereTheyMustBe() {
    Talk talk = Talk.opened("PIPELINING", "8BITMIME", "SMTPUTF8");
    OutgoingMail mail =
        mail("a b@example.net", "x\"y@example.net", ".a@example.net", "\u00fc@b\u00fccher.example");
    talk.give(new ClientInput.Send(mail));
    assertThat(talk.said)
        .contains("MAIL FROM:<alice@example.com> SMTPUTF8\r\n")
        .contains("RCPT TO:<\"a b\"@example.net>\r\n")
        .contains("RCPT TO:<\"x\\\"y\"@example.net>\r\n")
        .contains("RCPT TO:<\".a\"@example.net>\r\n")
        .contains("RCPT TO:<\u00fc@xn--bcher-kva.example>\r\n");
    talk = Talk.opened("PIPELINING", "8BITMIME");
    talk.give(new ClientInput.Send(mail("a\r\nRCPT TO:<evil@example.net")));
    assertThat(talk.said).isEmpty();
    assertThat(talk.outcomes().get(0)).contains("PERMANENT RECIPIENT 5.1.3");
  }

  @Test
  void recipientsThatCannotBeServedDoNotHoldUpTheOthers() {
    for (String extension : List.of("PIPELINING", "CHUNKING", "HELP")) {
      Talk talk = Talk.opened(extension, "8BITMIME");
      talk.give(new ClientInput.Send(mail("b@example.net", "\u00fc@example.net")));
      talk.hear("250 ok");
      if (!extension.equals("PIPELINING")) {
        assertThat(talk.said).isEqualTo("RCPT TO:<b@example.net>\r\n");
      }
      talk.hear("250 ok");
      if (!extension.equals("CHUNKING")) {
        assertThat(talk.hear("354 go").said).isEqualTo("<Dotted>");
      } else {
        assertThat(talk.said).isEqualTo("BDAT 32 LAST\r\n<Counted>");
      }
      assertThat(talk.hear("250 ok").outcomes()).hasSize(2);
    }
  }

  @Test
  void anAnswerOutOfStepIsNoRefusal() {
    Talk talk = Talk.opened("PIPELINING", "8BITMIME");
    talk.give(new ClientInput.Send(mail("b@example.net", "c@example.net")));
    talk.hear("250 ok").hear("550 5.1.1 no");
    assertThat(talk.hear("354 go").outcomes())
        .hasSize(2)
        .allMatch(told -> told.contains("TEMPORARY CONNECTION 4.4.2 it answered 354 to RCPT"));
    assertThat(talk.said).isEqualTo("<Close>");
  }

  @Test
  void anAnswerThatNobodyAskedForEndsTheConnection() {
    Talk talk = Talk.opened("PIPELINING");
    assertThat(talk.hear("250 hello again").said).isEqualTo("<Close>");
    assertThat(talk.effects).containsExactly(new ClientEffect.Unusable());
  }

  @Test
  void nothingThatWasSaidBeforeTlsCounts() {
    Talk talk = new Talk(ClientFixture.hop(NOWHERE, HopSecurity.OPPORTUNISTIC));
    talk.hear("220 hi").hear("250-a\n250-SIZE 1\n250 STARTTLS");
    assertThat(talk.said).isEqualTo("STARTTLS\r\n");
    assertThat(talk.hear("220 go").said).isEqualTo("<StartTls>EHLO client.example.org\r\n");
    talk.hear("250 a");
    assertThat(talk.state.offered().maxSize()).isEmpty();
    assertThat(talk.state.isTls()).isTrue();
  }
}
