package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.ImapFixture.Client;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.Faults;
import dev.staffetta.ports.memory.PortCall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A port that fails costs one command, never the session. */
class ImapFailuresTest {
  private record Case(PortCall call, String command) {}

  private final ImapFixture fixture = new ImapFixture();
  private Client client;

  static List<Case> cases() {
    return List.of(
        new Case(PortCall.TREE, "SELECT INBOX"),
        new Case(PortCall.OPEN, "SELECT INBOX"),
        new Case(PortCall.TREE, "LIST \"\" *"),
        new Case(PortCall.TREE, "LSUB \"\" *"),
        new Case(PortCall.TREE, "STATUS INBOX (MESSAGES)"),
        new Case(PortCall.VIEW, "STATUS INBOX (MESSAGES)"),
        new Case(PortCall.VIEW, "STATUS INBOX (RECENT)"),
        new Case(PortCall.VIEW, "FETCH 1 FLAGS"),
        new Case(PortCall.VIEW, "UID FETCH 1:* UID"),
        new Case(PortCall.VIEW, "SEARCH ALL"),
        new Case(PortCall.VIEW, "UID STORE 7 FLAGS (\\Seen)"),
        new Case(PortCall.CREATE, "CREATE new"),
        new Case(PortCall.TREE, "DELETE Trash"),
        new Case(PortCall.DELETE, "DELETE Trash"),
        new Case(PortCall.RENAME, "RENAME Trash Bin"),
        new Case(PortCall.SUBSCRIBE, "SUBSCRIBE new"),
        new Case(PortCall.UNSUBSCRIBE, "UNSUBSCRIBE Trash"),
        new Case(PortCall.TREE, "APPEND INBOX {5+}\r\nhello"),
        new Case(PortCall.SPOOL_APPEND, "APPEND INBOX {5+}\r\nhello"),
        new Case(PortCall.SPOOL_FINISH, "APPEND INBOX {5+}\r\nhello"),
        new Case(PortCall.APPEND, "APPEND INBOX {5+}\r\nhello"),
        new Case(PortCall.STORE, "FETCH 1 BODY[]"),
        new Case(PortCall.SUMMARIES, "SEARCH SUBJECT one"),
        new Case(PortCall.STORE, "STORE 1 FLAGS (\\Seen)"),
        new Case(PortCall.EXPUNGE, "EXPUNGE"),
        new Case(PortCall.EXPUNGE, "UID EXPUNGE 1"),
        new Case(PortCall.EXPUNGE, "CLOSE"),
        new Case(PortCall.COPY, "COPY 1 Trash"),
        new Case(PortCall.TREE, "MOVE 1 Trash"),
        new Case(PortCall.MOVE, "MOVE 1 Trash"));
  }

  @BeforeEach
  void select() {
    fixture.mail.put(fixture.alice, "Subject: one\r\n\r\n");
    client = fixture.client();
    client.ok("LOGIN alice@example.com secret");
    client.ok("SELECT INBOX");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatNobodyCanSayIsUnavailable(Case it) {
    fixture.mail.faults().failNext(it.call());
    assertThat(client.command(it.command())).last().asString().contains(" NO [UNAVAILABLE] ");
    goesOn(it.command());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRefusalHasItsCode(Case it) {
    fixture.mail.faults().refuseNext(it.call(), Refusal.Code.OVERQUOTA);
    assertThat(client.command(it.command())).last().asString().contains(" NO [OVERQUOTA] ");
    goesOn(it.command());
  }

  private void goesOn(String command) {
    assertThat(fixture.mail.spooled()).isZero();
    client.ok(command);
    client.ok("NOOP");
    client.ok("LOGOUT");
    assertThat(fixture.mail.spooled()).isZero();
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isZero();
  }

  @Test
  void onlyAWrongPasswordCountsAsAFailedLogin() {
    Client other = fixture.client();
    for (int i = 0; i < 5; i++) {
      fixture.mail.faults().failNext(PortCall.AUTHENTICATE);
      assertThat(other.command("LOGIN alice@example.com secret"))
          .last()
          .asString()
          .contains(" NO [UNAVAILABLE] ");
    }
    other.ok("LOGIN alice@example.com secret");
  }

  @ParameterizedTest
  @EnumSource
  void everyRefusalOfAnAppendHasItsCode(Refusal.Code code) {
    fixture.mail.faults().refuseNext(PortCall.APPEND, code);
    Map<Refusal.Code, String> others = Map.of(Refusal.Code.NONEXISTENT, "TRYCREATE");
    assertThat(client.command("APPEND INBOX {5+}\r\nhello"))
        .last()
        .asString()
        .contains(" NO [" + others.getOrDefault(code, code.name()) + "] ");
  }

  @ParameterizedTest
  @EnumSource(names = {"SUMMARIES", "READ"})
  void aMessageThatCannotBeReadIsLeftOutAndSaidToBe(PortCall call) {
    fixture.mail.put(fixture.alice, "Subject: two\r\n\r\n");
    client.ok("NOOP");
    fixture.mail.faults().failNext(call);
    assertThat(client.command("FETCH 1 (ENVELOPE BODY.PEEK[])"))
        .hasSize(1)
        .last()
        .asString()
        .contains(" NO [UNAVAILABLE] ");
    client.ok("FETCH 1:2 (ENVELOPE BODY.PEEK[])");
  }

  @Test
  void aLargeMessageThatBreaksOffEndsTheConnection() {
    fixture.mail.put(fixture.alice, "Subject: two\r\n\r\n" + "x".repeat(1_000_000));
    client.ok("NOOP");
    fixture.mail.faults().breakOffNextRead(500_000);
    client.connection.send(ImapFixture.bytes("x FETCH 2 BODY.PEEK[]\r\n"));
    client.connection.line();
    assertThat(client.connection.unread().size()).isBetween(1, 999_999);
    client.lines();
    assertThat(client.connection.isEnded()).isTrue();
  }

  @Test
  void oneMailboxThatCannotTellDoesNotSpoilAList() {
    fixture.mail.faults().failNext(PortCall.VIEW);
    List<String> lines = client.ok("LIST \"\" (INBOX Trash) RETURN (STATUS (MESSAGES))");
    assertThat(lines).filteredOn(line -> line.startsWith("* LIST")).hasSize(2);
    assertThat(lines).filteredOn(line -> line.startsWith("* STATUS")).hasSize(1);
  }

  @Test
  void aMessageThatCannotBeTakenIsSkippedToItsEnd() {
    fixture.mail.faults().refuseNext(PortCall.SPOOL_APPEND, Refusal.Code.UNAVAILABLE);
    String message = "x".repeat(200_000);
    assertThat(client.command("APPEND INBOX {200000+}\r\n" + message))
        .last()
        .asString()
        .contains(" NO [UNAVAILABLE] ");
    assertThat(fixture.mail.spooled()).isZero();
    client.ok("APPEND INBOX {200000+}\r\n" + message);
    assertThat(fixture.mail.spooled()).isZero();
  }

  @Test
  void aConnectionThatEndsInTheMiddleOfAMessageLeavesNothing() {
    client.connection.send(ImapFixture.bytes("x APPEND INBOX {100}\r\nhello"));
    assertThat(fixture.mail.spooled()).isEqualTo(1);
    client.connection.close();
    assertThat(fixture.mail.spooled()).isZero();
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isZero();
  }

  @Test
  void aConnectionThatEndsWhileAMessageIsPlacedLeavesNothing() {
    Faults.Held held = fixture.mail.faults().holdNext(PortCall.APPEND);
    client.connection.send(ImapFixture.bytes("x APPEND INBOX {5+}\r\nhello\r\n"));
    client.connection.close();
    held.release();
    assertThat(fixture.mail.spooled()).isZero();
    assertThat(fixture.mail.view(fixture.inbox()).messages().size()).isEqualTo(2);
  }

  @Test
  void aConnectionThatEndsWhileAMailboxIsOpenedLeavesNoSubscription() {
    client.ok("UNSELECT");
    Faults.Held held = fixture.mail.faults().holdNext(PortCall.OPEN);
    client.connection.send(ImapFixture.bytes("x SELECT INBOX\r\n"));
    client.connection.close();
    held.release();
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isZero();
  }

  @Test
  void anEndlessSubscriptionIsLeftAtEverySelect() {
    for (int i = 0; i < 5; i++) {
      client.ok("SELECT INBOX");
      client.ok("EXAMINE INBOX");
    }
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isEqualTo(1);
    client.ok("STATUS INBOX (RECENT)");
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isEqualTo(1);
  }

  @Test
  void aMailboxThatIsDeletedInTheMiddleOfACommandEndsTheSessionAfterIt() {
    client.ok("CREATE work");
    client.ok("SELECT work");
    Client other = fixture.client();
    other.ok("LOGIN alice@example.com secret");
    Faults.Held held = fixture.mail.faults().holdNext(PortCall.EXPUNGE);
    client.connection.send(ImapFixture.bytes("x EXPUNGE\r\n"));
    other.ok("DELETE work");
    held.release();
    List<String> lines = client.lines();
    assertThat(lines.get(0)).startsWith("x NO [NONEXISTENT] ");
    assertThat(lines.get(1)).startsWith("* BYE ");
    assertThat(client.connection.isEnded()).isTrue();
  }

  @Test
  void aResynchronisedMailboxIsToldAsWhatChanged() {
    fixture.mail.resynchronise(fixture.inbox());
    assertThat(client.ok("NOOP")).hasSize(1);
  }
}
